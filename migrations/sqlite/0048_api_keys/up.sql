-- Keys with which programs read what their person may see. Only the key's hash is kept. used_on: the last day on which it opened
-- something, by the person's clock.
CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    used_on DATE,
    ended_at BIGINT
);
CREATE INDEX api_keys_person ON api_keys (person_id);
