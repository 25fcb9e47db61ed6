ALTER TABLE people DROP COLUMN erased_hash;
DROP TRIGGER handover_lines_become_blank ON handover_lines;
DROP TRIGGER handover_lines_stay ON handover_lines;
CREATE TRIGGER handover_lines_stay BEFORE UPDATE OR TRUNCATE ON handover_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
