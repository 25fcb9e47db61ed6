//! All SQL about what packs keep.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::{commitment_ends, commitments, leads, packs, rejection_replies};
use crate::talk::Reply;
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// All packs, the oldest first.
pub fn ids(conn: &mut Conn) -> Result<Vec<i64>> {
    Ok(packs::table
        .order(packs::monday)
        .select(packs::id)
        .load(conn)?)
}

pub fn content(conn: &mut Conn, id: i64) -> Result<String> {
    Ok(packs::table.find(id).select(packs::content).first(conn)?)
}

/// The database refuses whatever changes more than names and words.
pub fn set_content(conn: &mut Conn, id: i64, content: &str) -> Result<()> {
    diesel::update(packs::table.find(id))
        .set(packs::content.eq(content))
        .execute(conn)?;
    Ok(())
}

/// The disputes that some people wrote, each by its lead's uid and its time.
pub fn disputed_by(conn: &mut Conn, people: &[i64]) -> Result<HashSet<(String, Instant)>> {
    let rows: Vec<(String, Instant)> = rejection_replies::table
        .inner_join(leads::table.on(leads::id.eq(rejection_replies::lead_id)))
        .filter(rejection_replies::reply.eq(Reply::Disputed))
        .filter(rejection_replies::by_id.eq_any(people))
        .select((leads::uid, rejection_replies::at))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// What each commitment says now, and what was said of its end, by its id.
pub fn said(conn: &mut Conn) -> Result<HashMap<i64, (String, Option<String>)>> {
    let rows: Vec<(i64, String, Option<String>)> = commitments::table
        .left_join(commitment_ends::table.on(commitment_ends::commitment_id.eq(commitments::id)))
        .select((
            commitments::id,
            commitments::text,
            commitment_ends::note.nullable(),
        ))
        .load(conn)?;
    let said = rows.into_iter().map(|(id, text, note)| (id, (text, note)));
    Ok(said.collect())
}
