//! The legs of a hand-over's way with their times, in ready words. Source: PRODUCT.md 6.

use super::Story;
use super::explain::Clock;
use super::timeline::Names;
use crate::calendar::Calendars;
use crate::leads::{Handover, LeadEvent};
use crate::page;
use crate::rules::legs::{Leg, Part, Step, Way, Whose};
use crate::rules::stage::EventKind;
use crate::rules::survival::End;
use crate::value::Instant;
use chrono::Days;

/// One stretch of a leg that was one side's.
pub struct LegRow {
    /// Where the leg leads to; empty on the further stretches of one leg.
    pub step: &'static str,
    pub whose: String,
    pub calendar: String,
    pub working: String,
    /// The same in seconds; none where the leg was not begun.
    pub calendar_s: Option<f64>,
    pub working_s: Option<f64>,
    /// How the stretch ended.
    pub end: &'static str,
    /// What explains the time on each clock; empty on a leg that was not begun.
    pub calendar_href: String,
    pub working_href: String,
}

/// A stretch of a leg, with its time on both clocks as it is printed.
pub struct Stretch {
    /// Nobody's where the step was taken at once.
    pub whose: Option<Whose>,
    pub from: Instant,
    pub until: Instant,
    /// It ended because the lead went to somebody else.
    pub is_transferred: bool,
    pub calendar: String,
    pub working: String,
    pub calendar_s: f64,
    pub working_s: f64,
}

/// The way of one hand-over of a lead: what happened from its instant to the next hand-over.
pub fn way(story: &Story, handover: &Handover) -> Way {
    let start = handover.handed_over_at;
    let next = story.next_after(handover);
    let replaced = story.replaced();
    let is_of_it = |e: &&LeadEvent| {
        let in_time = e.at >= start && next.is_none_or(|next| e.at < next);
        in_time && !replaced.contains(&e.id)
    };
    let first = |kinds: &[EventKind]| {
        let events = story.events.iter().filter(is_of_it);
        events
            .filter(|e| kinds.contains(&e.kind))
            .map(|e| e.at)
            .min()
    };
    Way {
        created_at: story
            .returned_before(handover)
            .unwrap_or(story.lead.created_at),
        handed_over_at: start,
        owners: story.owners().collect(),
        accepted_at: first(&[EventKind::Accepted]),
        first_attempt_at: handover.first_attempt_at,
        first_contact_at: handover.first_contact_at,
        qualified_at: first(&[EventKind::Qualified, EventKind::Opportunity, EventKind::Won]),
        closed_at: handover.closed_at.into_iter().chain(next).min(),
    }
}

/// The stretches of a leg in order, one at least.
pub fn stretches(calendars: &Calendars, leg: &Leg) -> Vec<Stretch> {
    let stretch = |whose, (from, until): (Instant, Instant), is_transferred, times: (f64, f64)| {
        let (calendar_s, working_s) = times;
        Stretch {
            whose,
            from,
            until,
            is_transferred,
            calendar: page::duration(calendar_s),
            working: page::working_time(working_s),
            calendar_s,
            working_s,
        }
    };
    let of_part = |part: &Part| {
        let calendar_s = part.until.seconds_since(part.from);
        let working_s = working_us(calendars, part) as f64 / 1e6;
        let days = (part.from, part.until);
        let times = (calendar_s, working_s);
        stretch(Some(part.whose), days, part.is_transferred, times)
    };
    match leg.parts.is_empty() {
        true => vec![stretch(None, (leg.from_at, leg.until), false, (0.0, 0.0))],
        false => leg.parts.iter().map(of_part).collect(),
    }
}

/// A row for each stretch of the legs that were begun, and one for each that was not. `href` says what explains a figure
/// of a stretch: its step, its place in the leg, and the clock.
pub fn rows(
    calendars: &Calendars,
    names: &Names,
    way: &Way,
    now: Instant,
    href: &dyn Fn(Step, usize, Clock) -> String,
) -> Vec<LegRow> {
    let legs = way.legs(now);
    let is_over = legs.last().is_some_and(|leg| leg.end == End::Closed);
    let missing = |step: &&Step| **step != Step::Created && legs.iter().all(|leg| leg.to != **step);
    let missing = Step::ALL.iter().filter(missing).map(|step| LegRow {
        step: step.label(),
        whose: page::DASH.to_owned(),
        calendar: page::DASH.to_owned(),
        working: page::DASH.to_owned(),
        calendar_s: None,
        working_s: None,
        end: if is_over { "never" } else { "not yet" },
        calendar_href: String::new(),
        working_href: String::new(),
    });
    let begun = legs.iter().flat_map(|leg| {
        let way = |at, clock| href(leg.to, at, clock);
        rows_of(calendars, names, leg, &way)
    });
    begun.chain(missing).collect()
}

fn rows_of(
    calendars: &Calendars,
    names: &Names,
    leg: &Leg,
    href: &dyn Fn(usize, Clock) -> String,
) -> Vec<LegRow> {
    let end = match leg.end {
        End::Event if leg.is_implied => "taken with the next step",
        End::Event => "done",
        End::Closed => "closed before",
        End::Open => "still runs",
    };
    let row = |(index, stretch): (usize, Stretch)| LegRow {
        step: if index == 0 { leg.to.label() } else { "" },
        whose: whose(names, stretch.whose),
        calendar: stretch.calendar,
        working: stretch.working,
        calendar_s: Some(stretch.calendar_s),
        working_s: Some(stretch.working_s),
        end: if stretch.is_transferred {
            "transferred"
        } else {
            end
        },
        calendar_href: href(index, Clock::Calendar),
        working_href: href(index, Clock::Working),
    };
    let stretches = stretches(calendars, leg).into_iter();
    stretches.enumerate().map(row).collect()
}

/// Whose time it was; a dash where it took none.
pub fn whose(names: &Names, whose: Option<Whose>) -> String {
    match whose {
        None => page::DASH.to_owned(),
        Some(Whose::Marketing) => "Marketing".to_owned(),
        Some(Whose::Queue) => "The queue".to_owned(),
        Some(Whose::Person(id)) => names.person(Some(id)).to_owned(),
    }
}

/// By the calendar of whose it was: a person's own, else the workspace's.
fn working_us(calendars: &Calendars, part: &Part) -> i64 {
    // A day more on both sides, as somebody's day can begin in another zone.
    let first = calendars.zone().day_of(part.from) - Days::new(1);
    let last = calendars.zone().day_of(part.until) + Days::new(1);
    let calendar = match part.whose {
        Whose::Person(id) => calendars.of_person(id, first, last),
        Whose::Marketing | Whose::Queue => calendars.of_workspace(first, last),
    };
    calendar.working_us(part.from, part.until)
}
