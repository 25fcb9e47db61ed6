DROP TRIGGER packs_are_forgotten ON packs;
DROP TRIGGER packs_stay ON packs;
CREATE TRIGGER packs_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON packs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION without_words(jsonb);
