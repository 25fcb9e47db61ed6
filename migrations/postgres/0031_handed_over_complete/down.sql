ALTER TABLE handovers DROP COLUMN is_complete;
