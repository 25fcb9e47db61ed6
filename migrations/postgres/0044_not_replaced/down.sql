COMMENT ON TABLE audit_entries IS NULL;
