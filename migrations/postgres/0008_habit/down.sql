DROP INDEX activities_person_day;
CREATE INDEX activities_person_day ON activities (person_id, local_day) WHERE is_current;
DROP TABLE habit_settings;
DROP TABLE verdicts;
DROP FUNCTION refuse_change_of_verdicts();
