-- When each job of the timetable ran last: of several programs on one database only one runs it at a time.
CREATE TABLE job_runs (
    name TEXT NOT NULL PRIMARY KEY,
    ran_at BIGINT NOT NULL
);

-- Whether something was told already, whoever was told.
CREATE INDEX notices_key ON notices (once) WHERE once IS NOT NULL;
