-- A week of hours of the workspace (neither team nor person), of a team or of a person. The one whose valid_from is the last
-- not after a day holds on that day, of two from one day the one written later. A week without hours ends one's own.
CREATE TABLE work_weeks (
    id INTEGER PRIMARY KEY,
    team_id BIGINT REFERENCES teams (id),
    person_id BIGINT REFERENCES people (id),
    valid_from DATE_TEXT NOT NULL,
    set_by_id BIGINT REFERENCES people (id),
    set_at BIGINT,
    CHECK (team_id IS NULL OR person_id IS NULL)
);
INSERT INTO work_weeks (team_id, person_id, valid_from)
SELECT DISTINCT team_id, person_id, '1900-01-01' FROM work_hours;

ALTER TABLE work_hours RENAME TO undated_hours;
CREATE TABLE work_hours (
    id INTEGER PRIMARY KEY,
    week_id BIGINT NOT NULL REFERENCES work_weeks (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens_min INTEGER NOT NULL,
    closes_min INTEGER NOT NULL,
    CHECK (0 <= opens_min AND opens_min < closes_min AND closes_min <= 1440)
);
INSERT INTO work_hours (id, week_id, weekday, opens_min, closes_min)
SELECT h.id, w.id, h.weekday, h.opens_min, h.closes_min
FROM undated_hours h JOIN work_weeks w ON w.team_id IS h.team_id AND w.person_id IS h.person_id;
DROP TABLE undated_hours;
CREATE INDEX work_hours_week ON work_hours (week_id);

-- The zone that the workspace, a team or a person had until a day; NULL where they had none of their own.
CREATE TABLE past_zones (
    id INTEGER PRIMARY KEY,
    team_id BIGINT REFERENCES teams (id),
    person_id BIGINT REFERENCES people (id),
    time_zone TEXT,
    until_day DATE_TEXT NOT NULL,
    CHECK (team_id IS NULL OR person_id IS NULL)
);

-- What an activity of a kind is worth in the score from a day on, and how many count on one day (NULL: all).
CREATE TABLE score_weights (
    id INTEGER PRIMARY KEY,
    kind_id BIGINT NOT NULL REFERENCES kinds (id),
    weight DOUBLE NOT NULL CHECK (weight >= 0),
    daily_cap INTEGER CHECK (daily_cap >= 1),
    valid_from DATE_TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    set_by_id BIGINT REFERENCES people (id),
    set_at BIGINT NOT NULL
);
CREATE INDEX score_weights_kind ON score_weights (kind_id, valid_from);

-- What sales and marketing want to reach together. currency: of a value, else empty.
CREATE TABLE shared_goals (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    measure TEXT NOT NULL CHECK (measure = 'meetings' OR measure = 'wins' OR measure = 'value'),
    amount DOUBLE NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL DEFAULT '',
    from_day DATE_TEXT NOT NULL,
    to_day DATE_TEXT NOT NULL,
    sales_owner_id BIGINT NOT NULL REFERENCES people (id),
    marketing_owner_id BIGINT NOT NULL REFERENCES people (id),
    made_by_id BIGINT REFERENCES people (id),
    made_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by_id BIGINT REFERENCES people (id),
    CHECK (from_day <= to_day)
);

CREATE TRIGGER work_hours_insert_counts AFTER INSERT ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_hours_update_counts AFTER UPDATE ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_hours_delete_counts AFTER DELETE ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER work_weeks_insert_counts AFTER INSERT ON work_weeks BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_weeks_update_counts AFTER UPDATE ON work_weeks BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_weeks_delete_counts AFTER DELETE ON work_weeks BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER past_zones_insert_counts AFTER INSERT ON past_zones BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER past_zones_update_counts AFTER UPDATE ON past_zones BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER past_zones_delete_counts AFTER DELETE ON past_zones BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER score_weights_insert_counts AFTER INSERT ON score_weights BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER score_weights_update_counts AFTER UPDATE ON score_weights BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER score_weights_delete_counts AFTER DELETE ON score_weights BEGIN UPDATE reference_version SET version = version + 1; END;
