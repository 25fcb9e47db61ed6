//! What decides verdicts besides what was logged: calendars, targets, and the verdicts that were written down.

use super::store::{self, Origin, WrittenVerdict};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::{Keep, Kept};
use crate::people::{self, Directory, Person};
use crate::rules::access::Role;
use crate::rules::day;
use crate::rules::target::{DayShare, Metric, Period};
use crate::targets::Ledger;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The verdicts that were written down, kept in memory.
#[derive(Default)]
pub struct Written(HashMap<(i64, Period, NaiveDate), Vec<WrittenVerdict>>);

impl Keep for Written {
    fn load(conn: &mut Conn) -> Result<Written> {
        let mut all: HashMap<_, Vec<WrittenVerdict>> = HashMap::new();
        for row in store::verdicts(conn)? {
            let key = (row.person_id, row.period, row.first_day);
            all.entry(key).or_default().push(row);
        }
        Ok(Written(all))
    }
}

impl Written {
    /// The newest of a day or week. A correction counts from when it was made; what was kept was always so.
    pub fn of(
        &self,
        person_id: i64,
        period: Period,
        first_day: NaiveDate,
        as_of: Instant,
    ) -> Option<&WrittenVerdict> {
        let rows = self.0.get(&(person_id, period, first_day))?;
        let holds = |row: &&WrittenVerdict| row.origin == Origin::Kept || row.at <= as_of;
        rows.iter().rev().find(holds)
    }

    /// Everything written about a person, the newest first.
    pub fn about(&self, person_id: i64) -> Vec<&WrittenVerdict> {
        let theirs = self.0.iter().filter(|((id, ..), _)| *id == person_id);
        let mut rows: Vec<_> = theirs.flat_map(|(_, rows)| rows).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.first_day)));
        rows
    }
}

/// All that decides, as of one state of the database.
pub struct Ground {
    pub calendars: Arc<Calendars>,
    pub ledger: Arc<Ledger>,
    pub directory: Arc<Directory>,
    pub written: Arc<Written>,
}

