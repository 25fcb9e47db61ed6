-- Whether a lead came complete is what marketing handed over, not what anybody found out since.
ALTER TABLE handovers ADD COLUMN is_complete BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE handovers SET is_complete = TRUE WHERE source_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM leads WHERE leads.id = handovers.lead_id AND name <> '' AND company <> '' AND (email <> '' OR phone <> ''));

-- Who asked not to be contacted, said as the reason of a disqualification, is stopped too.
UPDATE leads SET is_stopped = TRUE WHERE id IN (
    SELECT lead_id FROM lead_events said WHERE kind = 'disqualified' AND reason = 'Do not contact'
        AND NOT EXISTS (SELECT 1 FROM lead_events later WHERE later.replaces_id = said.id));
