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
