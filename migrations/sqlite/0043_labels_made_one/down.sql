ALTER TABLE labels DROP COLUMN same_as_id;
