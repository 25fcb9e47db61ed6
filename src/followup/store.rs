//! All SQL about follow-up speed.

use super::Awaited;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{self, Grouping, Member};
use crate::leads::store::stands;
use crate::rules::moves::UNABLE_TO_REACH;
use crate::rules::stage::EventKind;
use crate::rules::wait::{Urgency, Wait};
use crate::schema::{activities, handovers, lead_events, leads};
use crate::value::Instant;
use diesel::prelude::*;

/// One hand-over, and when it first got what may end its waiting.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Row {
    pub id: i64,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub urgency: Urgency,
    pub source_id: Option<i64>,
    /// The version of the definitions that it was made under.
    pub definition_id: i64,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub is_in_conversation: bool,
    /// The source, campaign, asset or territory that it is grouped by.
    pub label_id: Option<i64>,
}

impl Row {
    pub fn member(&self) -> Member {
        Member {
            lead_id: self.lead_id,
            handed_over_at: self.handed_over_at,
            urgency: self.urgency,
            label_id: self.label_id,
        }
    }

    pub fn wait(&self, event: Awaited, as_of: Instant) -> Wait {
        let first = match event {
            Awaited::Attempt => self.first_attempt_at,
            Awaited::Contact => self.first_contact_at,
        };
        Wait::new(self.handed_over_at, first, self.closed_at, as_of)
    }
}

/// The hand-overs of a span, its first and its last instant included, in no order.
pub fn rows(conn: &mut Conn, span: (Instant, Instant), by: Option<Grouping>) -> Result<Vec<Row>> {
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
            handovers::is_in_conversation,
            cohort::label(by),
        ))
        .load(conn)?)
}

/// The touches that were entered late since the beginning of a span, by lead and instant. They are few.
pub fn late(conn: &mut Conn, since: Instant, as_of: Instant) -> Result<Vec<(i64, Instant)>> {
    Ok(activities::table
        .filter(activities::is_late.and(activities::is_current))
        .filter(activities::lead_id.is_not_null())
        .filter(activities::happened_at.between(since, as_of))
        .select((
            activities::lead_id.assume_not_null(),
            activities::happened_at,
        ))
        .load(conn)?)
}

diesel::alias!(handovers as theirs: Theirs);

/// When the leads of a span were made, by lead.
pub fn created(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<(i64, Instant)>> {
    let wanted = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(leads::table
        .filter(leads::id.eq_any(wanted))
        .select((leads::id, leads::created_at))
        .load(conn)?)
}

/// When the leads of a span were ever handed over, in order of lead and time.
pub fn starts(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<(i64, Instant)>> {
    let wanted = theirs
        .filter(
            theirs
                .field(handovers::handed_over_at)
                .between(span.0, span.1),
        )
        .select(theirs.field(handovers::lead_id));
    Ok(handovers::table
        .filter(handovers::lead_id.eq_any(wanted))
        .order((handovers::lead_id, handovers::handed_over_at))
        .select((handovers::lead_id, handovers::handed_over_at))
        .load(conn)?)
}

/// When leads of a span were given up because nobody could be reached: lead and instant.
pub fn unreachable(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<(i64, Instant)>> {
    let wanted = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(lead_events::table
        .filter(lead_events::kind.eq(EventKind::Disqualified))
        .filter(lead_events::reason.eq(UNABLE_TO_REACH))
        .filter(lead_events::at.le(as_of))
        .filter(lead_events::lead_id.eq_any(wanted))
        .filter(stands())
        .select((lead_events::lead_id, lead_events::at))
        .load(conn)?)
}
