-- A team that nobody joins any more, and a lead of which nothing personal is known any more.
ALTER TABLE teams ADD COLUMN is_retired BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE leads ADD COLUMN erased_at BIGINT;
-- What somebody wrote here may become empty, and nothing else changes.
DROP TRIGGER lead_signals_stay ON lead_signals;
CREATE TRIGGER lead_signals_stay BEFORE UPDATE OF id, uid, lead_id, kind_id, at, entered_at, asset_id, by_id, is_withdrawn, replaces_id OR DELETE OR TRUNCATE ON lead_signals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lead_signals_become_blank BEFORE UPDATE OF what, link ON lead_signals FOR EACH ROW WHEN ((NEW.what <> OLD.what AND NEW.what <> '') OR (NEW.link <> OLD.link AND NEW.link <> '')) EXECUTE FUNCTION refuse_change();
DROP TRIGGER score_rule_sets_stay ON score_rule_sets;
CREATE TRIGGER score_rule_sets_stay BEFORE UPDATE OF id, version, line, by_id, at OR DELETE OR TRUNCATE ON score_rule_sets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER score_rule_sets_become_blank BEFORE UPDATE OF why ON score_rule_sets FOR EACH ROW WHEN (NEW.why <> OLD.why AND NEW.why <> '') EXECUTE FUNCTION refuse_change();
