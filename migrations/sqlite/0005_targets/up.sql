-- The ledger: the last row whose valid_from is not after a day decides that day. Amount 0 ends a target.
CREATE TABLE targets (
    id INTEGER PRIMARY KEY,
    person_id BIGINT REFERENCES people (id),
    team_id BIGINT REFERENCES teams (id),
    metric TEXT NOT NULL,
    amount DOUBLE NOT NULL CHECK (amount >= 0),
    period TEXT NOT NULL CHECK (period = 'day' OR period = 'week' OR period = 'month'),
    weekdays TEXT NOT NULL DEFAULT '1234567',
    valid_from DATE_TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    set_by_id BIGINT REFERENCES people (id),
    set_at BIGINT NOT NULL,
    CHECK ((person_id IS NULL) <> (team_id IS NULL))
);
CREATE INDEX targets_person ON targets (person_id, valid_from);
CREATE INDEX targets_team ON targets (team_id, valid_from);
