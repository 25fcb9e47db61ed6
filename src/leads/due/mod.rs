//! The next leads that somebody should touch, most urgent first, and when first attempts are due.

mod promises;
mod store;

pub use promises::{Promised, open_handovers, promises};
pub use store::{BackLead, Terms, back_from_nurture};

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::page;
use crate::rules::access::Me;
use crate::rules::level::Limit;
use crate::rules::workday::WorkCalendar;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
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
    let limit = |terms: store::Terms| {
        let level = definitions.level(terms.definition_id, terms.urgency, terms.source_id);
        level.first_attempt_by
    };
    let waiting = store::unattempted(conn, me.id)?.into_iter();
    let mut waiting: Vec<(WaitingLead, Limit)> =
        waiting.map(|(lead, terms)| (lead, limit(terms))).collect();
    waiting.sort_by_key(|(lead, _)| (lead.listed_at, lead.id));
    // Within one limit the oldest is due first, so the first few of each are enough.
    let mut seen: HashMap<Limit, usize> = HashMap::new();
    waiting.retain(|(_, limit)| {
        let of_limit = seen.entry(*limit).or_default();
        *of_limit += 1;
        *of_limit <= most
    });
    let mut clock = FirstAttempts::of_person(calendars, me.id);
    let mut all: Vec<DueLead> = waiting
        .into_iter()
        .map(|(lead, limit)| {
            let due_at = clock.due(lead.listed_at, limit);
            DueLead {
                due_at,
                is_overdue: due_at.is_some_and(|due| due < now),
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

/// When first attempts are due, by one person's calendar or the workspace's. Source: METRICS.md 2.1.
///
/// It keeps the stretch of calendar that it built last: ask in order of time.
pub struct FirstAttempts<'a> {
    calendars: &'a Calendars,
    owner_id: Option<i64>,
    stretch: Option<(NaiveDate, WorkCalendar)>,
}

/// A stretch of calendar is this long, and answers for starts in its first half.
const STRETCH_DAYS: u64 = 30;

/// Who is away for longer than this has no due time.
const LONGEST_DAYS: u64 = 400;

impl<'a> FirstAttempts<'a> {
    pub fn of_person(calendars: &'a Calendars, person_id: i64) -> FirstAttempts<'a> {
        FirstAttempts::of(calendars, Some(person_id))
    }

    /// By the owner's calendar, or the workspace's where nobody owns the lead.
    pub fn of(calendars: &'a Calendars, owner_id: Option<i64>) -> FirstAttempts<'a> {
        FirstAttempts {
            calendars,
            owner_id,
            stretch: None,
        }
    }

    /// Until when a lead handed over at `start` should be tried, by the limit of its hand-over's level; `None` where no
    /// work is in sight.
    pub fn due(&mut self, start: Instant, limit: Limit) -> Option<Instant> {
        let day = match self.owner_id {
            Some(id) => self.calendars.day_at(id, start),
            None => self.calendars.zone().day_of(start),
        };
        let in_calendar =
            |calendar: &WorkCalendar| calendar.due(start, limit.working_us(calendar, start)?);
        let fits = |first: NaiveDate| {
            first < day && (day - first).num_days().unsigned_abs() <= STRETCH_DAYS / 2
        };
        if !self.stretch.as_ref().is_some_and(|(first, _)| fits(*first)) {
            let first = day.pred_opt().unwrap_or(day);
            self.stretch = Some((first, self.calendar(first, STRETCH_DAYS)));
        }
        let near = self
            .stretch
            .as_ref()
            .and_then(|(_, calendar)| in_calendar(calendar));
        near.or_else(|| in_calendar(&self.calendar(day, LONGEST_DAYS)))
    }

    fn calendar(&self, first: NaiveDate, days: u64) -> WorkCalendar {
        let last = first.checked_add_days(Days::new(days)).unwrap_or(first);
        match self.owner_id {
            Some(id) => self.calendars.of_person(id, first, last),
            None => self.calendars.of_workspace(first, last),
        }
    }
}
