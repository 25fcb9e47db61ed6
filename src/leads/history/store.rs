//! All SQL about how leads stand.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::search_text;
use crate::leads::store::stands;
use crate::rules::moves::DO_NOT_CONTACT;
use crate::rules::stage::{EventKind, Stage};
use crate::schema::{activities, handovers, lead_events, leads, outcomes};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashMap;

/// How a lead stands, as its history adds up.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Standing {
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
    #[diesel(embed)]
    pub firsts: Firsts,
}

/// The first attempt, contact and closing at or after a hand-over.
#[derive(Debug, Clone, Default, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = handovers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Firsts {
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    /// Whether somebody had tried the lead before.
    pub is_in_conversation: bool,
}

/// An event that still stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct PastEvent {
    pub id: i64,
    pub place_id: Option<i64>,
    pub at: Instant,
    pub kind: EventKind,
    pub owner_id: Option<i64>,
    pub reason: String,
}

impl PastEvent {
    /// One that corrects nothing.
    pub fn new(id: i64, at: Instant, kind: EventKind, owner_id: Option<i64>) -> PastEvent {
        PastEvent {
            id,
            place_id: None,
            at,
            kind,
            owner_id,
            reason: String::new(),
        }
    }

    /// Whether the person asked not to be contacted.
    pub fn stops_contact(&self) -> bool {
        self.kind == EventKind::Disqualified && self.reason == DO_NOT_CONTACT
    }

    /// Of two at one instant the one with the larger place came later: a correction has that of what it corrects.
    pub fn place(&self) -> i64 {
        self.place_id.unwrap_or(self.id)
    }
}

/// A touch that still stands.
#[derive(Debug, Clone)]
pub struct PastTouch {
    pub happened_at: Instant,
    pub is_late: bool,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
    pub stops_contact: bool,
}

pub fn standings(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(i64, Standing)>> {
    Ok(leads::table
        .filter(leads::id.eq_any(ids))
        .select((leads::id, Standing::as_select()))
        .load(conn)?)
}

pub fn handovers(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<HandoverStart>> {
    Ok(handovers::table
        .filter(handovers::lead_id.eq_any(lead_ids))
        .select(HandoverStart::as_select())
        .load(conn)?)
}

/// The standing events by lead.
pub fn events(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<(i64, PastEvent)>> {
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq_any(lead_ids))
        .filter(lead_events::kind.ne(EventKind::Withdrawn))
        .filter(stands())
        .select((lead_events::lead_id, PastEvent::as_select()))
        .load(conn)?)
}

/// The standing touches by lead.
pub fn touches(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<(i64, PastTouch)>> {
    let lead_ids = lead_ids.iter().copied().map(Some);
    type Row = (Option<i64>, Instant, bool, bool, bool, bool, Option<bool>);
    let rows: Vec<Row> = activities::table
        .left_join(outcomes::table.on(activities::outcome_id.eq(outcomes::id.nullable())))
        .filter(activities::lead_id.eq_any(lead_ids))
        .filter(activities::is_current)
        .select((
            activities::lead_id,
            activities::happened_at,
            activities::is_late,
            activities::is_attempt,
            activities::is_reached,
            activities::is_meeting,
            outcomes::stops_contact.nullable(),
        ))
        .load(conn)?;
    let touch = |(lead, happened_at, is_late, is_attempt, is_reached, is_meeting, stops): Row| {
        let touch = PastTouch {
            happened_at,
            is_late,
            is_attempt,
            is_reached,
            is_meeting,
            stops_contact: stops.unwrap_or(false),
        };
        Some((lead?, touch))
    };
    Ok(rows.into_iter().filter_map(touch).collect())
}

pub fn set_standing(conn: &mut Conn, lead_id: i64, standing: &Standing) -> Result<()> {
    diesel::update(leads::table.find(lead_id))
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

/// The next leads after an id, at most `most`.
pub fn ids_after(conn: &mut Conn, after: i64, most: usize) -> Result<Vec<i64>> {
    Ok(leads::table
        .filter(leads::id.gt(after))
        .order(leads::id)
        .limit(most as i64)
        .select(leads::id)
        .load(conn)?)
}

/// The uids of those among some leads that a search does not find by their name, company, e-mail and phone number.
pub fn unfindable(conn: &mut Conn, ids: &[i64]) -> Result<Vec<String>> {
    type Row = (String, (String, String, String, String), String);
    let rows: Vec<Row> = leads::table
        .filter(leads::id.eq_any(ids))
        .select((
            leads::uid,
            (leads::name, leads::company, leads::email, leads::phone),
            leads::search,
        ))
        .load(conn)?;
    let differ = |(_, (name, company, email, phone), search): &Row| {
        *search != search_text(name, company, email, phone)
    };
    Ok(rows
        .into_iter()
        .filter(differ)
        .map(|(uid, ..)| uid)
        .collect())
}

/// What leads are called in addresses, by id.
pub fn uids(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = leads::table
        .filter(leads::id.eq_any(ids))
        .select((leads::id, leads::uid))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
