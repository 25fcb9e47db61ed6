-- Instants are BIGINT microseconds since 1970-01-01T00:00:00Z. Local days are DATE_TEXT: what SQLite calls DATE it would
-- try to read as a number at each comparison. Checks of words say OR: for IN it would build a table of them at each insert.

CREATE TABLE workspace (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    time_zone TEXT,
    set_up_at BIGINT
);
INSERT INTO workspace (id, name) VALUES (1, 'Touchline');

CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    time_zone TEXT
);

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role = 'rep' OR role = 'manager' OR role = 'marketing' OR role = 'admin'),
    time_zone TEXT,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    left_on DATE_TEXT
);

-- A membership holds from from_day until the day before until_day.
CREATE TABLE memberships (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    team_id BIGINT NOT NULL REFERENCES teams (id),
    from_day DATE_TEXT NOT NULL,
    until_day DATE_TEXT
);
CREATE INDEX memberships_person ON memberships (person_id, from_day);
CREATE INDEX memberships_team ON memberships (team_id);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);

-- Hours of the workspace (neither team nor person), of a team, or of a person.
CREATE TABLE work_hours (
    id INTEGER PRIMARY KEY,
    team_id BIGINT REFERENCES teams (id),
    person_id BIGINT REFERENCES people (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens_min INTEGER NOT NULL,
    closes_min INTEGER NOT NULL,
    CHECK (0 <= opens_min AND opens_min < closes_min AND closes_min <= 1440)
);

CREATE TABLE holidays (
    id INTEGER PRIMARY KEY,
    day DATE_TEXT NOT NULL,
    name TEXT NOT NULL,
    team_id BIGINT REFERENCES teams (id)
);

CREATE TABLE time_off (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    from_day DATE_TEXT NOT NULL,
    to_day DATE_TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part = 'full' OR part = 'morning' OR part = 'afternoon'),
    CHECK (from_day <= to_day)
);
CREATE INDEX time_off_person ON time_off (person_id, from_day);
