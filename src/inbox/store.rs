//! All SQL about notices.

use super::{Notice, NoticeKind};
use crate::db::Conn;
use crate::error::Result;
use crate::insert_all;
use crate::schema::{notice_mutes, notices, people};
use crate::value::Instant;
use diesel::prelude::*;

/// Those who are here, did not switch the kind off, and were not told under this key before.
pub fn who_listens(
    conn: &mut Conn,
    people: &[i64],
    kind: NoticeKind,
    once: Option<&str>,
) -> Result<Vec<i64>> {
    let muted = notice_mutes::table
        .filter(notice_mutes::kind.eq(kind))
        .select(notice_mutes::person_id);
    let here: Vec<i64> = people::table
        .filter(people::id.eq_any(people))
        .filter(people::left_on.is_null())
        .filter(people::id.ne_all(muted))
        .select(people::id)
        .load(conn)?;
    let Some(once) = once else { return Ok(here) };
    let told: Vec<i64> = notices::table
        .filter(notices::person_id.eq_any(&here))
        .filter(notices::once.eq(once))
        .select(notices::person_id)
        .load(conn)?;
    Ok(here.into_iter().filter(|id| !told.contains(id)).collect())
}

#[derive(Insertable)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
struct NoticeRow<'n> {
    person_id: i64,
    kind: NoticeKind,
    at: Instant,
    by_id: Option<i64>,
    lead_id: Option<i64>,
    handover_id: Option<i64>,
    text: &'n str,
    once: Option<&'n str>,
}

/// One row for each of the people.
pub fn add(
    conn: &mut Conn,
    people: &[i64],
    kind: NoticeKind,
    at: Instant,
    by_id: Option<i64>,
    notice: &Notice,
) -> Result<()> {
    let row = |person_id: &i64| NoticeRow {
        person_id: *person_id,
        kind,
        at,
        by_id,
        lead_id: notice.lead_id,
        handover_id: notice.handover_id,
        text: &notice.text,
        once: notice.once.as_deref(),
    };
    let rows: Vec<NoticeRow> = people.iter().map(row).collect();
    insert_all!(conn, notices::table, &rows);
    Ok(())
}
