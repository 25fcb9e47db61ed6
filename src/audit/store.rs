//! All SQL about the audit trail.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::audit_entries::{self, dsl};
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

/// One line of the trail.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct Line {
    pub at: Instant,
    pub by_id: Option<i64>,
    pub verb: String,
    pub subject_id: Option<i64>,
    pub detail: String,
}

/// What was done to some things of a subject (all without) by these verbs, newest first, at most `most`.
pub fn trail(
    conn: &mut Conn,
    subject: &str,
    verbs: &[&str],
    ids: Option<&[i64]>,
    most: i64,
) -> Result<Vec<Line>> {
    let lines = dsl::audit_entries
        .filter(dsl::subject.eq(subject).and(dsl::verb.eq_any(verbs)))
        .order(dsl::id.desc())
        .limit(most)
        .select(Line::as_select());
    Ok(match ids {
        Some(ids) => {
            let ids = ids.iter().copied().map(Some);
            lines.filter(dsl::subject_id.eq_any(ids)).load(conn)?
        }
        None => lines.load(conn)?,
    })
}
