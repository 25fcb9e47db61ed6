//! All SQL about passwords.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::people;
use diesel::prelude::*;
use std::collections::HashSet;

pub fn set(conn: &mut Conn, id: i64, hash: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::password_hash.eq(hash))
        .execute(conn)?;
    Ok(())
}

/// The id and password hash for an address; `None` for an unknown one and for a leaver.
pub fn of_address(conn: &mut Conn, email: &str) -> Result<Option<(i64, Option<String>)>> {
    Ok(people::table
        .filter(people::email.eq(email).and(people::left_on.is_null()))
        .select((people::id, people::password_hash))
        .first(conn)
        .optional()?)
}

/// The hash of somebody's password; `None` for who has none, or has left.
pub fn of(conn: &mut Conn, id: i64) -> Result<Option<String>> {
    let known: Option<Option<String>> = people::table
        .filter(people::id.eq(id).and(people::left_on.is_null()))
        .select(people::password_hash)
        .first(conn)
        .optional()?;
    Ok(known.flatten())
}

/// Who has a password, and so can sign in.
pub fn with_password(conn: &mut Conn) -> Result<HashSet<i64>> {
    let ids: Vec<i64> = people::table
        .filter(people::password_hash.is_not_null())
        .select(people::id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}
