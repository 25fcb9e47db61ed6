ALTER TABLE teams DROP COLUMN display_mode;
