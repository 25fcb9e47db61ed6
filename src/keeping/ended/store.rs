//! All SQL about what ended in a database since a copy was made.

use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::rules::access::Role;
use crate::schema::{leads, people, recovery_codes, second_factors};
use diesel::prelude::*;

/// The uids of who is erased.
pub fn erased(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(people::table
        .filter(people::erased_at.is_not_null())
        .select(people::uid)
        .load(conn)?)
}

/// The uids of the leads that are erased.
pub fn erased_leads(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(leads::table
        .filter(leads::erased_at.is_not_null())
        .select(leads::uid)
        .load(conn)?)
}

/// The uids of who has left, and is not erased.
pub fn left(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(people::table
        .filter(people::left_on.is_not_null())
        .filter(people::erased_at.is_null())
        .select(people::uid)
        .load(conn)?)
}

/// The hash of everybody's password, by uid.
pub fn passwords(conn: &mut Conn) -> Result<Vec<(String, Option<String>)>> {
    Ok(people::table
        .order(people::id)
        .select((people::uid, people::password_hash))
        .load(conn)?)
}

/// The secret of everybody's second factor, by uid.
pub fn factors(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(second_factors::table
        .inner_join(people::table.on(people::id.eq(second_factors::person_id)))
        .order(people::id)
        .select((people::uid, second_factors::secret))
        .load(conn)?)
}

/// Everybody's role and address, by uid; nobody's who is erased.
pub fn doors(conn: &mut Conn) -> Result<Vec<(String, (Role, String))>> {
    Ok(people::table
        .filter(people::erased_at.is_null())
        .order(people::id)
        .select((people::uid, (people::role, people::email)))
        .load(conn)?)
}

/// Takes the second factor and its recovery codes from some people, and returns their names.
pub fn forget_factors(conn: &mut Conn, uids: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for uids in uids.chunks(BATCH_ROWS) {
        let theirs: Vec<(i64, String)> = people::table
            .filter(people::uid.eq_any(uids))
            .order(people::id)
            .select((people::id, people::name))
            .load(conn)?;
        let ids: Vec<i64> = theirs.iter().map(|(id, _)| *id).collect();
        diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq_any(&ids)))
            .execute(conn)?;
        diesel::delete(second_factors::table.filter(second_factors::person_id.eq_any(&ids)))
            .execute(conn)?;
        diesel::update(people::table.filter(people::id.eq_any(&ids)))
            .set(people::has_second_factor.eq(false))
            .execute(conn)?;
        names.extend(theirs.into_iter().map(|(_, name)| name));
    }
    Ok(names)
}

/// The names of those of some people who are not erased.
pub fn whole_again(conn: &mut Conn, uids: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for uids in uids.chunks(BATCH_ROWS) {
        let some: Vec<String> = people::table
            .filter(people::uid.eq_any(uids))
            .filter(people::erased_at.is_null())
            .order(people::id)
            .select(people::name)
            .load(conn)?;
        names.extend(some);
    }
    Ok(names)
}

/// Where those of some leads stand that are not erased: `/leads/0194...`.
pub fn whole_leads(conn: &mut Conn, uids: &[String]) -> Result<Vec<String>> {
    let mut places = Vec::new();
    for uids in uids.chunks(BATCH_ROWS) {
        let some: Vec<String> = leads::table
            .filter(leads::uid.eq_any(uids))
            .filter(leads::erased_at.is_null())
            .order(leads::id)
            .select(leads::uid)
            .load(conn)?;
        places.extend(some.into_iter().map(|uid| format!("/leads/{uid}")));
    }
    Ok(places)
}

/// The names of those of some people who have not left.
pub fn back_again(conn: &mut Conn, uids: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for uids in uids.chunks(BATCH_ROWS) {
        let some: Vec<String> = people::table
            .filter(people::uid.eq_any(uids))
            .filter(people::left_on.is_null())
            .order(people::id)
            .select(people::name)
            .load(conn)?;
        names.extend(some);
    }
    Ok(names)
}

/// Takes the password from some people, and returns their names.
pub fn forget_passwords(conn: &mut Conn, uids: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for uids in uids.chunks(BATCH_ROWS) {
        diesel::update(people::table.filter(people::uid.eq_any(uids)))
            .set(people::password_hash.eq(None::<String>))
            .execute(conn)?;
        let some: Vec<String> = people::table
            .filter(people::uid.eq_any(uids))
            .order(people::id)
            .select(people::name)
            .load(conn)?;
        names.extend(some);
    }
    Ok(names)
}
