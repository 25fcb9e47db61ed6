//! How somebody's last weeks went: their course, and how much they improved. One source for the team's page, its file and
//! the command.

use super::report::{By, Filters, Habits};
use super::{Ground, Habit, attained_of_all, now as habits_now, whole_weeks};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::people::Person;
use crate::rules::access::{Me, Role};
use crate::rules::habit::{Course, State, Verdict, course, slipped, slipped_week};
use crate::rules::rank;
use crate::value::Instant;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// How somebody's last weeks went; nothing of who is in no team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Lately {
    pub course: Option<Course>,
    /// METRICS.md 4.2, over whole weeks: of all that their targets ask for, each metric as on a board.
    pub improvement: Option<f64>,
}

/// How the last weeks of these people went, seen at an instant; the weeks are those before `today`.
pub fn lately(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    people: &[&Person],
    (today, now): (NaiveDate, Instant),
) -> Result<HashMap<i64, Lately>> {
    let seen = habits_now(conn, kept, ground, people, now, &[])?;
    let mut improved = improvements(conn, kept, ground, people, (today, now))?;
    let all = people.iter().filter_map(|person| {
        let habit = seen.of.get(&person.id)?;
        let lately = Lately {
            course: Some(course_of(habit)),
            improvement: improved.remove(&person.id).flatten(),
        };
        Some((person.id, lately))
    });
    Ok(all.collect())
}

impl Habits {
    /// Says of each person of the report how their last weeks went as of its instant: of who is in one of the teams asked
    /// for on that day.
    pub fn with_lately(mut self, conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<Habits> {
        if filters.by != By::Person {
            return Ok(self);
        }
        let ground = Ground::kept(conn, kept)?;
        let as_of = filters.as_of;
        let is_member = |person: &&Person| {
            let today = ground.day_of(person.id, as_of);
            let team = ground.calendars.team_on(person.id, today);
            let is_asked = |team: i64| {
                let teams = filters.teams.as_ref();
                teams.is_none_or(|teams| teams.contains(&team))
            };
            person.left_on.is_none_or(|left_on| today <= left_on) && team.is_some_and(is_asked)
        };
        let told: HashSet<i64> = self.rows.iter().filter_map(|row| row.person_id).collect();
        let members = ground.loggers().filter(is_member);
        let people: Vec<&Person> = members.filter(|person| told.contains(&person.id)).collect();
        let today = ground.calendars.zone().day_of(as_of);
        let lately = lately(conn, kept, &ground, &people, (today, as_of))?;
        self.tell(|id| lately.get(&id).copied());
        Ok(self)
    }

    /// Says of each person how their last weeks went, as `of` knows; nothing of whom it does not know.
    pub fn tell(&mut self, of: impl Fn(i64) -> Option<Lately>) {
        for row in &mut self.rows {
            row.lately = row.person_id.map(|id| of(id).unwrap_or_default());
        }
    }
}

/// Who has improved: of each week the mean of what was attained of each metric that it asked for.
fn improvements(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    people: &[&Person],
    (today, now): (NaiveDate, Instant),
) -> Result<HashMap<i64, Option<f64>>> {
    let weeks = whole_weeks(conn, today, now)?;
    let attained = attained_of_all(conn, kept, ground, people, (&weeks, now))?;
    let improvement = |person: &&Person| {
        let of_week = |week: &NaiveDate| attained.get(&(person.id, *week)).copied();
        let all: Vec<Option<f64>> = weeks.iter().map(of_week).collect();
        (person.id, rank::improvement(&all))
    };
    Ok(people.iter().map(improvement).collect())
}

/// Somebody in a team, as of an instant.
pub struct Member {
    pub id: i64,
    pub name: String,
    pub lately: Lately,
}

/// The members of the teams that `me` manages, and for an admin everybody who is in a team, by name.
pub fn members(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    me: &Me,
    now: Instant,
) -> Result<Vec<Member>> {
    // The workspace's day, so that a team's figures are the same whoever asks, as the report's are.
    let today = ground.calendars.zone().day_of(now);
    let people: Vec<&Person> = ground
        .loggers()
        .filter(|person| person.left_on.is_none_or(|left_on| today <= left_on))
        .filter(|person| {
            let team = ground.calendars.team_on(person.id, today);
            team.is_some_and(|team| me.role == Role::Admin || me.teams.contains(&team))
        })
        .collect();
    let lately = lately(conn, kept, ground, &people, (today, now))?;
    let members = people.iter().filter_map(|person| {
        Some(Member {
            id: person.id,
            name: person.name.clone(),
            lately: *lately.get(&person.id)?,
        })
    });
    Ok(members.collect())
}

/// A week that is over, as the course reads it.
pub struct CourseWeek {
    pub monday: NaiveDate,
    /// Days hit, of those that asked for something.
    pub hit: usize,
    pub expected: usize,
    /// What was attained of the week's own target, where no day asked for anything.
    pub attained: Option<f64>,
    /// `None` where nothing was asked for.
    pub slipped: Option<bool>,
}

/// The weeks of somebody that are over, the newest first.
pub fn course_weeks(habit: &Habit) -> impl Iterator<Item = CourseWeek> {
    let of_week: HashMap<NaiveDate, &Verdict> = habit
        .weeks()
        .map(|week| (week.monday, &week.verdict))
        .collect();
    habit.whole_weeks().filter_map(move |days| {
        let monday = days.first()?.day;
        let verdicts = || days.iter().map(|day| &day.verdict);
        let expected = || verdicts().filter(|verdict| verdict.is_expected());
        let by_day = slipped(verdicts());
        // Who has only a weekly target is judged by it.
        let week = of_week.get(&monday).filter(|_| by_day.is_none());
        Some(CourseWeek {
            monday,
            hit: expected().filter(|v| v.state == State::Hit).count(),
            expected: expected().count(),
            attained: week.and_then(|week| week.attainment.filter(|_| week.is_expected())),
            slipped: by_day.or_else(|| slipped_week(week?)),
        })
    })
}

fn course_of(habit: &Habit) -> Course {
    course(course_weeks(habit).map(|week| week.slipped))
}
