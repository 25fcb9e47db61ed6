DROP TABLE reasons;
DROP TABLE labels;
DROP TABLE outcomes;
DROP TABLE kinds;
