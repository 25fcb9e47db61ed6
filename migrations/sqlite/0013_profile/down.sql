DROP TRIGGER lead_events_stay_here;
DROP TRIGGER lead_events_stay;
DROP TABLE lead_profiles;
