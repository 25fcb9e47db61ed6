DROP TRIGGER handovers_keep_their_promise ON handovers;
DROP FUNCTION refuse_change_of_handover();
