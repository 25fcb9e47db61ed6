//! SQL of the page of hand-overs. A span is the first and the last instant of a hand-over, both included.

use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::leads::store::{LeadName, stands};
use crate::leads::{Handover, Lead};
use crate::rules::stage::{EventKind, Stage};
use crate::schema::{activities, handovers, lead_events, leads};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The hand-overs of a span, the newest first.
pub fn handovers(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Handover>> {
    Ok(handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .order((handovers::handed_over_at.desc(), handovers::id.desc()))
        .select(Handover::as_select())
        .load(conn)?)
}

/// A lead as far as its hand-overs ask.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct Head {
    pub id: i64,
    pub uid: String,
    #[diesel(embed)]
    pub name: LeadName,
    pub stage: Stage,
    pub owner_id: Option<i64>,
    pub handed_over_at: Option<Instant>,
}

/// The leads of the hand-overs of a span.
pub fn heads(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Head>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(leads::table
        .filter(leads::id.eq_any(theirs))
        .select(Head::as_select())
        .load(conn)?)
}

diesel::alias!(handovers as wanted: Wanted);

/// When the leads of a span were ever handed over.
pub fn starts(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<(i64, Instant)>> {
    let theirs = wanted
        .filter(
            wanted
                .field(handovers::handed_over_at)
                .between(span.0, span.1),
        )
        .select(wanted.field(handovers::lead_id));
    Ok(handovers::table
        .filter(handovers::lead_id.eq_any(theirs))
        .select((handovers::lead_id, handovers::handed_over_at))
        .load(conn)?)
}

/// A standing event of a lead.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct Event {
    pub id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub kind: EventKind,
    pub reason: String,
    pub owner_id: Option<i64>,
    /// The first of the rows that this one corrects.
    pub place_id: Option<i64>,
}

impl Event {
    /// Of two at one instant the one with the larger place came later: a correction has that of what it corrects.
    pub fn place(&self) -> i64 {
        self.place_id.unwrap_or(self.id)
    }
}

/// What happened to the leads of a span and stands.
pub fn events(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Event>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq_any(theirs))
        .filter(lead_events::kind.ne(EventKind::Withdrawn))
        .filter(stands())
        .select(Event::as_select())
        .load(conn)?)
}

/// When meetings were booked by entries about some leads: lead and instant.
pub fn meetings(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<(i64, Instant)>> {
    let mut all = Vec::new();
    for ids in lead_ids.chunks(BATCH_ROWS) {
        let rows: Vec<(Option<i64>, Instant)> = activities::table
            .filter(activities::lead_id.eq_any(ids.iter().copied().map(Some)))
            .filter(activities::is_current)
            .filter(activities::is_meeting)
            .select((activities::lead_id, activities::happened_at))
            .load(conn)?;
        all.extend(rows.into_iter().filter_map(|(lead, at)| Some((lead?, at))));
    }
    Ok(all)
}

/// The leads in nurture, or disqualified for now, that come back by a day, those that waited longest first.
pub fn back_from_nurture(conn: &mut Conn, by: NaiveDate, most: i64) -> Result<Vec<Lead>> {
    Ok(leads::table
        .filter(leads::stage.eq_any(Stage::RETURNING))
        .filter(leads::next_step_on.le(by))
        .filter(leads::is_stopped.eq(false))
        .order((leads::next_step_on.asc(), leads::id.asc()))
        .limit(most)
        .select(Lead::as_select())
        .load(conn)?)
}
