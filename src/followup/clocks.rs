//! The working clock of a report: whose hours count for which lead, when.

use super::store::Row;
use super::{Awaited, Filters};
use crate::leads::cohort::{Assigned, Ownerships};
use crate::rules::workday::{Ownership, WorkCalendar};
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// A limit in working days looks ahead so far. Where it does not find them, it is never passed.
const AHEAD_DAYS: Days = Days::new(60);
/// A report as of the far future does not make calendars without end: the working clock stands still so long after
/// the last hand-over.
const MOST_DAYS: Days = Days::new(100 * 366);
/// A day of one zone may be two days of another.
const APART_DAYS: Days = Days::new(2);

/// The calendars that count for the leads of a report, each built once.
pub struct Clocks {
    workspace: WorkCalendar,
    people: HashMap<i64, WorkCalendar>,
}

impl Clocks {
    /// Calendars over every waiting of `rows`, of all who ever owned one of them.
    pub fn around(rows: &[Row], filters: &Filters, ownerships: &Ownerships) -> Clocks {
        let as_of = filters.cohort.as_of;
        let untils = rows.iter().flat_map(|row| {
            [Awaited::Attempt, filters.event].map(|event| row.wait(event, as_of).until)
        });
        let day = |at: Option<Instant>| Zone::utc().day_of(at.unwrap_or(as_of));
        let starts = || rows.iter().map(|row| row.handed_over_at);
        let from = day(starts().min())
            .checked_sub_days(APART_DAYS)
            .unwrap_or(NaiveDate::MIN);
        let most = day(starts().max()).checked_add_days(MOST_DAYS);
        let last = day(untils.max()).min(most.unwrap_or(NaiveDate::MAX));
        let to = last.checked_add_days(AHEAD_DAYS).unwrap_or(NaiveDate::MAX);
        let calendars = ownerships.calendars;
        let people = ownerships.owners.people().into_iter();
        Clocks {
            workspace: calendars.of_workspace(from, to),
            people: people
                .map(|id| (id, calendars.of_person(id, from, to)))
                .collect(),
        }
    }

    /// The owner's calendar while somebody owns the lead, else the workspace's. Source: METRICS.md 2.2.
    pub fn ownership(&self, changes: &[Assigned]) -> Ownership<'_> {
        let whose = |change: &Assigned| {
            let owned = change.owner_id.and_then(|id| self.people.get(&id));
            (change.at, owned.unwrap_or(&self.workspace))
        };
        Ownership::new(&self.workspace, changes.iter().map(whose))
    }
}
