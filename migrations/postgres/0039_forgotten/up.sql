-- What a hand-over carried may become empty when somebody is erased, and nothing else of it changes.
DROP TRIGGER handover_lines_stay ON handover_lines;
CREATE TRIGGER handover_lines_stay BEFORE UPDATE OF id, handover_id, part, points, at OR TRUNCATE ON handover_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handover_lines_become_blank BEFORE UPDATE OF text ON handover_lines FOR EACH ROW WHEN (NEW.text <> OLD.text AND NEW.text <> '') EXECUTE FUNCTION refuse_change();
-- A mark of the address that an erased person had, so that files with it bring nobody back.
ALTER TABLE people ADD COLUMN erased_hash TEXT;
