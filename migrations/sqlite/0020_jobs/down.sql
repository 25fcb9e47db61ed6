DROP INDEX notices_key;
DROP TABLE job_runs;
