//! All SQL about lead outcomes. A span is the first and the last instant of a hand-over, both included; what is read
//! is all that the leads handed over in it ever had.

use super::figures::{Happening, What};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{self, Grouping, Member};
use crate::leads::store::stands;
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::schema::{activities, handovers, lead_events, leads};
use crate::value::Instant;
use diesel::prelude::*;

/// One hand-over.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Row {
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub urgency: Urgency,
    pub definition_id: i64,
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
}

diesel::alias!(handovers as wanted: Wanted);

pub fn rows(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
    by: Option<Grouping>,
) -> Result<Vec<Row>> {
    let theirs = wanted
        .filter(
            wanted
                .field(handovers::handed_over_at)
                .between(span.0, span.1),
        )
        .select(wanted.field(handovers::lead_id));
    Ok(handovers::table
        .filter(handovers::handed_over_at.le(as_of))
        .filter(handovers::lead_id.eq_any(theirs))
        .select((
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::urgency,
            handovers::definition_id,
            handovers::closed_at,
            cohort::label(by),
        ))
        .load(conn)?)
}

/// The kinds of event that the report counts or that close.
const KINDS: &[EventKind] = &[
    EventKind::Accepted,
    EventKind::Rejected,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Duplicate,
    EventKind::Contacted,
    EventKind::MeetingBooked,
    EventKind::Qualified,
    EventKind::Won,
    EventKind::Lost,
];

/// The standing events of the leads. A win without an amount is worth the lead's.
pub fn events(conn: &mut Conn, span: (Instant, Instant), as_of: Instant) -> Result<Vec<Happening>> {
    type Event = (i64, Instant, EventKind, Option<i64>, String);
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    let rows: Vec<(Event, (Option<i64>, String))> = lead_events::table
        .inner_join(leads::table.on(leads::id.eq(lead_events::lead_id)))
        .filter(lead_events::kind.eq_any(KINDS))
        .filter(lead_events::at.le(as_of))
        .filter(lead_events::lead_id.eq_any(theirs))
        .filter(stands())
        .select((
            (
                lead_events::lead_id,
                lead_events::at,
                lead_events::kind,
                lead_events::amount_micros,
                lead_events::currency,
            ),
            (leads::amount_micros, leads::currency),
        ))
        .load(conn)?;
    let happening = |((lead_id, at, kind, amount, currency), of_lead): (Event, _)| Happening {
        lead_id,
        at,
        what: match kind {
            EventKind::Won => What::Won(worth((amount, currency), of_lead)),
            _ => What::Event(kind),
        },
    };
    Ok(rows.into_iter().map(happening).collect())
}

/// The win's own amount, else the lead's; an amount without a currency is in the lead's.
fn worth(own: (Option<i64>, String), lead: (Option<i64>, String)) -> Option<(String, i64)> {
    let currency = if own.1.is_empty() { lead.1 } else { own.1 };
    Some((currency, own.0.or(lead.0)?))
}

/// The standing touches of the leads that reached somebody or booked a meeting.
pub fn touches(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<Happening>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id.nullable());
    let rows: Vec<(Option<i64>, Instant, bool, bool)> = activities::table
        .filter(activities::is_current)
        .filter(
            activities::is_reached
                .eq(true)
                .or(activities::is_meeting.eq(true)),
        )
        .filter(activities::happened_at.le(as_of))
        .filter(activities::lead_id.eq_any(theirs))
        .select((
            activities::lead_id,
            activities::happened_at,
            activities::is_reached,
            activities::is_meeting,
        ))
        .load(conn)?;
    let happening = |(lead_id, at, reached, meeting): (Option<i64>, _, _, _)| {
        Some(Happening {
            lead_id: lead_id?,
            at,
            what: What::Touch { reached, meeting },
        })
    };
    Ok(rows.into_iter().filter_map(happening).collect())
}
