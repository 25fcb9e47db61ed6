DROP TRIGGER packs_stay;
CREATE TRIGGER packs_stay BEFORE UPDATE ON packs BEGIN SELECT RAISE(ABORT, 'packs are only added to'); END;
