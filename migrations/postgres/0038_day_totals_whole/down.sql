ALTER TABLE day_totals DROP CONSTRAINT day_totals_pkey;
ALTER TABLE day_totals ADD CONSTRAINT day_totals_pkey PRIMARY KEY (person_id, local_day, team_id, kind_id);
