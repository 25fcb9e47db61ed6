ALTER TABLE workspace DROP COLUMN keep_leads_days;
