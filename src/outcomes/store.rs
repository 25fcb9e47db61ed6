//! All SQL about lead outcomes. A span is the first and the last instant of a hand-over, both included; what is read
//! is all that the leads handed over in it ever had.

use super::figures::{Happening, What};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{self, Grouping, Member};
use crate::leads::store::stands;
use crate::leads::wins;
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::schema::{activities, handovers, lead_events, lead_signals, leads};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashSet;

/// One hand-over.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Row {
    pub id: i64,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub urgency: Urgency,
    pub definition_id: i64,
    pub first_attempt_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    /// As it was frozen with the hand-over.
    pub score: Option<f64>,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub asset_id: Option<i64>,
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
            handovers::id,
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::urgency,
            handovers::definition_id,
            handovers::first_attempt_at,
            handovers::closed_at,
            handovers::score,
            handovers::source_id,
            handovers::campaign_id,
            handovers::asset_id,
            cohort::label(by),
        ))
        .load(conn)?)
}

/// The kinds of event that the report counts, that say of a contact, or that close.
const KINDS: &[EventKind] = &[
    EventKind::Accepted,
    EventKind::Rejected,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Duplicate,
    EventKind::Contacted,
    EventKind::MeetingBooked,
    EventKind::Qualified,
    EventKind::Opportunity,
    EventKind::Won,
    EventKind::Lost,
];

/// The standing events of the leads in the order in which they happened: of two at one instant the one with the larger
/// place came later.
pub fn events(conn: &mut Conn, span: (Instant, Instant), as_of: Instant) -> Result<Vec<Happening>> {
    type Event = (i64, Instant, EventKind, String, Option<i64>, String);
    type Row = (Event, (i64, Option<i64>), (Option<i64>, String));
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    let mut rows: Vec<Row> = lead_events::table
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
                lead_events::reason,
                lead_events::amount_micros,
                lead_events::currency,
            ),
            (lead_events::id, lead_events::place_id),
            (leads::amount_micros, leads::currency),
        ))
        .load(conn)?;
    rows.sort_by_key(|((_, at, ..), (id, place), _)| (*at, place.unwrap_or(*id)));
    let happening = |((lead_id, at, kind, reason, amount, currency), _, of_lead): Row| Happening {
        lead_id,
        at,
        what: match kind {
            EventKind::Won => What::Won(wins::worth((amount, currency), of_lead)),
            _ => What::Event(kind, reason),
        },
    };
    Ok(rows.into_iter().map(happening).collect())
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

/// Where the leads of a span came from, as far as a source, a campaign or an asset is known: lead, instant, label. The
/// lead's own counts when it was made, that of a hand-over at its instant; an asset also with a signal or a touch.
pub fn origins(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
    by: Grouping,
) -> Result<Vec<(i64, Instant, i64)>> {
    type Origin = (i64, Instant, Option<i64>);
    let theirs = || {
        wanted
            .filter(
                wanted
                    .field(handovers::handed_over_at)
                    .between(span.0, span.1),
            )
            .select(wanted.field(handovers::lead_id))
    };
    let made = leads::table.filter(leads::id.eq_any(theirs()));
    let mut all: Vec<Origin> = match by {
        Grouping::Campaign => made
            .select((leads::id, leads::created_at, leads::campaign_id))
            .load(conn)?,
        Grouping::Asset => made
            .select((leads::id, leads::created_at, leads::asset_id))
            .load(conn)?,
        _ => made
            .select((leads::id, leads::created_at, leads::source_id))
            .load(conn)?,
    };
    let passed: Vec<Origin> = handovers::table
        .filter(handovers::lead_id.eq_any(theirs()))
        .filter(handovers::handed_over_at.le(as_of))
        .select((
            handovers::lead_id,
            handovers::handed_over_at,
            cohort::label(Some(by)),
        ))
        .load(conn)?;
    all.extend(passed);
    if by == Grouping::Asset {
        all.extend(signalled(conn, span, as_of)?);
        all.extend(carried(conn, span, as_of)?);
    }
    let known = |(lead_id, at, label_id): Origin| Some((lead_id, at, label_id?));
    Ok(all.into_iter().filter_map(known).collect())
}

/// The standing touches of the leads of a span that used an asset.
fn carried(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<(i64, Instant, Option<i64>)>> {
    Ok(activities::table
        .filter(activities::is_current)
        .filter(activities::asset_id.is_not_null())
        .filter(activities::happened_at.le(as_of))
        .filter(
            activities::lead_id.eq_any(
                handovers::table
                    .filter(handovers::handed_over_at.between(span.0, span.1))
                    .select(handovers::lead_id.nullable()),
            ),
        )
        .select((
            activities::lead_id.assume_not_null(),
            activities::happened_at,
            activities::asset_id,
        ))
        .load(conn)?)
}

/// The standing signals of the leads of a span that name an asset.
fn signalled(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<(i64, Instant, Option<i64>)>> {
    type Signal = (i64, Option<i64>, bool, (i64, Instant, Option<i64>));
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    let rows: Vec<Signal> = lead_signals::table
        .filter(lead_signals::lead_id.eq_any(theirs))
        .filter(lead_signals::at.le(as_of))
        .select((
            lead_signals::id,
            lead_signals::replaces_id,
            lead_signals::is_withdrawn,
            (
                lead_signals::lead_id,
                lead_signals::at,
                lead_signals::asset_id,
            ),
        ))
        .load(conn)?;
    let replaced: HashSet<i64> = rows.iter().filter_map(|row| row.1).collect();
    let standing = rows.into_iter();
    let standing =
        standing.filter(|(id, _, is_withdrawn, _)| !is_withdrawn && !replaced.contains(id));
    Ok(standing.map(|row| row.3).collect())
}

/// When the leads of a span gave a signal before they were handed over or after it, up to an instant: lead and instant.
pub fn signals(
    conn: &mut Conn,
    span: (Instant, Instant),
    as_of: Instant,
) -> Result<Vec<(i64, Instant)>> {
    let signals = signalled(conn, span, as_of)?.into_iter();
    Ok(signals.map(|(lead_id, at, _)| (lead_id, at)).collect())
}

/// A standing touch of a lead, for what content came to.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Use {
    pub lead_id: i64,
    pub at: Instant,
    pub asset_id: Option<i64>,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
}

/// All standing touches of the leads of a span, oldest first.
pub fn uses(conn: &mut Conn, span: (Instant, Instant), as_of: Instant) -> Result<Vec<Use>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id.nullable());
    Ok(activities::table
        .filter(activities::is_current)
        .filter(activities::happened_at.le(as_of))
        .filter(activities::lead_id.eq_any(theirs))
        .order((activities::happened_at, activities::id))
        .select((
            activities::lead_id.assume_not_null(),
            activities::happened_at,
            activities::asset_id,
            activities::is_attempt,
            activities::is_reached,
            activities::is_meeting,
        ))
        .load(conn)?)
}
