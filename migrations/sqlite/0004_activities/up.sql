-- The content of a row never changes: an edit is a new row that names the old, and the old (or a removed) row
-- stays for the trail with is_current false. The four counts-as flags are those of its kind and outcome when entered.
CREATE TABLE activities (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    external_id TEXT,
    person_id BIGINT NOT NULL REFERENCES people (id),
    team_id BIGINT REFERENCES teams (id),
    lead_id BIGINT REFERENCES leads (id),
    kind_id BIGINT NOT NULL REFERENCES kinds (id),
    outcome_id BIGINT REFERENCES outcomes (id),
    technique TEXT NOT NULL DEFAULT '' CHECK (technique = '' OR technique = 'cold' OR technique = 'trigger' OR technique = 'referral' OR technique = 'inbound' OR technique = 'existing'),
    quantity INTEGER NOT NULL CHECK (quantity >= 1),
    happened_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    local_day DATE_TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin = 'web' OR origin = 'offline' OR origin = 'api' OR origin = 'import'),
    is_prospecting BOOLEAN NOT NULL,
    is_attempt BOOLEAN NOT NULL,
    is_reached BOOLEAN NOT NULL,
    is_meeting BOOLEAN NOT NULL,
    is_late BOOLEAN NOT NULL DEFAULT FALSE,
    with_id BIGINT REFERENCES people (id),
    asset_id BIGINT REFERENCES labels (id),
    note TEXT NOT NULL DEFAULT '',
    note_for_marketing BOOLEAN NOT NULL DEFAULT FALSE,
    replaces_id BIGINT REFERENCES activities (id),
    is_current BOOLEAN NOT NULL DEFAULT TRUE,
    ended_at BIGINT,
    ended_by_id BIGINT REFERENCES people (id),
    import_hash BIGINT,
    CHECK (lead_id IS NULL OR quantity = 1)
);
CREATE UNIQUE INDEX activities_external ON activities (external_id) WHERE external_id IS NOT NULL AND is_current;
CREATE INDEX activities_lead ON activities (lead_id, happened_at) WHERE lead_id IS NOT NULL AND is_current;
CREATE INDEX activities_person_day ON activities (person_id, local_day) WHERE is_current;
CREATE INDEX activities_day ON activities (local_day, person_id) WHERE is_current;
