-- Verdicts that stand whatever is found out later: those of closed days and weeks that a change of calendars, teams or
-- targets would have turned (kept), and those that a manager has corrected. The newest row of a day or week holds.
CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    period TEXT NOT NULL CHECK (period = 'day' OR period = 'week'),
    first_day DATE_TEXT NOT NULL,
    was TEXT NOT NULL CHECK (was = 'hit' OR was = 'missed' OR was = 'neutral'),
    state TEXT NOT NULL CHECK (state = 'hit' OR state = 'missed' OR state = 'neutral'),
    attainment DOUBLE CHECK (attainment >= 0 AND attainment <= 1),
    origin TEXT NOT NULL CHECK (origin = 'kept' OR origin = 'corrected'),
    reason TEXT NOT NULL DEFAULT '',
    by_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    CHECK ((state = 'neutral') = (attainment IS NULL)),
    CHECK (origin = 'kept' OR reason <> '')
);
CREATE INDEX verdicts_person ON verdicts (person_id, first_day);

CREATE TRIGGER verdicts_stay BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts are only added to'); END;
CREATE TRIGGER verdicts_stay_here BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts are only added to'); END;

-- What a person chose for their own habit: when Today reminds them, and whether their streak is shown.
CREATE TABLE habit_settings (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL UNIQUE REFERENCES people (id),
    remind_at_min INTEGER CHECK (remind_at_min >= 0 AND remind_at_min < 1440),
    hides_streak BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TRIGGER verdicts_insert_counts AFTER INSERT ON verdicts BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER habit_settings_insert_counts AFTER INSERT ON habit_settings BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER habit_settings_update_counts AFTER UPDATE ON habit_settings BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER habit_settings_delete_counts AFTER DELETE ON habit_settings BEGIN UPDATE reference_version SET version = version + 1; END;

-- With all that a person's totals by day are made of, so that years of entries are added up without being looked up.
DROP INDEX activities_person_day;
CREATE INDEX activities_person_day ON activities (person_id, local_day, team_id, is_prospecting, is_reached, is_meeting, quantity, happened_at, is_current) WHERE is_current;
