-- How a workspace writes numbers and days, and whether keys of one letter do something for a person. The words are samples.
ALTER TABLE workspace ADD COLUMN number_style TEXT NOT NULL DEFAULT '1,234.5'
    CHECK (number_style = '1,234.5' OR number_style = '1.234,5' OR number_style = '1 234,5');
ALTER TABLE workspace ADD COLUMN day_style TEXT NOT NULL DEFAULT '21 Nov 2026'
    CHECK (day_style = '21 Nov 2026' OR day_style = '21.11.2026' OR day_style = 'Nov 21, 2026' OR day_style = '2026-11-21');
ALTER TABLE people ADD COLUMN has_letter_keys BOOLEAN NOT NULL DEFAULT TRUE;
