-- A target and a weight stay as they were set; the reason that somebody wrote may become blank, and nothing else changes.
CREATE TRIGGER targets_stay BEFORE UPDATE OF id, person_id, team_id, metric, amount, period, weekdays, valid_from, set_by_id, set_at ON targets BEGIN SELECT RAISE(ABORT, 'targets are only added to'); END;
CREATE TRIGGER targets_stay_here BEFORE DELETE ON targets BEGIN SELECT RAISE(ABORT, 'targets are only added to'); END;
CREATE TRIGGER targets_become_blank BEFORE UPDATE OF reason ON targets WHEN NEW.reason <> OLD.reason AND NEW.reason <> '' BEGIN SELECT RAISE(ABORT, 'targets are only added to'); END;
CREATE TRIGGER score_weights_stay BEFORE UPDATE OF id, kind_id, weight, daily_cap, valid_from, set_by_id, set_at ON score_weights BEGIN SELECT RAISE(ABORT, 'score_weights are only added to'); END;
CREATE TRIGGER score_weights_stay_here BEFORE DELETE ON score_weights BEGIN SELECT RAISE(ABORT, 'score_weights are only added to'); END;
CREATE TRIGGER score_weights_become_blank BEFORE UPDATE OF reason ON score_weights WHEN NEW.reason <> OLD.reason AND NEW.reason <> '' BEGIN SELECT RAISE(ABORT, 'score_weights are only added to'); END;
-- A hand-over stays that of its lead, and one that a person made is neither dated anew nor taken back: only an import may
-- do so with one of its own.
CREATE TRIGGER handovers_stay BEFORE UPDATE OF id, uid, lead_id, handed_over_at ON handovers WHEN NEW.id <> OLD.id OR NEW.uid <> OLD.uid OR NEW.lead_id <> OLD.lead_id OR (NEW.handed_over_at <> OLD.handed_over_at AND OLD.by_id IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'handovers are only added to'); END;
CREATE TRIGGER handovers_stay_here BEFORE DELETE ON handovers WHEN OLD.by_id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'handovers are only added to'); END;
