DROP INDEX remarks_answers;
DROP INDEX activities_replaces;
