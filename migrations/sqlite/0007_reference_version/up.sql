-- Counts the changes to reference data: what every page reads and hardly ever changes. Whoever holds a copy in memory
-- reads the number to know whether it is still true.
CREATE TABLE reference_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO reference_version (id, version) VALUES (1, 1);

CREATE TRIGGER workspace_insert_counts AFTER INSERT ON workspace BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER workspace_update_counts AFTER UPDATE ON workspace BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER workspace_delete_counts AFTER DELETE ON workspace BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER teams_insert_counts AFTER INSERT ON teams BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER teams_update_counts AFTER UPDATE ON teams BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER teams_delete_counts AFTER DELETE ON teams BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER people_insert_counts AFTER INSERT ON people BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER people_update_counts AFTER UPDATE ON people BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER people_delete_counts AFTER DELETE ON people BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER memberships_insert_counts AFTER INSERT ON memberships BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER memberships_update_counts AFTER UPDATE ON memberships BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER memberships_delete_counts AFTER DELETE ON memberships BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER work_hours_insert_counts AFTER INSERT ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_hours_update_counts AFTER UPDATE ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER work_hours_delete_counts AFTER DELETE ON work_hours BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER holidays_insert_counts AFTER INSERT ON holidays BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER holidays_update_counts AFTER UPDATE ON holidays BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER holidays_delete_counts AFTER DELETE ON holidays BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER time_off_insert_counts AFTER INSERT ON time_off BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER time_off_update_counts AFTER UPDATE ON time_off BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER time_off_delete_counts AFTER DELETE ON time_off BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER kinds_insert_counts AFTER INSERT ON kinds BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER kinds_update_counts AFTER UPDATE ON kinds BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER kinds_delete_counts AFTER DELETE ON kinds BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER outcomes_insert_counts AFTER INSERT ON outcomes BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER outcomes_update_counts AFTER UPDATE ON outcomes BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER outcomes_delete_counts AFTER DELETE ON outcomes BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER labels_insert_counts AFTER INSERT ON labels BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER labels_update_counts AFTER UPDATE ON labels BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER labels_delete_counts AFTER DELETE ON labels BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER reasons_insert_counts AFTER INSERT ON reasons BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER reasons_update_counts AFTER UPDATE ON reasons BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER reasons_delete_counts AFTER DELETE ON reasons BEGIN UPDATE reference_version SET version = version + 1; END;

CREATE TRIGGER targets_insert_counts AFTER INSERT ON targets BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER targets_update_counts AFTER UPDATE ON targets BEGIN UPDATE reference_version SET version = version + 1; END;
CREATE TRIGGER targets_delete_counts AFTER DELETE ON targets BEGIN UPDATE reference_version SET version = version + 1; END;
