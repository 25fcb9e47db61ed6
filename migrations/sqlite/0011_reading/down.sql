ALTER TABLE people DROP COLUMN has_letter_keys;
ALTER TABLE workspace DROP COLUMN day_style;
ALTER TABLE workspace DROP COLUMN number_style;
