-- What a person or a file said the score is; leads.score is the one that holds (ARCHITECTURE.md).
ALTER TABLE leads ADD COLUMN given_score DOUBLE;
UPDATE leads SET given_score = score;

-- What can be known of a lead: what it did, what goes on at its company, what somebody found out.
CREATE TABLE signal_kinds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sort TEXT NOT NULL CHECK (sort = 'behaviour' OR sort = 'trigger' OR sort = 'note'),
    is_retired BOOLEAN NOT NULL DEFAULT FALSE
);
INSERT INTO signal_kinds (id, name, sort) VALUES
    (1, 'Asked for a demo', 'behaviour'),
    (2, 'Visited prices', 'behaviour'),
    (3, 'Attended', 'behaviour'),
    (4, 'Downloaded', 'behaviour'),
    (5, 'Opened an e-mail', 'behaviour'),
    (6, 'New management', 'trigger'),
    (7, 'Funding', 'trigger'),
    (8, 'Hiring', 'trigger'),
    (9, 'New site', 'trigger'),
    (10, 'Research note', 'note');

-- One row for each thing known of a lead, only added to: a corrected or withdrawn one is a new row that names the old.
CREATE TABLE lead_signals (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    kind_id BIGINT NOT NULL REFERENCES signal_kinds (id),
    at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    what TEXT NOT NULL DEFAULT '',
    asset_id BIGINT REFERENCES labels (id),
    link TEXT NOT NULL DEFAULT '',
    by_id BIGINT REFERENCES people (id),
    is_withdrawn BOOLEAN NOT NULL DEFAULT FALSE,
    replaces_id BIGINT UNIQUE REFERENCES lead_signals (id)
);
CREATE INDEX lead_signals_lead ON lead_signals (lead_id, at);
CREATE TRIGGER lead_signals_stay BEFORE UPDATE ON lead_signals BEGIN SELECT RAISE(ABORT, 'lead_signals are only added to'); END;
CREATE TRIGGER lead_signals_stay_here BEFORE DELETE ON lead_signals BEGIN SELECT RAISE(ABORT, 'lead_signals are only added to'); END;

-- The rules of the lead score: the set with the highest version holds, and none is ever changed.
CREATE TABLE score_rule_sets (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE,
    line DOUBLE NOT NULL CHECK (line >= 0 AND line <= 100),
    why TEXT NOT NULL,
    by_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);
CREATE TABLE score_fit_rules (
    id INTEGER PRIMARY KEY,
    set_id BIGINT NOT NULL REFERENCES score_rule_sets (id),
    field TEXT NOT NULL,
    comparison TEXT NOT NULL,
    value TEXT NOT NULL,
    points DOUBLE NOT NULL
);
CREATE INDEX score_fit_rules_set ON score_fit_rules (set_id, id);
CREATE TABLE score_behaviour_rules (
    id INTEGER PRIMARY KEY,
    set_id BIGINT NOT NULL REFERENCES score_rule_sets (id),
    kind_id BIGINT NOT NULL REFERENCES signal_kinds (id),
    points DOUBLE NOT NULL,
    UNIQUE (set_id, kind_id)
);
CREATE TRIGGER score_rule_sets_stay BEFORE UPDATE ON score_rule_sets BEGIN SELECT RAISE(ABORT, 'score_rule_sets are only added to'); END;
CREATE TRIGGER score_rule_sets_stay_here BEFORE DELETE ON score_rule_sets BEGIN SELECT RAISE(ABORT, 'score_rule_sets are only added to'); END;
CREATE TRIGGER score_fit_rules_stay BEFORE UPDATE ON score_fit_rules BEGIN SELECT RAISE(ABORT, 'score_fit_rules are only added to'); END;
CREATE TRIGGER score_fit_rules_stay_here BEFORE DELETE ON score_fit_rules BEGIN SELECT RAISE(ABORT, 'score_fit_rules are only added to'); END;
CREATE TRIGGER score_behaviour_rules_stay BEFORE UPDATE ON score_behaviour_rules BEGIN SELECT RAISE(ABORT, 'score_behaviour_rules are only added to'); END;
CREATE TRIGGER score_behaviour_rules_stay_here BEFORE DELETE ON score_behaviour_rules BEGIN SELECT RAISE(ABORT, 'score_behaviour_rules are only added to'); END;

-- The leads whose score has reached the line, and since when: a row that is made is a crossing.
CREATE TABLE leads_above (
    lead_id BIGINT NOT NULL PRIMARY KEY REFERENCES leads (id),
    since BIGINT NOT NULL
);

-- What else a lead responded to, beside its main asset.
CREATE TABLE lead_assets (
    lead_id BIGINT NOT NULL REFERENCES leads (id),
    asset_id BIGINT NOT NULL REFERENCES labels (id),
    PRIMARY KEY (lead_id, asset_id)
);

-- What a hand-over carried beside its own columns, frozen: why the score was what it was, the company, what went on there.
CREATE TABLE handover_lines (
    id INTEGER PRIMARY KEY,
    handover_id BIGINT NOT NULL REFERENCES handovers (id) ON DELETE CASCADE,
    part TEXT NOT NULL CHECK (part = 'asset' OR part = 'company' OR part = 'signal' OR part = 'fit' OR part = 'behaviour' OR part = 'given'),
    text TEXT NOT NULL,
    points DOUBLE,
    at BIGINT
);
CREATE INDEX handover_lines_handover ON handover_lines (handover_id, id);
CREATE TRIGGER handover_lines_stay BEFORE UPDATE ON handover_lines BEGIN SELECT RAISE(ABORT, 'handover_lines are only added to'); END;
