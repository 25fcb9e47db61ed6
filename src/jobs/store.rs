//! All SQL about the timetable.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::{import_uploads, job_runs, notices};
use crate::value::Instant;
use diesel::prelude::*;

/// Whether a job was run last at or before `before`; if so it counts as run now, and whoever asks runs it.
pub fn claim(conn: &mut Conn, name: &str, now: Instant, before: Instant) -> Result<bool> {
    // A clock that went back would keep the job from running for long.
    let is_due = job_runs::ran_at.le(before).or(job_runs::ran_at.gt(now));
    let changed = diesel::update(job_runs::table.find(name))
        .filter(is_due)
        .set(job_runs::ran_at.eq(now))
        .execute(conn)?;
    if changed > 0 {
        return Ok(true);
    }
    let known: Option<Instant> = job_runs::table
        .find(name)
        .select(job_runs::ran_at)
        .first(conn)
        .optional()?;
    if known.is_some() {
        return Ok(false);
    }
    diesel::insert_into(job_runs::table)
        .values((job_runs::name.eq(name), job_runs::ran_at.eq(now)))
        .execute(conn)?;
    Ok(true)
}

/// Drops notices that were read before an instant; one that is told once only if it was before the other instant too.
pub fn drop_notices(conn: &mut Conn, before: Instant, once_before: Instant) -> Result<()> {
    let read = notices::table.filter(notices::read_at.lt(before));
    let may_go = notices::once.is_null().or(notices::read_at.lt(once_before));
    diesel::delete(read.filter(may_go)).execute(conn)?;
    Ok(())
}

/// Drops files that have waited since before an instant.
pub fn drop_uploads(conn: &mut Conn, before: Instant) -> Result<()> {
    diesel::delete(import_uploads::table.filter(import_uploads::at.lt(before))).execute(conn)?;
    Ok(())
}
