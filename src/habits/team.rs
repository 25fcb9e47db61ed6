//! How a team's members do now: their course, their improvement, and what they have of the team's goal.

use crate::activities::totals::{Beside, Span, beside};
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{self, Ground, Member};
use crate::kept::Kept;
use crate::people::Person;
use crate::rules::access::{Me, Role};
use crate::rules::day;
use crate::rules::habit::Part;
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// What a team has of its goal in the week of today.
pub struct Goal {
    pub team_id: i64,
    pub team: String,
    pub metric: Metric,
    /// Both days included.
    pub days: (NaiveDate, NaiveDate),
    pub part: Part,
    /// So many have a target, of so many who were in the team.
    pub asked: (usize, usize),
    /// The share of the goal that was due by now, 0 to 1: of each member's days their parts of the own target, times the
    /// share of the day's working time that is gone.
    pub gone: f64,
    /// What the team did in these days, all of it.
    pub beside: Beside,
}

pub struct Team {
    /// By name.
    pub members: Vec<Member>,
    pub goals: Vec<Goal>,
}

/// Reads the members whose manager `me` is, and for an admin everybody who is in a team.
pub fn read(conn: &mut Conn, kept: Kept, me: &Me, now: Instant) -> Result<Team> {
    let ground = Ground::kept(conn, kept)?;
    let today = ground.calendars.zone().day_of(now);
    Ok(Team {
        members: habit::members(conn, kept, &ground, me, now)?,
        goals: goals(conn, kept, &ground, me, (today, now))?,
    })
}

/// The goals of the week of today, by team and metric: who changed teams in it counts for each as they did there.
fn goals(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    me: &Me,
    (today, now): (NaiveDate, Instant),
) -> Result<Vec<Goal>> {
    let monday = day::week_of(today);
    let sunday = monday + Days::new(6);
    let is_asked = |team: i64| me.role == Role::Admin || me.teams.contains(&team);
    let of_week = |person: &Person| ground.metrics_between(person.id, monday, sunday);
    let here = ground.loggers().filter(|person| {
        let mut memberships = ground.calendars.memberships(person.id).iter();
        memberships.any(|m| is_asked(m.team_id) && m.holds_within(monday, sunday))
    });
    let here: Vec<&Person> = here.collect();
    let span = Span {
        from: monday,
        to: sunday,
        as_of: now,
        people: Some(here.iter().map(|person| person.id).collect()),
    };
    let metrics: BTreeSet<Metric> = here.into_iter().flat_map(of_week).collect();
    let beside = beside::by(conn, kept, &span, |_, team| team)?;
    let mut goals: BTreeMap<(String, i64, Metric), Goal> = BTreeMap::new();
    for metric in metrics {
        let days = (&span, (monday, sunday));
        let of_teams = habit::team_goals(conn, kept, ground, &metric, days, is_asked)?;
        let due = habit::due(ground, &metric, (days.1, now), is_asked);
        for (team_id, found) in of_teams {
            if found.asked == 0 {
                continue;
            }
            let people = found.parts.iter().map(|(person, _)| (team_id, *person));
            let due = people.filter_map(|key| due.get(&key)).sum::<f64>();
            let team = ground.directory.team(team_id);
            let team = team.map_or_else(String::new, |team| team.name.clone());
            let goal = Goal {
                team_id,
                team: team.clone(),
                metric: metric.clone(),
                days: (monday, sunday),
                gone: due / found.goal.target,
                part: found.goal,
                asked: (found.asked, found.people),
                beside: beside.get(&team_id).copied().unwrap_or_default(),
            };
            goals.insert((team, team_id, metric.clone()), goal);
        }
    }
    Ok(goals.into_values().collect())
}
