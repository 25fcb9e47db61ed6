DROP TRIGGER score_rule_sets_become_blank ON score_rule_sets;
DROP TRIGGER score_rule_sets_stay ON score_rule_sets;
CREATE TRIGGER score_rule_sets_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON score_rule_sets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP TRIGGER lead_signals_become_blank ON lead_signals;
DROP TRIGGER lead_signals_stay ON lead_signals;
CREATE TRIGGER lead_signals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON lead_signals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE leads DROP COLUMN erased_at;
ALTER TABLE teams DROP COLUMN is_retired;
