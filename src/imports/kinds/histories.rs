//! What happened to leads that are new: they are written as they stand at its end.

use super::activities::ActivityRow;
use super::lead_events::EventRow;
use super::leads::LeadRow;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::leads::history::{History, PastEvent, PastTouch};
use crate::rules::stage::EventKind;

/// The history of each new lead, in the order in which they were named.
pub struct Histories {
    all: Vec<History>,
    none: History,
}

impl Histories {
    /// Adds up what the rows say. The people whom they name have ids already.
    pub fn of_rows(
        books: &Books,
        leads: &[LeadRow],
        activities: &[ActivityRow],
        events: &[EventRow],
    ) -> Result<Histories> {
        let new = || books.leads.made().iter().map(|_| History::default());
        let mut all: Vec<History> = new().collect();
        let mut add = |lead: Ref, add: &dyn Fn(&mut History)| {
            if let Ref::Made(at) = lead
                && let Some(history) = all.get_mut(at)
            {
                add(history);
            }
        };
        for row in leads {
            add(row.lead, &|history| {
                history.handovers.extend(row.handed_over_at);
            });
            if let Some((at, owner)) = row.assigned {
                let owner_id = Some(books.person_id(owner)?);
                let event = PastEvent::new(0, at, EventKind::Assigned, owner_id);
                add(row.lead, &|history| history.events.push(event.clone()));
            }
        }
        for row in activities {
            let touch = PastTouch {
                // An import is never late.
                is_late: false,
                happened_at: row.happened_at,
                is_attempt: row.counts.is_attempt,
                is_reached: row.counts.is_reached,
                is_meeting: row.counts.is_meeting,
                stops_contact: row.stops_contact,
            };
            if let Some(lead) = row.lead {
                add(lead, &|history| history.touches.push(touch.clone()));
            }
        }
        for row in events {
            let owner_id = books.person_id_of(row.owner)?;
            add(row.lead, &|history| {
                let id = history.events.len() as i64;
                history.events.push(PastEvent {
                    reason: row.reason.clone(),
                    ..PastEvent::new(id, row.at, row.kind, owner_id)
                });
            });
        }
        Ok(Histories {
            all,
            none: History::default(),
        })
    }

    pub fn of(&self, lead: Ref) -> &History {
        match lead {
            Ref::Made(at) => self.all.get(at).unwrap_or(&self.none),
            Ref::Known(_) => &self.none,
        }
    }
}
