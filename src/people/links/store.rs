//! All SQL about links with which somebody chooses a password.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::{password_links, people};
use crate::value::Instant;
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = password_links)]
pub struct NewLink {
    pub token_hash: String,
    pub person_id: i64,
    pub is_invite: bool,
    pub made_at: Instant,
    pub made_by_id: Option<i64>,
    pub expires_at: Instant,
}

/// A link that was made; who holds its token may use it once.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = password_links)]
pub struct Link {
    pub id: i64,
    pub person_id: i64,
    pub is_invite: bool,
    pub made_at: Instant,
    pub made_by_id: Option<i64>,
    pub expires_at: Instant,
}

pub fn add(conn: &mut Conn, link: &NewLink) -> Result<()> {
    diesel::insert_into(password_links::table)
        .values(link)
        .execute(conn)?;
    Ok(())
}

/// The link of a token, when it can be used now.
pub fn good(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Option<Link>> {
    let is_open = password_links::used_at
        .is_null()
        .and(password_links::revoked_at.is_null())
        .and(password_links::expires_at.gt(now));
    Ok(password_links::table
        .inner_join(people::table.on(people::id.eq(password_links::person_id)))
        .filter(password_links::token_hash.eq(token_hash))
        .filter(is_open)
        .filter(people::left_on.is_null())
        .select(Link::as_select())
        .first(conn)
        .optional()?)
}

/// All links that can be used now, the oldest first.
pub fn open(conn: &mut Conn, now: Instant) -> Result<Vec<Link>> {
    Ok(password_links::table
        .filter(
            password_links::used_at
                .is_null()
                .and(password_links::revoked_at.is_null()),
        )
        .filter(password_links::expires_at.gt(now))
        .order(password_links::id)
        .select(Link::as_select())
        .load(conn)?)
}

/// How many links this uses up: none when it was used or revoked before.
pub fn set_used(conn: &mut Conn, id: i64, now: Instant) -> Result<usize> {
    let open = password_links::used_at
        .is_null()
        .and(password_links::revoked_at.is_null());
    Ok(diesel::update(password_links::table.find(id))
        .filter(open)
        .set(password_links::used_at.eq(now))
        .execute(conn)?)
}

/// Revokes all links of a person that were not used.
pub fn revoke_of(conn: &mut Conn, person_id: i64, now: Instant) -> Result<()> {
    let theirs = password_links::person_id.eq(person_id);
    let standing = password_links::used_at
        .is_null()
        .and(password_links::revoked_at.is_null());
    diesel::update(password_links::table.filter(theirs.and(standing)))
        .set(password_links::revoked_at.eq(now))
        .execute(conn)?;
    Ok(())
}
