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
use std::sync::Arc;

/// One person's points of one metric by day, and by Monday.
#[derive(Debug, Default)]
pub struct Course {
    days: HashMap<NaiveDate, f64>,
    weeks: HashMap<NaiveDate, f64>,
    /// Those of earlier weeks, where they were in memory.
    earlier: Option<Arc<Course>>,
}

impl Course {
    fn of_day(&self, day: NaiveDate) -> f64 {
        let earlier = || self.earlier.as_ref().map(|course| course.of_day(day));
        let sum = self.days.get(&day).copied();
        sum.or_else(earlier).unwrap_or(0.0)
    }

    fn of_week(&self, monday: NaiveDate) -> f64 {
        let earlier = || self.earlier.as_ref().map(|course| course.of_week(monday));
        let sum = self.weeks.get(&monday).copied();
        sum.or_else(earlier).unwrap_or(0.0)
    }

    fn is_empty(&self) -> bool {
        self.days.is_empty() && self.earlier.as_ref().is_none_or(|course| course.is_empty())
    }

    /// All days, or all weeks.
    fn each(&self, of: fn(&Course) -> &HashMap<NaiveDate, f64>) -> Vec<(NaiveDate, f64)> {
        let mut all: Vec<_> = of(self).iter().map(|(day, sum)| (*day, *sum)).collect();
        all.extend(self.earlier.iter().flat_map(|course| course.each(of)));
        all
    }

    /// What came before `monday`, in one, and the rest.
    fn split(self, monday: NaiveDate) -> (Course, Course) {
        let (mut days, later_days): (HashMap<_, _>, _) =
            self.days.into_iter().partition(|(day, _)| *day < monday);
        let (mut weeks, later_weeks): (HashMap<_, _>, _) =
            self.weeks.into_iter().partition(|(day, _)| *day < monday);
        if let Some(earlier) = self.earlier {
            days.extend(earlier.each(|course| &course.days));
            weeks.extend(earlier.each(|course| &course.weeks));
        }
        let before = Course {
            days,
            weeks,
            earlier: None,
        };
        let rest = Course {
            days: later_days,
            weeks: later_weeks,
            earlier: None,
        };
        (before, rest)
    }
}

/// Of people and metrics.
#[derive(Default)]
pub struct Points(HashMap<Metric, HashMap<i64, Course>>);

impl Points {
    pub fn read(
        conn: &mut Conn,
        kept: Kept,
        metrics: impl IntoIterator<Item = Metric>,
        span: &Span,
    ) -> Result<Points> {
        let mut points = Points::default();
        for metric in metrics {
            let days = totals::by(conn, kept, &metric, span, |person, _, day| {
                Some((person, day))
            })?;
            let mut courses: HashMap<i64, Course> = HashMap::new();
            for ((person, day), sum) in days {
                let course = courses.entry(person).or_default();
                course.days.insert(day, sum);
                if metric != Metric::LeadsReached {
                    *course.weeks.entry(day::week_of(day)).or_default() += sum;
                }
            }
            // A lead counts once a week there, and not once a day.
            if metric == Metric::LeadsReached {
                let weeks = totals::by(conn, kept, &metric, span, |person, _, day| {
                    Some((person, day::week_of(day)))
                })?;
                for ((person, monday), sum) in weeks {
                    let course = courses.entry(person).or_default();
                    course.weeks.insert(monday, sum);
                }
            }
            points.0.insert(metric, courses);
        }
        Ok(points)
    }

    /// Takes in those of other metrics.
    pub fn add(&mut self, others: Points) {
        self.0.extend(others.0);
    }

    /// Puts what was in memory before what was read.
    pub fn precede(&mut self, metric: &Metric, person_id: i64, earlier: Arc<Course>) {
        let courses = self.0.entry(metric.clone()).or_default();
        courses.entry(person_id).or_default().earlier = Some(earlier);
    }

    /// Takes what came before `monday` out for keeping, and leaves it in its place.
    pub fn keep(&mut self, metric: &Metric, person_id: i64, monday: NaiveDate) -> Arc<Course> {
        let courses = self.0.entry(metric.clone()).or_default();
        let course = courses.remove(&person_id).unwrap_or_default();
        let (before, mut rest) = course.split(monday);
        let before = Arc::new(before);
        rest.earlier = Some(before.clone());
        courses.insert(person_id, rest);
        before
    }

    /// Whether somebody has any.
    pub fn has_any(&self, person_id: i64) -> bool {
        let mut courses = self
            .0
            .values()
            .filter_map(|courses| courses.get(&person_id));
        courses.any(|course| !course.is_empty())
    }

    pub fn of_day(&self, metric: &Metric, person_id: i64, day: NaiveDate) -> f64 {
        let course = self.course(metric, person_id);
        course.map_or(0.0, |course| course.of_day(day))
    }

    pub fn of_week(&self, metric: &Metric, person_id: i64, monday: NaiveDate) -> f64 {
        let course = self.course(metric, person_id);
        course.map_or(0.0, |course| course.of_week(monday))
    }

    fn course(&self, metric: &Metric, person_id: i64) -> Option<&Course> {
        self.0.get(metric)?.get(&person_id)
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
        let course = self.course(metric, id)?;
        best(course.each(|course| &course.days), before)
    }

    /// A person's week with the most of a metric, by its Monday.
    pub fn best_week(
        &self,
        metric: &Metric,
        id: i64,
        before: NaiveDate,
    ) -> Option<(NaiveDate, f64)> {
        let course = self.course(metric, id)?;
        best(course.each(|course| &course.weeks), before)
    }
}

fn best(sums: Vec<(NaiveDate, f64)>, before: NaiveDate) -> Option<(NaiveDate, f64)> {
    let days = sums.into_iter().filter(|(day, _)| *day < before);
    days.max_by(|(day, sum), (other, best)| sum.total_cmp(best).then(other.cmp(day)))
}
