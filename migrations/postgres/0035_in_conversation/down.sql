DROP INDEX activities_late_touch;
DROP INDEX activities_late;
ALTER TABLE handovers DROP COLUMN is_in_conversation;
