CREATE INDEX day_totals_team ON day_totals (team_id, local_day, person_id);
