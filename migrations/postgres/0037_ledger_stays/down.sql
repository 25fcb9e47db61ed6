DROP TRIGGER handovers_stay_cut ON handovers;
DROP TRIGGER handovers_stay_here ON handovers;
DROP TRIGGER handovers_stay ON handovers;
DROP TRIGGER score_weights_become_blank ON score_weights;
DROP TRIGGER score_weights_stay ON score_weights;
DROP TRIGGER targets_become_blank ON targets;
DROP TRIGGER targets_stay ON targets;
