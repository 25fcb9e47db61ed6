//! How much of what habits are counted from was entered late. Source: PRODUCT.md 3.

use super::Filters;
use crate::activities::totals::{self, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::rates::Rate;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// Of the activities of the period that were done in the teams asked for, those that were entered late.
pub fn late(conn: &mut Conn, filters: &Filters) -> Result<Rate> {
    let all = by_person(conn, filters)?;
    Ok(all.values().fold(Rate::default(), |sum, one| Rate {
        k: sum.k + one.k,
        n: sum.n + one.n,
    }))
}

/// The same of each person who did any of them.
pub fn by_person(conn: &mut Conn, filters: &Filters) -> Result<HashMap<i64, Rate>> {
    let latest = filters.as_of.to_utc().date_naive() + Days::new(1);
    let to = filters.to.unwrap_or(latest);
    let from = match filters.from {
        Some(from) => from,
        None => totals::first_day(conn, filters.as_of)?.map_or(to, |first| first.min(to)),
    };
    let span = Span {
        from,
        to,
        as_of: filters.as_of,
        people: people(conn, filters, (from, to))?,
    };
    let is_asked = |team: Option<i64>| {
        let teams = filters.teams.as_ref();
        teams.is_none_or(|teams| team.is_some_and(|team| teams.contains(&team)))
    };
    let counted = |quantity: i64| quantity.max(0) as u64;
    let mut found: HashMap<i64, Rate> = HashMap::new();
    for sum in totals::reached_or_not(conn, &span)? {
        if is_asked(sum.team_id) {
            found.entry(sum.person_id).or_default().n += counted(sum.quantity);
        }
    }
    for (person, team, quantity) in totals::late(conn, &span)? {
        if is_asked(team) {
            found.entry(person).or_default().k += counted(quantity);
        }
    }
    Ok(found)
}

/// Whose entries can count: everybody's where all teams are asked for.
fn people(
    conn: &mut Conn,
    filters: &Filters,
    days: (NaiveDate, NaiveDate),
) -> Result<Option<Vec<i64>>> {
    let Some(teams) = &filters.teams else {
        return Ok(None);
    };
    Ok(Some(totals::people_of(conn, teams, days)?))
}
