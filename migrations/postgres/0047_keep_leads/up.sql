-- After how many days without anything new a lead that is over is forgotten; none for never.
ALTER TABLE workspace ADD COLUMN keep_leads_days INTEGER CHECK (keep_leads_days >= 30);
