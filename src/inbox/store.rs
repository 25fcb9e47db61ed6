//! All SQL about notices.

use super::{Notice, NoticeKind};
use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::insert_all;
use crate::rules::access::Role;
use crate::schema::{leads, notice_mutes, notices, people};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashSet;

/// Those who are here, did not switch the kind off, and were not told under this key before; each with their role.
pub fn who_listens(
    conn: &mut Conn,
    people: &[i64],
    kind: NoticeKind,
    once: Option<&str>,
) -> Result<Vec<(i64, Role)>> {
    let muted = notice_mutes::table
        .filter(notice_mutes::kind.eq(kind))
        .select(notice_mutes::person_id);
    let here: Vec<(i64, Role)> = people::table
        .filter(people::id.eq_any(people))
        .filter(people::left_on.is_null())
        .filter(people::id.ne_all(muted))
        .select((people::id, people::role))
        .load(conn)?;
    let Some(once) = once else { return Ok(here) };
    let ids: Vec<i64> = here.iter().map(|(id, _)| *id).collect();
    let told: Vec<i64> = notices::table
        .filter(notices::person_id.eq_any(ids))
        .filter(notices::once.eq(once))
        .select(notices::person_id)
        .load(conn)?;
    let is_new = |(id, _): &(i64, Role)| !told.contains(id);
    Ok(here.into_iter().filter(is_new).collect())
}

/// Which of some keys somebody was told under.
pub fn told<K: AsRef<str>>(conn: &mut Conn, keys: &[K]) -> Result<HashSet<String>> {
    let mut told = HashSet::new();
    for keys in keys.chunks(BATCH_ROWS) {
        let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
        let found: Vec<Option<String>> = notices::table
            .filter(notices::once.eq_any(keys))
            .select(notices::once)
            .load(conn)?;
        told.extend(found.into_iter().flatten());
    }
    Ok(told)
}

#[derive(Insertable)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
struct NewNotice<'n> {
    person_id: i64,
    kind: NoticeKind,
    at: Instant,
    by_id: Option<i64>,
    lead_id: Option<i64>,
    handover_id: Option<i64>,
    text: &'n str,
    once: Option<&'n str>,
    definition_id: Option<i64>,
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
    let row = |person_id: &i64| NewNotice {
        person_id: *person_id,
        kind,
        at,
        by_id,
        lead_id: notice.lead_id,
        handover_id: notice.handover_id,
        text: &notice.text,
        once: notice.once.as_deref(),
        definition_id: notice.definition_id,
    };
    let rows: Vec<NewNotice> = people.iter().map(row).collect();
    insert_all!(conn, notices::table, &rows);
    Ok(())
}

/// A notice as its reader sees it.
#[derive(Debug, Queryable)]
pub struct NoticeRow {
    pub id: i64,
    pub kind: NoticeKind,
    pub at: Instant,
    pub by: Option<String>,
    pub lead: Option<LeadName>,
    pub text: String,
    pub read_at: Option<Instant>,
    pub definition_id: Option<i64>,
}

/// What a lead is called by.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct LeadName {
    pub uid: String,
    pub name: String,
    pub company: String,
}

/// Which of somebody's notices.
enum Which {
    All,
    /// Those before one, as they are listed.
    Before(Instant, i64),
    Only(i64),
}

/// Somebody's notices, the newest first, those before the one of this id.
pub fn page(
    conn: &mut Conn,
    person_id: i64,
    is_unread_only: bool,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<NoticeRow>> {
    let which = match before {
        Some(id) => match rows(conn, person_id, Which::Only(id), false, 1)?.first() {
            Some(row) => Which::Before(row.at, row.id),
            None => Which::All,
        },
        None => Which::All,
    };
    rows(conn, person_id, which, is_unread_only, most)
}

/// One of somebody's notices.
pub fn of_person(conn: &mut Conn, person_id: i64, id: i64) -> Result<Option<NoticeRow>> {
    Ok(rows(conn, person_id, Which::Only(id), false, 1)?.pop())
}

fn rows(
    conn: &mut Conn,
    person_id: i64,
    which: Which,
    is_unread_only: bool,
    most: i64,
) -> Result<Vec<NoticeRow>> {
    let mut rows = notices::table
        .left_join(people::table.on(people::id.nullable().eq(notices::by_id)))
        .left_join(leads::table.on(leads::id.nullable().eq(notices::lead_id)))
        .filter(notices::person_id.eq(person_id))
        .order((notices::at.desc(), notices::id.desc()))
        .limit(most)
        .select((
            notices::id,
            notices::kind,
            notices::at,
            people::name.nullable(),
            Option::<LeadName>::as_select(),
            notices::text,
            notices::read_at,
            notices::definition_id,
        ))
        .into_boxed();
    if is_unread_only {
        rows = rows.filter(notices::read_at.is_null());
    }
    rows = match which {
        Which::All => rows,
        Which::Only(id) => rows.filter(notices::id.eq(id)),
        Which::Before(at, id) => {
            let earlier = notices::at.lt(at);
            let same = notices::at.eq(at).and(notices::id.lt(id));
            rows.filter(notices::at.le(at)).filter(earlier.or(same))
        }
    };
    Ok(rows.load(conn)?)
}

/// Marks as read what somebody was told up to and with `last`, or only that one.
pub fn mark_read(
    conn: &mut Conn,
    person_id: i64,
    last: i64,
    is_only: bool,
    now: Instant,
) -> Result<()> {
    let first = if is_only { last } else { 0 };
    diesel::update(notices::table)
        .filter(notices::person_id.eq(person_id))
        .filter(notices::id.between(first, last))
        .filter(notices::read_at.is_null())
        .set(notices::read_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// The kinds that somebody does not want to be told of.
pub fn mutes(conn: &mut Conn, person_id: i64) -> Result<Vec<NoticeKind>> {
    Ok(notice_mutes::table
        .filter(notice_mutes::person_id.eq(person_id))
        .select(notice_mutes::kind)
        .load(conn)?)
}

/// Replaces them.
pub fn set_mutes(conn: &mut Conn, person_id: i64, kinds: &[NoticeKind]) -> Result<()> {
    diesel::delete(notice_mutes::table.filter(notice_mutes::person_id.eq(person_id)))
        .execute(conn)?;
    let rows: Vec<_> = kinds
        .iter()
        .map(|kind| {
            (
                notice_mutes::person_id.eq(person_id),
                notice_mutes::kind.eq(*kind),
            )
        })
        .collect();
    insert_all!(conn, notice_mutes::table, &rows);
    Ok(())
}
