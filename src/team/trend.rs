//! How the last weeks went: the metric of each row by week.

use super::read::Reading;
use super::{Filters, Row, Who, last_local_day};
use crate::activities::totals;
use crate::charts::spark::Spark;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::page::{self, DASH};
use crate::rules::day;
use chrono::{Days, NaiveDate};
use std::collections::{HashMap, HashSet};

pub const WEEKS: u64 = 8;

/// The value of each row in each of the last whole weeks up to the period's end: in one query.
pub struct Trend {
    mondays: Vec<NaiveDate>,
    values: HashMap<(Who, NaiveDate), f64>,
    /// Who had a working day in a team in which week.
    present: HashSet<(Who, NaiveDate)>,
}

impl Trend {
    pub fn read(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<Trend> {
        let reading = Reading::new(conn, kept, filters)?;
        // Whole weeks only: one that still runs would look like a fall.
        let ahead = reading.to.min(reading.today) + Days::new(1);
        let last = day::week_of(ahead) - Days::new(7);
        let first = last - Days::new(7 * (WEEKS - 1));
        let until = (last + Days::new(6)).min(last_local_day(filters.as_of));
        let span = reading.span_of(conn, (first, until))?;
        let key = |person, team, local_day| {
            let who = filters.who(person, team)?;
            Some((who, day::week_of(local_day)))
        };
        let mondays: Vec<NaiveDate> = first.iter_weeks().take(WEEKS as usize).collect();
        Ok(Trend {
            values: totals::by(conn, kept, &filters.metric, &span, key)?,
            present: present(conn, &reading, &mondays)?,
            mondays,
        })
    }

    /// The Mondays, as a table names them.
    pub fn names(&self) -> Vec<String> {
        self.mondays
            .iter()
            .map(|monday| page::day(*monday))
            .collect()
    }

    /// The first and last day of each week.
    pub fn weeks(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let days = |monday: &NaiveDate| (*monday, *monday + Days::new(6));
        self.mondays.iter().map(days).collect()
    }

    /// A row's weeks: with nothing logged a zero where there was a working day, and else nothing, as on the board itself.
    /// Source: PRODUCT.md 7, rule 8.
    fn values(&self, who: Who) -> Vec<Option<f64>> {
        let value = |monday: &NaiveDate| {
            let week = (who, *monday);
            let present = self.present.contains(&week).then_some(0.0);
            self.values.get(&week).copied().or(present)
        };
        self.mondays.iter().map(value).collect()
    }

    /// A row's weeks in words.
    pub fn words(&self, who: Who) -> Vec<String> {
        let words = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
        self.values(who).into_iter().map(words).collect()
    }

    /// The rows with their value in each week, by its Monday, as the page lists them: no line without its owner.
    pub fn csv(&self, rows: &[Row]) -> Result<String> {
        let mondays = self.mondays.iter().map(NaiveDate::to_string);
        let header: Vec<String> = ["name", "email", "team"]
            .map(str::to_owned)
            .into_iter()
            .chain(mondays)
            .collect();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = rows.iter().filter(|row| !row.is_line).map(|row| {
            let known = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or_default());
            let own = [
                Cell::from(row.name.as_str()),
                known(&row.email),
                known(&row.team),
            ];
            let weeks = self.values(row.who).into_iter().map(Cell::number);
            own.into_iter().chain(weeks).collect()
        });
        csv_out::table(&header, rows)
    }

    /// A row's weeks as a small picture.
    pub fn spark(&self, who: Who) -> Spark {
        let label = format!("The last {WEEKS} weeks: {}", self.words(who).join(", "));
        Spark::new(label, &self.values(who))
    }
}

/// Who had an expected day in a team in each of these weeks, as far as they have come, since anybody logs.
fn present(
    conn: &mut Conn,
    reading: &Reading,
    mondays: &[NaiveDate],
) -> Result<HashSet<(Who, NaiveDate)>> {
    let mut present = HashSet::new();
    let (Some(first), Some(last)) = (mondays.first(), mondays.last()) else {
        return Ok(present);
    };
    let begins = reading.log_begins(conn)?;
    for person in reading.loggers() {
        let stretches = reading.stretches(person, *first, *last + Days::new(6));
        if stretches.is_empty() {
            continue;
        }
        let today = reading.calendars.day_at(person.id, reading.filters.as_of);
        let begins = begins(person);
        for (from, to, team, who) in stretches {
            let (from, to) = (from.max(begins), to.min(today));
            let weeks = mondays.iter().filter(|_| team.is_some());
            let here = weeks.filter(|monday| {
                let (from, to) = (from.max(**monday), to.min(**monday + Days::new(6)));
                let mut days = from.iter_days().take_while(|day| *day <= to);
                days.any(|day| reading.share(person, day).fraction > 0.0)
            });
            present.extend(here.map(|monday| (who, *monday)));
        }
    }
    Ok(present)
}
