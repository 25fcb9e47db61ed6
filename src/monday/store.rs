//! All SQL about packs and commitments, and what a pack reads that no noun tells.

use super::commitments::{NewCommitment, Verdict};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::stands;
use crate::rules::stage::EventKind;
use crate::schema::{
    activities, commitment_ends, commitments, handovers, lead_events, leads, packs,
    rejection_replies,
};
use crate::talk::Reply;
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = packs)]
pub struct Pack {
    pub id: i64,
    pub monday: NaiveDate,
    pub made_at: Instant,
    /// Who made it by a tap; nobody where the timetable did.
    pub by_id: Option<i64>,
    pub definition_id: i64,
    pub content: String,
}

pub fn of_week(conn: &mut Conn, monday: NaiveDate) -> Result<Option<Pack>> {
    Ok(packs::table
        .filter(packs::monday.eq(monday))
        .select(Pack::as_select())
        .first(conn)
        .optional()?)
}

pub fn newest(conn: &mut Conn) -> Result<Option<Pack>> {
    Ok(packs::table
        .order(packs::monday.desc())
        .select(Pack::as_select())
        .first(conn)
        .optional()?)
}

/// The Mondays of all packs and when they were made, the newest first.
pub fn mondays(conn: &mut Conn) -> Result<Vec<(NaiveDate, Instant)>> {
    Ok(packs::table
        .order(packs::monday.desc())
        .select((packs::monday, packs::made_at))
        .load(conn)?)
}

pub fn add(
    conn: &mut Conn,
    monday: NaiveDate,
    by_id: Option<i64>,
    made_at: Instant,
    definition_id: i64,
    content: &str,
) -> Result<i64> {
    Ok(diesel::insert_into(packs::table)
        .values((
            packs::monday.eq(monday),
            packs::by_id.eq(by_id),
            packs::made_at.eq(made_at),
            packs::definition_id.eq(definition_id),
            packs::content.eq(content),
        ))
        .returning(packs::id)
        .get_result(conn)?)
}

/// A commitment, what became of it, and the Monday of its pack.
#[derive(Debug, Clone, Queryable)]
pub struct CommitmentRow {
    pub id: i64,
    pub pack_id: i64,
    pub text: String,
    pub owner_id: i64,
    pub due_on: NaiveDate,
    pub by_id: i64,
    pub at: Instant,
    pub monday: NaiveDate,
    pub end: Option<End>,
}

#[derive(Debug, Clone, Queryable)]
pub struct End {
    pub verdict: Verdict,
    pub note: String,
    pub by_id: i64,
    pub at: Instant,
}

/// All that there are, in the order in which they were made.
pub fn commitments(conn: &mut Conn) -> Result<Vec<CommitmentRow>> {
    let end = (
        commitment_ends::verdict,
        commitment_ends::note,
        commitment_ends::by_id,
        commitment_ends::at,
    );
    Ok(commitments::table
        .inner_join(packs::table.on(packs::id.eq(commitments::pack_id)))
        .left_join(commitment_ends::table.on(commitment_ends::commitment_id.eq(commitments::id)))
        .order(commitments::id)
        .select((
            commitments::id,
            commitments::pack_id,
            commitments::text,
            commitments::owner_id,
            commitments::due_on,
            commitments::by_id,
            commitments::at,
            packs::monday,
            end.nullable(),
        ))
        .load(conn)?)
}

pub fn add_commitment(
    conn: &mut Conn,
    pack_id: i64,
    new: &NewCommitment,
    by_id: i64,
    at: Instant,
) -> Result<i64> {
    Ok(diesel::insert_into(commitments::table)
        .values((
            commitments::pack_id.eq(pack_id),
            commitments::text.eq(&new.text),
            commitments::owner_id.eq(new.owner_id),
            commitments::due_on.eq(new.due_on),
            commitments::by_id.eq(by_id),
            commitments::at.eq(at),
        ))
        .returning(commitments::id)
        .get_result(conn)?)
}

