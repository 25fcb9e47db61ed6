//! How a team's members do now: their course, their improvement, and what they have of the team's goal.

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{self, Day, Ground, Habit};
use crate::kept::Kept;
use crate::people::Person;
use crate::rules::access::{Me, Role};
use crate::rules::habit::{Course, Part, Verdict, course, slipped, slipped_week, team_goal};
use crate::rules::target::Metric;
use crate::rules::{day, rank};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One member, as of now.
pub struct Member {
    pub id: i64,
    pub name: String,
    pub course: Course,
    /// METRICS.md 4.2, over whole weeks.
    pub improvement: Option<f64>,
}

/// What a team has of its goal in the week of today.
pub struct Goal {
    pub team: String,
    pub metric: Metric,
    pub part: Part,
    /// The share of the week's working time of its members that is gone, 0 to 1.
    pub gone: f64,
}

pub struct Team {
    /// By name.
    pub members: Vec<Member>,
    pub goals: Vec<Goal>,
}

/// Reads the members whose manager `me` is, and for an admin everybody who is in a team.
pub fn read(conn: &mut Conn, kept: Kept, me: &Me, now: Instant) -> Result<Team> {
    let ground = Ground::kept(conn, kept)?;
    let today = me.zone.day_of(now);
    let people: Vec<(&Person, i64)> = ground
        .loggers()
        .filter(|person| person.left_on.is_none_or(|left_on| today <= left_on))
        .filter_map(|person| Some((person, ground.calendars.team_on(person.id, today)?)))
        .filter(|(_, team)| me.role == Role::Admin || me.teams.contains(team))
        .collect();
    let only: Vec<&Person> = people.iter().map(|(person, _)| *person).collect();
    let asked = asked_metrics(&ground, &only, now);
    let more: Vec<Metric> = asked.into_iter().collect();
    let seen = habit::now(conn, kept, &ground, &only, now, &more)?;
    let mut members = Vec::new();
    let mut goals: BTreeMap<(String, Metric), Vec<(Part, f64)>> = BTreeMap::new();
    for (person, team) in people {
        if let Some(habit) = seen.of.get(&person.id) {
            members.push(member(person, habit));
        }
        let team = ground.directory.team(team);
        let team = team.map_or_else(String::new, |team| team.name.clone());
        for metric in &more {
            if let Some(part) = part(&ground, &seen.points, person, metric, now) {
                let key = (team.clone(), metric.clone());
                goals.entry(key).or_default().push(part);
            }
        }
    }
    let goals = goals.into_iter().map(|((team, metric), parts)| Goal {
        team,
        metric,
        gone: parts.iter().map(|(_, gone)| gone).sum::<f64>() / parts.len() as f64,
        part: team_goal(parts.into_iter().map(|(part, _)| part)),
    });
    Ok(Team {
        members,
        goals: goals.collect(),
    })
}

/// What their targets of the week of now are about.
fn asked_metrics(ground: &Ground, people: &[&Person], now: Instant) -> BTreeSet<Metric> {
    let of_week = |person: &&Person| {
        let (monday, sunday) = week_around(ground, person.id, now);
        ground.metrics_between(person.id, monday, sunday)
    };
    people.iter().flat_map(of_week).collect()
}

/// The Monday and Sunday of a person's week of now.
fn week_around(ground: &Ground, person_id: i64, now: Instant) -> (NaiveDate, NaiveDate) {
    let monday = day::week_of(ground.day_of(person_id, now));
    (monday, monday + Days::new(6))
}

/// What somebody has of their own week's target, and how much of its working time is gone.
fn part(
    ground: &Ground,
    points: &habit::Points,
    person: &Person,
    metric: &Metric,
    now: Instant,
) -> Option<(Part, f64)> {
    let (monday, sunday) = week_around(ground, person.id, now);
    let share = |day| ground.share(person, day);
    let target = ground
        .ledger
        .over(person.id, metric, monday, sunday, share)?;
    let part = Part {
        points: points.of_week(metric, person.id, monday),
        target,
    };
    Some((
        part,
        gone(&ground.calendars, person.id, monday, sunday, now),
    ))
}

fn gone(
    calendars: &Calendars,
    person_id: i64,
    monday: NaiveDate,
    sunday: NaiveDate,
    now: Instant,
) -> f64 {
    let calendar = calendars.of_person(person_id, monday, sunday);
    let zone = calendar.zone();
    let (start, end) = (zone.midnight(monday), zone.midnight(sunday + Days::new(1)));
    match calendar.working_us(start, end) {
        0 => 1.0,
        all => calendar.working_us(start, now) as f64 / all as f64,
    }
}

fn member(person: &Person, habit: &Habit) -> Member {
    let of_week: HashMap<NaiveDate, &Verdict> = habit
        .weeks()
        .map(|week| (week.monday, &week.verdict))
        .collect();
    // Who has only a weekly target is judged by it.
    let week = |days: &[Day]| days.first().and_then(|day| of_week.get(&day.day).copied());
    let slips = habit.whole_weeks().map(|days| {
        let by_day = slipped(days.iter().map(|day| &day.verdict));
        by_day.or_else(|| slipped_week(week(days)?))
    });
    let mut attained: Vec<Option<f64>> = habit
        .whole_weeks()
        .map(|days| attained(days).or_else(|| week(days)?.attainment))
        .collect();
    attained.reverse();
    Member {
        id: person.id,
        name: person.name.clone(),
        course: course(slips),
        improvement: rank::improvement(&attained),
    }
}

/// The mean attainment of a week's expected days; `None` where it asked for nothing.
fn attained(days: &[Day]) -> Option<f64> {
    let expected = days.iter().filter(|day| day.verdict.is_expected());
    let shares: Vec<f64> = expected.filter_map(|day| day.verdict.attainment).collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}
