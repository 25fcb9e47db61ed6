-- A team that nobody joins any more, and a lead of which nothing personal is known any more.
ALTER TABLE teams ADD COLUMN is_retired BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE leads ADD COLUMN erased_at BIGINT;
-- What somebody wrote here may become empty, and nothing else changes.
DROP TRIGGER lead_signals_stay;
CREATE TRIGGER lead_signals_stay BEFORE UPDATE OF id, uid, lead_id, kind_id, at, entered_at, asset_id, by_id, is_withdrawn, replaces_id ON lead_signals BEGIN SELECT RAISE(ABORT, 'lead_signals are only added to'); END;
CREATE TRIGGER lead_signals_become_blank BEFORE UPDATE OF what, link ON lead_signals WHEN (NEW.what <> OLD.what AND NEW.what <> '') OR (NEW.link <> OLD.link AND NEW.link <> '') BEGIN SELECT RAISE(ABORT, 'lead_signals are only added to'); END;
DROP TRIGGER score_rule_sets_stay;
CREATE TRIGGER score_rule_sets_stay BEFORE UPDATE OF id, version, line, by_id, at ON score_rule_sets BEGIN SELECT RAISE(ABORT, 'score_rule_sets are only added to'); END;
CREATE TRIGGER score_rule_sets_become_blank BEFORE UPDATE OF why ON score_rule_sets WHEN NEW.why <> OLD.why AND NEW.why <> '' BEGIN SELECT RAISE(ABORT, 'score_rule_sets are only added to'); END;
