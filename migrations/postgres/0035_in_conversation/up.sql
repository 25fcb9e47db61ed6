-- Whether a lead had been tried before it was handed over: it stays in the reports, and is flagged there.
ALTER TABLE handovers ADD COLUMN is_in_conversation BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE handovers SET is_in_conversation = TRUE WHERE EXISTS (
    SELECT 1 FROM activities WHERE activities.lead_id = handovers.lead_id AND is_current AND is_attempt
        AND happened_at < handovers.handed_over_at);

-- Late entries are few: reports count them by themselves.
CREATE INDEX activities_late ON activities (local_day, person_id) WHERE is_late AND is_current;
CREATE INDEX activities_late_touch ON activities (happened_at, lead_id) WHERE is_late AND is_current AND lead_id IS NOT NULL;
