-- Which row replaces or answers one is found without reading all: when a table is emptied for a copy that is brought back, the
-- database asks it of each row.
CREATE INDEX activities_replaces ON activities (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX remarks_answers ON remarks (answers_id) WHERE answers_id IS NOT NULL;
