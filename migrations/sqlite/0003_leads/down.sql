DROP TABLE lead_events;
DROP TABLE handovers;
DROP TABLE leads;
