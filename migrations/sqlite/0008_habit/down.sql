DROP TABLE habit_settings;
DROP TABLE verdicts;
