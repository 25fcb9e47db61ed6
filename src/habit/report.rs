//! `touchline report habits`: everybody's habit over any days, as IMPORT.md promises it.

use super::ground::Ground;
use super::late::late;
use super::points::Points;
use super::walk::{Day, Tally, Walk};
use crate::activities::totals::{self, Span};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::page::DASH;
use crate::people::{self, Person};
use crate::rules::access::Role;
use crate::rules::habit::{Consistency, State};
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

crate::words! {
    /// What a row is about.
    pub enum By { Person = "person", Team = "team" }
}

/// Whose habits, and over which days.
#[derive(Debug, Clone)]
pub struct Filters {
    pub by: By,
    /// Both days included: they bound what is counted, and the last one also what strength and streak know.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// What happened after it is hidden.
    pub as_of: Instant,
    /// Those who were in one of these teams on the last day, or everybody.
    pub teams: Option<Vec<i64>>,
}

/// The report. Absent filters are null.
#[derive(Debug, Serialize)]
pub struct Habits {
    pub report: &'static str,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Instant,
    pub by: By,
    pub rows: Vec<HabitRow>,
    /// Activities of these days in the teams asked for, and those of them that were entered late.
    pub activities: u64,
    pub late: u64,
    /// Whether the workspace has set neither zone nor hours.
    #[serde(skip)]
    pub is_default_hours: bool,
}

/// One person; or one team, without an address: its counts are those of the days that people spent in it, strength and
/// consistency the mean of its members', and a team has no streak.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HabitRow {
    /// Of a person.
    #[serde(skip)]
    pub person_id: Option<i64>,
    pub email: String,
    pub name: String,
    pub team: String,
    pub expected: u32,
    pub hit: u32,
    pub missed: u32,
    pub neutral: u32,
    pub strength: Option<f64>,
    pub streak: Option<u32>,
    pub best: Option<u32>,
    pub freezes: Option<u32>,
    pub consistency_hit: usize,
    pub consistency_of: usize,
    pub consistency_partial: Option<f64>,
    pub weeks: Option<WeeksRow>,
}

/// Of weekly targets.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WeeksRow {
    pub strength: Option<f64>,
    pub streak: Option<u32>,
    pub best: Option<u32>,
}

