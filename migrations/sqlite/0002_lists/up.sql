-- What may be chosen. An entry is retired, never deleted.

CREATE TABLE kinds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    is_prospecting BOOLEAN NOT NULL,
    is_attempt BOOLEAN NOT NULL,
    without_lead BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    is_retired BOOLEAN NOT NULL DEFAULT FALSE
);

-- arrived: the attempt reached its address (not so for Bounced and Not delivered).
-- stops_contact: no further prompt for the lead.
CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY,
    kind_id BIGINT NOT NULL REFERENCES kinds (id),
    name TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class = 'not_reached' OR class = 'reached' OR class = 'bad_data'),
    is_meeting BOOLEAN NOT NULL DEFAULT FALSE,
    arrived BOOLEAN NOT NULL DEFAULT TRUE,
    stops_contact BOOLEAN NOT NULL DEFAULT FALSE,
    position INTEGER NOT NULL,
    is_retired BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (kind_id, name)
);

-- Sources, campaigns, assets and territories: names that leads refer to.
CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL CHECK (list = 'source' OR list = 'campaign' OR list = 'asset' OR list = 'territory'),
    name TEXT NOT NULL,
    is_retired BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (list, name)
);

-- Why a lead was rejected, disqualified and so on. event is the kind of event that may give it.
CREATE TABLE reasons (
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    class TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_retired BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (event, name)
);

INSERT INTO kinds (id, name, is_prospecting, is_attempt, without_lead, position) VALUES
    (1, 'Call', TRUE, TRUE, TRUE, 1),
    (2, 'E-mail', TRUE, TRUE, TRUE, 2),
    (3, 'Social touch', TRUE, TRUE, TRUE, 3),
    (4, 'Text', TRUE, TRUE, TRUE, 4),
    (5, 'Visit', TRUE, TRUE, TRUE, 5),
    (6, 'Meeting held', TRUE, TRUE, TRUE, 6),
    (7, 'Referral asked', TRUE, FALSE, TRUE, 7),
    (8, 'Research note', FALSE, FALSE, FALSE, 8);

INSERT INTO outcomes (id, kind_id, name, class, is_meeting, arrived, stops_contact, position) VALUES
    (1, 1, 'No answer', 'not_reached', FALSE, TRUE, FALSE, 1),
    (2, 1, 'Left voicemail', 'not_reached', FALSE, TRUE, FALSE, 2),
    (3, 1, 'Gatekeeper', 'not_reached', FALSE, TRUE, FALSE, 3),
    (4, 1, 'Interested', 'reached', FALSE, TRUE, FALSE, 4),
    (5, 1, 'Call back later', 'reached', FALSE, TRUE, FALSE, 5),
    (6, 1, 'Not interested', 'reached', FALSE, TRUE, FALSE, 6),
    (7, 1, 'Meeting booked', 'reached', TRUE, TRUE, FALSE, 7),
    (8, 1, 'Referred on', 'reached', FALSE, TRUE, FALSE, 8),
    (9, 1, 'Wrong number', 'bad_data', FALSE, TRUE, FALSE, 9),
    (10, 1, 'Do not contact', 'bad_data', FALSE, TRUE, TRUE, 10),
    (11, 2, 'Sent', 'not_reached', FALSE, TRUE, FALSE, 1),
    (12, 2, 'Replied, positive', 'reached', FALSE, TRUE, FALSE, 2),
    (13, 2, 'Replied, later', 'reached', FALSE, TRUE, FALSE, 3),
    (14, 2, 'Replied, no', 'reached', FALSE, TRUE, FALSE, 4),
    (15, 2, 'Meeting booked', 'reached', TRUE, TRUE, FALSE, 5),
    (16, 2, 'Bounced', 'bad_data', FALSE, FALSE, FALSE, 6),
    (17, 2, 'Unsubscribed', 'bad_data', FALSE, TRUE, TRUE, 7),
    (18, 3, 'Message sent', 'not_reached', FALSE, TRUE, FALSE, 1),
    (19, 3, 'Replied', 'reached', FALSE, TRUE, FALSE, 2),
    (20, 3, 'Meeting booked', 'reached', TRUE, TRUE, FALSE, 3),
    (21, 3, 'Not the right person', 'bad_data', FALSE, TRUE, FALSE, 4),
    (22, 4, 'Sent', 'not_reached', FALSE, TRUE, FALSE, 1),
    (23, 4, 'Replied', 'reached', FALSE, TRUE, FALSE, 2),
    (24, 4, 'Not delivered', 'bad_data', FALSE, FALSE, FALSE, 3),
    (25, 5, 'Nobody there', 'not_reached', FALSE, TRUE, FALSE, 1),
    (26, 5, 'Left materials', 'not_reached', FALSE, TRUE, FALSE, 2),
    (27, 5, 'Spoke with decision-maker', 'reached', FALSE, TRUE, FALSE, 3),
    (28, 5, 'Spoke with other', 'reached', FALSE, TRUE, FALSE, 4),
    (29, 5, 'Meeting booked', 'reached', TRUE, TRUE, FALSE, 5),
    (30, 5, 'Closed or moved', 'bad_data', FALSE, TRUE, FALSE, 6),
    (31, 6, 'No-show', 'not_reached', FALSE, TRUE, FALSE, 1),
    (32, 6, 'Cancelled', 'not_reached', FALSE, TRUE, FALSE, 2),
    (33, 6, 'Held, next step agreed', 'reached', FALSE, TRUE, FALSE, 3),
    (34, 6, 'Held, no next step', 'reached', FALSE, TRUE, FALSE, 4);

