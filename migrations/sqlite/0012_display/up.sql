-- What the members of a team see of each other on a board.
ALTER TABLE teams ADD COLUMN display_mode TEXT NOT NULL DEFAULT 'all_named'
    CHECK (display_mode = 'off' OR display_mode = 'team_bar' OR display_mode = 'top_three'
        OR display_mode = 'all_named' OR display_mode = 'own_place');
