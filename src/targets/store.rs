//! All SQL about the target ledger: rows are added, never changed.

use super::{NewTarget, Whose};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::target::{Period, TargetRow, Weekdays};
use crate::schema::targets;
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One row of the ledger.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = targets)]
pub struct Entry {
    pub id: i64,
    pub person_id: Option<i64>,
    pub team_id: Option<i64>,
    pub metric: String,
    pub amount: f64,
    pub period: Period,
    pub weekdays: String,
    pub valid_from: NaiveDate,
    pub reason: String,
    pub set_by_id: Option<i64>,
    pub set_at: Instant,
}

impl Entry {
    pub fn whose(&self) -> Option<Whose> {
        let person = self.person_id.map(Whose::Person);
        person.or_else(|| self.team_id.map(Whose::Team))
    }

    /// The row as the rules know it; `None` for a metric or weekdays that they do not know.
    pub fn target(&self) -> Option<TargetRow> {
        Some(TargetRow {
            id: self.id,
            metric: self.metric.parse().ok()?,
            amount: self.amount,
            period: self.period,
            weekdays: Weekdays::parse(&self.weekdays)?,
            valid_from: self.valid_from,
            personal: self.person_id.is_some(),
        })
    }
}

/// The whole ledger, in the order in which it was written.
pub fn all(conn: &mut Conn) -> Result<Vec<Entry>> {
    Ok(targets::table
        .order(targets::id)
        .select(Entry::as_select())
        .load(conn)?)
}

/// The rows of these people and teams, in the order in which they were written.
pub fn of(conn: &mut Conn, people: &[i64], teams: &[i64]) -> Result<Vec<Entry>> {
    let people: Vec<Option<i64>> = people.iter().copied().map(Some).collect();
    let teams: Vec<Option<i64>> = teams.iter().copied().map(Some).collect();
    Ok(targets::table
        .filter(
            targets::person_id
                .eq_any(people)
                .or(targets::team_id.eq_any(teams)),
        )
        .order(targets::id)
        .select(Entry::as_select())
        .load(conn)?)
}

pub fn add(
    conn: &mut Conn,
    new: &NewTarget,
    set_by_id: Option<i64>,
    set_at: Instant,
) -> Result<i64> {
    let (person_id, team_id) = match new.whose {
        Whose::Person(id) => (Some(id), None),
        Whose::Team(id) => (None, Some(id)),
    };
    Ok(diesel::insert_into(targets::table)
        .values((
            targets::person_id.eq(person_id),
            targets::team_id.eq(team_id),
            targets::metric.eq(new.metric.to_string()),
            targets::amount.eq(new.amount),
            targets::period.eq(new.period),
            targets::weekdays.eq(new.weekdays.to_string()),
            targets::valid_from.eq(new.valid_from),
            targets::reason.eq(&new.reason),
            targets::set_by_id.eq(set_by_id),
            targets::set_at.eq(set_at),
        ))
        .returning(targets::id)
        .get_result(conn)?)
}
