//! All SQL about goals.

use super::{Aim, NewGoal};
use crate::db::Conn;
use crate::error::Result;
use crate::schema::goals;
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One goal as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = goals)]
pub struct Goal {
    pub id: i64,
    pub uid: String,
    pub person_id: i64,
    pub metric: String,
    pub amount: f64,
    pub starts_on: NaiveDate,
    /// `None` for an amount a day.
    pub by_day: Option<NaiveDate>,
    pub plan: String,
    pub is_shared: bool,
    pub made_at: Instant,
    pub ended_at: Option<Instant>,
}

impl Goal {
    /// What it is about; `None` for a metric that is not known any more.
    pub fn aim(&self) -> Option<Aim> {
        self.metric.parse().ok()
    }
}

/// Somebody's goals that are over or were ended, the newest first, and at most `most` of them.
pub fn past(conn: &mut Conn, person_id: i64, today: NaiveDate, most: i64) -> Result<Vec<Goal>> {
    Ok(goals::table
        .filter(goals::person_id.eq(person_id))
        .filter(
            goals::ended_at
                .is_not_null()
                .or(goals::by_day.lt(today).assume_not_null()),
        )
        .order((goals::made_at.desc(), goals::id.desc()))
        .select(Goal::as_select())
        .limit(most)
        .load(conn)?)
}

/// The goals that these people share and that stand on a day, the newest first, and at most `most` of them.
pub fn shared_by(
    conn: &mut Conn,
    people: &[i64],
    today: NaiveDate,
    most: i64,
) -> Result<Vec<Goal>> {
    Ok(goals::table
        .filter(goals::person_id.eq_any(people))
        .filter(goals::is_shared.eq(true).and(goals::ended_at.is_null()))
        .filter(
            goals::by_day
                .is_null()
                .or(goals::by_day.ge(today).assume_not_null()),
        )
        .order((goals::made_at.desc(), goals::id.desc()))
        .select(Goal::as_select())
        .limit(most)
        .load(conn)?)
}

/// Somebody's goals whose time is not over and that they have not ended, the oldest first.
pub fn standing(conn: &mut Conn, person_id: i64, today: NaiveDate) -> Result<Vec<Goal>> {
    Ok(goals::table
        .filter(goals::person_id.eq(person_id))
        .filter(goals::ended_at.is_null())
        .filter(
            goals::by_day
                .is_null()
                .or(goals::by_day.ge(today).assume_not_null()),
        )
        .order(goals::id)
        .select(Goal::as_select())
        .load(conn)?)
}

/// One of somebody's own goals.
pub fn own(conn: &mut Conn, person_id: i64, uid: &str) -> Result<Option<Goal>> {
    Ok(goals::table
        .filter(goals::uid.eq(uid).and(goals::person_id.eq(person_id)))
        .select(Goal::as_select())
        .first(conn)
        .optional()?)
}

pub fn add(
    conn: &mut Conn,
    person_id: i64,
    uid: &str,
    new: &NewGoal,
    made_at: Instant,
) -> Result<i64> {
    Ok(diesel::insert_into(goals::table)
        .values((
            goals::uid.eq(uid),
            goals::person_id.eq(person_id),
            goals::metric.eq(new.aim.to_string()),
            goals::amount.eq(new.amount),
            goals::starts_on.eq(new.starts_on),
            goals::by_day.eq(new.by_day),
            goals::plan.eq(&new.plan),
            goals::is_shared.eq(new.is_shared),
            goals::made_at.eq(made_at),
        ))
        .returning(goals::id)
        .get_result(conn)?)
}

pub fn set_shared(conn: &mut Conn, id: i64, is_shared: bool) -> Result<()> {
    diesel::update(goals::table.find(id))
        .set(goals::is_shared.eq(is_shared))
        .execute(conn)?;
    Ok(())
}

pub fn end(conn: &mut Conn, id: i64, at: Instant) -> Result<()> {
    diesel::update(goals::table.find(id))
        .set(goals::ended_at.eq(at))
        .execute(conn)?;
    Ok(())
}
