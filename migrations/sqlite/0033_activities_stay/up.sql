-- An entry is ended once, its note may become blank, and nothing else of it changes.
CREATE TRIGGER activities_stay BEFORE UPDATE OF id, uid, external_id, person_id, team_id, lead_id, kind_id, outcome_id, technique, quantity, happened_at, entered_at, local_day, origin, is_prospecting, is_attempt, is_reached, is_meeting, is_late, with_id, asset_id, note_for_marketing, replaces_id, import_hash ON activities BEGIN SELECT RAISE(ABORT, 'activities are only added to'); END;
CREATE TRIGGER activities_stay_here BEFORE DELETE ON activities BEGIN SELECT RAISE(ABORT, 'activities are only added to'); END;
CREATE TRIGGER activities_end_once BEFORE UPDATE OF is_current, ended_at, ended_by_id ON activities WHEN NOT OLD.is_current BEGIN SELECT RAISE(ABORT, 'activities are only added to'); END;
CREATE TRIGGER activities_become_blank BEFORE UPDATE OF note ON activities WHEN NEW.note <> OLD.note AND NEW.note <> '' BEGIN SELECT RAISE(ABORT, 'activities are only added to'); END;
