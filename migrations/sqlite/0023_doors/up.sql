-- Where a session began, as the address was seen behind trusted proxies, and whether it still waits for the code of the
-- second factor: until then it opens nothing.
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN awaits_code BOOLEAN NOT NULL DEFAULT FALSE;

-- Links with which somebody chooses a password: an invitation, or a reset. Each is used once, until it expires or is
-- revoked.
CREATE TABLE password_links (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    is_invite BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    made_by_id BIGINT REFERENCES people (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX password_links_person ON password_links (person_id);

-- Devices on which somebody has signed in before: they have tries of their own.
CREATE TABLE known_devices (
    token_hash TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id),
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash, person_id)
);
CREATE INDEX known_devices_person ON known_devices (person_id);

-- The secret of a person's codes, in base32. It counts once people.has_second_factor says so. last_step: the half minute of
-- the newest code that was taken; none is taken twice.
CREATE TABLE second_factors (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES people (id),
    secret TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    last_step BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    code_hash TEXT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_codes_person ON recovery_codes (person_id);

ALTER TABLE people ADD COLUMN has_second_factor BOOLEAN NOT NULL DEFAULT FALSE;
-- The roles whose people must have one, with commas.
ALTER TABLE workspace ADD COLUMN second_factor_roles TEXT NOT NULL DEFAULT '';
