-- What somebody wrote is erased with them here too: these words may become the word 'erased', and nothing else changes.
DROP TRIGGER verdicts_stay ON verdicts;
CREATE TRIGGER verdicts_stay BEFORE UPDATE OF id, person_id, period, first_day, was, state, attainment, origin, by_id, at OR DELETE OR TRUNCATE ON verdicts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_verdicts();
CREATE TRIGGER verdicts_are_erased BEFORE UPDATE OF reason ON verdicts FOR EACH ROW WHEN (NEW.reason <> 'erased') EXECUTE FUNCTION refuse_change_of_verdicts();
DROP TRIGGER commitments_stay ON commitments;
CREATE TRIGGER commitments_stay BEFORE UPDATE OF id, pack_id, owner_id, due_on, by_id, at OR DELETE OR TRUNCATE ON commitments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commitments_are_erased BEFORE UPDATE OF text ON commitments FOR EACH ROW WHEN (NEW.text <> 'erased') EXECUTE FUNCTION refuse_change();
DROP TRIGGER commitment_ends_stay ON commitment_ends;
CREATE TRIGGER commitment_ends_stay BEFORE UPDATE OF id, commitment_id, verdict, by_id, at OR DELETE OR TRUNCATE ON commitment_ends FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commitment_ends_are_erased BEFORE UPDATE OF note ON commitment_ends FOR EACH ROW WHEN (NEW.note <> 'erased') EXECUTE FUNCTION refuse_change();
DROP TRIGGER watch_words_stay ON watch_words;
CREATE TRIGGER watch_words_stay BEFORE UPDATE OF id, person_id, sign, at OR DELETE OR TRUNCATE ON watch_words FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER watch_words_are_erased BEFORE UPDATE OF text ON watch_words FOR EACH ROW WHEN (NEW.text <> 'erased') EXECUTE FUNCTION refuse_change();
