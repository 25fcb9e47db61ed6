//! `touchline report habits`: everybody's habit over any days, as IMPORT.md promises it.

use super::ground::Ground;
use super::late::{self, late};
use super::lately::Lately;
use super::points::Points;
use super::settings::Settings;
use super::together;
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
use std::collections::BTreeSet;

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
    /// Those who were in one of these teams on the last day, or everybody. By team also those who were in one of them on
    /// another of these days, for what they did there.
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
    /// Of a person, where it was asked for.
    #[serde(flatten)]
    pub lately: Option<Lately>,
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
    let late = late(conn, filters)?;
    let (ground, all) = all(conn, kept, filters)?;
    let mut rows = match filters.by {
        By::Person => all.into_iter().map(|one| one.row).collect(),
        By::Team => together::by_team(&ground, filters, all),
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

impl Habits {
    /// Of one person alone: what somebody sees of it who leads nobody.
    pub fn of_one(mut self, conn: &mut Conn, filters: &Filters, person_id: i64) -> Result<Habits> {
        self.rows.retain(|row| row.person_id == Some(person_id));
        let theirs = late::by_person(conn, filters)?.remove(&person_id);
        let late = theirs.unwrap_or_default();
        (self.activities, self.late) = (late.n, late.k);
        Ok(self)
    }

    /// A person may hide their streak, from everybody and on every page.
    pub fn hide_streaks(&mut self, settings: &Settings) {
        let is_hidden = |id: i64| settings.of(id).hides_streak;
        let rows = self.rows.iter_mut();
        for row in rows.filter(|row| row.person_id.is_some_and(is_hidden)) {
            row.streak = None;
            row.best = None;
            row.freezes = None;
            if let Some(weeks) = &mut row.weeks {
                weeks.streak = None;
                weeks.best = None;
            }
        }
    }
}

/// Everybody who has a row, or a part in one of a team.
pub(super) fn all(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<(Ground, Vec<Made>)> {
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
    let all = made.collect();
    Ok((ground, all))
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
    let mut memberships = ground.calendars.memberships(person.id).iter();
    match &filters.teams {
        Some(teams) => {
            let is_asked = |team: &i64| teams.contains(team);
            team_of(ground, person.id, last).is_some_and(|team| is_asked(&team))
                || filters.by == By::Team
                    && memberships.any(|m| is_asked(&m.team_id) && m.holds_within(from, last))
        }
        None => {
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

pub(super) fn team_name(ground: &Ground, team: Option<i64>) -> String {
    let team = team.and_then(|team| ground.directory.team(team));
    team.map_or_else(String::new, |team| team.name.clone())
}

/// A person's row, their team, and their days within the filter.
pub(super) struct Made {
    pub id: i64,
    /// Of the last day.
    pub team: Option<i64>,
    pub row: HabitRow,
    pub consistency: Consistency,
    pub days: Vec<Day>,
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

impl HabitRow {
    /// "17 of 20"; a dash of fewer than five days.
    pub fn consistency_words(&self) -> String {
        match self.consistency_partial {
            Some(_) => format!("{} of {}", self.consistency_hit, self.consistency_of),
            None => DASH.to_owned(),
        }
    }

    pub(super) fn count(&mut self, day: &Day) {
        match day.verdict.state {
            State::Hit => self.hit += 1,
            State::Missed => self.missed += 1,
            State::Neutral => self.neutral += 1,
            State::Pending => return,
        }
        self.expected = self.hit + self.missed;
    }
}
