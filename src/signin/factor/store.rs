//! All SQL about second factors and recovery codes.

use crate::both;
use crate::db::Conn;
use crate::error::Result;
use crate::schema::{recovery_codes, second_factors};
use crate::value::Instant;
use diesel::prelude::*;

/// What a person's codes are made from.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = second_factors)]
pub struct Factor {
    /// In base32.
    pub secret: String,
    /// The half minute of the newest code that was taken.
    pub last_step: i64,
}

pub fn of_person(conn: &mut Conn, person_id: i64) -> Result<Option<Factor>> {
    Ok(second_factors::table
        .find(person_id)
        .select(Factor::as_select())
        .first(conn)
        .optional()?)
}

pub fn add(conn: &mut Conn, person_id: i64, secret: &str, now: Instant) -> Result<()> {
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::person_id.eq(person_id),
            second_factors::secret.eq(secret),
            second_factors::begun_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a code's step, and says how many rows that changed: none when it, or a later one, was taken before.
pub fn take_step(conn: &mut Conn, person_id: i64, step: i64) -> Result<usize> {
    Ok(diesel::update(second_factors::table.find(person_id))
        .filter(second_factors::last_step.lt(step))
        .set(second_factors::last_step.eq(step))
        .execute(conn)?)
}

pub fn remove(conn: &mut Conn, person_id: i64) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq(person_id)))
        .execute(conn)?;
    diesel::delete(second_factors::table.find(person_id)).execute(conn)?;
    Ok(())
}

/// Puts new recovery codes in the place of all older ones.
pub fn set_codes(conn: &mut Conn, person_id: i64, hashes: &[String]) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq(person_id)))
        .execute(conn)?;
    let rows: Vec<_> = hashes
        .iter()
        .map(|hash| {
            (
                recovery_codes::person_id.eq(person_id),
                recovery_codes::code_hash.eq(hash),
            )
        })
        .collect();
    both!(conn, |c| diesel::insert_into(recovery_codes::table)
        .values(&rows)
        .execute(c))?;
    Ok(())
}

/// Uses a recovery code up, and says how many that were: none for a wrong or a used one.
pub fn use_code(conn: &mut Conn, person_id: i64, hash: &str, now: Instant) -> Result<usize> {
    let code = recovery_codes::table
        .filter(recovery_codes::person_id.eq(person_id))
        .filter(recovery_codes::code_hash.eq(hash))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(code)
        .set(recovery_codes::used_at.eq(now))
        .execute(conn)?)
}

/// How many recovery codes of a person are still good.
pub fn codes_left(conn: &mut Conn, person_id: i64) -> Result<i64> {
    Ok(recovery_codes::table
        .filter(recovery_codes::person_id.eq(person_id))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(conn)?)
}
