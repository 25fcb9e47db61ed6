-- What somebody wrote is erased with them here too: these words may become the word 'erased', and nothing else changes.
DROP TRIGGER verdicts_stay;
CREATE TRIGGER verdicts_stay BEFORE UPDATE OF id, person_id, period, first_day, was, state, attainment, origin, by_id, at ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts are only added to'); END;
CREATE TRIGGER verdicts_are_erased BEFORE UPDATE OF reason ON verdicts WHEN NEW.reason <> 'erased' BEGIN SELECT RAISE(ABORT, 'verdicts are only added to'); END;
DROP TRIGGER commitments_stay;
CREATE TRIGGER commitments_stay BEFORE UPDATE OF id, pack_id, owner_id, due_on, by_id, at ON commitments BEGIN SELECT RAISE(ABORT, 'commitments are only added to'); END;
CREATE TRIGGER commitments_are_erased BEFORE UPDATE OF text ON commitments WHEN NEW.text <> 'erased' BEGIN SELECT RAISE(ABORT, 'commitments are only added to'); END;
DROP TRIGGER commitment_ends_stay;
CREATE TRIGGER commitment_ends_stay BEFORE UPDATE OF id, commitment_id, verdict, by_id, at ON commitment_ends BEGIN SELECT RAISE(ABORT, 'commitment_ends are only added to'); END;
CREATE TRIGGER commitment_ends_are_erased BEFORE UPDATE OF note ON commitment_ends WHEN NEW.note <> 'erased' BEGIN SELECT RAISE(ABORT, 'commitment_ends are only added to'); END;
DROP TRIGGER watch_words_stay;
CREATE TRIGGER watch_words_stay BEFORE UPDATE OF id, person_id, sign, at ON watch_words BEGIN SELECT RAISE(ABORT, 'watch_words are only added to'); END;
CREATE TRIGGER watch_words_are_erased BEFORE UPDATE OF text ON watch_words WHEN NEW.text <> 'erased' BEGIN SELECT RAISE(ABORT, 'watch_words are only added to'); END;
