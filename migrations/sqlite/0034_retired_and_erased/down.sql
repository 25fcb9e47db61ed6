DROP TRIGGER score_rule_sets_become_blank;
DROP TRIGGER score_rule_sets_stay;
CREATE TRIGGER score_rule_sets_stay BEFORE UPDATE ON score_rule_sets BEGIN SELECT RAISE(ABORT, 'score_rule_sets are only added to'); END;
DROP TRIGGER lead_signals_become_blank;
DROP TRIGGER lead_signals_stay;
CREATE TRIGGER lead_signals_stay BEFORE UPDATE ON lead_signals BEGIN SELECT RAISE(ABORT, 'lead_signals are only added to'); END;
ALTER TABLE leads DROP COLUMN erased_at;
ALTER TABLE teams DROP COLUMN is_retired;
