DROP TRIGGER handovers_stay_here;
DROP TRIGGER handovers_stay;
DROP TRIGGER score_weights_become_blank;
DROP TRIGGER score_weights_stay_here;
DROP TRIGGER score_weights_stay;
DROP TRIGGER targets_become_blank;
DROP TRIGGER targets_stay_here;
DROP TRIGGER targets_stay;
