-- What concerns somebody, one row for each person told. once: what is told a person only once, whoever tells it again.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_id BIGINT REFERENCES people (id),
    lead_id BIGINT REFERENCES leads (id),
    handover_id BIGINT REFERENCES handovers (id) ON DELETE SET NULL,
    text TEXT NOT NULL DEFAULT '',
    once TEXT,
    read_at BIGINT
);
CREATE INDEX notices_person ON notices (person_id, id);
CREATE INDEX notices_unread ON notices (person_id, id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX notices_once ON notices (person_id, once) WHERE once IS NOT NULL;

-- What somebody does not want to be told.
CREATE TABLE notice_mutes (
    person_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    PRIMARY KEY (person_id, kind)
);
