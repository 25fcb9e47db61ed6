-- The record is only added to. What names people or was typed by them stands beside it, where it may be blanked when
-- somebody is erased, and nothing else: was and became are from what to what, address is from where. search: both in lower
-- case.
CREATE TABLE audit_words (
    entry_id BIGINT NOT NULL PRIMARY KEY REFERENCES audit_entries (id),
    was TEXT NOT NULL DEFAULT '',
    became TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    search TEXT NOT NULL DEFAULT ''
);
INSERT INTO audit_words (entry_id, became, search) SELECT id, detail, lower(detail) FROM audit_entries;
ALTER TABLE audit_entries DROP COLUMN detail;
CREATE INDEX audit_entries_by ON audit_entries (by_id, id);
CREATE INDEX audit_entries_at ON audit_entries (at, id);

CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries are only added to'); END;
CREATE TRIGGER audit_entries_stay_here BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries are only added to'); END;
CREATE TRIGGER audit_words_stay BEFORE UPDATE OF entry_id ON audit_words BEGIN SELECT RAISE(ABORT, 'audit_words are only added to'); END;
CREATE TRIGGER audit_words_stay_here BEFORE DELETE ON audit_words BEGIN SELECT RAISE(ABORT, 'audit_words are only added to'); END;
CREATE TRIGGER audit_words_become_blank BEFORE UPDATE ON audit_words WHEN (NEW.was <> OLD.was AND NEW.was <> '') OR (NEW.became <> OLD.became AND NEW.became <> '')
    OR (NEW.address <> OLD.address AND NEW.address <> '') OR (NEW.search <> OLD.search AND NEW.search <> '')
BEGIN SELECT RAISE(ABORT, 'audit_words are only added to'); END;

-- What somebody typed may be blanked there too, when they are erased. All else stays.
DROP TRIGGER lead_events_stay;
CREATE TRIGGER lead_events_stay BEFORE UPDATE OF id, lead_id, at, entered_at, kind, from_stage, to_stage, reason, by_id, owner_id, amount_micros, currency, activity_id, origin, flags, replaces_id, place_id, import_hash ON lead_events
BEGIN SELECT RAISE(ABORT, 'lead_events are only added to'); END;
CREATE TRIGGER lead_events_become_blank BEFORE UPDATE OF note ON lead_events
WHEN (NEW.note <> OLD.note AND NEW.note <> '') BEGIN SELECT RAISE(ABORT, 'lead_events are only added to'); END;
DROP TRIGGER rejection_replies_stay;
CREATE TRIGGER rejection_replies_stay BEFORE UPDATE OF id, lead_id, event_id, step, reply, at, by_id, led_to_at ON rejection_replies
BEGIN SELECT RAISE(ABORT, 'rejection_replies are only added to'); END;
CREATE TRIGGER rejection_replies_become_blank BEFORE UPDATE OF text ON rejection_replies
WHEN (NEW.text <> OLD.text AND NEW.text <> '') BEGIN SELECT RAISE(ABORT, 'rejection_replies are only added to'); END;
DROP TRIGGER remarks_stay;
CREATE TRIGGER remarks_stay BEFORE UPDATE OF id, uid, lead_id, handed_over_at, answers_id, replaces_id, at, by_id ON remarks
BEGIN SELECT RAISE(ABORT, 'remarks are only added to'); END;
CREATE TRIGGER remarks_become_blank BEFORE UPDATE OF text ON remarks
WHEN (NEW.text <> OLD.text AND NEW.text <> '') BEGIN SELECT RAISE(ABORT, 'remarks are only added to'); END;
DROP TRIGGER ratings_stay;
CREATE TRIGGER ratings_stay BEFORE UPDATE OF id, lead_id, handed_over_at, stars, asset_id, at, by_id ON ratings
BEGIN SELECT RAISE(ABORT, 'ratings are only added to'); END;
CREATE TRIGGER ratings_become_blank BEFORE UPDATE OF landed, note ON ratings
WHEN (NEW.landed <> OLD.landed AND NEW.landed <> '') OR (NEW.note <> OLD.note AND NEW.note <> '') BEGIN SELECT RAISE(ABORT, 'ratings are only added to'); END;

-- When somebody was erased: their name, address and words are gone, what they did still counts.
ALTER TABLE people ADD COLUMN erased_at BIGINT;

-- The picture of a kind of activity.
ALTER TABLE kinds ADD COLUMN icon TEXT NOT NULL DEFAULT 'log';
UPDATE kinds SET icon = 'call' WHERE name = 'Call';
UPDATE kinds SET icon = 'email' WHERE name = 'E-mail';
UPDATE kinds SET icon = 'social' WHERE name = 'Social touch';
UPDATE kinds SET icon = 'text' WHERE name = 'Text';
UPDATE kinds SET icon = 'visit' WHERE name = 'Visit';
UPDATE kinds SET icon = 'meeting' WHERE name = 'Meeting held';
UPDATE kinds SET icon = 'referral' WHERE name = 'Referral asked';
UPDATE kinds SET icon = 'research' WHERE name = 'Research note';

-- What an admin calls a stage; its meaning is fixed, and others keep their names.
CREATE TABLE stage_names (
    stage TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TRIGGER stage_names_insert_counts AFTER INSERT ON stage_names BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER stage_names_update_counts AFTER UPDATE ON stage_names BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER stage_names_delete_counts AFTER DELETE ON stage_names BEGIN UPDATE reference_version SET version = version + 1; END;

-- How many days are kept: notices that were read, files that wait in the import, addresses in the record. NULL: for ever.
ALTER TABLE workspace ADD COLUMN keep_notices_days INTEGER CHECK (keep_notices_days >= 1);
ALTER TABLE workspace ADD COLUMN keep_uploads_days INTEGER CHECK (keep_uploads_days >= 1);
ALTER TABLE workspace ADD COLUMN keep_addresses_days INTEGER CHECK (keep_addresses_days >= 1);
