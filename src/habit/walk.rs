//! From day to day: each one's verdict, and how the habit stands after it.

use super::ground::{Asked, Ground};
use super::points::Points;
use super::store::Origin;
use crate::people::Person;
use crate::rules::day;
use crate::rules::habit::{Consistency, Rhythm, Standing, Verdict, WINDOW_DAYS};
use crate::rules::target::{Metric, Period};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::VecDeque;

/// A day and what became of it.
#[derive(Debug, Clone)]
pub struct Day {
    pub day: NaiveDate,
    pub verdict: Verdict,
    /// Whether the verdict was written down, and why.
    pub origin: Option<Origin>,
    /// After this day.
    pub strength: Option<f64>,
    /// Prospecting activities, where they were read.
    pub activities: f64,
}

/// A week and what became of it.
#[derive(Debug, Clone)]
pub struct Week {
    pub monday: NaiveDate,
    pub verdict: Verdict,
    pub activities: f64,
}

/// How the habit stands after some days: all that the next one needs.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub daily: Standing,
    pub weekly: Standing,
    /// The last expected days, the newest last.
    recent: VecDeque<Verdict>,
}

impl Tally {
    fn add_day(&mut self, rhythm: &Rhythm, verdict: Verdict) {
        self.daily.add(rhythm, verdict);
        if verdict.is_expected() {
            self.recent.push_back(verdict);
            if self.recent.len() > WINDOW_DAYS {
                self.recent.pop_front();
            }
        }
    }

    pub fn consistency(&self) -> Consistency {
        Consistency::of(self.recent.iter().rev())
    }
}

/// Whose days, and as of when.
pub struct Walk<'w> {
    pub ground: &'w Ground,
    pub points: &'w Points,
    pub person: &'w Person,
    /// Days before ask for nothing.
    pub begins: NaiveDate,
    pub as_of: Instant,
}

impl Walk<'_> {
    /// Takes in the days from `from` to `to`, both included, and the weeks around them; a week ends with its Sunday,
    /// so that one goes on from a Monday. Returns those from `seen` on.
    pub fn go(
        &self,
        tally: &mut Tally,
        (from, to): (NaiveDate, NaiveDate),
        seen: NaiveDate,
    ) -> (Vec<Day>, Vec<Week>) {
        let (mut days, mut weeks) = (Vec::new(), Vec::new());
        let (of_days, of_weeks) = (Rhythm::of_days(), Rhythm::of_weeks());
        let today = self.ground.day_of(self.person.id, self.as_of);
        let mondays = day::week_of(from).iter_weeks();
        for monday in mondays.take_while(|monday| *monday <= to) {
            let asked = self.ground.asked(self.person, monday, self.begins);
            for (day, asked) in monday.iter_days().zip(&asked.days) {
                if day < from || to < day {
                    continue;
                }
                let (verdict, origin) = self.verdict_of_day(day, asked, day < today);
                tally.add_day(&of_days, verdict);
                if seen <= day {
                    days.push(Day {
                        day,
                        verdict,
                        origin,
                        strength: tally.daily.strength(),
                        activities: self.points.of_day(&Metric::Activities, self.person.id, day),
                    });
                }
            }
            let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
            let verdict = self.verdict_of_week(monday, &asked, sunday < today && sunday <= to);
            tally.weekly.add(&of_weeks, verdict);
            if seen <= sunday {
                weeks.push(Week {
                    monday,
                    verdict,
                    activities: self
                        .points
                        .of_week(&Metric::Activities, self.person.id, monday),
                });
            }
        }
        (days, weeks)
    }

    fn verdict_of_day(
        &self,
        day: NaiveDate,
        asked: &[(&Metric, f64)],
        is_over: bool,
    ) -> (Verdict, Option<Origin>) {
        if let Some(written) = self.written(Period::Day, day, is_over) {
            return written;
        }
        let parts = self.points.day_parts(asked, self.person.id, day);
        (Verdict::of(parts, is_over), None)
    }

    fn verdict_of_week(&self, monday: NaiveDate, asked: &Asked, is_over: bool) -> Verdict {
        if let Some((verdict, _)) = self.written(Period::Week, monday, is_over) {
            return verdict;
        }
        let parts = self.points.week_parts(&asked.week, self.person.id, monday);
        Verdict::of(parts, is_over)
    }

    fn written(
        &self,
        period: Period,
        first_day: NaiveDate,
        is_over: bool,
    ) -> Option<(Verdict, Option<Origin>)> {
        let written = &self.ground.written;
        let row = written.of(self.person.id, period, first_day, self.as_of)?;
        let verdict = Verdict {
            state: row.state,
            attainment: row.attainment,
        };
        is_over.then_some((verdict, Some(row.origin)))
    }
}
