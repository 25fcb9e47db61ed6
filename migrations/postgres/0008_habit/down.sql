DROP TABLE habit_settings;
DROP TABLE verdicts;
DROP FUNCTION refuse_change_of_verdicts();
