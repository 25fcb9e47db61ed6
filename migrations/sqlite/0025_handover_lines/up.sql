-- What a hand-over carried goes with it alone: an import may take back a hand-over of its own.
CREATE TRIGGER handover_lines_stay_here BEFORE DELETE ON handover_lines WHEN EXISTS (SELECT 1 FROM handovers WHERE id = OLD.handover_id)
    BEGIN SELECT RAISE(ABORT, 'handover_lines are only added to'); END;
