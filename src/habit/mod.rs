//! The habit of each person: verdicts on days and weeks, and what they add up to. Source: METRICS.md 1.
//!
//! Verdicts are worked out from what is stored, and only those are written down that would otherwise turn after their
//! week was closed. [`now`] is what pages read, [`report`] any period as of any instant.

mod attained;
mod book;
mod check;
mod correct;
pub mod explain;
mod goal;
mod ground;
mod keep;
mod late;
mod lately;
mod memory;
mod points;
mod report;
mod report_out;
mod settings;
pub mod store;
mod together;
mod walk;

use attained::parts;
pub use attained::{attained, due, of_all as attained_of_all, whole_weeks};
pub use book::{Bests, WEEKS_SHOWN};
pub use check::{WrittenLook, look_at_written};
pub use correct::{Correction, correct, is_seen_by};
pub use goal::{
    TeamGoal, beyond_goal, goal_pace_words, goal_words, roundly, some_asked, team_goals,
};
pub use ground::{Ground, Written};
pub use keep::keep_closed;
pub use lately::{Lately, Member, members};
pub use points::Points;
pub use report::{By, Filters, HabitRow, Habits, WeeksRow, report};
pub use settings::{Setting, Settings, choose};
pub use store::{Origin, WrittenVerdict};
pub use walk::{Day, Tally, Week};

use crate::activities::totals::Span;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::people::Person;
use crate::rules::habit::{Consistency, Verdict};
use crate::rules::target::Metric;
use crate::value::Instant;
use book::Closed;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use walk::Walk;

/// How somebody's habit stands now.
pub struct Habit {
    closed: Arc<Closed>,
    open_days: Vec<Day>,
    open_weeks: Vec<Week>,
    tally: Tally,
}

impl Habit {
    /// The days shown, oldest first, up to today.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = &Day> {
        self.closed.days.iter().chain(&self.open_days)
    }

    /// Their weeks.
    pub fn weeks(&self) -> impl DoubleEndedIterator<Item = &Week> {
        self.closed.weeks.iter().chain(&self.open_weeks)
    }

    /// Over all history: what is hit, strength, streak.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    pub fn consistency(&self) -> Consistency {
        self.tally.consistency()
    }

    pub fn today(&self) -> Verdict {
        let today = self.open_days.last();
        today.map_or(Verdict::NEUTRAL, |day| day.verdict)
    }

    /// The first Monday whose week is still open.
    pub fn open_since(&self) -> NaiveDate {
        self.closed.until
    }

    /// Before it no day counts.
    pub fn begins(&self) -> NaiveDate {
        self.closed.begins
    }

    /// The most activities of one day and one week, of open weeks too.
    pub fn bests(&self) -> Bests {
        let better = |best: Option<(NaiveDate, f64)>, (day, sum): (NaiveDate, f64)| match best {
            Some((_, most)) if sum <= most => best,
            _ if sum > 0.0 => Some((day, sum)),
            _ => best,
        };
        let days = self.open_days.iter().map(|day| (day.day, day.activities));
        let weeks = self.open_weeks.iter();
        let weeks = weeks.map(|week| (week.monday, week.activities));
        Bests {
            day: days.fold(self.closed.bests.day, better),
            week: weeks.fold(self.closed.bests.week, better),
        }
    }

    /// Each whole week up to today with its days, the newest first; the week of today is left out.
    pub fn whole_weeks(&self) -> impl Iterator<Item = &[Day]> {
        let today = self.open_days.last().map(|day| day.day);
        let is_whole = move |week: &&[Day]| week.len() == 7 && week.last().map(|d| d.day) < today;
        let open = self.open_days.chunks(7).filter(is_whole);
        let closed = self.closed.days.rchunks(7).filter(|week| week.len() == 7);
        open.rev().chain(closed)
    }
}

/// The habits of some people now, and the points of their open weeks.
pub struct Now {
    pub of: HashMap<i64, Habit>,
    pub points: Points,
}

/// Works out what somebody's closed weeks add up to, where that is not in memory yet.
pub fn remember(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    person: &Person,
    now: Instant,
) -> Result<()> {
    book::closed(conn, kept, ground, &[person], now).map(drop)
}

/// Reads how the habit of these people stands now: what their closed weeks add up to is in memory, and their open
/// weeks, of two at most, are read in a query for each metric (those of their targets, and `more`).
pub fn now(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    people: &[&Person],
    now: Instant,
    more: &[Metric],
) -> Result<Now> {
    let closed = book::closed(conn, kept, ground, people, now)?;
    let days = |person: &Person| {
        let until = ground.closed_until(person.id, now);
        (until, ground.day_of(person.id, now))
    };
    let spans = || people.iter().map(|person| days(person));
    let from = spans().map(|(from, _)| from).min();
    let to = spans().map(|(_, to)| to).max();
    let mut metrics: BTreeSet<Metric> = more.iter().cloned().collect();
    for person in people {
        let (from, to) = days(person);
        metrics.extend(ground.metrics_between(person.id, from, to));
    }
    let points = match (from, to) {
        (Some(from), Some(to)) => {
            let span = Span {
                from,
                to,
                as_of: now,
                people: Some(people.iter().map(|person| person.id).collect()),
            };
            Points::read(conn, kept, metrics, &span)?
        }
        _ => Points::default(),
    };
    let mut of = HashMap::new();
    for person in people {
        let Some(closed) = closed.get(&person.id).cloned() else {
            continue;
        };
        let walk = Walk {
            ground,
            points: &points,
            person,
            begins: closed.begins,
            as_of: now,
        };
        let mut tally = closed.tally.clone();
        let (open_days, open_weeks) = walk.go(&mut tally, days(person), closed.until);
        let habit = Habit {
            closed,
            open_days,
            open_weeks,
            tally,
        };
        of.insert(person.id, habit);
    }
    Ok(Now { of, points })
}
