ALTER TABLE workspace DROP COLUMN second_factor_roles;
ALTER TABLE people DROP COLUMN has_second_factor;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
DROP TABLE known_devices;
DROP TABLE password_links;
ALTER TABLE sessions DROP COLUMN awaits_code;
ALTER TABLE sessions DROP COLUMN address;
