-- What a lead's company is like, as far as territories and the score ask: one row for a lead of which any of it is known.
CREATE TABLE lead_profiles (
    lead_id BIGINT NOT NULL PRIMARY KEY REFERENCES leads (id),
    country TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    post_code TEXT NOT NULL DEFAULT '',
    employees INTEGER CHECK (employees >= 0),
    segment TEXT NOT NULL DEFAULT ''
);

CREATE TRIGGER lead_events_stay BEFORE UPDATE ON lead_events BEGIN SELECT RAISE(ABORT, 'lead_events are only added to'); END;
CREATE TRIGGER lead_events_stay_here BEFORE DELETE ON lead_events BEGIN SELECT RAISE(ABORT, 'lead_events are only added to'); END;
