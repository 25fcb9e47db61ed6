//! SQL of what reports on hand-overs share.

use super::Grouping;
use crate::db::{BATCH_ROWS, Backend, Conn, looks_up_lists};
use crate::error::Result;
use crate::leads::store::{LeadName, stands, stands_among_many, visible_to};
use crate::rules::access::{Me, Role};
use crate::rules::stage::EventKind;
use crate::schema::{activities, handovers, lead_events, leads};
use crate::value::Instant;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use std::collections::{HashMap, HashSet};

/// The column of a hand-over that has a label.
pub type Label = Box<dyn BoxableExpression<handovers::table, Backend, SqlType = Nullable<BigInt>>>;

/// The label that hand-overs are grouped by; any of them where they are not grouped by one.
pub fn label(by: Option<Grouping>) -> Label {
    match by {
        Some(Grouping::Campaign) => Box::new(handovers::campaign_id),
        Some(Grouping::Asset) => Box::new(handovers::asset_id),
        Some(Grouping::Territory) => Box::new(handovers::territory_id),
        _ => Box::new(handovers::source_id),
    }
}

/// The ids of the leads that someone may see; `None` is all of them: for marketing and admins, and on the command
/// line, where nobody asks.
pub fn visible(conn: &mut Conn, me: Option<&Me>) -> Result<Option<HashSet<i64>>> {
    let Some(me) = me.filter(|me| !me.is_one_of(&[Role::Admin, Role::Marketing])) else {
        return Ok(None);
    };
    let ids: Vec<i64> = leads::table
        .filter(visible_to(me))
        .select(leads::id)
        .load(conn)?;
    Ok(Some(ids.into_iter().collect()))
}

/// From an instant on, a lead is somebody's; `None` is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assigned {
    pub lead_id: i64,
    pub at: Instant,
    /// Among those at one instant: `PastEvent::place`.
    pub place: i64,
    pub owner_id: Option<i64>,
}

/// The standing assignments of leads, in order of lead and time.
#[derive(Debug, Clone, Default)]
pub struct Owners(Vec<Assigned>);

impl FromIterator<Assigned> for Owners {
    fn from_iter<I: IntoIterator<Item = Assigned>>(assigned: I) -> Owners {
        let mut all: Vec<Assigned> = assigned.into_iter().collect();
        all.sort_unstable();
        Owners(all)
    }
}

impl Owners {
    /// The assignments of one lead, oldest first.
    pub fn of(&self, lead_id: i64) -> &[Assigned] {
        let from = self.0.partition_point(|a| a.lead_id < lead_id);
        let count = self.0[from..].partition_point(|a| a.lead_id == lead_id);
        &self.0[from..from + count]
    }

    /// Everybody who ever owned one of them, each once.
    pub fn people(&self) -> Vec<i64> {
        let mut people: Vec<i64> = self.0.iter().filter_map(|a| a.owner_id).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}

/// Who owned the leads of a cohort when; `span` are its first and last instants of a hand-over.
pub fn owners(conn: &mut Conn, span: (Instant, Instant)) -> Result<Owners> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    let of_theirs = lead_events::lead_id.eq_any(theirs);
    let which: Which = match looks_up_lists(conn) {
        true => Box::new(of_theirs.and(stands_among_many())),
        false => Box::new(of_theirs.and(stands())),
    };
    let all = assignments(conn, which)?;
    Ok(all.into_iter().collect())
}

/// Who owned some leads when.
pub fn owners_of(conn: &mut Conn, lead_ids: &[i64]) -> Result<Owners> {
    let mut all = Vec::new();
    for batch in lead_ids.chunks(BATCH_ROWS) {
        let which = lead_events::lead_id.eq_any(batch.to_vec()).and(stands());
        all.extend(assignments(conn, Box::new(which))?);
    }
    Ok(all.into_iter().collect())
}

type Which = Box<dyn BoxableExpression<lead_events::table, Backend, SqlType = Bool>>;

fn assignments(conn: &mut Conn, which: Which) -> Result<Vec<Assigned>> {
    type Row = (i64, Instant, i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Assigned))
        .filter(which)
        .select((
            lead_events::lead_id,
            lead_events::at,
            lead_events::id,
            lead_events::place_id,
            lead_events::owner_id,
        ))
        .load(conn)?;
    let placed = |(lead_id, at, id, place_id, owner_id): Row| Assigned {
        lead_id,
        at,
        place: place_id.unwrap_or(id),
        owner_id,
    };
    Ok(rows.into_iter().map(placed).collect())
}

/// A hand-over as a row behind a figure names it.
#[derive(Debug, Clone, Queryable)]
pub struct Head {
    pub id: i64,
    pub uid: String,
    pub handed_over_at: Instant,
    pub name: LeadName,
}

/// The hand-overs of a span by id, whoever may see them: the caller names only those of its own report.
pub fn heads(conn: &mut Conn, span: (Instant, Instant)) -> Result<HashMap<i64, Head>> {
    let rows: Vec<Head> = handovers::table
        .inner_join(leads::table.on(leads::id.eq(handovers::lead_id)))
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select((
            handovers::id,
            handovers::uid,
            handovers::handed_over_at,
            LeadName::as_select(),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|head| (head.id, head)).collect())
}

/// An attempt at a lead that stands.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Attempt {
    pub lead_id: i64,
    pub at: Instant,
    pub is_reached: bool,
    pub kind_id: i64,
    /// Whether it was entered more than two working days after.
    pub is_late: bool,
}

/// The standing attempts at the leads of a span up to an instant, oldest first.
pub fn attempts(conn: &mut Conn, span: (Instant, Instant), as_of: Instant) -> Result<Vec<Attempt>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id.nullable());
    Ok(activities::table
        .filter(activities::is_current)
        .filter(activities::is_attempt.eq(true))
        .filter(activities::happened_at.le(as_of))
        .filter(activities::lead_id.eq_any(theirs))
        .order((activities::happened_at, activities::id))
        .select((
            activities::lead_id.assume_not_null(),
            activities::happened_at,
            activities::is_reached,
            activities::kind_id,
            activities::is_late,
        ))
        .load(conn)?)
}
