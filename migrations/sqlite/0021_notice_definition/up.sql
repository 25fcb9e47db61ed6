-- Which version of the definitions a notice is about; a draft that is dropped leaves the notice.
ALTER TABLE notices ADD COLUMN definition_id BIGINT REFERENCES definitions (id) ON DELETE SET NULL;
