DELETE FROM holidays WHERE person_id IS NOT NULL;
ALTER TABLE holidays DROP COLUMN person_id;
