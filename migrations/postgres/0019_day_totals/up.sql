-- What the standing entries of a person's day add up to, by team at that time and kind, changed in the transaction of each
-- entry, so that years of them are read without being added up. team_id is 0 for no team. entries: all quantities;
-- the others: those of prospecting entries, of prospecting entries that reached somebody, and of meetings booked.
CREATE TABLE day_totals (
    person_id BIGINT NOT NULL REFERENCES people (id),
    local_day DATE NOT NULL,
    team_id BIGINT NOT NULL,
    kind_id BIGINT NOT NULL REFERENCES kinds (id),
    entries INTEGER NOT NULL,
    prospecting INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    meetings INTEGER NOT NULL,
    PRIMARY KEY (person_id, local_day, team_id, kind_id)
);
CREATE INDEX day_totals_day ON day_totals (local_day, person_id, team_id);

INSERT INTO day_totals (person_id, local_day, team_id, kind_id, entries, prospecting, reached, meetings)
SELECT person_id, local_day, coalesce(team_id, 0), kind_id, sum(quantity),
    sum(CASE WHEN is_prospecting THEN quantity ELSE 0 END),
    sum(CASE WHEN is_prospecting AND is_reached THEN quantity ELSE 0 END),
    sum(CASE WHEN is_meeting THEN quantity ELSE 0 END)
FROM activities WHERE is_current
GROUP BY person_id, local_day, coalesce(team_id, 0), kind_id;

-- How often entries of closed weeks have changed: by import, and by nothing else.
ALTER TABLE reference_version ADD COLUMN closed_entries BIGINT NOT NULL DEFAULT 1;
