//! SQL about whose a lead was.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::{LeadName, stands};
use crate::rules::stage::EventKind;
use crate::schema::{handovers, lead_events, leads};
use crate::value::Instant;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct Named {
    pub id: i64,
    pub handed_over_at: Option<Instant>,
    #[diesel(embed)]
    pub name: LeadName,
}

/// One standing assignment: whose the lead became, by whom and why.
#[derive(Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct Owned {
    pub at: Instant,
    pub by_id: Option<i64>,
    pub owner_id: Option<i64>,
    pub reason: String,
    pub note: String,
}

/// Without asking who may see it: [`super::find`] does.
pub fn lead(conn: &mut Conn, uid: &str) -> Result<Option<Named>> {
    Ok(leads::table
        .filter(leads::uid.eq(uid))
        .select(Named::as_select())
        .first(conn)
        .optional()?)
}

/// Whether a lead was handed over at or before an instant.
pub fn is_handed_over(conn: &mut Conn, lead_id: i64, at: Instant) -> Result<bool> {
    let by_then = handovers::table
        .filter(handovers::lead_id.eq(lead_id))
        .filter(handovers::handed_over_at.le(at));
    Ok(diesel::select(diesel::dsl::exists(by_then)).get_result(conn)?)
}

/// Whose a lead was, one after the other.
pub fn owned(conn: &mut Conn, lead_id: i64) -> Result<Vec<Owned>> {
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq(lead_id))
        .filter(lead_events::kind.eq(EventKind::Assigned))
        .filter(stands())
        .order((lead_events::at, lead_events::id))
        .select(Owned::as_select())
        .load(conn)?)
}

/// Whether somebody themselves sent a lead on to a territory with this reason and note, and nothing became of it since.
pub fn is_sent_on(
    conn: &mut Conn,
    by_id: i64,
    uid: &str,
    territory_id: i64,
    (reason, note): (&str, &str),
) -> Result<bool> {
    let id: Option<i64> = leads::table
        .filter(leads::uid.eq(uid))
        .filter(leads::territory_id.eq(territory_id))
        .select(leads::id)
        .first(conn)
        .optional()?;
    let Some(id) = id else { return Ok(false) };
    let owned = owned(conn, id)?;
    let is_it = |last: &Owned| {
        last.by_id == Some(by_id) && last.reason == reason && last.note.ends_with(note)
    };
    Ok(owned.last().is_some_and(is_it))
}
