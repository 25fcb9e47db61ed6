DROP TRIGGER lead_events_stay ON lead_events;
DROP FUNCTION refuse_change();
DROP TABLE lead_profiles;
