//! The points of people's days and weeks, of several metrics: a query or two for each metric, for any number of people.

use crate::activities::totals::{self, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::day;
use crate::rules::habit::Part;
use crate::rules::target::Metric;
use chrono::NaiveDate;
use std::collections::HashMap;

/// By person, and by day or by Monday.
type Sums = HashMap<i64, HashMap<NaiveDate, f64>>;

/// Of each day, and of each week.
#[derive(Default)]
pub struct Points {
    days: HashMap<Metric, Sums>,
    weeks: HashMap<Metric, Sums>,
}

impl Points {
    pub fn read(
        conn: &mut Conn,
        kept: Kept,
        metrics: impl IntoIterator<Item = Metric>,
        span: &Span,
    ) -> Result<Points> {
        let mut points = Points::default();
        for metric in metrics {
            let days = sums(totals::by(conn, kept, &metric, span, |person, _, day| {
                Some((person, day))
            })?);
            let weeks = match metric {
                // A lead counts once a week there, and not once a day.
                Metric::LeadsReached => {
                    sums(totals::by(conn, kept, &metric, span, |who, _, day| {
                        Some((who, day::week_of(day)))
                    })?)
                }
                _ => by_week(&days),
            };
            points.days.insert(metric.clone(), days);
            points.weeks.insert(metric, weeks);
        }
        Ok(points)
    }

    /// Whether somebody has any.
    pub fn has_any(&self, person_id: i64) -> bool {
        let mut metrics = self.days.values();
        metrics.any(|sums| sums.contains_key(&person_id))
    }

    pub fn of_day(&self, metric: &Metric, person_id: i64, day: NaiveDate) -> f64 {
        found(&self.days, metric, person_id, day)
    }

    pub fn of_week(&self, metric: &Metric, person_id: i64, monday: NaiveDate) -> f64 {
        found(&self.weeks, metric, person_id, monday)
    }

    /// What is asked of a day, with what was done.
    pub fn day_parts(&self, asked: &[(&Metric, f64)], id: i64, day: NaiveDate) -> Vec<Part> {
        let part = |(metric, target): &(&Metric, f64)| Part {
            points: self.of_day(metric, id, day),
            target: *target,
        };
        asked.iter().map(part).collect()
    }

    /// What is asked of a week, with what was done.
    pub fn week_parts(&self, asked: &[(&Metric, f64)], id: i64, monday: NaiveDate) -> Vec<Part> {
        let part = |(metric, target): &(&Metric, f64)| Part {
            points: self.of_week(metric, id, monday),
            target: *target,
        };
        asked.iter().map(part).collect()
    }

    /// A person's day before another with the most of a metric, and how much; the first of several.
    pub fn best_day(
        &self,
        metric: &Metric,
        id: i64,
        before: NaiveDate,
    ) -> Option<(NaiveDate, f64)> {
        best(self.days.get(metric)?.get(&id)?, before)
    }

    /// A person's week with the most of a metric, by its Monday.
    pub fn best_week(
        &self,
        metric: &Metric,
        id: i64,
        before: NaiveDate,
    ) -> Option<(NaiveDate, f64)> {
        best(self.weeks.get(metric)?.get(&id)?, before)
    }
}

fn sums(totals: HashMap<(i64, NaiveDate), f64>) -> Sums {
    let mut sums = Sums::new();
    for ((person, day), sum) in totals {
        sums.entry(person).or_default().insert(day, sum);
    }
    sums
}

fn by_week(days: &Sums) -> Sums {
    let mut weeks = Sums::new();
    for (person, days) in days {
        let theirs = weeks.entry(*person).or_default();
        for (day, sum) in days {
            *theirs.entry(day::week_of(*day)).or_default() += sum;
        }
    }
    weeks
}

fn found(sums: &HashMap<Metric, Sums>, metric: &Metric, id: i64, day: NaiveDate) -> f64 {
    let theirs = sums.get(metric).and_then(|sums| sums.get(&id));
    let sum = theirs.and_then(|days| days.get(&day));
    sum.copied().unwrap_or(0.0)
}

fn best(sums: &HashMap<NaiveDate, f64>, before: NaiveDate) -> Option<(NaiveDate, f64)> {
    let days = sums.iter().filter(|(day, _)| **day < before);
    let best = days.max_by(|(day, sum), (other, best)| sum.total_cmp(best).then(other.cmp(day)));
    best.map(|(day, sum)| (*day, *sum))
}
