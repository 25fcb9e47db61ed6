-- Counts the changes to reference data: what every page reads and hardly ever changes. Whoever holds a copy in memory
-- reads the number to know whether it is still true.
CREATE TABLE reference_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO reference_version (id, version) VALUES (1, 1);

CREATE FUNCTION count_reference_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reference_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER workspace_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON workspace FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER teams_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON teams FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER people_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER memberships_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON memberships FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER work_hours_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON work_hours FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER holidays_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON holidays FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER time_off_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON time_off FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER kinds_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON kinds FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER outcomes_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON outcomes FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER labels_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON labels FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER reasons_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON reasons FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
CREATE TRIGGER targets_counts AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON targets FOR EACH STATEMENT EXECUTE FUNCTION count_reference_change();
