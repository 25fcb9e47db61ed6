//! Until when promises of open leads are to be kept, for lists of leads.

use super::store::Given;
use crate::calendar::Calendars;
use crate::definitions::Definitions;
use crate::leads::cohort::Assigned;
use crate::rules::level::{Clause, Limit, Window};
use crate::rules::stage::Stage;
use crate::rules::workday::Ownership;
use crate::rules::workday::WorkCalendar;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// A stretch of calendar is this long, and answers for starts in its first half.
const STRETCH_DAYS: u64 = 30;

/// A promise that does not end within this time has no due time.
const LONGEST_DAYS: u64 = 400;

/// A day of one zone may be two days of another.
const APART_DAYS: Days = Days::new(2);

/// The windows of promises, on the working clock of whoever had the lead when. Source: METRICS.md 2.
///
/// It keeps the stretches of calendars that it built last: ask in order of time.
pub struct Windows<'a> {
    calendars: &'a Calendars,
    /// By owner, nobody's the workspace's: the first and last day of a stretch, and the stretch.
    stretches: HashMap<Option<i64>, (NaiveDate, NaiveDate, WorkCalendar)>,
}

impl<'a> Windows<'a> {
    pub fn new(calendars: &'a Calendars) -> Windows<'a> {
        Windows {
            calendars,
            stretches: HashMap::new(),
        }
    }

    /// The promise that is to be kept next of a lead in `stage` that is with sales, and its window; `None` where all are
    /// kept, or no work is in sight.
    pub fn next(
        &mut self,
        definitions: &Definitions,
        given: &Given,
        stage: Stage,
        changes: &[Assigned],
        now: Instant,
    ) -> Option<(Clause, Window)> {
        let terms = given.terms;
        let level = definitions.level(terms.definition_id, terms.urgency, terms.source_id);
        let start = given.handed_over_at;
        let course = given.course(stage);
        course.next(&level, now, |limit| self.of(start, limit, changes))
    }

    /// The window of a promise that begins at `start`, of a lead with these assignments; `None` where no work is in
    /// sight.
    fn of(&mut self, start: Instant, limit: Limit, changes: &[Assigned]) -> Option<Window> {
        let near = self.within(STRETCH_DAYS, start, limit, changes);
        // What comes after the promise may lie beyond the stretch too.
        match near.filter(|window| window.over_at.is_some()) {
            Some(window) => Some(window),
            None => self.within(LONGEST_DAYS, start, limit, changes),
        }
    }

    fn within(
        &mut self,
        days: u64,
        start: Instant,
        limit: Limit,
        changes: &[Assigned],
    ) -> Option<Window> {
        let day = self.calendars.zone().day_of(start);
        let last = day.checked_add_days(Days::new(days / 2)).unwrap_or(day);
        self.reach(None, day, last, days);
        for change in changes {
            self.reach(change.owner_id, day, last, days);
        }
        let calendar = |owner_id: Option<i64>| &self.stretches[&owner_id].2;
        let changes = changes.iter();
        let changes = changes.map(|change| (change.at, calendar(change.owner_id)));
        Window::new(&Ownership::new(calendar(None), changes), start, limit)
    }

    /// Has a stretch of somebody's calendar that holds these days.
    fn reach(&mut self, owner_id: Option<i64>, day: NaiveDate, last: NaiveDate, days: u64) {
        let known = self.stretches.get(&owner_id);
        if known.is_some_and(|(from, to, _)| *from < day && last <= *to) {
            return;
        }
        let from = day.checked_sub_days(APART_DAYS).unwrap_or(day);
        let to = day.checked_add_days(Days::new(days)).unwrap_or(day);
        let calendar = match owner_id {
            Some(id) => self.calendars.of_person(id, from, to),
            None => self.calendars.of_workspace(from, to),
        };
        self.stretches.insert(owner_id, (from, to, calendar));
    }
}
