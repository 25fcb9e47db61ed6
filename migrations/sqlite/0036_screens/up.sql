-- Screens on a wall: who has the address sees what a team's display mode shows to somebody who is not in the team. Only the
-- token's hash is kept. metric and period: as the address of the board says them. opened_at: to ten minutes.
CREATE TABLE screens (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    team_id BIGINT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    metric TEXT NOT NULL,
    period TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by_id BIGINT REFERENCES people (id),
    opened_at BIGINT,
    taken_down_at BIGINT
);
CREATE INDEX screens_team ON screens (team_id);
