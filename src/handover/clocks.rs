//! How long a hand-over waited, on both clocks, and which of its promises is due next. Source: METRICS.md 2.

use super::{Story, kept};
use crate::calendar::Calendars;
use crate::definitions::Definitions;
use crate::leads::Handover;
use crate::leads::cohort::{self, Ownerships};
use crate::rules::level::{Clause, Window};
use crate::rules::survival::End;
use crate::rules::wait::Wait;
use crate::value::Instant;

/// One leg of a hand-over's way: until the first attempt, or until the first contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    pub end: End,
    pub calendar_s: f64,
    /// Working time of whoever owned the lead then.
    pub working_s: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clocks {
    pub first_attempt: Leg,
    pub first_contact: Leg,
    /// The promise to be kept next; `None` once all are kept or it was closed, or where no work is in sight.
    pub due: Option<(Clause, Window)>,
}

pub fn of(
    calendars: &Calendars,
    definitions: &Definitions,
    story: &Story,
    handover: &Handover,
    now: Instant,
) -> Clocks {
    let start = handover.handed_over_at;
    let ownerships = Ownerships {
        owners: story.ownership(),
        calendars,
    };
    let longest = Clause::TIMED.map(|clause| definitions.longest_days(clause));
    let longest = longest.into_iter().max().unwrap_or(0);
    let spans = [(start, now.max(start))].into_iter();
    let clocks = cohort::Clocks::around(spans, longest, now, &ownerships);
    let ownership = clocks.ownership(ownerships.owners.of(story.lead.id));
    let leg = |event: Option<Instant>| {
        let wait = Wait::new(start, event, handover.closed_at, now);
        Leg {
            end: wait.end,
            calendar_s: wait.until.seconds_since(start),
            working_s: ownership.working_us(start, wait.until) as f64 / 1e6,
        }
    };
    let (urgency, source_id) = (handover.urgency, handover.source_id);
    let level = definitions.level(handover.definition_id, urgency, source_id);
    let course = kept::course(story, handover);
    Clocks {
        first_attempt: leg(handover.first_attempt_at),
        first_contact: leg(handover.first_contact_at),
        due: course.next(&level, now, |limit| Window::new(&ownership, start, limit)),
    }
}
