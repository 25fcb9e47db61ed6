//! All SQL about wins.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::stands;
use crate::rules::stage::EventKind;
use crate::schema::lead_events;
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashMap;

diesel::alias!(lead_events as winning: Winning);

/// The standing wins of a span: lead and instant.
pub fn won(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<(i64, Instant)>> {
    Ok(lead_events::table
        .filter(lead_events::kind.eq(EventKind::Won))
        .filter(lead_events::at.between(span.0, span.1))
        .filter(stands())
        .select((lead_events::lead_id, lead_events::at))
        .load(conn)?)
}

/// When leads came to whom: instant, place among those at one instant, owner; in order.
#[derive(Default)]
pub struct Owners(HashMap<i64, Vec<(Instant, i64, Option<i64>)>>);

impl Owners {
    /// Who owned a lead at an instant: the last assignment at or before it.
    pub fn at(&self, lead_id: i64, at: Instant) -> Option<i64> {
        let changes = self.0.get(&lead_id)?;
        let begun = changes.partition_point(|(since, ..)| *since <= at);
        changes[..begun].last()?.2
    }
}

/// The standing assignments of the leads won in a span.
pub fn owners(conn: &mut Conn, span: (Instant, Instant)) -> Result<Owners> {
    type Row = (i64, Instant, i64, Option<i64>, Option<i64>);
    let theirs = winning
        .filter(winning.field(lead_events::kind).eq(EventKind::Won))
        .filter(winning.field(lead_events::at).between(span.0, span.1))
        .select(winning.field(lead_events::lead_id));
    let rows: Vec<Row> = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Assigned))
        .filter(lead_events::lead_id.eq_any(theirs))
        .filter(stands())
        .select((
            lead_events::lead_id,
            lead_events::at,
            lead_events::id,
            lead_events::place_id,
            lead_events::owner_id,
        ))
        .load(conn)?;
    let mut owners = Owners::default();
    for (lead_id, at, id, place_id, owner_id) in rows {
        let change = (at, place_id.unwrap_or(id), owner_id);
        owners.0.entry(lead_id).or_default().push(change);
    }
    for changes in owners.0.values_mut() {
        changes.sort_unstable();
    }
    Ok(owners)
}
