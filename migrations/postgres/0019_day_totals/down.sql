ALTER TABLE reference_version DROP COLUMN closed_entries;
DROP TABLE day_totals;
