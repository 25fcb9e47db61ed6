//! SQL about who is asked for a kind.

use crate::db::Conn;
use crate::error::Result;
use crate::rules::target::{Metric, Period};
use crate::schema::{people, targets, teams};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// One target of a metric: of somebody or of a team, for a period, and how much it asks for.
type Asked = (Option<i64>, Option<i64>, Period, f64);

/// The names of people who are here and of teams whose newest target of a metric asks for something, in order.
pub fn asked_for(conn: &mut Conn, metric: &Metric) -> Result<BTreeSet<String>> {
    let rows: Vec<Asked> = targets::table
        .filter(targets::metric.eq(metric.to_string()))
        .order((targets::valid_from, targets::id))
        .select((
            targets::person_id,
            targets::team_id,
            targets::period,
            targets::amount,
        ))
        .load(conn)?;
    let mut newest = HashMap::new();
    for (person, team, period, amount) in rows {
        newest.insert((person, team, period), amount);
    }
    newest.retain(|_, amount| *amount > 0.0);
    let (asked_people, asked_teams): (Vec<Option<i64>>, Vec<Option<i64>>) = newest
        .into_keys()
        .map(|(person, team, _)| (person, team))
        .unzip();
    let asked_people: Vec<i64> = asked_people.into_iter().flatten().collect();
    let asked_teams: Vec<i64> = asked_teams.into_iter().flatten().collect();
    let here: Vec<String> = people::table
        .filter(people::id.eq_any(asked_people))
        .filter(people::left_on.is_null())
        .select(people::name)
        .load(conn)?;
    let of_teams: Vec<String> = teams::table
        .filter(teams::id.eq_any(asked_teams))
        .filter(teams::is_retired.eq(false))
        .select(teams::name)
        .load(conn)?;
    Ok(here.into_iter().chain(of_teams).collect())
}
