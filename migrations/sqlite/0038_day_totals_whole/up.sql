-- SQLite keeps the rows in their key already.
SELECT 1;
