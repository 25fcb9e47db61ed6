//! The legs of a hand-over's way with their times, in ready words. Source: PRODUCT.md 6.

use super::Story;
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
    /// How the stretch ended.
    pub end: &'static str,
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

/// A row for each stretch of the legs that were begun, and one for each that was not.
pub fn rows(calendars: &Calendars, names: &Names, way: &Way, now: Instant) -> Vec<LegRow> {
    let legs = way.legs(now);
    let is_over = legs.last().is_some_and(|leg| leg.end == End::Closed);
    let missing = |step: &&Step| **step != Step::Created && legs.iter().all(|leg| leg.to != **step);
    let missing = Step::ALL.iter().filter(missing).map(|step| LegRow {
        step: step.label(),
        whose: page::DASH.to_owned(),
        calendar: page::DASH.to_owned(),
        working: page::DASH.to_owned(),
        end: if is_over { "never" } else { "not yet" },
    });
    let begun = legs.iter().flat_map(|leg| rows_of(calendars, names, leg));
    begun.chain(missing).collect()
}

fn rows_of(calendars: &Calendars, names: &Names, leg: &Leg) -> Vec<LegRow> {
    let end = match leg.end {
        End::Event if leg.is_implied => "taken with the next step",
        End::Event => "done",
        End::Closed => "closed before",
        End::Open => "still runs",
    };
    let row = |(index, part): (usize, &Part)| LegRow {
        step: if index == 0 { leg.to.label() } else { "" },
        whose: whose(names, part.whose),
        calendar: page::duration(part.until.seconds_since(part.from)),
        working: page::working_time(working_us(calendars, part) as f64 / 1e6),
        end: if part.is_transferred {
            "transferred"
        } else {
            end
        },
    };
    if leg.parts.is_empty() {
        return vec![LegRow {
            step: leg.to.label(),
            whose: page::DASH.to_owned(),
            calendar: page::duration(0.0),
            working: page::working_time(0.0),
            end,
        }];
    }
    leg.parts.iter().enumerate().map(row).collect()
}

fn whose(names: &Names, whose: Whose) -> String {
    match whose {
        Whose::Marketing => "Marketing".to_owned(),
        Whose::Queue => "The queue".to_owned(),
        Whose::Person(id) => names.person(Some(id)).to_owned(),
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
