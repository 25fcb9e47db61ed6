//! All SQL about leads that wait for their owner. Each query starts from (owner, stage) in `leads_owner`.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::Lead;
use crate::rules::stage::Stage;
use crate::rules::wait::Urgency;
use crate::schema::leads;
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Somebody's leads of one urgency without an attempt since their hand-over, the oldest hand-over first.
pub fn unattempted(
    conn: &mut Conn,
    owner_id: i64,
    urgency: Urgency,
    most: i64,
) -> Result<Vec<Lead>> {
    Ok(leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::stage.eq_any([Stage::HandedOver, Stage::Accepted]))
        .filter(leads::is_stopped.eq(false).and(leads::urgency.eq(urgency)))
        .order((leads::listed_at, leads::id))
        .select(Lead::as_select())
        .limit(most)
        .load(conn)?)
}

/// Somebody's tried leads whose next step is on or before `today`, the oldest date first.
pub fn with_next_step(
    conn: &mut Conn,
    owner_id: i64,
    today: NaiveDate,
    most: i64,
) -> Result<Vec<Lead>> {
    let tried = [
        Stage::Attempting,
        Stage::Contacted,
        Stage::MeetingBooked,
        Stage::Qualified,
        Stage::Opportunity,
    ];
    Ok(leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::stage.eq_any(tried))
        .filter(
            leads::is_stopped
                .eq(false)
                .and(leads::next_step_on.le(today)),
        )
        .order((leads::next_step_on, leads::id))
        .select(Lead::as_select())
        .limit(most)
        .load(conn)?)
}

/// Somebody's leads that were tried, before `today` began, and not reached, without a next step: the longest ago first.
pub fn not_reached(
    conn: &mut Conn,
    owner_id: i64,
    today_begins: Instant,
    most: i64,
) -> Result<Vec<Lead>> {
    Ok(leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::stage.eq(Stage::Attempting))
        .filter(
            leads::is_stopped
                .eq(false)
                .and(leads::next_step_on.is_null()),
        )
        .filter(leads::last_touch_at.lt(today_begins))
        .order((leads::last_touch_at, leads::id))
        .select(Lead::as_select())
        .limit(most)
        .load(conn)?)
}
