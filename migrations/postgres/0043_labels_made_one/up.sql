-- Leads that had ended and went on kept an old score: the job of the night brings all up to date as soon as a server runs.
DELETE FROM job_runs WHERE name = 'scores';
-- The source or campaign that a retired one was made the same as: who names the one means the other. It may be older or newer.
ALTER TABLE labels ADD COLUMN same_as_id BIGINT;
