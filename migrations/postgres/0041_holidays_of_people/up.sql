-- A holiday is everybody's (neither), a team's, or one person's.
ALTER TABLE holidays ADD COLUMN person_id BIGINT REFERENCES people (id) CHECK (person_id IS NULL OR team_id IS NULL);
