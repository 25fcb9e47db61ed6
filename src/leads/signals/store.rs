//! All SQL about signals and their kinds.

use super::Sort;
use crate::db::Conn;
use crate::error::Result;
use crate::rules::lead_score::Happened;
use crate::schema::{lead_signals, signal_kinds};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = signal_kinds)]
pub struct SignalKind {
    pub id: i64,
    pub name: String,
    pub sort: Sort,
    pub is_retired: bool,
}

/// One row of the append-only list of what is known of a lead.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lead_signals)]
pub struct Signal {
    pub id: i64,
    pub uid: String,
    pub lead_id: i64,
    pub kind_id: i64,
    pub at: Instant,
    pub entered_at: Instant,
    pub what: String,
    pub asset_id: Option<i64>,
    pub link: String,
    pub by_id: Option<i64>,
    pub is_withdrawn: bool,
    pub replaces_id: Option<i64>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = lead_signals, treat_none_as_default_value = false)]
pub struct SignalRow {
    pub uid: String,
    pub lead_id: i64,
    pub kind_id: i64,
    pub at: Instant,
    pub entered_at: Instant,
    pub what: String,
    pub asset_id: Option<i64>,
    pub link: String,
    pub by_id: Option<i64>,
    pub is_withdrawn: bool,
    pub replaces_id: Option<i64>,
}

/// All kinds, retired ones too, in the order in which they were made.
pub fn kinds(conn: &mut Conn) -> Result<Vec<SignalKind>> {
    Ok(signal_kinds::table
        .order(signal_kinds::id)
        .select(SignalKind::as_select())
        .load(conn)?)
}

pub fn add_kind(conn: &mut Conn, name: &str, sort: Sort) -> Result<i64> {
    Ok(diesel::insert_into(signal_kinds::table)
        .values((signal_kinds::name.eq(name), signal_kinds::sort.eq(sort)))
        .returning(signal_kinds::id)
        .get_result(conn)?)
}

pub fn set_retired(conn: &mut Conn, id: i64, is_retired: bool) -> Result<()> {
    diesel::update(signal_kinds::table.find(id))
        .set(signal_kinds::is_retired.eq(is_retired))
        .execute(conn)?;
    Ok(())
}

pub fn add(conn: &mut Conn, row: &SignalRow) -> Result<()> {
    diesel::insert_into(lead_signals::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

pub fn by_uid(conn: &mut Conn, uid: &str) -> Result<Option<Signal>> {
    Ok(lead_signals::table
        .filter(lead_signals::uid.eq(uid))
        .select(Signal::as_select())
        .first(conn)
        .optional()?)
}

/// The one that names another as what it corrects or withdraws.
pub fn replacing(conn: &mut Conn, id: i64) -> Result<Option<Signal>> {
    Ok(lead_signals::table
        .filter(lead_signals::replaces_id.eq(id))
        .select(Signal::as_select())
        .first(conn)
        .optional()?)
}

/// What stands of a lead, newest first: neither withdrawn nor named by a later row.
pub fn of_lead(conn: &mut Conn, lead_id: i64) -> Result<Vec<Signal>> {
    let all: Vec<Signal> = lead_signals::table
        .filter(lead_signals::lead_id.eq(lead_id))
        .order((lead_signals::at.desc(), lead_signals::id.desc()))
        .select(Signal::as_select())
        .load(conn)?;
    let replaced: Vec<i64> = all.iter().filter_map(|s| s.replaces_id).collect();
    let stands = |s: &Signal| !s.is_withdrawn && !replaced.contains(&s.id);
    Ok(all.into_iter().filter(stands).collect())
}

type Brief = (i64, i64, i64, Instant, bool, Option<i64>);

/// What stands of some leads, as far as the score asks, by lead.
pub fn happened(conn: &mut Conn, lead_ids: &[i64]) -> Result<HashMap<i64, Vec<Happened>>> {
    let all: Vec<Brief> = lead_signals::table
        .filter(lead_signals::lead_id.eq_any(lead_ids))
        .order(lead_signals::id)
        .select((
            lead_signals::id,
            lead_signals::lead_id,
            lead_signals::kind_id,
            lead_signals::at,
            lead_signals::is_withdrawn,
            lead_signals::replaces_id,
        ))
        .load(conn)?;
    let replaced: std::collections::HashSet<i64> =
        all.iter().filter_map(|(.., replaces)| *replaces).collect();
    let mut by_lead: HashMap<i64, Vec<Happened>> = HashMap::new();
    for (id, lead_id, kind_id, at, is_withdrawn, _) in all {
        if !is_withdrawn && !replaced.contains(&id) {
            let happened = Happened { kind_id, at };
            by_lead.entry(lead_id).or_default().push(happened);
        }
    }
    Ok(by_lead)
}
