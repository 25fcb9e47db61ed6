//! The next leads that somebody should touch, most urgent first, and until when promises to leads are to be kept.

mod promises;
mod store;
mod windows;

pub use promises::{Promised, open_handovers, promises};
pub use store::{BackLead, Given, back_from_nurture};
pub use windows::Windows;

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::cohort::owners_of;
use crate::page;
use crate::rules::access::Me;
use crate::rules::level::{Clause, Due};
use crate::value::Instant;
use chrono::NaiveDate;
use store::WaitingLead;

/// A lead that waits for its owner.
#[derive(Debug, Clone)]
pub struct DueLead {
    pub lead: WaitingLead,
    /// Until when something is promised; `None` for what has no such limit.
    pub due_at: Option<Instant>,
    pub is_overdue: bool,
    /// What it waits for, in a few words.
    pub why: String,
}

/// The next leads for `me` to touch, at most `most`: first those whose promises are to be kept, by the time the next one is
/// due (those tried already from three quarters of their time on); then those whose next step has come; then those tried
/// and not reached, the longest ago first. Each lead once.
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
    let mut all = promised(conn, me, calendars, definitions, now)?;
    all.truncate(most);
    if all.len() < most {
        let next = store::with_next_step(conn, me.id, today, most as i64)?;
        add(&mut all, next, most, |lead| with_next_step(lead, today));
    }
    if all.len() < most {
        let begin = me.zone.midnight(today);
        let again = store::not_reached(conn, me.id, begin, most as i64)?;
        add(&mut all, again, most, |lead| DueLead {
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
        });
    }
    Ok(all)
}

/// Adds those that are not there yet, up to `most`.
fn add(
    all: &mut Vec<DueLead>,
    more: Vec<WaitingLead>,
    most: usize,
    due: impl Fn(WaitingLead) -> DueLead,
) {
    for lead in more {
        if all.len() < most && all.iter().all(|known| known.lead.id != lead.id) {
            all.push(due(lead));
        }
    }
}

/// Those with a promise to keep, by the time it is due.
fn promised(
    conn: &mut Conn,
    me: &Me,
    calendars: &Calendars,
    definitions: &Definitions,
    now: Instant,
) -> Result<Vec<DueLead>> {
    let mut waiting = store::promised(conn, me.id)?;
    waiting.sort_by_key(|(lead, _)| (lead.listed_at, lead.id));
    let ids: Vec<i64> = waiting.iter().map(|(lead, _)| lead.id).collect();
    let owners = owners_of(conn, &ids)?;
    let mut windows = Windows::new(calendars);
    let due = |(lead, given): (WaitingLead, Given)| {
        let changes = owners.of(lead.id);
        let next = windows.next(definitions, &given, lead.stage, changes, now);
        let standing = next.map_or(Due::Later, |(_, window)| window.due(now));
        let is_next = lead.stage.is_untouched() || standing != Due::Later;
        is_next.then(|| DueLead {
            due_at: next.map(|(_, window)| window.due_at),
            is_overdue: standing == Due::Over,
            why: match next {
                Some((Clause::Accept, _)) => "Not accepted yet",
                Some((Clause::ContactOrExit, _)) if !lead.stage.is_untouched() => {
                    "No contact or exit yet"
                }
                _ => "No attempt yet",
            }
            .to_owned(),
            lead,
        })
    };
    let mut all: Vec<DueLead> = waiting.into_iter().filter_map(due).collect();
    all.sort_by_key(|one| {
        (
            one.due_at.unwrap_or(Instant(i64::MAX)),
            one.lead.listed_at,
            one.lead.id,
        )
    });
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
