//! All SQL about how leads stand.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::stands;
use crate::rules::stage::{EventKind, Stage};
use crate::schema::{activities, handovers, lead_events, leads, outcomes};
use crate::value::Instant;
use diesel::prelude::*;

/// How a lead stands, as its history adds up.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_null = true)]
pub struct Standing {
    #[diesel(skip_update)]
    pub id: i64,
    pub owner_id: Option<i64>,
    pub stage: Stage,
    pub is_stopped: bool,
    pub attempts: i32,
    pub handed_over_at: Option<Instant>,
    pub last_touch_at: Option<Instant>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = handovers)]
pub struct HandoverStart {
    pub id: i64,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
}

impl HandoverStart {
    pub fn firsts(&self) -> Firsts {
        Firsts {
            first_attempt_at: self.first_attempt_at,
            first_contact_at: self.first_contact_at,
            closed_at: self.closed_at,
        }
    }
}

/// The first attempt, contact and closing at or after a hand-over.
#[derive(Debug, Clone, PartialEq, AsChangeset)]
#[diesel(table_name = handovers, treat_none_as_null = true)]
pub struct Firsts {
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct HistoryEvent {
    pub id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub kind: EventKind,
    pub owner_id: Option<i64>,
}

#[derive(Debug, Clone, Queryable)]
pub struct HistoryTouch {
    pub lead_id: i64,
    pub happened_at: Instant,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
    pub stops_contact: bool,
}

pub fn standings(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Standing>> {
    Ok(leads::table
        .filter(leads::id.eq_any(ids))
        .select(Standing::as_select())
        .load(conn)?)
}

pub fn handover_starts(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<HandoverStart>> {
    Ok(handovers::table
        .filter(handovers::lead_id.eq_any(lead_ids))
        .select(HandoverStart::as_select())
        .load(conn)?)
}

pub fn history_events(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<HistoryEvent>> {
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq_any(lead_ids))
        .filter(lead_events::kind.ne(EventKind::Withdrawn))
        .filter(stands())
        .select(HistoryEvent::as_select())
        .load(conn)?)
}

pub fn history_touches(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<HistoryTouch>> {
    let lead_ids = lead_ids.iter().copied().map(Some);
    type Row = (Option<i64>, Instant, bool, bool, bool, Option<bool>);
    let rows: Vec<Row> = activities::table
        .left_join(outcomes::table.on(activities::outcome_id.eq(outcomes::id.nullable())))
        .filter(activities::lead_id.eq_any(lead_ids))
        .filter(activities::is_current.eq(true))
        .select((
            activities::lead_id,
            activities::happened_at,
            activities::is_attempt,
            activities::is_reached,
            activities::is_meeting,
            outcomes::stops_contact.nullable(),
        ))
        .load(conn)?;
    let touch = |(lead, happened_at, is_attempt, is_reached, is_meeting, stops): (
        Option<i64>,
        _,
        _,
        _,
        _,
        Option<bool>,
    )| {
        let stops_contact = stops.unwrap_or(false);
        Some(HistoryTouch {
            lead_id: lead?,
            happened_at,
            is_attempt,
            is_reached,
            is_meeting,
            stops_contact,
        })
    };
    Ok(rows.into_iter().filter_map(touch).collect())
}

pub fn set_standing(conn: &mut Conn, standing: &Standing) -> Result<()> {
    diesel::update(leads::table.find(standing.id))
        .set(standing)
        .execute(conn)?;
    Ok(())
}

pub fn set_firsts(conn: &mut Conn, handover_id: i64, firsts: &Firsts) -> Result<()> {
    diesel::update(handovers::table.find(handover_id))
        .set(firsts)
        .execute(conn)?;
    Ok(())
}
