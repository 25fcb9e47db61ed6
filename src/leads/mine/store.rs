//! All SQL about somebody's own leads. Stage by stage, as each lies in order in an index (owner, stage, listed_at).

use crate::db::Conn;
use crate::error::Result;
use crate::leads::due::Given;
use crate::leads::list::store::{Query, cut, next_to};
use crate::leads::list::{Order, Place};
use crate::leads::store::Lead;
use crate::rules::stage::Stage;
use crate::schema::{handovers, lead_events, leads};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

const UNTRIED: [Stage; 2] = [Stage::HandedOver, Stage::Accepted];
const TRIED: [Stage; 5] = [
    Stage::Attempting,
    Stage::Contacted,
    Stage::MeetingBooked,
    Stage::Qualified,
    Stage::Opportunity,
];

/// A lead as far as its place among somebody's leads depends on it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct Waiting {
    pub id: i64,
    pub owner_id: Option<i64>,
    pub stage: Stage,
    pub listed_at: Instant,
    pub next_step_on: Option<NaiveDate>,
}

fn nullable(owners: &[i64]) -> Vec<Option<i64>> {
    owners.iter().copied().map(Some).collect()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn newest_of_lead() -> _ {
    let is_theirs = handovers::lead_id.eq(leads::id);
    is_theirs.and(
        handovers::handed_over_at
            .nullable()
            .eq(leads::handed_over_at),
    )
}

/// Some people's leads with a promise that is not kept yet, and what was promised: those without an attempt since their
/// hand-over, the oldest `most` of each stage, and those tried without a contact, the oldest `most`.
pub fn promised(conn: &mut Conn, owners: &[i64], most: i64) -> Result<Vec<(Waiting, Given)>> {
    let mut all = Vec::new();
    for stage in UNTRIED {
        let rows: Vec<(Waiting, Given)> = leads::table
            .inner_join(handovers::table.on(newest_of_lead()))
            .filter(leads::owner_id.eq_any(nullable(owners)))
            .filter(leads::stage.eq(stage).and(leads::is_stopped.eq(false)))
            .order((leads::listed_at, leads::id))
            .limit(most)
            .select((Waiting::as_select(), Given::as_select()))
            .load(conn)?;
        all.extend(rows);
    }
    let tried: Vec<(Waiting, Given)> = leads::table
        .inner_join(handovers::table.on(newest_of_lead()))
        .filter(leads::owner_id.eq_any(nullable(owners)))
        .filter(leads::stage.eq_any(TRIED).and(leads::is_stopped.eq(false)))
        .filter(handovers::first_contact_at.is_null())
        .order((leads::listed_at, leads::id))
        .limit(most)
        .select((Waiting::as_select(), Given::as_select()))
        .load(conn)?;
    all.extend(tried);
    Ok(all)
}

/// Some people's tried leads whose next step is on or before `today`, the oldest `most`.
pub fn stepped(
    conn: &mut Conn,
    owners: &[i64],
    today: NaiveDate,
    most: i64,
) -> Result<Vec<Waiting>> {
    Ok(leads::table
        .filter(leads::owner_id.eq_any(nullable(owners)))
        .filter(leads::next_step_on.le(today))
        .filter(leads::stage.eq_any(TRIED).and(leads::is_stopped.eq(false)))
        .order((leads::next_step_on, leads::id))
        .limit(most)
        .select(Waiting::as_select())
        .load(conn)?)
}

fn of(owners: &[i64], stage: Stage) -> Query {
    leads::table
        .filter(leads::owner_id.eq_any(nullable(owners)))
        .filter(leads::stage.eq(stage))
        .select(Lead::as_select())
        .into_boxed()
}

/// What goes on without being due on `today` and is none of `due`, and what may not be contacted: of one stage.
fn working_of(owners: &[i64], stage: Stage, today: NaiveDate, due: &[i64]) -> Query {
    let query = of(owners, stage);
    if UNTRIED.contains(&stage) {
        return query.filter(leads::is_stopped.eq(true));
    }
    let later = leads::next_step_on
        .is_null()
        .or(leads::next_step_on.gt(today));
    query
        .filter(later.or(leads::is_stopped.eq(true).nullable()))
        .filter(leads::id.ne_all(due.to_vec()))
}

/// A page of some people's leads that go on and are none of `due`, the newest hand-over first, and whether there are more.
pub fn working(
    conn: &mut Conn,
    owners: &[i64],
    today: NaiveDate,
    due: &[i64],
    place: Place,
    most: usize,
) -> Result<(Vec<Lead>, bool)> {
    let mut rows = Vec::new();
    for stage in UNTRIED.into_iter().chain(TRIED) {
        let query = || working_of(owners, stage, today, due);
        rows.extend(next_to(conn, &query, Order::Newest, place, most)?);
    }
    Ok(cut(rows, Order::Newest, place, most))
}

pub fn count_working(conn: &mut Conn, owners: &[i64], today: NaiveDate) -> Result<i64> {
    // Two questions, as both together would look at every lead that somebody ever had.
    let theirs = || leads::table.filter(leads::owner_id.eq_any(nullable(owners)));
    let later = leads::next_step_on
        .is_null()
        .or(leads::next_step_on.gt(today));
    let tried: i64 = theirs()
        .filter(leads::stage.eq_any(TRIED))
        .filter(later.or(leads::is_stopped.eq(true).nullable()))
        .count()
        .get_result(conn)?;
    let stopped: i64 = theirs()
        .filter(leads::stage.eq_any(UNTRIED))
        .filter(leads::is_stopped.eq(true))
        .count()
        .get_result(conn)?;
    Ok(tried + stopped)
}

/// A page of the leads that somebody had and gave back to marketing, the newest hand-over first.
pub fn nurtured(
    conn: &mut Conn,
    owners: &[i64],
    place: Place,
    most: usize,
) -> Result<(Vec<Lead>, bool)> {
    let query = || of(owners, Stage::Nurture);
    let rows = next_to(conn, &query, Order::Newest, place, most)?;
    Ok(cut(rows, Order::Newest, place, most))
}

pub fn count_nurtured(conn: &mut Conn, owners: &[i64]) -> Result<i64> {
    Ok(leads::table
        .filter(leads::owner_id.eq_any(nullable(owners)))
        .filter(leads::stage.eq(Stage::Nurture))
        .count()
        .get_result(conn)?)
}

/// Somebody's open leads, the longest waiting first.
pub fn open_of(conn: &mut Conn, owner_id: i64, most: i64) -> Result<Vec<Lead>> {
    let mut all = Vec::new();
    for stage in UNTRIED.into_iter().chain(TRIED) {
        let query = || of(&[owner_id], stage);
        let most = usize::try_from(most).unwrap_or(0);
        all.extend(next_to(conn, &query, Order::Oldest, Place::First, most)?);
    }
    all.sort_by_key(|lead| (lead.listed_at, lead.id));
    all.truncate(usize::try_from(most).unwrap_or(0));
    Ok(all)
}

/// What a form on leads was made with, by lead: as a lead's own page says it.
pub fn seen(conn: &mut Conn, leads: &[Lead]) -> Result<HashMap<i64, String>> {
    let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
    let versions = versions(conn, &ids)?;
    let words = |lead: &Lead| {
        let newest = versions.get(&lead.id).copied().unwrap_or_default();
        (lead.id, super::version(newest, lead.next_step_on))
    };
    Ok(leads.iter().map(words).collect())
}

/// The newest event and hand-over of leads, by lead.
fn versions(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, (i64, i64)>> {
    let mut all: HashMap<i64, (i64, i64)> = HashMap::new();
    let events: Vec<(i64, Option<i64>)> = lead_events::table
        .filter(lead_events::lead_id.eq_any(ids))
        .group_by(lead_events::lead_id)
        .select((lead_events::lead_id, diesel::dsl::max(lead_events::id)))
        .load(conn)?;
    for (lead, event) in events {
        all.entry(lead).or_default().0 = event.unwrap_or(0);
    }
    let given: Vec<(i64, Option<i64>)> = handovers::table
        .filter(handovers::lead_id.eq_any(ids))
        .group_by(handovers::lead_id)
        .select((handovers::lead_id, diesel::dsl::max(handovers::id)))
        .load(conn)?;
    for (lead, handover) in given {
        all.entry(lead).or_default().1 = handover.unwrap_or(0);
    }
    Ok(all)
}
