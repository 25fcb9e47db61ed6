-- What people set themselves: an amount of their own until a day, or each day where by_day is NULL. A goal is ended,
-- never deleted. metric: one of the ledger's, or wins. plan: what the planner said when it was adopted.
CREATE TABLE goals (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    metric TEXT NOT NULL,
    amount DOUBLE NOT NULL CHECK (amount > 0),
    starts_on DATE_TEXT NOT NULL,
    by_day DATE_TEXT,
    plan TEXT NOT NULL DEFAULT '',
    is_shared BOOLEAN NOT NULL DEFAULT FALSE,
    made_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (by_day IS NULL OR by_day >= starts_on)
);
CREATE INDEX goals_person ON goals (person_id, made_at);
