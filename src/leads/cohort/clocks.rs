//! The working clock of a report: whose hours count for which lead, when.

use super::{Assigned, Ownerships};
use crate::rules::workday::{Ownership, WorkCalendar};
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::Arc;

/// A limit in working days looks ahead as many weeks, for who works on one day of each, and so many days of time off.
/// Where it does not find them, it is never passed.
const AWAY_DAYS: u64 = 60;
/// A report as of the far future does not make calendars without end: the working clock stands still so long after
/// the last hand-over.
const MOST_DAYS: Days = Days::new(100 * 366);
/// A day of one zone may be two days of another.
const APART_DAYS: Days = Days::new(2);

/// The calendars that count for the leads of a report, each built once.
pub struct Clocks {
    workspace: WorkCalendar,
    people: HashMap<i64, Arc<WorkCalendar>>,
}

impl Clocks {
    /// Calendars over every waiting, from its start to the instant until which its clock runs and so far ahead that a
    /// limit of `longest_days` working days ends in them, of all who ever owned one of the leads.
    pub fn around(
        waitings: impl Iterator<Item = (Instant, Instant)>,
        longest_days: u32,
        as_of: Instant,
        ownerships: &Ownerships,
    ) -> Clocks {
        let (mut first, mut newest, mut until) = (None, None, None);
        for (start, end) in waitings {
            first = Some(first.map_or(start, |first: Instant| first.min(start)));
            newest = newest.max(Some(start));
            until = until.max(Some(end));
        }
        let day = |at: Option<Instant>| Zone::utc().day_of(at.unwrap_or(as_of));
        let from = day(first)
            .checked_sub_days(APART_DAYS)
            .unwrap_or(NaiveDate::MIN);
        let most = day(newest).checked_add_days(MOST_DAYS);
        let last = day(until).min(most.unwrap_or(NaiveDate::MAX));
        let ahead = Days::new(AWAY_DAYS + 7 * u64::from(longest_days));
        let to = last.checked_add_days(ahead).unwrap_or(NaiveDate::MAX);
        let calendars = ownerships.calendars;
        Clocks {
            workspace: calendars.of_workspace(from, to),
            people: calendars.of_people(&ownerships.owners.people(), from, to),
        }
    }

    /// The owner's calendar while somebody owns the lead, else the workspace's. Source: METRICS.md 2.2.
    pub fn ownership(&self, changes: &[Assigned]) -> Ownership<'_> {
        let whose = |change: &Assigned| {
            let owned = change.owner_id.and_then(|id| self.people.get(&id));
            (change.at, owned.map_or(&self.workspace, Arc::as_ref))
        };
        Ownership::new(&self.workspace, changes.iter().map(whose))
    }
}
