//! SQL of receipts.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::Handover;
use crate::schema::handovers;
use diesel::prelude::*;

/// The hand-over of a receipt's address.
pub fn of_uid(conn: &mut Conn, uid: &str) -> Result<Option<Handover>> {
    Ok(handovers::table
        .filter(handovers::uid.eq(uid))
        .select(Handover::as_select())
        .first(conn)
        .optional()?)
}
