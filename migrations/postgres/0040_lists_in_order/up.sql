-- Where a source, campaign, asset or territory stands in its list. What was never placed stands after all that was, by name.
ALTER TABLE labels ADD COLUMN position INTEGER NOT NULL DEFAULT 1000000;
