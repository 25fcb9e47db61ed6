ALTER TABLE notices DROP COLUMN definition_id;
