//! What is promised for the hand-overs of an import.

use super::leads::LeadRow;
use crate::definitions::Definitions;
use crate::imports::books::Ref;
use crate::imports::store::KnownLead;
use crate::lists::List;
use crate::rules::level::ServiceLevel;
use crate::rules::wait::Urgency;
use crate::value::Instant;
use std::collections::HashMap;

/// What decides the service level of each lead's hand-over.
#[derive(Default)]
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

    /// By the version in force when the lead was handed over. A source that the files bring has no level of its own yet.
    pub fn level(&self, lead: Ref, definitions: &Definitions) -> Option<ServiceLevel> {
        let (urgency, source, handed_over_at) = *self.0.get(&lead)?;
        let version = definitions.at(handed_over_at.unwrap_or(Instant(i64::MAX)));
        let source_id = match source {
            Some(Ref::Known(id)) => Some(id),
            Some(Ref::Made(_)) | None => None,
        };
        Some(definitions.level(version.number, urgency, source_id))
    }
}
