-- Who changed what, when: one line a change, for admins.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    by_id BIGINT REFERENCES people (id),
    verb TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BIGINT,
    detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_entries_subject ON audit_entries (subject, subject_id);

-- A file an admin has uploaded and not yet confirmed or dropped. kind: what it holds, where somebody has said so.
-- mapping: which of its columns is which of ours, as JSON.
CREATE TABLE import_uploads (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    mapping TEXT NOT NULL DEFAULT '',
    content BLOB NOT NULL
);
CREATE INDEX import_uploads_uid ON import_uploads (uid);
