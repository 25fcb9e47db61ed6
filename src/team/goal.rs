//! What a team has together: its goal, which one hero cannot carry, and the sum of everybody.

use super::read::Reading;
use super::{Beside, By, Row, Who, sight};
use crate::activities::totals;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{self, Ground};
use crate::kept::Kept;
use crate::rules::display::DisplayMode;
use crate::rules::target::Metric;
use std::collections::HashSet;

/// What a team has together, whatever peer group the board is limited to. Source: METRICS.md 4.2.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamBar {
    pub team_id: i64,
    pub team: String,
    /// All that was done in the team; of leads reached each lead once.
    pub value: f64,
    /// Of that, what counts towards the goal: of each person with a target at most 1.25 times that.
    pub counted: f64,
    pub target: Option<f64>,
    /// So many have a target, of so many people.
    pub asked: (usize, usize),
    pub mode: DisplayMode,
    /// What stands beside the value, of all that was done in the team; nothing where it was not asked for.
    pub beside: Beside,
}

/// The bars of the teams in scope in which anything was done or asked for, in order of name.
pub fn bars(conn: &mut Conn, kept: Kept, reading: &Reading) -> Result<Vec<TeamBar>> {
    let filters = reading.filters;
    let is_shown = |team: i64| {
        let is_off = sight::mode(reading, Some(team)) == DisplayMode::Off;
        filters.scope.has_team(Some(team)) && (filters.scope.leads() || !is_off)
    };
    if filters.by == By::Team || !reading.directory.teams.iter().any(|t| is_shown(t.id)) {
        return Ok(Vec::new());
    }
    let ground = Ground::kept(conn, kept)?;
    let (span, days) = (reading.span(), (reading.from, reading.to));
    let goals = habit::team_goals(
        conn,
        kept,
        &ground,
        &filters.metric,
        (&span, days),
        is_shown,
    )?;
    let teams = reading.directory.teams.iter();
    let bar = |team: &crate::people::Team| {
        let found = goals.get(&team.id)?;
        Some(TeamBar {
            team_id: team.id,
            team: team.name.clone(),
            value: found.value,
            counted: found.goal.points,
            target: (found.asked > 0).then_some(found.goal.target),
            asked: (found.asked, found.people),
            mode: team.display_mode,
            beside: Beside::default(),
        })
    };
    Ok(teams.filter_map(bar).collect())
}

/// Everybody's value together: each entry once, in whichever team, and of leads reached each lead once.
pub fn together(
    conn: &mut Conn,
    kept: Kept,
    reading: &Reading,
    rows: &[Row],
) -> Result<Option<f64>> {
    let filters = reading.filters;
    if !filters.scope.leads() || rows.iter().all(|row| row.value.is_none()) {
        return Ok(None);
    }
    if filters.metric != Metric::LeadsReached {
        let values = rows.iter().filter_map(|row| row.value);
        return Ok(Some(values.fold(0.0, |sum, value| sum + value)));
    }
    leads_of(conn, kept, reading, rows).map(Some)
}

/// The leads that the shown rows reached together, each once.
pub fn leads_of(conn: &mut Conn, kept: Kept, reading: &Reading, rows: &[Row]) -> Result<f64> {
    let shown: HashSet<Who> = rows.iter().map(|row| row.who).collect();
    let key = |person, team, _| {
        let who = reading.filters.who(person, team)?;
        shown.contains(&who).then_some(())
    };
    let metric = Metric::LeadsReached;
    let total = totals::by(conn, kept, &metric, &reading.span(), key)?;
    Ok(total.get(&()).copied().unwrap_or(0.0))
}
