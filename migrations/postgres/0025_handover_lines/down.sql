DROP TRIGGER handover_lines_stay_here ON handover_lines;
DROP FUNCTION refuse_loss_of_lines;
