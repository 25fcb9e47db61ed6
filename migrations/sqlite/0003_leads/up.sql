-- owner_id, stage, is_stopped, attempts, handed_over_at and last_touch_at are what the lead's events and activities add
-- up to, recomputed in the transaction that writes them (leads::refresh). listed_at is where lists put the lead: the
-- newest hand-over first.
CREATE TABLE leads (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    external_id TEXT UNIQUE,
    name TEXT NOT NULL,
    company TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL DEFAULT '',
    territory_id BIGINT REFERENCES labels (id),
    source_id BIGINT REFERENCES labels (id),
    campaign_id BIGINT REFERENCES labels (id),
    asset_id BIGINT REFERENCES labels (id),
    urgency TEXT NOT NULL CHECK (urgency = 'hot' OR urgency = 'warm' OR urgency = 'content' OR urgency = 'referral'),
    score DOUBLE,
    amount_micros BIGINT,
    currency TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    created_by_id BIGINT REFERENCES people (id),
    owner_id BIGINT REFERENCES people (id),
    stage TEXT NOT NULL,
    is_stopped BOOLEAN NOT NULL DEFAULT FALSE,
    attempts INTEGER NOT NULL DEFAULT 0,
    handed_over_at BIGINT,
    last_touch_at BIGINT,
    next_step_on DATE_TEXT,
    search TEXT NOT NULL,
    import_hash BIGINT,
    listed_at BIGINT NOT NULL GENERATED ALWAYS AS (coalesce(handed_over_at, created_at)) STORED
);
CREATE INDEX leads_newest ON leads (listed_at, id);
CREATE INDEX leads_owner ON leads (owner_id, stage, listed_at, id);
CREATE INDEX leads_owner_newest ON leads (owner_id, listed_at, id);
CREATE INDEX leads_next_step ON leads (owner_id, next_step_on) WHERE next_step_on IS NOT NULL;
CREATE INDEX leads_stage ON leads (stage, listed_at, id);

-- One row for each time marketing passed the lead to sales, with the promise made then.
-- first_attempt_at, first_contact_at and closed_at are the first at or after handed_over_at, or NULL.
CREATE TABLE handovers (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    handed_over_at BIGINT NOT NULL,
    by_id BIGINT REFERENCES people (id),
    territory_id BIGINT REFERENCES labels (id),
    source_id BIGINT REFERENCES labels (id),
    campaign_id BIGINT REFERENCES labels (id),
    asset_id BIGINT REFERENCES labels (id),
    urgency TEXT NOT NULL CHECK (urgency = 'hot' OR urgency = 'warm' OR urgency = 'content' OR urgency = 'referral'),
    score DOUBLE,
    note TEXT NOT NULL DEFAULT '',
    first_attempt_at BIGINT,
    first_contact_at BIGINT,
    closed_at BIGINT,
    UNIQUE (lead_id, handed_over_at)
);
CREATE INDEX handovers_at ON handovers (handed_over_at);

-- What happened to a lead, append-only: a corrected or withdrawn event is a new row that names the old, and keeps the
-- place of the first of them (place_id) among what happened at one instant.
CREATE TABLE lead_events (
    id INTEGER PRIMARY KEY,
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_stage TEXT NOT NULL DEFAULT '',
    to_stage TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    by_id BIGINT REFERENCES people (id),
    owner_id BIGINT REFERENCES people (id),
    amount_micros BIGINT,
    currency TEXT NOT NULL DEFAULT '',
    activity_id BIGINT,
    origin TEXT NOT NULL CHECK (origin = 'web' OR origin = 'offline' OR origin = 'api' OR origin = 'import'),
    flags TEXT NOT NULL DEFAULT '',
    replaces_id BIGINT UNIQUE REFERENCES lead_events (id),
    place_id BIGINT,
    import_hash BIGINT
);
CREATE INDEX lead_events_lead ON lead_events (lead_id, at);
CREATE INDEX lead_events_kind ON lead_events (kind, lead_id);
CREATE INDEX lead_events_activity ON lead_events (activity_id) WHERE activity_id IS NOT NULL;
