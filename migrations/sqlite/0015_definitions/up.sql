-- The agreement between sales and marketing, in versions 1, 2, 3 ...: the id is the number of the version. Limits are
-- text such as '15 min', '4 h' or '2 working days'; an empty answer_by is no promise. revision counts the edits of a draft.
CREATE TABLE definitions (
    id INTEGER PRIMARY KEY,
    stages TEXT NOT NULL DEFAULT '',
    qualified TEXT NOT NULL DEFAULT '',
    reasons TEXT NOT NULL DEFAULT '',
    score_rules TEXT NOT NULL DEFAULT '',
    volume INTEGER CHECK (volume > 0),
    volume_per TEXT NOT NULL DEFAULT 'month' CHECK (volume_per = 'week' OR volume_per = 'month'),
    answer_by TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL DEFAULT 1,
    edited_by_id BIGINT REFERENCES people (id),
    edited_at BIGINT NOT NULL
);

-- What sales promises for an urgency; with a source for leads of that source only.
CREATE TABLE definition_levels (
    id INTEGER PRIMARY KEY,
    definition_id BIGINT NOT NULL REFERENCES definitions (id),
    urgency TEXT NOT NULL CHECK (urgency = 'hot' OR urgency = 'warm' OR urgency = 'content' OR urgency = 'referral'),
    source_id BIGINT REFERENCES labels (id),
    accept_by TEXT NOT NULL,
    first_attempt_by TEXT NOT NULL,
    least_attempts INTEGER NOT NULL CHECK (least_attempts >= 0),
    least_kinds INTEGER NOT NULL CHECK (least_kinds >= 0),
    contact_or_exit_by TEXT NOT NULL,
    UNIQUE (definition_id, urgency, source_id)
);

CREATE TABLE definition_signatures (
    definition_id BIGINT NOT NULL REFERENCES definitions (id),
    side TEXT NOT NULL CHECK (side = 'sales' OR side = 'marketing'),
    by_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (definition_id, side)
);

-- Who signs for a side.
CREATE TABLE definition_heads (
    side TEXT NOT NULL PRIMARY KEY CHECK (side = 'sales' OR side = 'marketing'),
    person_id BIGINT NOT NULL REFERENCES people (id)
);

-- From when on a version is in force, until the next one is. Without a row a version is a draft.
CREATE TABLE definitions_in_force (
    definition_id BIGINT NOT NULL PRIMARY KEY REFERENCES definitions (id),
    from_at BIGINT NOT NULL
);

-- Version 1 is the house's own: nobody signed it, and it is in force since the year 1.
INSERT INTO definitions (id, stages, qualified, reasons, score_rules, edited_at) VALUES (1,
'Nurture: good but not ready. The lead stays with marketing and comes back on a day, or when its score crosses the line.
Handed over: marketing has passed the lead to sales, with a promise. Accepted: its owner has taken it. Attempting: somebody has tried to reach the person. Contacted: there was an exchange in both directions. Then meeting booked, qualified, opportunity, and won or lost.
A lead leaves earlier as rejected (before a contact), disqualified (after the least number of attempts), returned to nurture (with a day) or duplicate.
A content lead that was not reached in time returns to nurture.',
'A lead is qualified when its owner has spoken with the person and both know of a need, of somebody who decides, and of a next step with a date.',
'Rejecting needs a reason of one class. Procedural: not my territory, already owned, duplicate. Clerical: contact data missing or wrong, spam or test. Definitional: outside target profile, wrong role, content only without buying intent, competitor.
Disqualifying needs a reason too. Unable to reach asks for the least attempts, bad timing for a day to come back, other for a note.
Marketing agrees with a rejection or answers it. A rejection that is disputed shows on both sides until it is settled.',
'Points for fit and for behaviour, which fade with time, are set by sales and marketing together. Beside each band of scores stands how often its leads were accepted, reached and won.',
-62135596800000000);
INSERT INTO definition_levels (id, definition_id, urgency, accept_by, first_attempt_by, least_attempts, least_kinds, contact_or_exit_by) VALUES
    (1, 1, 'hot', '15 min', '15 min', 6, 2, '10 working days'),
    (2, 1, 'warm', '4 h', '4 h', 5, 1, '10 working days'),
    (3, 1, 'content', '1 working day', '2 working days', 3, 1, '15 working days'),
    (4, 1, 'referral', '4 h', '1 working day', 4, 1, '10 working days');
INSERT INTO definitions_in_force (definition_id, from_at) VALUES (1, -62135596800000000);

-- The version that a hand-over was made under. It has no reference, which SQLite cannot add to a table: a version that
-- was ever in force is never removed.
ALTER TABLE handovers ADD COLUMN definition_id BIGINT NOT NULL DEFAULT 1;

CREATE TRIGGER handovers_keep_their_version BEFORE UPDATE ON handovers WHEN NEW.definition_id <> OLD.definition_id
BEGIN SELECT RAISE(ABORT, 'a hand-over keeps the version that it was made under'); END;

CREATE TRIGGER definitions_update_stays BEFORE UPDATE ON definitions WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definitions_delete_stays BEFORE DELETE ON definitions WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definition_levels_update_stays BEFORE UPDATE ON definition_levels WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = OLD.definition_id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definition_levels_delete_stays BEFORE DELETE ON definition_levels WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = OLD.definition_id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definition_levels_insert_stays BEFORE INSERT ON definition_levels WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = NEW.definition_id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definition_signatures_update_stays BEFORE UPDATE ON definition_signatures WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = OLD.definition_id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definition_signatures_delete_stays BEFORE DELETE ON definition_signatures WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = OLD.definition_id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definition_signatures_insert_stays BEFORE INSERT ON definition_signatures WHEN EXISTS (SELECT 1 FROM definitions_in_force WHERE definition_id = NEW.definition_id)
BEGIN SELECT RAISE(ABORT, 'a version in force stays as it is'); END;
CREATE TRIGGER definitions_in_force_stay BEFORE UPDATE ON definitions_in_force BEGIN SELECT RAISE(ABORT, 'definitions_in_force are only added to'); END;
CREATE TRIGGER definitions_in_force_stay_here BEFORE DELETE ON definitions_in_force BEGIN SELECT RAISE(ABORT, 'definitions_in_force are only added to'); END;

CREATE TRIGGER definitions_in_force_counts AFTER INSERT ON definitions_in_force BEGIN UPDATE reference_version SET version = version + 1; END;
