-- What a hand-over carried goes with it alone: an import may take back a hand-over of its own.
CREATE FUNCTION refuse_loss_of_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM handovers WHERE id = OLD.handover_id) THEN
        RAISE EXCEPTION 'handover_lines are only added to';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER handover_lines_stay_here BEFORE DELETE ON handover_lines FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_lines();
