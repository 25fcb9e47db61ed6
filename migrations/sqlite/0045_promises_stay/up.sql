-- What a person promised with a hand-over stays as it was said: who made it, of what urgency, score and asset, and in which
-- territory; its note may become blank. What a file brought (its event says so) a file may mend. A source or campaign may
-- get another row when two names are made one.
CREATE TRIGGER handovers_keep_their_promise BEFORE UPDATE OF by_id, territory_id, asset_id, urgency, score, note, is_complete ON handovers
    WHEN OLD.by_id IS NOT NULL AND (NEW.by_id IS NOT OLD.by_id OR (OLD.territory_id IS NOT NULL AND NEW.territory_id IS NOT OLD.territory_id) OR NEW.asset_id IS NOT OLD.asset_id OR NEW.urgency <> OLD.urgency OR NEW.score IS NOT OLD.score OR (NEW.note <> OLD.note AND NEW.note <> '') OR NEW.is_complete <> OLD.is_complete)
        AND NOT EXISTS (SELECT 1 FROM lead_events e WHERE e.lead_id = OLD.lead_id AND e.kind = 'handed_over' AND e.at = OLD.handed_over_at AND e.origin = 'import')
    BEGIN SELECT RAISE(ABORT, 'handovers are only added to'); END;
