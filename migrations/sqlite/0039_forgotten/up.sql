-- What a hand-over carried may become empty when somebody is erased, and nothing else of it changes.
DROP TRIGGER handover_lines_stay;
CREATE TRIGGER handover_lines_stay BEFORE UPDATE OF id, handover_id, part, points, at ON handover_lines BEGIN SELECT RAISE(ABORT, 'handover_lines are only added to'); END;
CREATE TRIGGER handover_lines_become_blank BEFORE UPDATE OF text ON handover_lines WHEN NEW.text <> OLD.text AND NEW.text <> '' BEGIN SELECT RAISE(ABORT, 'handover_lines are only added to'); END;
-- A mark of the address that an erased person had, so that files with it bring nobody back.
ALTER TABLE people ADD COLUMN erased_hash TEXT;
