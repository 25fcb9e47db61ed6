-- An inbox is read in the order in which things happened, which is not always that in which they were told.
DROP INDEX notices_person;
CREATE INDEX notices_person ON notices (person_id, at, id);
