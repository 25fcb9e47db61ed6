//! All SQL about keys to the API.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::{api_keys, people};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = api_keys)]
pub struct Row<'a> {
    pub token_hash: &'a str,
    pub person_id: i64,
    pub name: &'a str,
    pub made_at: Instant,
}

/// A key that has not ended.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub struct Key {
    pub id: i64,
    /// What it is for.
    pub name: String,
    pub made_at: Instant,
    /// The last day on which it opened something; `None` where it never has.
    pub used_on: Option<NaiveDate>,
}

pub fn add(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(api_keys::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The keys of a person that have not ended, the newest first.
pub fn of_person(conn: &mut Conn, person_id: i64) -> Result<Vec<Key>> {
    Ok(api_keys::table
        .filter(api_keys::person_id.eq(person_id))
        .filter(api_keys::ended_at.is_null())
        .order(api_keys::id.desc())
        .select(Key::as_select())
        .load(conn)?)
}

/// Whose key it is, and the last day on which it was used; nobody's where it has ended or they have left.
pub fn of_token(conn: &mut Conn, token_hash: &str) -> Result<Option<(i64, Option<NaiveDate>)>> {
    Ok(api_keys::table
        .inner_join(people::table.on(people::id.eq(api_keys::person_id)))
        .filter(api_keys::token_hash.eq(token_hash))
        .filter(api_keys::ended_at.is_null())
        .filter(people::left_on.is_null())
        .select((api_keys::person_id, api_keys::used_on))
        .first(conn)
        .optional()?)
}

pub fn set_used(conn: &mut Conn, token_hash: &str, day: NaiveDate) -> Result<()> {
    diesel::update(api_keys::table.filter(api_keys::token_hash.eq(token_hash)))
        .set(api_keys::used_on.eq(day))
        .execute(conn)?;
    Ok(())
}

/// How many keys this ends: none where somebody was faster.
pub fn end(conn: &mut Conn, id: i64, now: Instant) -> Result<usize> {
    let open = api_keys::table.filter(api_keys::id.eq(id).and(api_keys::ended_at.is_null()));
    Ok(diesel::update(open)
        .set(api_keys::ended_at.eq(now))
        .execute(conn)?)
}

pub fn end_of_person(conn: &mut Conn, person_id: i64, now: Instant) -> Result<()> {
    let open = api_keys::person_id
        .eq(person_id)
        .and(api_keys::ended_at.is_null());
    diesel::update(api_keys::table.filter(open))
        .set(api_keys::ended_at.eq(now))
        .execute(conn)?;
    Ok(())
}
