-- Rows as somebody may have had them, by the migration after which they could be there: all values given, on both
-- databases the same. A released section is never edited: it is what that release kept.

-- 0001
UPDATE workspace SET name = 'Nordlicht', time_zone = 'Europe/Berlin', set_up_at = 1000000 WHERE id = 1;
INSERT INTO teams (id, name, time_zone) VALUES (2001, 'North', NULL), (2002, 'South', 'Europe/Lisbon');
INSERT INTO people (id, uid, email, name, role, time_zone, password_hash, created_at, left_on) VALUES
    (2001, 'p1', 'ana@example.com', 'Ana Arndt', 'rep', 'Europe/Vienna', 'hash', 1000000, NULL),
    (2002, 'p2', 'ada@example.com', 'Ada Adler', 'admin', NULL, NULL, 1000000, NULL),
    (2003, 'p3', 'max@example.com', 'Max Maier', 'manager', NULL, NULL, 1000000, NULL),
    (2004, 'p4', 'mark@example.com', 'Mark Marlow', 'marketing', NULL, NULL, 1000000, '2026-02-01');
INSERT INTO memberships (id, person_id, team_id, from_day, until_day) VALUES
    (2001, 2001, 2001, '2020-01-01', '2026-01-01'), (2002, 2001, 2002, '2026-01-01', NULL);
INSERT INTO sessions (id, token_hash, person_id, created_at, expires_at, user_agent) VALUES (2001, 't', 2001, 1, 2, 'Browser');
INSERT INTO work_hours (id, team_id, person_id, weekday, opens_min, closes_min) VALUES
    (2001, NULL, NULL, 1, 540, 1020), (2002, NULL, NULL, 2, 540, 1020), (2003, 2001, NULL, 1, 480, 960), (2004, NULL, 2001, 3, 600, 720);
INSERT INTO holidays (id, day, name, team_id) VALUES (2001, '2026-01-01', 'New Year', NULL), (2002, '2026-01-06', 'Epiphany', 2001);
INSERT INTO time_off (id, person_id, from_day, to_day, part) VALUES (2001, 2001, '2026-02-02', '2026-02-03', 'full');

-- 0002
INSERT INTO kinds (id, name, is_prospecting, is_attempt, without_lead, position, is_retired) VALUES (2001, 'Letter', TRUE, TRUE, TRUE, 9, TRUE);
INSERT INTO outcomes (id, kind_id, name, class, is_meeting, arrived, stops_contact, position, is_retired) VALUES
    (2001, 2001, 'Posted', 'not_reached', FALSE, TRUE, FALSE, 1, FALSE);
INSERT INTO labels (id, list, name, is_retired) VALUES
    (2001, 'source', 'Fair', FALSE), (2002, 'campaign', 'Spring', FALSE), (2003, 'asset', 'Guide', FALSE), (2004, 'territory', 'East', TRUE);
INSERT INTO reasons (id, event, class, name, position, is_retired) VALUES (2001, 'lost', '', 'Moved away', 40, FALSE);

-- 0003
INSERT INTO leads (id, uid, external_id, name, company, email, phone, title, territory_id, source_id, campaign_id, asset_id, urgency, score,
    amount_micros, currency, note, created_at, created_by_id, owner_id, stage, is_stopped, attempts, handed_over_at, last_touch_at, next_step_on, search, import_hash) VALUES
    (2001, 'l1', 'x1', 'Joe', 'Acme', 'joe@acme.example', '0123', 'CEO', 2004, 2001, 2002, 2003, 'warm', 12.5,
    5000000, 'EUR', 'A note', 1767600000000000, 2004, 2001, 'contacted', FALSE, 2, 1767600000000000, 1767610000000000, '2026-03-02', 'joe acme', 77),
    (2002, 'l2', NULL, 'Jim', '', '', '', '', NULL, NULL, NULL, NULL, 'hot', NULL,
    NULL, '', '', 1767600000000000, NULL, NULL, 'nurture', FALSE, 0, NULL, NULL, NULL, 'jim', NULL);
