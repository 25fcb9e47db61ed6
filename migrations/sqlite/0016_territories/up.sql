-- Which territory a lead belongs to: the first rule that fits, by position. What is empty or NULL fits everything.
CREATE TABLE territory_rules (
    id INTEGER PRIMARY KEY,
    territory_id BIGINT NOT NULL REFERENCES labels (id),
    position INTEGER NOT NULL,
    country TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    post_code TEXT NOT NULL DEFAULT '',
    employees_from INTEGER CHECK (employees_from >= 0),
    employees_to INTEGER CHECK (employees_to >= 0),
    segment TEXT NOT NULL DEFAULT '',
    is_retired BOOLEAN NOT NULL DEFAULT FALSE
);

-- Among whom the leads of a territory go round; without a territory: the default
-- rota, for leads that find no other. turns is counted, and by that the row locked, by who is about to change credits.
CREATE TABLE rotas (
    id INTEGER PRIMARY KEY,
    territory_id BIGINT UNIQUE REFERENCES labels (id),
    turns BIGINT NOT NULL DEFAULT 0
);
INSERT INTO rotas (id, territory_id) VALUES (1, NULL);

CREATE TABLE rota_seats (
    rota_id BIGINT NOT NULL REFERENCES rotas (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    weight BIGINT NOT NULL CHECK (weight >= 1),
    credit BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (rota_id, person_id)
);

CREATE INDEX leads_score ON leads (score, id);
CREATE INDEX leads_owner_score ON leads (owner_id, score, id);
CREATE INDEX leads_queue ON leads (stage, listed_at, id) WHERE owner_id IS NULL;
