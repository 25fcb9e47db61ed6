//! All SQL about service levels. A span is the first and the last instant of a hand-over, both included.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::Member;
use crate::leads::store::stands;
use crate::rules::moves::NOT_MY_TERRITORY;
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::schema::{handovers, lead_events, rejection_replies};
use crate::talk::Reply;
use crate::value::Instant;
use diesel::prelude::*;

/// One hand-over.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    pub id: i64,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub urgency: Urgency,
    pub source_id: Option<i64>,
    pub definition_id: i64,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    /// Whether it came complete, as it was handed over.
    pub is_complete: bool,
}

impl Row {
    pub fn member(&self) -> Member {
        Member {
            lead_id: self.lead_id,
            handed_over_at: self.handed_over_at,
            urgency: self.urgency,
            label_id: self.source_id,
        }
    }
}

pub fn rows(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Row>> {
    Ok(handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select((
            handovers::id,
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::urgency,
            handovers::source_id,
            handovers::definition_id,
            handovers::first_attempt_at,
            handovers::first_contact_at,
            handovers::closed_at,
            handovers::is_complete,
        ))
        .load(conn)?)
}

/// An acceptance, a re-route or a closing that stands.
#[derive(Debug, Clone, Queryable)]
pub struct Event {
    pub lead_id: i64,
    pub at: Instant,
    pub kind: EventKind,
    pub reason: String,
    pub id: i64,
    /// The first of the rows that this one corrects.
    pub place_id: Option<i64>,
    pub origin: String,
}

const KINDS: &[EventKind] = &[
    EventKind::Accepted,
    EventKind::Rejected,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Duplicate,
    EventKind::Won,
    EventKind::Lost,
];

/// Of the leads of a span, in order of time.
pub fn events(conn: &mut Conn, span: (Instant, Instant), as_of: Instant) -> Result<Vec<Event>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    let rerouted = lead_events::kind
        .eq(EventKind::Assigned)
        .and(lead_events::reason.eq(NOT_MY_TERRITORY));
    Ok(lead_events::table
        .filter(lead_events::kind.eq_any(KINDS).or(rerouted))
        .filter(lead_events::at.le(as_of))
        .filter(lead_events::lead_id.eq_any(theirs))
        .filter(stands())
        .order((lead_events::at, lead_events::id))
        .select((
            lead_events::lead_id,
            lead_events::at,
            lead_events::kind,
            lead_events::reason,
            lead_events::id,
            lead_events::place_id,
            lead_events::origin,
        ))
        .load(conn)?)
}

/// A rejection that sales took back: its lead, its first row, and when the hand-over began that came of it.
pub type Withdrawn = (i64, i64, Option<Instant>);

/// Those of the leads of a span.
pub fn withdrawn(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<Withdrawn>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(rejection_replies::table
        .filter(rejection_replies::lead_id.eq_any(theirs))
        .filter(rejection_replies::reply.eq(Reply::Withdrawn))
        .filter(rejection_replies::at.le(as_of))
        .select((
            rejection_replies::lead_id,
            rejection_replies::event_id,
            rejection_replies::led_to_at,
        ))
        .load(conn)?)
}

/// When marketing answered rejections of the leads of a span first: the rejection's first row, and the instant.
pub fn answers(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<(i64, Instant)>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(rejection_replies::table
        .filter(rejection_replies::lead_id.eq_any(theirs))
        .filter(rejection_replies::step.eq(1))
        .filter(rejection_replies::at.le(as_of))
        .select((rejection_replies::event_id, rejection_replies::at))
        .load(conn)?)
}
