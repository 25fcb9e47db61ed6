DROP TRIGGER handovers_keep_their_version ON handovers;
ALTER TABLE handovers DROP COLUMN definition_id;
DROP TABLE definitions_in_force;
DROP TABLE definition_heads;
DROP TABLE definition_signatures;
DROP TABLE definition_levels;
DROP TABLE definitions;
DROP FUNCTION refuse_change_of_signed();
DROP FUNCTION refuse_change_of_version();
