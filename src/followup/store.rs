//! All SQL about follow-up speed.

use super::Awaited;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{self, Grouping, Member};
use crate::rules::wait::{Urgency, Wait};
use crate::schema::handovers;
use crate::value::Instant;
use diesel::prelude::*;

/// One hand-over, and when it first got what may end its waiting.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Row {
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub urgency: Urgency,
    pub source_id: Option<i64>,
    /// The version of the definitions that it was made under.
    pub definition_id: i64,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
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
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::urgency,
            handovers::source_id,
            handovers::definition_id,
            handovers::first_attempt_at,
            handovers::first_contact_at,
            handovers::closed_at,
            cohort::label(by),
        ))
        .load(conn)?)
}
