-- Names and words in what a pack says may change, when somebody is erased; every figure, day and place of it stays.
DROP TRIGGER packs_stay;
CREATE TRIGGER packs_stay BEFORE UPDATE ON packs
WHEN NEW.id <> OLD.id OR NEW.monday <> OLD.monday OR NEW.made_at <> OLD.made_at OR NEW.by_id IS NOT OLD.by_id
    OR NEW.definition_id <> OLD.definition_id
    OR (SELECT COUNT(*) FROM json_tree(NEW.content)) <> (SELECT COUNT(*) FROM json_tree(OLD.content))
    OR EXISTS (
        SELECT fullkey, type, CASE WHEN type = 'text' AND (key = 'name' OR key = 'person' OR key = 'with' OR key = 'owner' OR key = 'says' OR key = 'text' OR key = 'note' OR key = 'lead') THEN NULL ELSE atom END
        FROM json_tree(OLD.content)
        EXCEPT
        SELECT fullkey, type, CASE WHEN type = 'text' AND (key = 'name' OR key = 'person' OR key = 'with' OR key = 'owner' OR key = 'says' OR key = 'text' OR key = 'note' OR key = 'lead') THEN NULL ELSE atom END
        FROM json_tree(NEW.content)
    )
BEGIN SELECT RAISE(ABORT, 'packs are only added to'); END;
