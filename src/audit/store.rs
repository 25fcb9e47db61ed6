//! All SQL about the audit trail.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::audit_entries::dsl;
use crate::value::Instant;
use diesel::prelude::*;

pub fn add(
    conn: &mut Conn,
    at: Instant,
    by_id: Option<i64>,
    verb: &str,
    subject: &str,
    subject_id: Option<i64>,
    detail: &str,
) -> Result<()> {
    diesel::insert_into(dsl::audit_entries)
        .values((
            dsl::at.eq(at),
            dsl::by_id.eq(by_id),
            dsl::verb.eq(verb),
            dsl::subject.eq(subject),
            dsl::subject_id.eq(subject_id),
            dsl::detail.eq(detail),
        ))
        .execute(conn)?;
    Ok(())
}
