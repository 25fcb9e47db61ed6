//! What is closed stays: before calendars, teams or targets turn the verdict of a closed day, it is written down.

use super::ground::Ground;
use super::points::Points;
use super::store::{self, Origin, WrittenVerdict};
use super::walk::{Tally, Walk};
use crate::activities::totals::{self, Span};
use crate::app::Tx;
use crate::error::Result;
use crate::kept;
use crate::people::Person;
use crate::rules::day;
use crate::rules::habit::Verdict;
use crate::rules::target::{Metric, Period};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// Runs `work` in this transaction, and writes down the verdicts of closed days and weeks that it turned, as they were.
/// For what people do by keyboard: an import is history, and is taken as it happened.
pub fn keep_closed(tx: &mut Tx, work: &mut dyn FnMut(&mut Tx) -> Result<()>) -> Result<()> {
    let before = Ground::kept(tx.conn, tx.kept)?;
    let version = kept::version(tx.conn)?;
    work(tx)?;
    if kept::version(tx.conn)? == version {
        return Ok(());
    }
    let after = Ground::fresh(tx.conn)?;
    let first_entry = totals::first_day(tx.conn, tx.now)?;
    let turned = turned(tx, &before, &after, first_entry);
    let mondays = || turned.iter().map(|one| one.monday);
    let (Some(from), Some(last)) = (mondays().min(), mondays().max()) else {
        return Ok(());
    };
    let mut metrics: BTreeSet<Metric> = BTreeSet::new();
    for one in &turned {
        metrics.extend(before.metrics(one.old.id));
        metrics.extend(after.metrics(one.old.id));
    }
    let span = Span {
        from,
        to: sunday_of(last),
        as_of: tx.now,
        people: None,
    };
    let points = Points::read(tx.conn, tx.kept, metrics, &span)?;
    let rows: Vec<WrittenVerdict> = turned
        .iter()
        .flat_map(|one| one.rows(tx, &before, &after, &points))
        .collect();
    store::write_down(tx.conn, &rows)
}

/// A person's closed week of which something else is asked now.
struct Turned<'g> {
    old: &'g Person,
    new: &'g Person,
    monday: NaiveDate,
    /// The first day of the habit, before and after.
    began: NaiveDate,
    begins: NaiveDate,
}

fn turned<'g>(
    tx: &Tx,
    before: &'g Ground,
    after: &'g Ground,
    first_entry: Option<NaiveDate>,
) -> Vec<Turned<'g>> {
    let mut turned = Vec::new();
    // Everybody: who cannot log today may have had a habit, and have one again.
    for old in &before.directory.people {
        let Some(new) = after.directory.person(old.id) else {
            continue;
        };
        let began = before.begins(old.id, first_entry, tx.now);
        let begins = after.begins(old.id, first_entry, tx.now);
        let until = before.closed_until(old.id, tx.now);
        let mondays = day::week_of(began.min(begins)).iter_weeks();
        for monday in mondays.take_while(|monday| *monday < until) {
            if before.asked(old, monday, began) != after.asked(new, monday, begins) {
                turned.push(Turned {
                    old,
                    new,
                    monday,
                    began,
                    begins,
                });
            }
        }
    }
    turned
}

impl Turned<'_> {
    fn rows(
        &self,
        tx: &Tx,
        before: &Ground,
        after: &Ground,
        points: &Points,
    ) -> Vec<WrittenVerdict> {
        let walk = |ground, person, begins| Walk {
            ground,
            points,
            person,
            begins,
            as_of: tx.now,
        };
        let span = (self.monday, sunday_of(self.monday));
        let was = walk(before, self.old, self.began);
        let was = was.go(&mut Tally::default(), span, self.monday);
        let is = walk(after, self.new, self.begins);
        let is = is.go(&mut Tally::default(), span, self.monday);
        let days = was.0.iter().zip(&is.0);
        let days = days.map(|(was, is)| (Period::Day, was.day, was.verdict, is.verdict));
        let weeks = was.1.iter().zip(&is.1);
        let weeks = weeks.map(|(was, is)| (Period::Week, was.monday, was.verdict, is.verdict));
        let differing = days.chain(weeks).filter(|(.., was, is)| was != is);
        differing
            .map(|(period, first_day, was, _)| self.row(tx, period, first_day, was))
            .collect()
    }

    fn row(&self, tx: &Tx, period: Period, first_day: NaiveDate, was: Verdict) -> WrittenVerdict {
        WrittenVerdict {
            person_id: self.old.id,
            period,
            first_day,
            was: was.state,
            state: was.state,
            attainment: was.attainment,
            origin: Origin::Kept,
            reason: String::new(),
            by_id: tx.by_id(),
            at: tx.now,
        }
    }
}

fn sunday_of(monday: NaiveDate) -> NaiveDate {
    monday.checked_add_days(Days::new(6)).unwrap_or(monday)
}