INSERT INTO handovers (id, uid, lead_id, handed_over_at, by_id, territory_id, source_id, campaign_id, asset_id, urgency, score, note, first_attempt_at, first_contact_at, closed_at) VALUES
    (2001, 'h1', 2001, 1767600000000000, 2004, 2004, 2001, 2002, 2003, 'warm', 12.5, 'Call soon', 1767605000000000, 1767610000000000, NULL);
INSERT INTO lead_events (id, lead_id, at, entered_at, kind, from_stage, to_stage, reason, note, by_id, owner_id, amount_micros, currency, activity_id, origin, flags, replaces_id, place_id, import_hash) VALUES
    (2001, 2001, 1767600000000000, 1767600000000000, 'assigned', 'handed_over', 'handed_over', '', '', 2004, 2001, NULL, '', NULL, 'web', '', NULL, NULL, NULL),
    (2002, 2001, 1767600000000001, 1767600000000001, 'assigned', 'handed_over', 'handed_over', '', 'Again', 2004, 2001, NULL, '', NULL, 'import', 'x', 2001, 2001, 5);

-- 0004
INSERT INTO activities (id, uid, external_id, person_id, team_id, lead_id, kind_id, outcome_id, technique, quantity, happened_at, entered_at, local_day, origin,
    is_prospecting, is_attempt, is_reached, is_meeting, is_late, with_id, asset_id, note, note_for_marketing, replaces_id, is_current, ended_at, ended_by_id, import_hash) VALUES
    (2001, 'a1', 'xa1', 2001, 2002, 2001, 1, 1, 'cold', 1, 1767605000000000, 1767605000000000, '2026-01-05', 'web',
    TRUE, TRUE, FALSE, FALSE, FALSE, 2003, 2003, 'Rang', TRUE, NULL, TRUE, NULL, NULL, 9),
    (2002, 'a2', NULL, 2001, 2002, 2001, 1, 4, '', 1, 1767610000000000, 1767610000000000, '2026-01-05', 'offline',
    TRUE, TRUE, TRUE, FALSE, TRUE, NULL, NULL, '', FALSE, NULL, FALSE, 1767620000000000, 2001, NULL),
    (2003, 'a3', NULL, 2001, 2002, 2001, 1, 4, '', 1, 1767610000000000, 1767620000000000, '2026-01-05', 'api',
    TRUE, TRUE, TRUE, FALSE, FALSE, NULL, NULL, '', FALSE, 2002, TRUE, NULL, NULL, NULL),
    (2004, 'a4', NULL, 2001, NULL, NULL, 2, 11, '', 12, 1767610000000000, 1767610000000000, '2026-01-06', 'import',
    TRUE, TRUE, FALSE, FALSE, FALSE, NULL, NULL, '', FALSE, NULL, TRUE, NULL, NULL, 3);

-- 0005
INSERT INTO targets (id, person_id, team_id, metric, amount, period, weekdays, valid_from, reason, set_by_id, set_at) VALUES
    (2001, 2001, NULL, 'prospecting', 20, 'day', '12345', '2026-01-01', 'Agreed', 2003, 1), (2002, NULL, 2002, 'reached', 2.5, 'week', '1234567', '2026-01-01', '', NULL, 1);

-- 0006
INSERT INTO audit_entries (id, at, by_id, verb, subject, subject_id, detail) VALUES (2001, 5, 2002, 'added', 'team', 2001, 'North'), (2002, 6, NULL, 'set', 'workspace', NULL, '');
INSERT INTO import_uploads (id, uid, by_id, at, name, kind, mapping, content) VALUES (2001, 'u1', 2002, 5, 'leads.csv', 'leads', '{}', 'name');

-- 0008
INSERT INTO verdicts (id, person_id, period, first_day, was, state, attainment, origin, reason, by_id, at) VALUES
    (2001, 2001, 'day', '2026-01-05', 'hit', 'hit', 1, 'kept', '', 2003, 7), (2002, 2001, 'day', '2026-01-05', 'hit', 'neutral', NULL, 'corrected', 'Ill', 2003, 8);
