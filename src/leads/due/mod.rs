//! The next leads that somebody should touch, most urgent first, and until when promises to leads are to be kept.

mod promises;
mod store;
mod windows;

pub use promises::{Promised, open_handovers, promises};
pub use store::{BackLead, Terms, back_from_nurture};
pub use windows::Windows;

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::cohort::owners_of;
use crate::page;
use crate::rules::access::Me;
use crate::rules::level::Due;
use crate::value::Instant;
use chrono::NaiveDate;
use store::WaitingLead;

/// A lead that waits for its owner.
#[derive(Debug, Clone)]
pub struct DueLead {
    pub lead: WaitingLead,
    /// Until when the first attempt is promised; `None` for what has no such limit.
    pub due_at: Option<Instant>,
    pub is_overdue: bool,
    /// What it waits for, in a few words.
    pub why: String,
}

/// The next leads for `me` to touch, at most `most`: first those without an attempt since their hand-over, by the time
/// the attempt is due; then those whose next step has come; then those tried and not reached, the longest ago first.
///
/// Leads that may not be contacted, and those with marketing, are left out. The cost is that of `me`'s open leads.
pub fn due(
    conn: &mut Conn,
    me: &Me,
    calendars: &Calendars,
    definitions: &Definitions,
    now: Instant,
    most: usize,
) -> Result<Vec<DueLead>> {
    let today = me.zone.day_of(now);
    let mut all = first_attempts(conn, me, calendars, definitions, now, most)?;
    if all.len() < most {
        let next = store::with_next_step(conn, me.id, today, (most - all.len()) as i64)?;
        all.extend(next.into_iter().map(|lead| with_next_step(lead, today)));
    }
    if all.len() < most {
        let begin = me.zone.midnight(today);
        let again = store::not_reached(conn, me.id, begin, (most - all.len()) as i64)?;
        all.extend(again.into_iter().map(|lead| DueLead {
            why: match lead.last_touch_at {
                Some(at) => format!(
                    "Not reached yet, last tried {}",
                    page::short_time(at, &me.zone, today)
                ),
                None => "Not reached yet".to_owned(),
            },
            due_at: None,
            is_overdue: false,
            lead,
        }));
    }
    Ok(all)
}

fn first_attempts(
    conn: &mut Conn,
    me: &Me,
    calendars: &Calendars,
    definitions: &Definitions,
    now: Instant,
    most: usize,
) -> Result<Vec<DueLead>> {
    let mut waiting = store::unattempted(conn, me.id)?;
    waiting.sort_by_key(|(lead, _)| (lead.listed_at, lead.id));
    let ids: Vec<i64> = waiting.iter().map(|(lead, _)| lead.id).collect();
    let owners = owners_of(conn, &ids)?;
    let mut windows = Windows::new(calendars);
    let mut all: Vec<DueLead> = waiting
        .into_iter()
        .map(|(lead, terms)| {
            let level = definitions.level(terms.definition_id, terms.urgency, terms.source_id);
            let window = windows.of(lead.listed_at, level.first_attempt_by, owners.of(lead.id));
            DueLead {
                due_at: window.map(|window| window.due_at),
                is_overdue: window.is_some_and(|w| w.due(now) == Due::Over),
                why: "No attempt yet".to_owned(),
                lead,
            }
        })
        .collect();
    all.sort_by_key(|one| {
        (
            one.due_at.unwrap_or(Instant(i64::MAX)),
            one.lead.listed_at,
            one.lead.id,
        )
    });
    all.truncate(most);
    Ok(all)
}

fn with_next_step(lead: WaitingLead, today: NaiveDate) -> DueLead {
    let is_overdue = lead.next_step_on.is_some_and(|day| day < today);
    let why = match lead.next_step_on {
        Some(day) if is_overdue => format!("Next step was due {}", page::day(day)),
        _ => "Next step today".to_owned(),
    };
    DueLead {
        lead,
        due_at: None,
        is_overdue,
        why,
    }
}
