//! What the members of a team bring to its row: the days that they spent in it, and how they stand.

use super::ground::Ground;
use super::report::{self, Filters, HabitRow, Made, WeeksRow, team_name};
use super::walk::Day;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::habit::Consistency;
use std::collections::BTreeMap;

/// A team's days, and how each of its members stands.
#[derive(Default)]
struct Together {
    counts: HabitRow,
    members: Vec<(HabitRow, Consistency)>,
}

/// The rows of teams, and of those who are in none.
pub(super) fn by_team(ground: &Ground, filters: &Filters, all: Vec<Made>) -> Vec<HabitRow> {
    let mut rows: BTreeMap<Option<i64>, Together> = BTreeMap::new();
    for one in all {
        for (team, day) in spent(ground, &one) {
            if is_shown(filters, team) {
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
        .map(|(team, together)| row(ground, team, together));
    rows.collect()
}

/// Somebody's days with the team in which each was spent.
fn spent<'m>(
    ground: &'m Ground,
    one: &'m Made,
) -> impl Iterator<Item = (Option<i64>, &'m Day)> + use<'m> {
    let days = one.days.iter();
    let days = days.map(move |day| (ground.calendars.team_on(one.id, day.day), day));
    // A day of nothing before somebody came into a team is no day of those without one.
    days.filter(move |(team, day)| {
        team.is_some() || one.team.is_none() || day.verdict.is_expected()
    })
}

fn row(ground: &Ground, team: Option<i64>, Together { counts, members }: Together) -> HabitRow {
    let together = Consistency::together(members.iter().map(|(_, consistency)| consistency));
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
}

fn is_shown(filters: &Filters, team: Option<i64>) -> bool {
    let teams = filters.teams.as_ref();
    teams.is_none_or(|teams| team.is_some_and(|team| teams.contains(&team)))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// What one person brings to a team's row.
pub struct Part {
    /// How they stand, and of the days those that they spent in the team.
    pub row: HabitRow,
    /// Whether they are in the team on the last day: of the others only their days count.
    pub is_member: bool,
}

/// A team's row, and what each person who has a part in it brings, by name. `None` where nobody has.
pub fn of_team(
    conn: &mut Conn,
    kept: Kept,
    filters: &Filters,
    team: i64,
) -> Result<Option<(HabitRow, Vec<Part>)>> {
    let (ground, all) = report::all(conn, kept, filters)?;
    let part = |one: &Made| {
        let mut row = HabitRow {
            expected: 0,
            hit: 0,
            missed: 0,
            neutral: 0,
            ..one.row.clone()
        };
        let here = spent(&ground, one).filter(|(of, _)| *of == Some(team));
        here.for_each(|(_, day)| row.count(day));
        Part {
            row,
            is_member: one.team == Some(team),
        }
    };
    let mut parts: Vec<Part> = all.iter().map(part).collect();
    parts.sort_by(|a, b| (&a.row.name, &a.row.email).cmp(&(&b.row.name, &b.row.email)));
    let rows = by_team(&ground, filters, all);
    Ok(rows.into_iter().next().map(|row| (row, parts)))
}
