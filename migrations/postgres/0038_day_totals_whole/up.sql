-- The sums of a person's days lie together in the key, as SQLite keeps them: the days of a team's quarter are read without
-- a visit to as many pages of the table.
ALTER TABLE day_totals DROP CONSTRAINT day_totals_pkey;
ALTER TABLE day_totals ADD CONSTRAINT day_totals_pkey PRIMARY KEY (person_id, local_day, team_id, kind_id)
    INCLUDE (entries, prospecting, reached, meetings);
