-- Nothing of what is only added to is replaced either. INSERT OR REPLACE takes a row away without asking the triggers that
-- refuse its removal, unless the connection turned recursive_triggers on, as this program does and a shell does not.
-- A statement inside a trigger does with a row that cannot be as the outer statement says: a row without a version is left out
-- after any other insert, ON CONFLICT DO NOTHING among them, and after OR REPLACE it is an error, which ends the whole.
-- That asks no index, so that a log stays as fast as it was.
CREATE TRIGGER activities_are_not_replaced BEFORE INSERT ON activities BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER audit_entries_are_not_replaced BEFORE INSERT ON audit_entries BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER audit_words_are_not_replaced BEFORE INSERT ON audit_words BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER commitment_ends_are_not_replaced BEFORE INSERT ON commitment_ends BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER commitments_are_not_replaced BEFORE INSERT ON commitments BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER definition_levels_are_not_replaced BEFORE INSERT ON definition_levels BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER definition_signatures_are_not_replaced BEFORE INSERT ON definition_signatures BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER definitions_are_not_replaced BEFORE INSERT ON definitions BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER definitions_in_force_are_not_replaced BEFORE INSERT ON definitions_in_force BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER duplicates_are_not_replaced BEFORE INSERT ON duplicates BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER handover_lines_are_not_replaced BEFORE INSERT ON handover_lines BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER handovers_are_not_replaced BEFORE INSERT ON handovers BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER lead_events_are_not_replaced BEFORE INSERT ON lead_events BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER lead_signals_are_not_replaced BEFORE INSERT ON lead_signals BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER packs_are_not_replaced BEFORE INSERT ON packs BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER peer_groups_are_not_replaced BEFORE INSERT ON peer_groups BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER ratings_are_not_replaced BEFORE INSERT ON ratings BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER rejection_replies_are_not_replaced BEFORE INSERT ON rejection_replies BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER remark_people_are_not_replaced BEFORE INSERT ON remark_people BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER remarks_are_not_replaced BEFORE INSERT ON remarks BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER score_behaviour_rules_are_not_replaced BEFORE INSERT ON score_behaviour_rules BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER score_fit_rules_are_not_replaced BEFORE INSERT ON score_fit_rules BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER score_rule_sets_are_not_replaced BEFORE INSERT ON score_rule_sets BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER score_weights_are_not_replaced BEFORE INSERT ON score_weights BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER targets_are_not_replaced BEFORE INSERT ON targets BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER verdicts_are_not_replaced BEFORE INSERT ON verdicts BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER watch_words_are_not_replaced BEFORE INSERT ON watch_words BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
-- Of these some columns may change, and with UPDATE OR REPLACE one row would take the place of another.
CREATE TRIGGER definitions_take_no_place BEFORE UPDATE OF id ON definitions BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER definition_levels_take_no_place BEFORE UPDATE OF id, definition_id, urgency, source_id ON definition_levels BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER definition_signatures_take_no_place BEFORE UPDATE OF definition_id, side ON definition_signatures BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
CREATE TRIGGER handovers_take_no_place BEFORE UPDATE OF handed_over_at ON handovers BEGIN INSERT OR IGNORE INTO reference_version (id, version) VALUES (1, NULL); END;
