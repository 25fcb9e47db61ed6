//! All SQL about leads that wait for their owner. Written for each database by itself, as every Today asks it.

use crate::both;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::LeadName;
use crate::rules::stage::Stage;
use crate::rules::wait::Urgency;
use crate::schema::leads;
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A lead as far as its owner must know it to go on with it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct WaitingLead {
    pub id: i64,
    pub uid: String,
    #[diesel(embed)]
    pub called: LeadName,
    pub urgency: Urgency,
    pub stage: Stage,
    pub listed_at: Instant,
    pub last_touch_at: Option<Instant>,
    pub next_step_on: Option<NaiveDate>,
}

/// Somebody's leads without an attempt since their hand-over, in no order.
pub fn unattempted(conn: &mut Conn, owner_id: i64) -> Result<Vec<WaitingLead>> {
    let untried = leads::stage
        .eq(Stage::HandedOver)
        .or(leads::stage.eq(Stage::Accepted));
    let query = leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(untried.and(leads::is_stopped.eq(false)));
    Ok(both!(conn, |c| query
        .select(WaitingLead::as_select())
        .load(c))?)
}

/// Somebody's tried leads whose next step is on or before `today`, the oldest date first.
pub fn with_next_step(
    conn: &mut Conn,
    owner_id: i64,
    today: NaiveDate,
    most: i64,
) -> Result<Vec<WaitingLead>> {
    let working = leads::stage
        .eq(Stage::Attempting)
        .or(leads::stage.eq(Stage::Contacted))
        .or(leads::stage.eq(Stage::MeetingBooked))
        .or(leads::stage.eq(Stage::Qualified))
        .or(leads::stage.eq(Stage::Opportunity));
    let query = leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::next_step_on.le(today))
        .filter(working.and(leads::is_stopped.eq(false)))
        .order((leads::next_step_on, leads::id))
        .limit(most);
    Ok(both!(conn, |c| query
        .select(WaitingLead::as_select())
        .load(c))?)
}

/// Somebody's leads that were tried, before `today` began, and not reached, without a next step: the longest ago first.
pub fn not_reached(
    conn: &mut Conn,
    owner_id: i64,
    today_begins: Instant,
    most: i64,
) -> Result<Vec<WaitingLead>> {
    let query = leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::stage.eq(Stage::Attempting))
        .filter(
            leads::is_stopped
                .eq(false)
                .and(leads::next_step_on.is_null()),
        )
        .filter(leads::last_touch_at.lt(today_begins))
        .order((leads::last_touch_at, leads::id))
        .limit(most);
    Ok(both!(conn, |c| query
        .select(WaitingLead::as_select())
        .load(c))?)
}
