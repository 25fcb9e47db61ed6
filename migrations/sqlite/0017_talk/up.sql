-- What marketing answers to a rejection, and how a dispute is settled: at most one of each (step 1 and 2). event_id is
-- the rejection's place: the first row of its corrections. led_to_at names the hand-over that a withdrawal made.
CREATE TABLE rejection_replies (
    id INTEGER PRIMARY KEY,
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    event_id BIGINT NOT NULL REFERENCES lead_events (id),
    step INTEGER NOT NULL CHECK (step = 1 OR step = 2),
    reply TEXT NOT NULL CHECK (reply = 'agreed' OR reply = 'disputed' OR reply = 'upheld' OR reply = 'withdrawn'),
    text TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES people (id),
    led_to_at BIGINT,
    UNIQUE (event_id, step)
);
CREATE INDEX rejection_replies_lead ON rejection_replies (lead_id, id);

-- Questions on a lead, answers to them (answers_id), and rows that take one of both back (replaces_id). A hand-over is
-- named by its lead and instant, which outlive a row that an import makes anew.
CREATE TABLE remarks (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    handed_over_at BIGINT,
    answers_id BIGINT REFERENCES remarks (id),
    replaces_id BIGINT UNIQUE REFERENCES remarks (id),
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX remarks_lead ON remarks (lead_id, id);

-- To whom a question goes, and who else is told.
CREATE TABLE remark_people (
    remark_id BIGINT NOT NULL REFERENCES remarks (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (remark_id, person_id)
);
CREATE INDEX remark_people_person ON remark_people (person_id, remark_id);

-- How good a hand-over was, by its owner, and what landed: an asset of the list, or in free words. The newest row of a
-- hand-over holds.
CREATE TABLE ratings (
    id INTEGER PRIMARY KEY,
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    handed_over_at BIGINT NOT NULL,
    stars INTEGER NOT NULL CHECK (stars >= 1 AND stars <= 5),
    asset_id BIGINT REFERENCES labels (id),
    landed TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX ratings_lead ON ratings (lead_id, id);
CREATE INDEX ratings_handover ON ratings (handed_over_at, id);

-- Which lead another is the same as, by the event that says so.
CREATE TABLE duplicates (
    event_id BIGINT NOT NULL PRIMARY KEY REFERENCES lead_events (id),
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    same_as_id BIGINT NOT NULL REFERENCES leads (id),
    CHECK (lead_id <> same_as_id)
);
CREATE INDEX duplicates_lead ON duplicates (lead_id);
CREATE INDEX duplicates_same_as ON duplicates (same_as_id);

-- Leads that come back from nurture by a day.
CREATE INDEX leads_back ON leads (stage, next_step_on, id) WHERE next_step_on IS NOT NULL;

CREATE TRIGGER rejection_replies_stay BEFORE UPDATE ON rejection_replies BEGIN SELECT RAISE(ABORT, 'rejection_replies are only added to'); END;
CREATE TRIGGER rejection_replies_stay_here BEFORE DELETE ON rejection_replies BEGIN SELECT RAISE(ABORT, 'rejection_replies are only added to'); END;
CREATE TRIGGER remarks_stay BEFORE UPDATE ON remarks BEGIN SELECT RAISE(ABORT, 'remarks are only added to'); END;
CREATE TRIGGER remarks_stay_here BEFORE DELETE ON remarks BEGIN SELECT RAISE(ABORT, 'remarks are only added to'); END;
CREATE TRIGGER remark_people_stay BEFORE UPDATE ON remark_people BEGIN SELECT RAISE(ABORT, 'remark_people are only added to'); END;
CREATE TRIGGER remark_people_stay_here BEFORE DELETE ON remark_people BEGIN SELECT RAISE(ABORT, 'remark_people are only added to'); END;
CREATE TRIGGER ratings_stay BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings are only added to'); END;
CREATE TRIGGER ratings_stay_here BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings are only added to'); END;
CREATE TRIGGER duplicates_stay BEFORE UPDATE ON duplicates BEGIN SELECT RAISE(ABORT, 'duplicates are only added to'); END;
CREATE TRIGGER duplicates_stay_here BEFORE DELETE ON duplicates BEGIN SELECT RAISE(ABORT, 'duplicates are only added to'); END;