INSERT INTO habit_settings (id, person_id, remind_at_min, hides_streak) VALUES (2001, 2001, 900, TRUE);

-- 0009
INSERT INTO goals (id, uid, person_id, metric, amount, starts_on, by_day, plan, is_shared, made_at, ended_at) VALUES
    (2001, 'g1', 2001, 'wins', 3, '2026-01-01', '2026-06-30', 'A plan', TRUE, 9, NULL);

-- 0010
INSERT INTO past_zones (id, team_id, person_id, time_zone, until_day) VALUES (2001, NULL, 2001, 'Europe/Berlin', '2025-06-01');
INSERT INTO score_weights (id, kind_id, weight, daily_cap, valid_from, reason, set_by_id, set_at) VALUES (2001, 1, 1.5, 10, '2026-01-01', '', 2002, 3);
INSERT INTO shared_goals (id, name, measure, amount, currency, from_day, to_day, sales_owner_id, marketing_owner_id, made_by_id, made_at, ended_at, ended_by_id) VALUES
    (2001, 'Spring', 'wins', 10, '', '2026-01-01', '2026-03-31', 2003, 2004, 2003, 3, NULL, NULL);

-- 0013
INSERT INTO lead_profiles (lead_id, country, region, post_code, employees, segment) VALUES (2001, 'DE', 'Berlin', '10115', 50, 'SMB');

-- 0014
INSERT INTO notices (id, person_id, kind, at, by_id, lead_id, handover_id, text, once, read_at) VALUES (2001, 2001, 'assigned', 4, 2004, 2001, 2001, 'Yours', 'k1', NULL);
INSERT INTO notice_mutes (person_id, kind) VALUES (2001, 'due');

-- 0015
INSERT INTO definitions (id, stages, qualified, reasons, score_rules, volume, volume_per, answer_by, revision, edited_by_id, edited_at) VALUES
    (2001, 'Stages', 'Qualified', 'Reasons', 'Rules', 30, 'week', '2 working days', 3, 2003, 5);
INSERT INTO definition_levels (id, definition_id, urgency, source_id, accept_by, first_attempt_by, least_attempts, least_kinds, contact_or_exit_by) VALUES
    (2001, 2001, 'hot', 2001, '15 min', '15 min', 6, 2, '10 working days');
INSERT INTO definition_signatures (definition_id, side, by_id, at) VALUES (2001, 'sales', 2003, 6);
INSERT INTO definition_heads (side, person_id) VALUES ('sales', 2003);

-- 0016
INSERT INTO territory_rules (id, territory_id, position, country, region, post_code, employees_from, employees_to, segment, is_retired) VALUES
    (2001, 2004, 1, 'DE', '', '1', 10, 200, '', FALSE);
INSERT INTO rotas (id, territory_id, turns) VALUES (2001, 2004, 5);
INSERT INTO rota_seats (rota_id, person_id, weight, credit) VALUES (2001, 2001, 2, -1);

-- 0017
INSERT INTO lead_events (id, lead_id, at, entered_at, kind, from_stage, to_stage, reason, by_id, origin) VALUES
    (2003, 2002, 1767600000000002, 1767600000000002, 'duplicate', 'nurture', 'duplicate', '', 2001, 'web');
INSERT INTO rejection_replies (id, lead_id, event_id, step, reply, text, at, by_id, led_to_at) VALUES (2001, 2002, 2003, 1, 'agreed', 'Yes', 8, 2004, NULL);
INSERT INTO remarks (id, uid, lead_id, handed_over_at, answers_id, replaces_id, text, at, by_id) VALUES
    (2001, 'r1', 2001, 1767600000000000, NULL, NULL, 'Which product?', 8, 2001), (2002, 'r2', 2001, 1767600000000000, 2001, NULL, 'The blue one', 9, 2004);
