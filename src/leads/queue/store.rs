//! All SQL about the queue of open leads that nobody owns.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::due::Given;
use crate::leads::list::store::{Query, cut, next_to};
use crate::leads::list::{Order, Place};
use crate::leads::store::Lead;
use crate::rules::stage::{EventKind, Stage};
use crate::schema::{handovers, lead_events, leads};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashMap;

fn open() -> impl Iterator<Item = Stage> {
    Stage::ALL.iter().copied().filter(|stage| stage.is_open())
}

fn of(stage: Stage) -> Query {
    leads::table
        .filter(leads::owner_id.is_null())
        .filter(leads::stage.eq(stage))
        .select(Lead::as_select())
        .into_boxed()
}

/// A page of the queue, the oldest hand-over first, and whether there are more. Everybody who sees leads sees it.
pub fn page(conn: &mut Conn, place: Place, most: usize) -> Result<(Vec<Lead>, bool)> {
    let mut rows = Vec::new();
    // Stage by stage, as each lies in order in an index.
    for stage in open() {
        rows.extend(next_to(conn, &|| of(stage), Order::Oldest, place, most)?);
    }
    Ok(cut(rows, Order::Oldest, place, most))
}

/// The uids of the first of the queue.
pub fn first(conn: &mut Conn, most: i64) -> Result<Vec<String>> {
    let (rows, _) = page(conn, Place::First, usize::try_from(most).unwrap_or(0))?;
    Ok(rows.into_iter().map(|lead| lead.uid).collect())
}

pub fn count(conn: &mut Conn) -> Result<i64> {
    let open: Vec<Stage> = open().collect();
    Ok(leads::table
        .filter(leads::owner_id.is_null())
        .filter(leads::stage.eq_any(open))
        .count()
        .get_result(conn)?)
}

/// When leads lost their last owner, by lead; those that never had one are left out.
pub fn since(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Instant>> {
    let rows: Vec<(i64, Option<Instant>)> = lead_events::table
        .filter(lead_events::lead_id.eq_any(ids))
        .filter(lead_events::kind.eq(EventKind::Assigned))
        .filter(lead_events::owner_id.is_null())
        .group_by(lead_events::lead_id)
        .select((lead_events::lead_id, diesel::dsl::max(lead_events::at)))
        .load(conn)?;
    let known = rows.into_iter();
    Ok(known.filter_map(|(id, at)| Some((id, at?))).collect())
}

/// The newest hand-over of leads, by lead.
pub fn given(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Given>> {
    let newest = handovers::lead_id.eq(leads::id).and(
        handovers::handed_over_at
            .nullable()
            .eq(leads::handed_over_at),
    );
    let rows: Vec<(i64, Given)> = leads::table
        .inner_join(handovers::table.on(newest))
        .filter(leads::id.eq_any(ids))
        .select((leads::id, Given::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// How many open leads each of these people has; those without any are left out.
pub fn open_of_each(conn: &mut Conn, people: &[i64]) -> Result<HashMap<i64, i64>> {
    let open: Vec<Stage> = open().collect();
    let rows: Vec<(Option<i64>, i64)> = leads::table
        .filter(leads::owner_id.eq_any(people))
        .filter(leads::stage.eq_any(open))
        .group_by(leads::owner_id)
        .select((leads::owner_id, diesel::dsl::count_star()))
        .load(conn)?;
    let known = rows.into_iter();
    Ok(known.filter_map(|(id, n)| Some((id?, n))).collect())
}
