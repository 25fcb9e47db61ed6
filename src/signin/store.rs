//! All SQL about sessions.

use crate::both;
use crate::db::Conn;
use crate::error::Result;
use crate::schema::{known_devices, notices, people, reference_version, sessions};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub struct NewSession<'a> {
    pub token_hash: &'a str,
    pub person_id: i64,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub user_agent: &'a str,
    pub address: &'a str,
    pub awaits_code: bool,
}

pub fn add(conn: &mut Conn, session: &NewSession, now: Instant) -> Result<()> {
    // Whoever signs in pays for tidying up: nothing else would ever remove old rows.
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)?;
    let forgotten = now.plus_seconds(-super::DEVICE_DAYS * 86_400);
    diesel::delete(known_devices::table.filter(known_devices::seen_at.le(forgotten)))
        .execute(conn)?;
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(conn)?;
    Ok(())
}

/// One device on which somebody is signed in.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: i64,
    pub token_hash: String,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub user_agent: String,
    pub address: String,
}

/// The sessions of a person that are open, the newest first.
pub fn of_person(conn: &mut Conn, person_id: i64, now: Instant) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person_id))
        .filter(
            sessions::expires_at
                .gt(now)
                .and(sessions::awaits_code.eq(false)),
        )
        .order(sessions::id.desc())
        .select(Session::as_select())
        .load(conn)?)
}

/// Ends one session of a person, and says how many that were.
pub fn end_of_person(conn: &mut Conn, person_id: i64, id: i64) -> Result<usize> {
    let theirs = sessions::table
        .find(id)
        .filter(sessions::person_id.eq(person_id));
    Ok(diesel::delete(theirs).execute(conn)?)
}

/// Who has given their password with this token, and not yet the code.
pub fn awaiting_code(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Option<i64>> {
    Ok(sessions::table
        .inner_join(people::table.on(people::id.eq(sessions::person_id)))
        .filter(sessions::token_hash.eq(token_hash))
        .filter(
            sessions::awaits_code
                .eq(true)
                .and(sessions::expires_at.gt(now)),
        )
        .filter(people::left_on.is_null())
        .select(sessions::person_id)
        .first(conn)
        .optional()?)
}

/// Whether anybody has signed in on a device.
pub fn is_device(conn: &mut Conn, token_hash: &str) -> Result<bool> {
    let known = known_devices::table.filter(known_devices::token_hash.eq(token_hash));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// Whether a person has signed in on a device.
pub fn is_device_of(conn: &mut Conn, token_hash: &str, person_id: i64) -> Result<bool> {
    let known = known_devices::table.find((token_hash, person_id));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// The devices on which a person has signed in, by their hash and when that was last, the newest first.
pub fn devices_of(conn: &mut Conn, person_id: i64) -> Result<Vec<(String, Instant)>> {
    Ok(known_devices::table
        .filter(known_devices::person_id.eq(person_id))
        .order((known_devices::seen_at.desc(), known_devices::token_hash))
        .select((known_devices::token_hash, known_devices::seen_at))
        .load(conn)?)
}

pub fn put_device(conn: &mut Conn, token_hash: &str, person_id: i64, now: Instant) -> Result<()> {
    let known = diesel::update(known_devices::table.find((token_hash, person_id)))
        .set(known_devices::seen_at.eq(now))
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(known_devices::table)
            .values((
                known_devices::token_hash.eq(token_hash),
                known_devices::person_id.eq(person_id),
                known_devices::seen_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// What each request begins with.
#[derive(Debug, Clone, Queryable)]
pub struct Begun {
    /// Of reference data.
    pub version: i64,
    /// Whose session it is; nobody's for an unknown or expired one.
    pub person_id: Option<i64>,
    /// How many notices they have not read.
    pub unread: Option<i64>,
}

/// What requests begin with whose sessions a condition chooses.
macro_rules! begun {
    ($these:expr, $now:expr, $($also:expr)?) => {{
        let open = sessions::expires_at.gt($now).and(sessions::awaits_code.eq(false));
        let theirs = notices::person_id.nullable().eq(sessions::person_id.nullable());
        let unread = notices::table.filter(theirs.and(notices::read_at.is_null()));
        reference_version::table
            .left_join(sessions::table.on($these.and(open)))
            .select((
                reference_version::version,
                sessions::person_id.nullable(),
                unread.count().single_value(),
                $($also)?
            ))
    }};
}

pub fn session(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Begun> {
    let query = begun!(sessions::token_hash.eq(token_hash), now,);
    // Each request asks this, so the query is written for each database once and not at each asking.
    Ok(both!(conn, |c| query.first(c))?)
}

/// Several at once, in the order of their tokens.
pub fn sessions(conn: &mut Conn, token_hashes: &[String], now: Instant) -> Result<Vec<Begun>> {
    type Row = (i64, Option<i64>, Option<i64>, Option<String>);
    let these = sessions::token_hash.eq_any(token_hashes);
    let query = begun!(these, now, sessions::token_hash.nullable());
    let rows: Vec<Row> = both!(conn, |c| query.load(c))?;
    let (version, ..) = *rows.first().ok_or(diesel::NotFound)?;
    let found: HashMap<_, _> = rows.iter().map(|row| (row.3.as_deref(), row)).collect();
    let begun = token_hashes.iter().map(|hash| {
        let row = found.get(&Some(hash.as_str()));
        Begun {
            version,
            person_id: row.and_then(|row| row.1),
            unread: row.and_then(|row| row.2),
        }
    });
    Ok(begun.collect())
}

/// Whether a session of somebody's is open.
pub fn is_open(conn: &mut Conn, token_hash: &str, person_id: i64, now: Instant) -> Result<bool> {
    Ok(session(conn, token_hash, now)?.person_id == Some(person_id))
}

/// Whose sessions have not expired.
pub fn signed_in(conn: &mut Conn, now: Instant) -> Result<HashSet<i64>> {
    let people: Vec<i64> = sessions::table
        .filter(
            sessions::expires_at
                .gt(now)
                .and(sessions::awaits_code.eq(false)),
        )
        .select(sessions::person_id)
        .load(conn)?;
    Ok(people.into_iter().collect())
}

pub fn end(conn: &mut Conn, token_hash: &str) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(token_hash))).execute(conn)?;
    Ok(())
}
