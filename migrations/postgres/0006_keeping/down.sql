DROP TABLE import_uploads;
DROP TABLE audit_entries;
