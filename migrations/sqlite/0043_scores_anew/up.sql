-- Leads that had ended and went on kept an old score: the job of the night brings all up to date as soon as a server runs.
DELETE FROM job_runs WHERE name = 'scores';
