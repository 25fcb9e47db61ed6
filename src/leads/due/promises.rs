//! Until when the promises of open hand-overs are to be kept.

use super::store;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::cohort::{Clocks, Ownerships, owners_of};
use crate::rules::level::{Clause, Course, Window};
use crate::rules::stage::EventKind;
use crate::rules::survival::End;
use crate::value::Instant;
use std::collections::HashMap;

/// A promise of an open hand-over that is not kept yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    pub handover_id: i64,
    pub lead_id: i64,
    /// Who owns the lead now.
    pub owner_id: Option<i64>,
    /// One of [`Clause::TIMED`].
    pub clause: Clause,
    pub window: Window,
}

/// The next open hand-overs since an instant after an id, at most `most`, in order of their ids: batches for
/// [`promises`].
pub fn open_handovers(
    conn: &mut Conn,
    since: Instant,
    after_id: i64,
    most: i64,
) -> Result<Vec<i64>> {
    store::open_handovers(conn, since, after_id, most)
}

/// The promises that still wait to be kept as of `now`, of those of a batch of hand-overs (some hundreds) that are open:
/// in order of hand-over and clause. What was done already, what may not be contacted, and what has no due instant as
/// no work is in sight, is left out. Three queries, whatever the size of the batch.
pub fn promises(
    conn: &mut Conn,
    calendars: &Calendars,
    definitions: &Definitions,
    batch: &[i64],
    now: Instant,
) -> Result<Vec<Promised>> {
    let handovers = store::of_handovers(conn, batch)?;
    let lead_ids: Vec<i64> = handovers.iter().map(|h| h.lead_id).collect();
    let mut accepted: HashMap<i64, Vec<Instant>> = HashMap::new();
    for (lead_id, at) in store::acceptances(conn, &lead_ids)? {
        accepted.entry(lead_id).or_default().push(at);
    }
    let ownerships = Ownerships {
        owners: owners_of(conn, &lead_ids)?,
        calendars,
    };
    let starts = handovers
        .iter()
        .map(|h| (h.handed_over_at, h.handed_over_at));
    let longest_days = Clause::TIMED
        .into_iter()
        .map(|clause| definitions.longest_days(clause))
        .max();
    let clocks = Clocks::around(starts, longest_days.unwrap_or(0), now, &ownerships);
    let mut all = Vec::new();
    for handover in handovers {
        let start = handover.handed_over_at;
        let accepted = accepted.get(&handover.lead_id).into_iter().flatten();
        let accepted = accepted.filter(|at| **at >= start).min();
        let events = accepted.map(|at| (*at, EventKind::Accepted, ""));
        let (attempt, contact) = (handover.first_attempt_at, handover.first_contact_at);
        let course = Course::of(start, attempt, contact, events.into_iter());
        let terms = handover.terms;
        let level = definitions.level(terms.definition_id, terms.urgency, terms.source_id);
        let ownership = clocks.ownership(ownerships.owners.of(handover.lead_id));
        for clause in Clause::TIMED {
            let is_open = course.wait(clause, now).end == End::Open;
            let window = clause
                .limit(&level)
                .filter(|_| is_open)
                .and_then(|limit| Window::new(&ownership, start, limit));
            all.extend(window.map(|window| Promised {
                handover_id: handover.id,
                lead_id: handover.lead_id,
                owner_id: handover.owner_id,
                clause,
                window,
            }));
        }
    }
    Ok(all)
}
