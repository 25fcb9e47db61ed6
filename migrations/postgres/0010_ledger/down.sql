DROP TABLE shared_goals;
DROP TABLE score_weights;
DROP TABLE past_zones;

-- Of each owner's weeks the last one stays.
DELETE FROM work_hours WHERE week_id IN (
    SELECT w.id FROM work_weeks w JOIN work_weeks later
    ON later.team_id IS NOT DISTINCT FROM w.team_id AND later.person_id IS NOT DISTINCT FROM w.person_id AND (later.valid_from > w.valid_from OR later.valid_from = w.valid_from AND later.id > w.id)
);
ALTER TABLE work_hours ADD COLUMN team_id BIGINT REFERENCES teams (id), ADD COLUMN person_id BIGINT REFERENCES people (id);
UPDATE work_hours h SET team_id = w.team_id, person_id = w.person_id FROM work_weeks w WHERE w.id = h.week_id;
ALTER TABLE work_hours DROP COLUMN week_id;
DROP TABLE work_weeks;