/// Makes the report in a fixed number of queries: a query or two for each metric with a target. Refused: days in the
/// wrong order.
pub fn report(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<Habits> {
    if let (Some(from), Some(to)) = (filters.from, filters.to)
        && from > to
    {
        return Err(Error::refused(format!(
            "{from} is after {to}: the first day must not be after the last."
        )));
    }
    let ground = Ground::kept(conn, kept)?;
    let people = ground.directory.people.iter();
    let mut people: Vec<&Person> = people.filter(|p| belongs(&ground, filters, p)).collect();
    let metrics: BTreeSet<Metric> = people.iter().flat_map(|p| ground.metrics(p.id)).collect();
    let span = Span {
        from: people::since_ever(),
        to: filters
            .to
            .unwrap_or(NaiveDate::MAX)
            .min(latest(filters.as_of)),
        as_of: filters.as_of,
        people: None,
    };
    let late = late(conn, filters)?;
    let first_entry = totals::first_day(conn, filters.as_of)?;
    let points = Points::read(conn, kept, metrics, &span)?;
    // Who moved to marketing keeps the past; who was there all the time has none.
    people.retain(|person| person.role != Role::Marketing || points.has_any(person.id));
    let made = people.into_iter().map(|person| {
        let begins = ground.begins(person.id, first_entry, filters.as_of);
        let walk = Walk {
            ground: &ground,
            points: &points,
            person,
            begins,
            as_of: filters.as_of,
        };
        made(&walk, filters)
    });
    let mut rows = match filters.by {
        By::Person => made.map(|one| one.row).collect(),
        By::Team => by_team(&ground, filters, made.collect()),
    };
    rows.sort_by(|a, b| (&a.name, &a.email).cmp(&(&b.name, &b.email)));
    Ok(Habits {
        report: "habits",
        from: filters.from,
        to: filters.to,
        as_of: filters.as_of,
        by: filters.by,
        rows,
        activities: late.n,
        late: late.k,
        is_default_hours: ground.calendars.is_default,
    })
}

/// The last day on which somebody's local day can be when it is this instant in UTC.
fn latest(at: Instant) -> NaiveDate {
    let day = at.to_utc().date_naive();
    day.succ_opt().unwrap_or(day)
}

/// Every rep who had not left before these days, and who else is in a team or has a target.
fn belongs(ground: &Ground, filters: &Filters, person: &Person) -> bool {
    let last = last_day(ground, filters, person.id);
    let from = filters.from.unwrap_or(NaiveDate::MIN);
    if person.left_on.is_some_and(|left_on| left_on < from) {
        return false;
    }
    match &filters.teams {
        Some(teams) => team_of(ground, person.id, last).is_some_and(|team| teams.contains(&team)),
        None => {
            let mut memberships = ground.calendars.memberships(person.id).iter();
            person.role == Role::Rep
                || memberships.any(|m| m.holds_within(from, last))
                || ground.ledger.ever(person.id).next().is_some()
        }
    }
}

/// The last day that counts: that of the as-of by the person's clock, or the filter's.
fn last_day(ground: &Ground, filters: &Filters, person_id: i64) -> NaiveDate {
    let today = ground.day_of(person_id, filters.as_of);
    filters.to.map_or(today, |to| to.min(today))
}

/// The team of a day, or the last one before it.
fn team_of(ground: &Ground, person_id: i64, day: NaiveDate) -> Option<i64> {
    let memberships = ground.calendars.memberships(person_id);
    let begun = memberships.iter().filter(|m| m.from_day <= day);
    let last = begun.max_by_key(|m| (m.until_day.is_none(), m.until_day, m.from_day, m.id));
    people::team_on(memberships, day).or_else(|| last.map(|m| m.team_id))
}

fn team_name(ground: &Ground, team: Option<i64>) -> String {
    let team = team.and_then(|team| ground.directory.team(team));
    team.map_or_else(String::new, |team| team.name.clone())
}

/// A person's row, their team, and their days within the filter.
struct Made {
    id: i64,
    team: Option<i64>,
    row: HabitRow,
    consistency: Consistency,
    days: Vec<Day>,
}

fn made(walk: &Walk, filters: &Filters) -> Made {
    let (ground, person) = (walk.ground, walk.person);
    let last = last_day(ground, filters, person.id);
    let seen = filters.from.unwrap_or(walk.begins);
    let mut tally = Tally::default();
    // Days before the first target are neutral, and counted where the filter names them.
    let (days, _) = walk.go(&mut tally, (walk.begins.min(seen), last), seen);
    let team = team_of(ground, person.id, last);
    let consistency = tally.consistency();
    let weekly = ground.had_weekly(person.id, last).then(|| WeeksRow {
        strength: tally.weekly.strength(),
        streak: Some(tally.weekly.streak),
        best: Some(tally.weekly.best),
    });
    let mut row = HabitRow {
        person_id: Some(person.id),
        email: person.email.clone(),
        name: person.name.clone(),
        team: team_name(ground, team),
        strength: tally.daily.strength(),
        streak: Some(tally.daily.streak),
        best: Some(tally.daily.best),
        freezes: Some(tally.daily.freezes),
        consistency_hit: consistency.hit,
        consistency_of: consistency.of,
        consistency_partial: consistency.partial(),
        weeks: weekly,
        ..HabitRow::default()
    };
    for day in &days {
        row.count(day);
    }
    Made {
        id: person.id,
        team,
        row,
        consistency,
        days,
    }
}

/// A team's days, and how each of its members stands.
#[derive(Default)]
struct Together {
    counts: HabitRow,
    members: Vec<(HabitRow, Consistency)>,
}

fn by_team(ground: &Ground, filters: &Filters, all: Vec<Made>) -> Vec<HabitRow> {
    let mut rows: BTreeMap<Option<i64>, Together> = BTreeMap::new();
    for one in all {
        for day in &one.days {
            let team = ground.calendars.team_on(one.id, day.day);
            // A day of nothing before somebody came into a team is no day of those without one.
            let counts = team.is_some() || one.team.is_none() || day.verdict.is_expected();
            if is_shown(filters, team) && counts {
                rows.entry(team).or_default().counts.count(day);
            }
        }
        if is_shown(filters, one.team) {
            let team = rows.entry(one.team).or_default();
            team.members.push((one.row, one.consistency));
        }
    }
    let rows = rows
        .into_iter()
        .map(|(team, Together { counts, members })| {
            let together =
                Consistency::together(members.iter().map(|(_, consistency)| consistency));
            let members: Vec<HabitRow> = members.into_iter().map(|(row, _)| row).collect();
            let name = team_name(ground, team);
            let strength = |row: &HabitRow| row.strength;
            let of_weeks = |row: &HabitRow| row.weeks.as_ref().and_then(|weeks| weeks.strength);
            HabitRow {
                team: name.clone(),
                name,
                strength: mean(members.iter().filter_map(strength)),
                consistency_hit: together.hit,
                consistency_of: together.of,
                consistency_partial: together.partial(),
                weeks: mean(members.iter().filter_map(of_weeks)).map(|strength| WeeksRow {
                    strength: Some(strength),
                    ..WeeksRow::default()
                }),
                ..counts
            }
        });
    rows.collect()
}

fn is_shown(filters: &Filters, team: Option<i64>) -> bool {
    let teams = filters.teams.as_ref();
    teams.is_none_or(|teams| team.is_some_and(|team| teams.contains(&team)))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

impl HabitRow {
    /// "17 of 20"; a dash of fewer than five days.
    pub fn consistency_words(&self) -> String {
        match self.consistency_partial {
            Some(_) => format!("{} of {}", self.consistency_hit, self.consistency_of),
            None => DASH.to_owned(),
        }
    }

    fn count(&mut self, day: &Day) {
        match day.verdict.state {
            State::Hit => self.hit += 1,
            State::Missed => self.missed += 1,
            State::Neutral => self.neutral += 1,
            State::Pending => return,
        }
        self.expected = self.hit + self.missed;
    }
}
