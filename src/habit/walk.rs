//! From day to day: each one's verdict, and how the habit stands after it.

use super::ground::{Asked, Ground};
use super::points::Points;
use super::store::Origin;
use crate::people::Person;
use crate::rules::day;
use crate::rules::habit::{Consistency, Part, Rhythm, Standing, Verdict, WINDOW_DAYS};
use crate::rules::target::{Metric, Period};
use crate::value::Instant;
use chrono::{Datelike, Days, NaiveDate};
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

/// What became of a day or week, and what made it so.
pub struct Became<'g> {
    pub verdict: Verdict,
    /// Whether the verdict was written down: then what was asked for does not decide it.
    pub is_written: bool,
    /// What was asked for, and what was done of it.
    pub parts: Vec<(&'g Metric, Part)>,
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

    /// A day, or the week of a Monday, by itself.
    pub fn became(&self, period: Period, first: NaiveDate) -> Became<'_> {
        let monday = day::week_of(first);
        let mut asked = self.ground.asked(self.person, monday, self.begins);
        let id = self.person.id;
        let (last, asked, parts) = match period {
            Period::Week => {
                let parts = self.points.week_parts(&asked.week, id, monday);
                (monday + Days::new(6), asked.week, parts)
            }
            _ => {
                let weekday = first.weekday().num_days_from_monday() as usize;
                let asked = std::mem::take(&mut asked.days[weekday]);
                let parts = self.points.day_parts(&asked, id, first);
                (first, asked, parts)
            }
        };
        let is_over = last < self.ground.day_of(id, self.as_of);
        let written = self.written(period, first, is_over);
        let metrics = asked.into_iter().map(|(metric, _)| metric);
        Became {
            is_written: written.is_some(),
            verdict: match written {
                Some((verdict, _)) => verdict,
                None => Verdict::of(parts.iter().copied(), is_over),
            },
            parts: metrics
                .zip(parts)
                .filter(|(_, part)| part.target > 0.0)
                .collect(),
        }
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
