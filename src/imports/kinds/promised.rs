//! What is promised for the hand-overs of an import.

use super::leads::LeadRow;
use crate::imports::books::Ref;
use crate::imports::store::KnownLead;
use crate::lists::List;
use crate::rules::wait::Urgency;
use crate::value::Instant;
use std::collections::HashMap;

/// What decides the service level of a lead.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub urgency: Urgency,
    /// A source that the files bring has no level of its own yet.
    pub source_id: Option<i64>,
    /// As the file or the database says.
    pub handed_over_at: Option<Instant>,
}

/// What decides the service level of each lead's hand-over.
#[derive(Clone, Default)]
pub struct Promises(HashMap<Ref, (Urgency, Option<Ref>, Option<Instant>)>);

impl Promises {
    pub fn know(&mut self, lead: &KnownLead) {
        let source = lead.source_id.map(Ref::Known);
        let promised = (lead.urgency, source, lead.handed_over_at);
        self.0.insert(Ref::Known(lead.id), promised);
    }

    pub fn read(&mut self, row: &LeadRow) {
        let mut sources = row.labels.iter().filter(|(list, _)| *list == List::Source);
        let source = sources.find_map(|(_, label)| *label);
        let promised = (row.new.urgency, source, row.handed_over_at);
        self.0.insert(row.lead, promised);
    }

    pub fn terms(&self, lead: Ref) -> Option<Terms> {
        let (urgency, source, handed_over_at) = *self.0.get(&lead)?;
        Some(Terms {
            urgency,
            source_id: match source {
                Some(Ref::Known(id)) => Some(id),
                Some(Ref::Made(_)) | None => None,
            },
            handed_over_at,
        })
    }
}
