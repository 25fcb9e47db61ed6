//! All SQL about the version of reference data.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::reference_version;
use diesel::prelude::*;

/// How many changes to reference data there have been.
pub fn version(conn: &mut Conn) -> Result<i64> {
    Ok(reference_version::table
        .select(reference_version::version)
        .first(conn)?)
}

/// How often entries of closed weeks have changed.
pub fn closed_entries(conn: &mut Conn) -> Result<i64> {
    Ok(reference_version::table
        .select(reference_version::closed_entries)
        .first(conn)?)
}

/// Counts one more, for a change that the database does not count by itself: entries of closed weeks come by import.
pub fn move_on(conn: &mut Conn) -> Result<()> {
    diesel::update(reference_version::table)
        .set((
            reference_version::version.eq(reference_version::version + 1),
            reference_version::closed_entries.eq(reference_version::closed_entries + 1),
        ))
        .execute(conn)?;
    Ok(())
}