/// What the targets of one person ask of the days of a week, Monday first, and of the week itself: T' of each metric.
#[derive(Debug, PartialEq)]
pub struct Asked<'g> {
    pub days: [Vec<(&'g Metric, f64)>; 7],
    pub week: Vec<(&'g Metric, f64)>,
}

impl Ground {
    /// As it is in memory, of this request.
    pub fn kept(conn: &mut Conn, kept: Kept) -> Result<Ground> {
        Ok(Ground {
            calendars: kept.get(conn)?,
            ledger: kept.get(conn)?,
            directory: kept.get(conn)?,
            written: kept.get(conn)?,
        })
    }

    /// As the database has it, with what this transaction has changed.
    pub fn fresh(conn: &mut Conn) -> Result<Ground> {
        Ok(Ground {
            calendars: Arc::new(Calendars::load(conn)?),
            ledger: Arc::new(Ledger::load(conn)?),
            directory: Arc::new(Directory::load(conn)?),
            written: Arc::new(Written::load(conn)?),
        })
    }

    /// Those who may log today, leavers too, by name.
    pub fn loggers(&self) -> impl Iterator<Item = &Person> {
        let people = self.directory.people.iter();
        people.filter(|person| person.role != Role::Marketing)
    }

    /// A person's local day of an instant.
    pub fn day_of(&self, person_id: i64, at: Instant) -> NaiveDate {
        self.calendars.day_at(person_id, at)
    }

    /// The Monday up to which a person's weeks are closed: 48 hours after a week has ended where they were then.
    pub fn closed_until(&self, person_id: i64, now: Instant) -> NaiveDate {
        let zones = self.calendars.zones_of(person_id);
        let monday = day::week_of(zones.day_of(now));
        let before = monday.checked_sub_days(Days::new(7)).unwrap_or(monday);
        match day::is_open(before, now, &zones) {
            true => before,
            false => monday,
        }
    }

    /// The first day of a person's habit: that of their first target, where one that holds since ever begins with the
    /// workspace's first entry (at the latest the first open day).
    pub fn begins(
        &self,
        person_id: i64,
        first_entry: Option<NaiveDate>,
        now: Instant,
    ) -> NaiveDate {
        let open = self.closed_until(person_id, now);
        let unknown = self.logs_since(person_id, first_entry, now);
        let firsts = self.ledger.ever(person_id).map(|(joined, row)| {
            let is_since_ever = row.valid_from <= people::since_ever();
            joined.max(if is_since_ever {
                unknown
            } else {
                row.valid_from
            })
        });
        firsts.min().unwrap_or(open)
    }

    /// The first day of which a log can say that somebody was there and logged nothing: that of the workspace's first
    /// entry, at the latest their first open day. A membership may reach back to before anybody logged.
    pub fn logs_since(
        &self,
        person_id: i64,
        first_entry: Option<NaiveDate>,
        now: Instant,
    ) -> NaiveDate {
        let open = self.closed_until(person_id, now);
        first_entry.unwrap_or(open).min(open)
    }

    /// What a person's targets are, were or will be about.
    pub fn metrics(&self, person_id: i64) -> BTreeSet<Metric> {
        let rows = self.ledger.ever(person_id);
        rows.map(|(_, row)| row.metric.clone()).collect()
    }

    /// Whether a weekly target of theirs has begun by a day.
    pub fn had_weekly(&self, person_id: i64, by: NaiveDate) -> bool {
        let mut rows = self.ledger.ever(person_id);
        rows.any(|(joined, row)| row.period == Period::Week && joined.max(row.valid_from) <= by)
    }

    /// What their daily and weekly targets are about that hold on any of these days, both included.
    pub fn metrics_between(
        &self,
        person_id: i64,
        from: NaiveDate,
        to: NaiveDate,
    ) -> BTreeSet<Metric> {
        let days = from.iter_days().take_while(|day| *day <= to);
        let rows = days.flat_map(|day| self.ledger.in_force(person_id, day));
        let rows = rows.filter(|row| row.period != Period::Month);
        rows.map(|row| row.metric.clone()).collect()
    }

    /// What a day asks of a person: nothing any more after the last day of a leaver.
    pub fn share(&self, person: &Person, day: NaiveDate) -> DayShare {
        let share = self.calendars.share_of(person.id, day);
        match person.left_on {
            Some(left_on) if left_on < day => DayShare {
                fraction: 0.0,
                ..share
            },
            _ => share,
        }
    }

    /// What is asked of a person's week and its days; nothing of those before `begins`. Each day adds its part of the
    /// weekly target that is in force on it: amount × f(d) / the scheduled fractions of the week.
    pub fn asked(&self, person: &Person, monday: NaiveDate, begins: NaiveDate) -> Asked<'_> {
        let mut asked = Asked {
            days: Default::default(),
            week: Vec::new(),
        };
        let mut scheduled = 0.0;
        let mut of_week: BTreeMap<&Metric, f64> = BTreeMap::new();
        for (day, of_day) in monday.iter_days().zip(&mut asked.days) {
            let share = self.share(person, day);
            scheduled += share.scheduled;
            if share.fraction == 0.0 || day < begins {
                continue;
            }
            for row in self.ledger.in_force(person.id, day) {
                match row.period {
                    Period::Day => of_day.push((&row.metric, row.for_day(day, share.fraction))),
                    Period::Week => {
                        *of_week.entry(&row.metric).or_default() += row.amount * share.fraction;
                    }
                    Period::Month => {}
                }
            }
        }
        if scheduled > 0.0 {
            let parts = of_week.into_iter();
            asked.week = parts
                .map(|(metric, sum)| (metric, sum / scheduled))
                .collect();
        }
        asked
    }
}
