//! How the last weeks went: the metric of each row by week.

use super::Who;
use super::read::Reading;
use super::{Filters, last_local_day};
use crate::activities::totals;
use crate::charts::spark::Spark;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::page::{self, DASH};
use crate::rules::day;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

pub const WEEKS: u64 = 8;

/// The value of each row in each of the last whole weeks up to the period's end: in one query.
pub struct Trend {
    mondays: Vec<NaiveDate>,
    values: HashMap<(Who, NaiveDate), f64>,
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
        Ok(Trend {
            mondays: first.iter_weeks().take(WEEKS as usize).collect(),
            values: totals::by(conn, kept, &filters.metric, &span, key)?,
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

    /// A row's weeks; one with nothing logged has no value before the first entry, and is a zero after it.
    fn values(&self, who: Who) -> Vec<Option<f64>> {
        let value = |monday: &NaiveDate| self.values.get(&(who, *monday)).copied();
        let known: Vec<Option<f64>> = self.mondays.iter().map(value).collect();
        let begun = known.iter().position(Option::is_some);
        let filled = known.iter().enumerate();
        filled
            .map(|(at, value)| match begun {
                Some(begun) if at >= begun => Some(value.unwrap_or(0.0)),
                _ => None,
            })
            .collect()
    }

    /// A row's weeks in words.
    pub fn words(&self, who: Who) -> Vec<String> {
        let words = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
        self.values(who).into_iter().map(words).collect()
    }

    /// A row's weeks as a small picture.
    pub fn spark(&self, who: Who) -> Spark {
        let label = format!("The last {WEEKS} weeks: {}", self.words(who).join(", "));
        Spark::new(label, &self.values(who))
    }
}