INSERT INTO reasons (id, event, class, name, position) VALUES
    (1, 'rejected', 'procedural', 'Not my territory', 1),
    (2, 'rejected', 'procedural', 'Already owned', 2),
    (3, 'rejected', 'procedural', 'Duplicate', 3),
    (4, 'rejected', 'clerical', 'Contact data missing or wrong', 4),
    (5, 'rejected', 'clerical', 'Spam or test', 5),
    (6, 'rejected', 'definitional', 'Outside target profile', 6),
    (7, 'rejected', 'definitional', 'Wrong role', 7),
    (8, 'rejected', 'definitional', 'Content only, no buying intent', 8),
    (9, 'rejected', 'definitional', 'Competitor', 9),
    (10, 'disqualified', '', 'Unable to reach', 10),
    (11, 'disqualified', '', 'Bad data', 11),
    (12, 'disqualified', '', 'No need', 12),
    (13, 'disqualified', '', 'No budget', 13),
    (14, 'disqualified', '', 'No authority', 14),
    (15, 'disqualified', '', 'Bad timing', 15),
    (16, 'disqualified', '', 'No fit', 16),
    (17, 'disqualified', '', 'Chose a competitor', 17),
    (18, 'disqualified', '', 'Went silent', 18),
    (19, 'disqualified', '', 'Do not contact', 19),
    (20, 'disqualified', '', 'Other', 20),
    (21, 'nurture', '', 'Not ready yet', 21),
    (22, 'nurture', '', 'Bad timing', 22),
    (23, 'nurture', '', 'Content only, no buying intent', 23),
    (24, 'nurture', '', 'Other', 24),
    (25, 'lost', '', 'Chose a competitor', 25),
    (26, 'lost', '', 'No budget', 26),
    (27, 'lost', '', 'No decision', 27),
    (28, 'lost', '', 'Bad timing', 28),
    (29, 'lost', '', 'No fit', 29),
    (30, 'lost', '', 'Went silent', 30),
    (31, 'lost', '', 'Other', 31),
    (32, 'won', '', 'New customer', 32),
    (33, 'won', '', 'Existing customer, more', 33),
    (34, 'won', '', 'Won back', 34);
