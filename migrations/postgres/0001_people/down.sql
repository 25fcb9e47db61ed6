DROP TABLE time_off;
DROP TABLE holidays;
DROP TABLE work_hours;
DROP TABLE sessions;
DROP TABLE memberships;
DROP TABLE people;
DROP TABLE teams;
DROP TABLE workspace;
