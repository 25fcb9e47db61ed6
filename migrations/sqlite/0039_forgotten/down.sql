ALTER TABLE people DROP COLUMN erased_hash;
DROP TRIGGER handover_lines_become_blank;
DROP TRIGGER handover_lines_stay;
CREATE TRIGGER handover_lines_stay BEFORE UPDATE ON handover_lines BEGIN SELECT RAISE(ABORT, 'handover_lines are only added to'); END;
