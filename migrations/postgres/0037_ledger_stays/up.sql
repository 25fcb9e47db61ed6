-- A target and a weight stay as they were set; the reason that somebody wrote may become blank, and nothing else changes.
CREATE TRIGGER targets_stay BEFORE UPDATE OF id, person_id, team_id, metric, amount, period, weekdays, valid_from, set_by_id, set_at OR DELETE OR TRUNCATE ON targets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER targets_become_blank BEFORE UPDATE OF reason ON targets FOR EACH ROW WHEN (NEW.reason <> OLD.reason AND NEW.reason <> '') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER score_weights_stay BEFORE UPDATE OF id, kind_id, weight, daily_cap, valid_from, set_by_id, set_at OR DELETE OR TRUNCATE ON score_weights FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER score_weights_become_blank BEFORE UPDATE OF reason ON score_weights FOR EACH ROW WHEN (NEW.reason <> OLD.reason AND NEW.reason <> '') EXECUTE FUNCTION refuse_change();
-- A hand-over stays that of its lead, and one that a person made is neither dated anew nor taken back: only an import may
-- do so with one of its own.
CREATE TRIGGER handovers_stay BEFORE UPDATE OF id, uid, lead_id, handed_over_at ON handovers FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.uid <> OLD.uid OR NEW.lead_id <> OLD.lead_id OR (NEW.handed_over_at <> OLD.handed_over_at AND OLD.by_id IS NOT NULL)) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handovers_stay_here BEFORE DELETE ON handovers FOR EACH ROW WHEN (OLD.by_id IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handovers_stay_cut BEFORE TRUNCATE ON handovers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
