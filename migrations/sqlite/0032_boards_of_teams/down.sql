DROP INDEX day_totals_team;
