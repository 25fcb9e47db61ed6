//! How long a hand-over waited, on both clocks, and when its first attempt is due. Source: METRICS.md 2.

use super::Story;
use crate::calendar::Calendars;
use crate::definitions::Definitions;
use crate::leads::Handover;
use crate::rules::level::Clause;
use crate::rules::survival::End;
use crate::rules::wait::Wait;
use crate::rules::workday::{Ownership, WorkCalendar};
use crate::value::Instant;
use chrono::Days;

/// One leg of a hand-over's way: until the first attempt, or until the first contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    pub end: End,
    pub calendar_s: f64,
    /// Working time of whoever owned the lead then.
    pub working_s: f64,
}

/// How the promise of a first attempt stands while it is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Due {
    pub at: Instant,
    /// The share of the time that is gone; above 1 it is overdue.
    pub gone: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clocks {
    pub first_attempt: Leg,
    pub first_contact: Leg,
    /// `None` once it was tried or closed, or where no work is in sight.
    pub due: Option<Due>,
}

/// A limit of a few working days lies within this time, holidays and time off included; a longer one within thrice its
/// days.
const AHEAD_DAYS: u64 = 60;

pub fn of(
    calendars: &Calendars,
    definitions: &Definitions,
    story: &Story,
    handover: &Handover,
    now: Instant,
) -> Clocks {
    let start = handover.handed_over_at;
    let first = calendars.zone().day_of(start);
    let first = first.checked_sub_days(Days::new(2)).unwrap_or(first);
    let last = calendars.zone().day_of(now.max(start));
    let longest = u64::from(definitions.longest_days(Clause::FirstAttempt));
    let ahead = Days::new(AHEAD_DAYS.max(3 * longest));
    let last = last.checked_add_days(ahead).unwrap_or(last);
    let workspace = calendars.of_workspace(first, last);
    let changes: Vec<(Instant, Option<WorkCalendar>)> = story
        .owners()
        .map(|(at, owner)| (at, owner.map(|id| calendars.of_person(id, first, last))))
        .collect();
    let ownership = Ownership::new(
        &workspace,
        changes
            .iter()
            .map(|(at, own)| (*at, own.as_ref().unwrap_or(&workspace))),
    );
    let leg = |event: Option<Instant>| {
        let wait = Wait::new(start, event, handover.closed_at, now);
        Leg {
            end: wait.end,
            calendar_s: wait.until.seconds_since(start),
            working_s: ownership.working_us(start, wait.until) as f64 / 1e6,
        }
    };
    let first_attempt = leg(handover.first_attempt_at);
    let due = || {
        let (urgency, source_id) = (handover.urgency, handover.source_id);
        let level = definitions.level(handover.definition_id, urgency, source_id);
        let limit_us = level
            .first_attempt_by
            .working_us(ownership.at(start), start)?;
        Some(Due {
            at: ownership.due(start, limit_us)?,
            gone: first_attempt.working_s / (limit_us as f64 / 1e6).max(1.0),
        })
    };
    Clocks {
        first_attempt,
        first_contact: leg(handover.first_contact_at),
        due: if first_attempt.end == End::Open {
            due()
        } else {
            None
        },
    }
}
