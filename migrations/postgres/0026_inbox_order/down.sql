DROP INDEX notices_person;
CREATE INDEX notices_person ON notices (person_id, id);