/// A second end of the same commitment is refused by the database, as somebody was faster.
pub fn end_commitment(
    conn: &mut Conn,
    id: i64,
    (verdict, note): (Verdict, &str),
    by_id: i64,
    at: Instant,
) -> Result<()> {
    diesel::insert_into(commitment_ends::table)
        .values((
            commitment_ends::commitment_id.eq(id),
            commitment_ends::verdict.eq(verdict),
            commitment_ends::note.eq(note),
            commitment_ends::by_id.eq(by_id),
            commitment_ends::at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// A hand-over that was open, with its lead as it is now.
#[derive(Debug, Clone, Queryable)]
pub struct OpenRow {
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub first_attempt_at: Option<Instant>,
    pub owner_id: Option<i64>,
    pub uid: String,
    pub name: String,
    pub company: String,
}

diesel::alias!(handovers as newer: Newer);

/// The hand-overs that were open at an instant, of each lead the last one.
pub fn open(conn: &mut Conn, as_of: Instant) -> Result<Vec<OpenRow>> {
    let is_open = handovers::closed_at
        .is_null()
        .or(handovers::closed_at.gt(as_of));
    let next = newer
        .filter(newer.field(handovers::lead_id).eq(handovers::lead_id))
        .filter(
            newer
                .field(handovers::handed_over_at)
                .gt(handovers::handed_over_at),
        )
        .filter(newer.field(handovers::handed_over_at).le(as_of));
    Ok(handovers::table
        .inner_join(leads::table.on(leads::id.eq(handovers::lead_id)))
        .filter(handovers::handed_over_at.le(as_of))
        .filter(is_open)
        .filter(not(exists(next)))
        .order((handovers::handed_over_at, handovers::id))
        .select((
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::first_attempt_at,
            leads::owner_id,
            leads::uid,
            leads::name,
            leads::company,
        ))
        .load(conn)?)
}

/// An end of a lead with its reason.
#[derive(Debug, Clone, Queryable)]
pub struct EndedRow {
    pub lead_id: i64,
    pub at: Instant,
    pub source_id: Option<i64>,
    pub kind: EventKind,
    pub reason: String,
}

/// The standing ends with a reason from an instant up to before another.
pub fn ended(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<EndedRow>> {
    const KINDS: [EventKind; 4] = [
        EventKind::Rejected,
        EventKind::Disqualified,
        EventKind::Nurture,
        EventKind::Lost,
    ];
    Ok(lead_events::table
        .inner_join(leads::table.on(leads::id.eq(lead_events::lead_id)))
        .filter(lead_events::kind.eq_any(KINDS))
        .filter(lead_events::at.ge(span.0).and(lead_events::at.lt(span.1)))
        .filter(lead_events::reason.ne(""))
        .filter(stands())
        .select((
            lead_events::lead_id,
            lead_events::at,
            leads::source_id,
            lead_events::kind,
            lead_events::reason,
        ))
        .load(conn)?)
}

/// A dispute that was open, with its lead.
#[derive(Debug, Clone, Queryable)]
pub struct DisputeRow {
    pub event_id: i64,
    pub at: Instant,
    pub says: String,
    pub owner_id: Option<i64>,
    pub uid: String,
    pub name: String,
    pub company: String,
}

diesel::alias!(rejection_replies as second: Second);

/// The disputes that nobody had settled at an instant, oldest first, each with the reason of its rejection. One whose
/// rejection was taken back is none.
pub fn disputes(conn: &mut Conn, as_of: Instant) -> Result<Vec<(DisputeRow, String)>> {
    let settled = second
        .filter(
            second
                .field(rejection_replies::event_id)
                .eq(rejection_replies::event_id),
        )
        .filter(second.field(rejection_replies::step).eq(2))
        .filter(second.field(rejection_replies::at).le(as_of));
    let rows: Vec<DisputeRow> = rejection_replies::table
        .inner_join(leads::table.on(leads::id.eq(rejection_replies::lead_id)))
        .filter(rejection_replies::reply.eq(Reply::Disputed))
        .filter(rejection_replies::at.le(as_of))
        .filter(not(exists(settled)))
        .order((rejection_replies::at, rejection_replies::id))
        .select((
            rejection_replies::event_id,
            rejection_replies::at,
            rejection_replies::text,
            leads::owner_id,
            leads::uid,
            leads::name,
            leads::company,
        ))
        .load(conn)?;
    let disputed = rejection_replies::table
        .filter(rejection_replies::reply.eq(Reply::Disputed))
        .select(rejection_replies::lead_id);
    let events: Vec<(i64, Option<i64>, String)> = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Rejected))
        .filter(lead_events::lead_id.eq_any(disputed))
        .filter(stands())
        .select((lead_events::id, lead_events::place_id, lead_events::reason))
        .load(conn)?;
    let reasons: HashMap<i64, String> = events
        .into_iter()
        .map(|(id, place, reason)| (place.unwrap_or(id), reason))
        .collect();
    let with_reason = |row: DisputeRow| {
        let reason = reasons.get(&row.event_id)?.clone();
        Some((row, reason))
    };
    Ok(rows.into_iter().filter_map(with_reason).collect())
}

/// An entry of some days, standing or not, and from when until when it stood.
#[derive(Debug, Clone, Queryable)]
pub struct Entered {
    pub person_id: i64,
    pub lead_id: Option<i64>,
    pub quantity: i32,
    pub is_prospecting: bool,
    pub is_reached: bool,
    pub happened_at: Instant,
    pub entered_at: Instant,
    pub ended_at: Option<Instant>,
    pub origin: String,
}

/// All that was ever entered for some days, both included.
pub fn entered(conn: &mut Conn, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<Entered>> {
    Ok(activities::table
        .filter(activities::local_day.between(from, to))
        .select((
            activities::person_id,
            activities::lead_id,
            activities::quantity,
            activities::is_prospecting,
            activities::is_reached,
            activities::happened_at,
            activities::entered_at,
            activities::ended_at,
            activities::origin,
        ))
        .load(conn)?)
}

/// All packs, the oldest first.
pub fn all(conn: &mut Conn) -> Result<Vec<Pack>> {
    Ok(packs::table
        .order(packs::monday)
        .select(Pack::as_select())
        .load(conn)?)
}

/// An activity that two people made together.
#[derive(Debug, Clone, Queryable)]
pub struct VisitRow {
    pub day: NaiveDate,
    pub person_id: i64,
    pub team_id: Option<i64>,
    pub with_id: Option<i64>,
    pub kind_id: i64,
    pub outcome_id: Option<i64>,
    pub lead: Option<(String, String, String)>,
}

/// The standing joint activities of some days, both included, that had happened by then.
pub fn visits(
    conn: &mut Conn,
    (from, to): (NaiveDate, NaiveDate),
    as_of: Instant,
) -> Result<Vec<VisitRow>> {
    let lead = (leads::uid, leads::name, leads::company);
    Ok(activities::table
        .left_join(leads::table.on(activities::lead_id.eq(leads::id.nullable())))
        .filter(activities::is_current.and(activities::with_id.is_not_null()))
        .filter(activities::local_day.between(from, to))
        .filter(activities::happened_at.le(as_of))
        .order((activities::happened_at, activities::id))
        .select((
            activities::local_day,
            activities::person_id,
            activities::team_id,
            activities::with_id,
            activities::kind_id,
            activities::outcome_id,
            lead.nullable(),
        ))
        .load(conn)?)
}
