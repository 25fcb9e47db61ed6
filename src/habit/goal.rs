//! What a team has of its goal: one source for the board, for what explains it, and for the page of habits. Source:
//! METRICS.md 4.2.

use super::{Ground, parts};
use crate::activities::totals::{self, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::page;
use crate::rules::habit::{Part, goal_of_leads, team_goal};
use crate::rules::target::{self, Metric};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a team did over some days, and what was asked for.
#[derive(Debug, Clone)]
pub struct TeamGoal {
    /// Each person's part, in order of their ids: sums of fractions are the same in one order only.
    pub parts: Vec<(i64, Part)>,
    /// What counts towards the goal, and the goal: nothing where nobody has a target.
    pub goal: Part,
    /// All that was done in the team; of leads reached each lead once.
    pub value: f64,
    /// So many have a target, of the `people` who were in the team or did something in it.
    pub asked: usize,
    pub people: usize,
}

/// The goals of the teams that `is_asked` names in which anything was done or asked for, by team: of who changed teams
/// each has what they did and were to do while they were in it. `days` are those of the span that targets ask for.
pub fn team_goals(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    metric: &Metric,
    (span, days): (&Span, (NaiveDate, NaiveDate)),
    is_asked: impl Fn(i64) -> bool,
) -> Result<BTreeMap<i64, TeamGoal>> {
    let mut teams: BTreeMap<i64, BTreeMap<i64, Part>> = BTreeMap::new();
    for ((team, person), part) in parts(conn, kept, ground, metric, (span, days), is_asked)? {
        teams.entry(team).or_default().insert(person, part);
    }
    let leads = match metric {
        Metric::LeadsReached => Some(Leads::read(conn, kept, span, &teams)?),
        _ => None,
    };
    let goals = teams.into_iter().map(|(team, parts)| {
        let members = || parts.values().copied();
        let (goal, value) = match &leads {
            Some(leads) => (
                goal_of_leads(members(), of(&leads.counting, team)),
                of(&leads.all, team),
            ),
            None => (
                team_goal(members()),
                members().fold(0.0, |sum, part| sum + part.points),
            ),
        };
        let asked = members().filter(|part| part.target > 0.0).count();
        let mut people: BTreeSet<i64> = members_of(ground, team, days);
        people.extend(parts.keys());
        let goal = TeamGoal {
            goal,
            value,
            asked,
            people: people.len(),
            parts: parts.into_iter().collect(),
        };
        (team, goal)
    });
    Ok(goals.collect())
}

/// How many leads each team reached, each once: all of them, and those that people with a target reached.
struct Leads {
    all: HashMap<i64, f64>,
    counting: HashMap<i64, f64>,
}

impl Leads {
    fn read(
        conn: &mut Conn,
        kept: Kept,
        span: &Span,
        teams: &BTreeMap<i64, BTreeMap<i64, Part>>,
    ) -> Result<Leads> {
        let metric = Metric::LeadsReached;
        let part = |team: i64, person: i64| teams.get(&team).and_then(|parts| parts.get(&person));
        let has_target = |team, person| part(team, person).is_some_and(|part| part.target > 0.0);
        Ok(Leads {
            all: totals::by(conn, kept, &metric, span, |person, team, _| {
                team.filter(|team| part(*team, person).is_some())
            })?,
            counting: totals::by(conn, kept, &metric, span, |person, team, _| {
                team.filter(|team| has_target(*team, person))
            })?,
        })
    }
}

fn of(leads: &HashMap<i64, f64>, team: i64) -> f64 {
    leads.get(&team).copied().unwrap_or(0.0)
}

/// Who may log and was in a team on any of these days.
fn members_of(ground: &Ground, team: i64, (from, to): (NaiveDate, NaiveDate)) -> BTreeSet<i64> {
    let here = ground.loggers().filter(|person| {
        let mut memberships = ground.calendars.memberships(person.id).iter();
        let has_left = person.left_on.is_some_and(|left_on| left_on < from);
        !has_left && memberships.any(|m| m.team_id == team && m.holds_within(from, to))
    });
    here.map(|person| person.id).collect()
}

/// An amount of which parts of one say nothing any more from ten on: 90.75 is 91, 7.2 stays.
pub fn roundly(value: f64) -> f64 {
    match value.abs() >= 10.0 {
        true => value.round(),
        false => value,
    }
}

/// What a team did that counts towards nobody's target, as it is printed beside the goal.
pub fn beyond_goal(done: f64, counted: f64) -> f64 {
    roundly(done) - roundly(counted)
}

/// "2 behind pace", or that the goal is met: `gone` is the share of it that is due by now.
pub fn goal_pace_words(goal: Part, gone: f64, asked: (usize, usize)) -> String {
    let Part { points, target } = goal;
    match (target::is_hit(points, target), some_asked(asked).is_empty()) {
        (true, true) => "Goal met".to_owned(),
        (true, false) => "Met".to_owned(),
        (false, _) => page::pace(target::ahead_of_pace(points, target, gone)),
    }
}

/// What a team has of its goal: `12 of 40`.
pub fn goal_words(points: f64, target: f64) -> String {
    format!(
        "{} of {}",
        page::amount(roundly(points)),
        page::amount(roundly(target))
    )
}

/// `targets of 1 of 5 people`; empty where all have one.
pub fn some_asked((asked, people): (usize, usize)) -> String {
    match asked < people {
        true => format!("targets of {asked} of {people} people"),
        false => String::new(),
    }
}
