-- Names and words in what a pack says may change, when somebody is erased; every figure, day and place of it stays.
CREATE FUNCTION without_words(part jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    CASE jsonb_typeof(part)
    WHEN 'object' THEN
        RETURN (
            SELECT COALESCE(jsonb_object_agg(one.key, CASE
                WHEN jsonb_typeof(one.value) = 'string' AND one.key IN ('name', 'person', 'with', 'owner', 'says', 'text', 'note', 'lead') THEN '""'::jsonb
                ELSE without_words(one.value)
            END), '{}'::jsonb)
            FROM jsonb_each(part) AS one
        );
    WHEN 'array' THEN
        RETURN (
            SELECT COALESCE(jsonb_agg(without_words(one.value) ORDER BY one.place), '[]'::jsonb)
            FROM jsonb_array_elements(part) WITH ORDINALITY AS one (value, place)
        );
    ELSE
        RETURN part;
    END CASE;
END
$$;
DROP TRIGGER packs_stay ON packs;
CREATE TRIGGER packs_stay BEFORE UPDATE OF id, monday, made_at, by_id, definition_id OR DELETE OR TRUNCATE ON packs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER packs_are_forgotten BEFORE UPDATE OF content ON packs FOR EACH ROW
    WHEN (without_words(NEW.content::jsonb) <> without_words(OLD.content::jsonb)) EXECUTE FUNCTION refuse_change();
