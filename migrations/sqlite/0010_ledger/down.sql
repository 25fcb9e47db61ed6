DROP TABLE shared_goals;
DROP TABLE score_weights;
DROP TABLE past_zones;

-- Of each owner's weeks the last one stays.
DELETE FROM work_hours WHERE week_id IN (
    SELECT w.id FROM work_weeks w JOIN work_weeks later
    ON later.team_id IS w.team_id AND later.person_id IS w.person_id AND (later.valid_from > w.valid_from OR later.valid_from = w.valid_from AND later.id > w.id)
);
ALTER TABLE work_hours RENAME TO dated_hours;
CREATE TABLE work_hours (
    id INTEGER PRIMARY KEY,
    team_id BIGINT REFERENCES teams (id),
    person_id BIGINT REFERENCES people (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens_min INTEGER NOT NULL,
    closes_min INTEGER NOT NULL,
    CHECK (0 <= opens_min AND opens_min < closes_min AND closes_min <= 1440)
);
INSERT INTO work_hours (id, team_id, person_id, weekday, opens_min, closes_min)
SELECT h.id, w.team_id, w.person_id, h.weekday, h.opens_min, h.closes_min
FROM dated_hours h JOIN work_weeks w ON w.id = h.week_id;
DROP TABLE dated_hours;
DROP TABLE work_weeks;

CREATE TRIGGER work_hours_insert_counts AFTER INSERT ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_hours_update_counts AFTER UPDATE ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_hours_delete_counts AFTER DELETE ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
