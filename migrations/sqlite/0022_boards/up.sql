-- Whom somebody is compared with on a board: the row of the last day that has come holds, and of two from one
-- day the later written. An empty name is no group.
CREATE TABLE peer_groups (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    from_day DATE_TEXT NOT NULL,
    set_by_id BIGINT REFERENCES people (id),
    set_at BIGINT NOT NULL
);
CREATE INDEX peer_groups_person ON peer_groups (person_id, from_day, id);

-- The page of a Monday meeting as it was made: one a week of the workspace, and what it said, for ever.
CREATE TABLE packs (
    id INTEGER PRIMARY KEY,
    monday DATE_TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    by_id BIGINT REFERENCES people (id),
    definition_id BIGINT NOT NULL REFERENCES definitions (id),
    content TEXT NOT NULL
);

-- What somebody said at a meeting they would do, and by when.
CREATE TABLE commitments (
    id INTEGER PRIMARY KEY,
    pack_id BIGINT NOT NULL REFERENCES packs (id),
    text TEXT NOT NULL CHECK (text <> ''),
    owner_id BIGINT NOT NULL REFERENCES people (id),
    due_on DATE_TEXT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL
);
CREATE INDEX commitments_pack ON commitments (pack_id, id);

-- What became of it: once for each, so that one of two who settle it at once is told of the other.
CREATE TABLE commitment_ends (
    id INTEGER PRIMARY KEY,
    commitment_id BIGINT NOT NULL UNIQUE REFERENCES commitments (id),
    verdict TEXT NOT NULL CHECK (verdict = 'kept' OR verdict = 'not_kept' OR verdict = 'dropped'),
    note TEXT NOT NULL DEFAULT '',
    by_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL,
    CHECK (verdict <> 'dropped' OR note <> '')
);

-- What somebody says of something odd in their own log; its name is that of rules::watch.
CREATE TABLE watch_words (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    sign TEXT NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    at BIGINT NOT NULL
);
CREATE INDEX watch_words_person ON watch_words (person_id, id);

CREATE TRIGGER peer_groups_stay BEFORE UPDATE ON peer_groups BEGIN SELECT RAISE(ABORT, 'peer_groups are only added to'); END;
CREATE TRIGGER peer_groups_stay_here BEFORE DELETE ON peer_groups BEGIN SELECT RAISE(ABORT, 'peer_groups are only added to'); END;
CREATE TRIGGER packs_stay BEFORE UPDATE ON packs BEGIN SELECT RAISE(ABORT, 'packs are only added to'); END;
CREATE TRIGGER packs_stay_here BEFORE DELETE ON packs BEGIN SELECT RAISE(ABORT, 'packs are only added to'); END;
CREATE TRIGGER commitments_stay BEFORE UPDATE ON commitments BEGIN SELECT RAISE(ABORT, 'commitments are only added to'); END;
CREATE TRIGGER commitments_stay_here BEFORE DELETE ON commitments BEGIN SELECT RAISE(ABORT, 'commitments are only added to'); END;
CREATE TRIGGER commitment_ends_stay BEFORE UPDATE ON commitment_ends BEGIN SELECT RAISE(ABORT, 'commitment_ends are only added to'); END;
CREATE TRIGGER commitment_ends_stay_here BEFORE DELETE ON commitment_ends BEGIN SELECT RAISE(ABORT, 'commitment_ends are only added to'); END;
CREATE TRIGGER watch_words_stay BEFORE UPDATE ON watch_words BEGIN SELECT RAISE(ABORT, 'watch_words are only added to'); END;
CREATE TRIGGER watch_words_stay_here BEFORE DELETE ON watch_words BEGIN SELECT RAISE(ABORT, 'watch_words are only added to'); END;

CREATE TRIGGER peer_groups_insert_counts AFTER INSERT ON peer_groups BEGIN UPDATE reference_version SET version = version + 1; END;
