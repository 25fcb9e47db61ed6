-- What a lead's company is like, as far as territories and the score ask: one row for a lead of which any of it is known.
CREATE TABLE lead_profiles (
    lead_id BIGINT NOT NULL PRIMARY KEY REFERENCES leads (id),
    country TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    post_code TEXT NOT NULL DEFAULT '',
    employees INTEGER CHECK (employees >= 0),
    segment TEXT NOT NULL DEFAULT ''
);

-- Names its table, so that every table which is only added to can use it.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are only added to', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER lead_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON lead_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
