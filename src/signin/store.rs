//! All SQL about sessions.

use crate::db::Conn;
use crate::error::Result;
use crate::people::store::Membership;
use crate::rules::access::Role;
use crate::schema::{memberships, people, sessions, teams};
use crate::value::Instant;
use diesel::prelude::*;

/// A person with one of their memberships (or none).
#[derive(Queryable)]
pub struct WhoRow {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub time_zone: Option<String>,
    pub membership: Option<Membership>,
    pub team_zone: Option<String>,
}

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

/// The person of a session with their memberships, in the order in which these begin.
pub fn whose(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Vec<WhoRow>> {
    Ok(sessions::table
        .inner_join(people::table.on(people::id.eq(sessions::person_id)))
        .left_join(memberships::table.on(memberships::person_id.eq(people::id)))
        .left_join(teams::table.on(teams::id.eq(memberships::team_id)))
        .filter(
            sessions::token_hash
                .eq(token_hash)
                .and(sessions::expires_at.gt(now)),
        )
        .filter(people::left_on.is_null())
        .order((memberships::from_day, memberships::id))
        .select((
            people::id,
            people::name,
            people::email,
            people::role,
            people::time_zone,
            Option::<Membership>::as_select(),
            teams::time_zone.nullable(),
        ))
        .load(conn)?)
}

pub fn end(conn: &mut Conn, token_hash: &str) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(token_hash))).execute(conn)?;
    Ok(())
}