INSERT INTO remark_people (remark_id, person_id) VALUES (2001, 2004);
INSERT INTO ratings (id, lead_id, handed_over_at, stars, asset_id, landed, note, at, by_id) VALUES (2001, 2001, 1767600000000000, 4, 2003, '', 'Good', 8, 2001);
INSERT INTO duplicates (event_id, lead_id, same_as_id) VALUES (2003, 2002, 2001);

-- 0018
INSERT INTO signal_kinds (id, name, sort, is_retired) VALUES (2001, 'Called us', 'behaviour', FALSE);
INSERT INTO lead_signals (id, uid, lead_id, kind_id, at, entered_at, what, asset_id, link, by_id, is_withdrawn, replaces_id) VALUES
    (2001, 's1', 2001, 2001, 5, 6, 'Rang', 2003, 'https://acme.example', 2004, FALSE, NULL), (2002, 's2', 2001, 2001, 5, 7, '', NULL, '', 2004, TRUE, 2001);
INSERT INTO score_rule_sets (id, version, line, why, by_id, at) VALUES (2001, 1, 50, 'First', 2003, 5);
INSERT INTO score_fit_rules (id, set_id, field, comparison, value, points) VALUES (2001, 2001, 'country', 'is', 'DE', 10);
INSERT INTO score_behaviour_rules (id, set_id, kind_id, points) VALUES (2001, 2001, 2001, 5);
INSERT INTO leads_above (lead_id, since) VALUES (2001, 5);
INSERT INTO lead_assets (lead_id, asset_id) VALUES (2001, 2003);
INSERT INTO handover_lines (id, handover_id, part, text, points, at) VALUES (2001, 2001, 'fit', 'Country is DE', 10, NULL);

-- 0020
INSERT INTO job_runs (name, ran_at) VALUES ('promises', 5);

-- 0022
INSERT INTO peer_groups (id, person_id, name, from_day, set_by_id, set_at) VALUES (2001, 2001, 'Hunters', '2026-01-01', 2003, 4);
INSERT INTO packs (id, monday, made_at, by_id, definition_id, content) VALUES (2001, '2026-01-05', 4, 2003, 1, '{}');
INSERT INTO commitments (id, pack_id, text, owner_id, due_on, by_id, at) VALUES (2001, 2001, 'Call them', 2001, '2026-01-12', 2003, 4);
INSERT INTO commitment_ends (id, commitment_id, verdict, note, by_id, at) VALUES (2001, 2001, 'kept', '', 2003, 5);
INSERT INTO watch_words (id, person_id, sign, text, at) VALUES (2001, 2001, 'round', 'A list day', 4);

-- 0023
INSERT INTO password_links (id, token_hash, person_id, is_invite, made_at, made_by_id, expires_at, used_at, revoked_at) VALUES (2001, 'pl', 2001, TRUE, 1, 2002, 2, NULL, 3);
INSERT INTO known_devices (token_hash, person_id, seen_at) VALUES ('kd', 2001, 4);
INSERT INTO second_factors (person_id, secret, begun_at, last_step) VALUES (2001, 'JBSWY3DP', 3, 9);
INSERT INTO recovery_codes (id, person_id, code_hash, used_at) VALUES (2001, 2001, 'rc', NULL);

-- 0024
INSERT INTO audit_entries (id, at, by_id, verb, subject, subject_id) VALUES (2003, 7, 2002, 'renamed', 'team', 2001);
INSERT INTO audit_words (entry_id, was, became, address, search) VALUES (2003, 'North', 'Nord', '127.0.0.1', 'north nord');
INSERT INTO stage_names (stage, name) VALUES ('won', 'Customer');

-- 0036
INSERT INTO screens (id, token_hash, team_id, name, metric, period, made_at, made_by_id, opened_at, taken_down_at) VALUES (2001, 'sc', 2001, 'Sales floor', 'activities', 'week', 4, 2003, 5, NULL);

-- 0048
INSERT INTO api_keys (id, token_hash, person_id, name, made_at, used_on, ended_at) VALUES (2001, 'ak', 2001, 'Every Monday', 4, '2026-03-04', NULL);
