//! Explains the figures of a team's habit: what its members bring to it.

use super::{Asked, Figure, Found};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{How, Row};
use crate::habit::report::{By, Filters, HabitRow};
use crate::habit::together::{self, Part};
use crate::page::{self, DASH};
use crate::people::Directory;
use crate::rules::access::Role;
use std::sync::Arc;

/// A figure of a team that the asker leads; its name.
pub fn explain(
    conn: &mut Conn,
    cx: &Cx,
    team: &str,
    figure: Figure,
    asked: Asked,
) -> Result<(String, Found)> {
    let me = cx.me()?;
    let id: i64 = team.parse().map_err(|_| Error::NotFound)?;
    let is_theirs = match me.role {
        Role::Admin => true,
        Role::Manager => me.teams.contains(&id),
        _ => false,
    };
    let directory: Arc<Directory> = cx.kept.get(conn)?;
    let team = directory.team(id).filter(|_| is_theirs);
    let name = team.ok_or(Error::NotFound)?.name.clone();
    let filters = Filters {
        by: By::Team,
        from: asked.from,
        to: asked.to,
        as_of: asked.as_of,
        teams: Some(vec![id]),
    };
    let found = together::of_team(conn, cx.kept, &filters, id)?;
    let (together, parts) = found.ok_or(Error::NotFound)?;
    let of = |row: &HabitRow| words(figure, row).ok_or(Error::NotFound);
    let value = of(&together)?;
    let members = parts.iter().filter(|part| part.is_member).count();
    let mut rows = Vec::new();
    for part in &parts {
        let own = of(&part.row)?;
        let (how, reason, own) = placed(figure, part, own);
        let row = Row {
            name: part.row.name.clone(),
            cells: vec![own],
            ..Row::default()
        };
        rows.push((how, reason.to_owned(), row));
    }
    let filled = match figure.is_of_window() {
        true => format!("{value} days of all members together, while they were in the team"),
        false => format!("of {members} members: {value}"),
    };
    let found = Found {
        value,
        filled,
        first: "Member",
        columns: vec!["Own"],
        rows,
    };
    Ok((name, found))
}

/// Where somebody's own stands: how they do is told of members alone.
fn placed(figure: Figure, part: &Part, own: String) -> (How, &'static str, String) {
    match own.as_str() {
        DASH => (How::LeftOut, "nothing was asked for yet", own),
        _ if figure.is_of_window() => (How::Counted, "the days spent in the team count", own),
        _ if part.is_member => (How::Counted, "a member", own),
        _ => (
            How::LeftOut,
            "in another team on the last day",
            DASH.to_owned(),
        ),
    }
}

/// A figure as the table of habits prints it; `None` of what a team has none of.
fn words(figure: Figure, row: &HabitRow) -> Option<String> {
    let share = |share: Option<f64>| share.map_or(DASH.to_owned(), page::whole_percent);
    let of_days = |days: u32| match row.expected {
        0 => DASH.to_owned(),
        _ => days.to_string(),
    };
    Some(match figure {
        Figure::Strength => share(row.strength),
        Figure::WeeksStrength => share(row.weeks.as_ref().and_then(|weeks| weeks.strength)),
        Figure::Consistency => row.consistency_words(),
        Figure::Hit => of_days(row.hit),
        Figure::Missed => of_days(row.missed),
        Figure::Neutral => row.neutral.to_string(),
        _ => return None,
    })
}
