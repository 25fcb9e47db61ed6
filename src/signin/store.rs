//! All SQL about sessions.

use crate::both;
use crate::db::Conn;
use crate::error::Result;
use crate::schema::{notices, reference_version, sessions};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashSet;

pub fn add(
    conn: &mut Conn,
    token_hash: &str,
    person_id: i64,
    now: Instant,
    expires_at: Instant,
    user_agent: &str,
) -> Result<()> {
    // Whoever signs in pays for tidying up: nothing else would ever remove old rows.
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)?;
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::person_id.eq(person_id),
            sessions::created_at.eq(now),
            sessions::expires_at.eq(expires_at),
            sessions::user_agent.eq(user_agent),
        ))
        .execute(conn)?;
    Ok(())
}

/// What each request begins with.
#[derive(Debug, Queryable)]
pub struct Begun {
    /// Of reference data.
    pub version: i64,
    /// Whose session it is; nobody's for an unknown or expired one.
    pub person_id: Option<i64>,
    /// How many notices they have not read.
    pub unread: Option<i64>,
}

pub fn session(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Begun> {
    let this = sessions::token_hash
        .eq(token_hash)
        .and(sessions::expires_at.gt(now));
    let unread = notices::table
        .filter(
            notices::person_id
                .nullable()
                .eq(sessions::person_id.nullable()),
        )
        .filter(notices::read_at.is_null())
        .count()
        .single_value();
    let query = reference_version::table
        .left_join(sessions::table.on(this))
        .select((
            reference_version::version,
            sessions::person_id.nullable(),
            unread,
        ));
    // Each request asks this, so the query is written for each database once and not at each asking.
    Ok(both!(conn, |c| query.first(c))?)
}

/// Whose sessions have not expired.
pub fn signed_in(conn: &mut Conn, now: Instant) -> Result<HashSet<i64>> {
    let people: Vec<i64> = sessions::table
        .filter(sessions::expires_at.gt(now))
        .select(sessions::person_id)
        .load(conn)?;
    Ok(people.into_iter().collect())
}

pub fn end(conn: &mut Conn, token_hash: &str) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(token_hash))).execute(conn)?;
    Ok(())
}
