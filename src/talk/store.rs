//! All SQL about what is said of leads.

use super::{NewRating, NewRemark, Rejection, Replied, Reply};
use crate::app::Tx;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::Handover;
use crate::leads::store::stands;
use crate::rules::stage::EventKind;
use crate::schema::{
    duplicates, handovers, lead_events, ratings, rejection_replies, remark_people, remarks,
};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::HashMap;

/// One row: a question, an answer to one, or that one of both was taken back.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = remarks)]
pub struct Remark {
    pub id: i64,
    pub uid: String,
    pub lead_id: i64,
    /// The hand-over that it is about, by when that began.
    pub handed_over_at: Option<Instant>,
    pub answers_id: Option<i64>,
    pub replaces_id: Option<i64>,
    pub text: String,
    pub at: Instant,
    pub by_id: i64,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ratings)]
pub struct Rating {
    pub id: i64,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub stars: i32,
    pub asset_id: Option<i64>,
    pub landed: String,
    pub note: String,
    pub at: Instant,
    pub by_id: i64,
}

type RejectedRow = (
    i64,
    Option<i64>,
    i64,
    Instant,
    Option<i64>,
    String,
    String,
    String,
);
type ReplyRow = (i64, Reply, String, Instant, i64, Option<Instant>);

/// The columns of [`RejectedRow`].
const REJECTED: (
    lead_events::id,
    lead_events::place_id,
    lead_events::lead_id,
    lead_events::at,
    lead_events::by_id,
    lead_events::reason,
    lead_events::note,
    lead_events::origin,
) = (
    lead_events::id,
    lead_events::place_id,
    lead_events::lead_id,
    lead_events::at,
    lead_events::by_id,
    lead_events::reason,
    lead_events::note,
    lead_events::origin,
);

/// The columns of [`ReplyRow`].
const REPLIED: (
    rejection_replies::event_id,
    rejection_replies::reply,
    rejection_replies::text,
    rejection_replies::at,
    rejection_replies::by_id,
    rejection_replies::led_to_at,
) = (
    rejection_replies::event_id,
    rejection_replies::reply,
    rejection_replies::text,
    rejection_replies::at,
    rejection_replies::by_id,
    rejection_replies::led_to_at,
);

/// The standing rejections of a lead with their replies, oldest first.
pub fn rejections(conn: &mut Conn, lead_id: i64) -> Result<Vec<Rejection>> {
    let events = lead_events::table
        .filter(lead_events::lead_id.eq(lead_id))
        .filter(lead_events::kind.eq(EventKind::Rejected))
        .filter(stands())
        .select(REJECTED)
        .load(conn)?;
    let replies = rejection_replies::table
        .filter(rejection_replies::lead_id.eq(lead_id))
        .select(REPLIED)
        .load(conn)?;
    Ok(with_replies(events, replies))
}

diesel::alias!(handovers as known: Known);

/// The standing rejections of hand-overs that began in a span, both ends included, oldest first. A rejection is of
/// the lead's last hand-over at or before it.
pub fn rejections_in(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Rejection>> {
    let theirs = || {
        handovers::table
            .filter(handovers::handed_over_at.between(span.0, span.1))
            .select(handovers::lead_id)
    };
    let events = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Rejected))
        .filter(lead_events::lead_id.eq_any(theirs()))
        .filter(stands())
        .select(REJECTED)
        .load(conn)?;
    let replies = rejection_replies::table
        .filter(rejection_replies::lead_id.eq_any(theirs()))
        .select(REPLIED)
        .load(conn)?;
    let starts: Vec<(i64, Instant)> = known
        .filter(known.field(handovers::lead_id).eq_any(theirs()))
        .select((
            known.field(handovers::lead_id),
            known.field(handovers::handed_over_at),
        ))
        .load(conn)?;
    let mut of_lead: HashMap<i64, Vec<Instant>> = HashMap::new();
    for (lead_id, at) in starts {
        of_lead.entry(lead_id).or_default().push(at);
    }
    let mut all = with_replies(events, replies);
    all.retain(|rejection| {
        let starts = of_lead.get(&rejection.lead_id).into_iter().flatten();
        let start = starts.filter(|at| **at <= rejection.at).max();
        start.is_some_and(|at| span.0 <= *at && *at <= span.1)
    });
    Ok(all)
}

/// The standing rejections since an instant that wait for a reply, oldest first, whenever their leads were handed over.
pub fn rejections_waiting(conn: &mut Conn, since: Instant) -> Result<Vec<Rejection>> {
    let of_leads = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Rejected))
        .filter(lead_events::at.ge(since))
        .select(lead_events::lead_id);
    let events = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Rejected))
        .filter(lead_events::at.ge(since))
        .filter(stands())
        .select(REJECTED)
        .load(conn)?;
    let replies = rejection_replies::table
        .filter(rejection_replies::lead_id.eq_any(of_leads))
        .select(REPLIED)
        .load(conn)?;
    let mut all = with_replies(events, replies);
    all.retain(|rejection| rejection.waits_for_answer() || rejection.waits_for_settling());
    Ok(all)
}

fn with_replies(events: Vec<RejectedRow>, replies: Vec<ReplyRow>) -> Vec<Rejection> {
    let mut given: HashMap<(i64, i32), Replied> = HashMap::new();
    for (event_id, reply, text, at, by_id, led_to_at) in replies {
        let replied = Replied {
            reply,
            text,
            at,
            by_id,
            led_to_at,
        };
        given.insert((event_id, reply.step()), replied);
    }
    let rejection = |(id, place_id, lead_id, at, by_id, reason, note, origin): RejectedRow| {
        let event_id = place_id.unwrap_or(id);
        Rejection {
            event_id,
            lead_id,
            at,
            by_id,
            reason,
            note,
            is_imported: origin == "import",
            answer: given.remove(&(event_id, 1)),
            settled: given.remove(&(event_id, 2)),
        }
    };
    let mut all: Vec<Rejection> = events.into_iter().map(rejection).collect();
    all.sort_by_key(|rejection| (rejection.at, rejection.event_id));
    all
}

pub fn add_reply(conn: &mut Conn, rejection: &Rejection, replied: &Replied) -> Result<()> {
    diesel::insert_into(rejection_replies::table)
        .values((
            rejection_replies::lead_id.eq(rejection.lead_id),
            rejection_replies::event_id.eq(rejection.event_id),
            rejection_replies::step.eq(replied.reply.step()),
            rejection_replies::reply.eq(replied.reply),
            rejection_replies::text.eq(&replied.text),
            rejection_replies::at.eq(replied.at),
            rejection_replies::by_id.eq(replied.by_id),
            rejection_replies::led_to_at.eq(replied.led_to_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// All rows about a lead, in the order in which they were written.
pub fn remarks(conn: &mut Conn, lead_id: i64) -> Result<Vec<Remark>> {
    Ok(remarks::table
        .filter(remarks::lead_id.eq(lead_id))
        .order(remarks::id)
        .select(Remark::as_select())
        .load(conn)?)
}

/// As [`remarks`], of several leads.
pub fn remarks_of(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<Remark>> {
    Ok(remarks::table
        .filter(remarks::lead_id.eq_any(lead_ids))
        .order(remarks::id)
        .select(Remark::as_select())
        .load(conn)?)
}

/// Whom the remarks about a lead name, by remark.
pub fn people(conn: &mut Conn, lead_id: i64) -> Result<HashMap<i64, Vec<i64>>> {
    people_of(conn, &[lead_id])
}

/// As [`people`], of several leads.
pub fn people_of(conn: &mut Conn, lead_ids: &[i64]) -> Result<HashMap<i64, Vec<i64>>> {
    let rows: Vec<(i64, i64)> = remark_people::table
        .inner_join(remarks::table.on(remarks::id.eq(remark_people::remark_id)))
        .filter(remarks::lead_id.eq_any(lead_ids))
        .order((remark_people::remark_id, remark_people::person_id))
        .select((remark_people::remark_id, remark_people::person_id))
        .load(conn)?;
    let mut people: HashMap<i64, Vec<i64>> = HashMap::new();
    for (remark_id, person_id) in rows {
        people.entry(remark_id).or_default().push(person_id);
    }
    Ok(people)
}

/// The leads about which somebody was asked last, the newest question first.
pub fn leads_asked_about(conn: &mut Conn, person_id: i64, most: i64) -> Result<Vec<i64>> {
    let mut ids: Vec<i64> = remark_people::table
        .inner_join(remarks::table.on(remarks::id.eq(remark_people::remark_id)))
        .filter(remark_people::person_id.eq(person_id))
        .filter(remarks::answers_id.is_null())
        .order(remark_people::remark_id.desc())
        .limit(most)
        .select(remarks::lead_id)
        .load(conn)?;
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

pub fn remark_of_uid(conn: &mut Conn, uid: &str) -> Result<Option<i64>> {
    Ok(remarks::table
        .filter(remarks::uid.eq(uid))
        .select(remarks::id)
        .first(conn)
        .optional()?)
}

/// Adds a question or an answer about a lead and its hand-over, for some people.
pub fn add_remark(
    tx: &mut Tx,
    (lead_id, handed_over_at): (i64, Option<Instant>),
    new: &NewRemark,
    answers_id: Option<i64>,
    people: &[i64],
) -> Result<()> {
    let by_id = tx.me()?.id;
    let id: i64 = diesel::insert_into(remarks::table)
        .values((
            remarks::uid.eq(&new.uid),
            remarks::lead_id.eq(lead_id),
            remarks::handed_over_at.eq(handed_over_at),
            remarks::answers_id.eq(answers_id),
            remarks::text.eq(&new.text),
            remarks::at.eq(tx.now),
            remarks::by_id.eq(by_id),
        ))
        .returning(remarks::id)
        .get_result(tx.conn)?;
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    for person_id in people {
        diesel::insert_into(remark_people::table)
            .values((
                remark_people::remark_id.eq(id),
                remark_people::person_id.eq(person_id),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Says that a remark was taken back.
pub fn add_taking_back(tx: &mut Tx, remark: &Remark) -> Result<()> {
    let by_id = tx.me()?.id;
    diesel::insert_into(remarks::table)
        .values((
            remarks::uid.eq(uuid::Uuid::now_v7().to_string()),
            remarks::lead_id.eq(remark.lead_id),
            remarks::handed_over_at.eq(remark.handed_over_at),
            remarks::answers_id.eq(remark.answers_id),
            remarks::replaces_id.eq(Some(remark.id)),
            remarks::text.eq(""),
            remarks::at.eq(tx.now),
            remarks::by_id.eq(by_id),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// All ratings of a lead, in the order in which they were given.
pub fn ratings(conn: &mut Conn, lead_id: i64) -> Result<Vec<Rating>> {
    Ok(ratings::table
        .filter(ratings::lead_id.eq(lead_id))
        .order(ratings::id)
        .select(Rating::as_select())
        .load(conn)?)
}

/// The ratings of the leads that were handed over in a span, both ends included, in the order in which they were given.
pub fn ratings_in(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Rating>> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    Ok(ratings::table
        .filter(ratings::lead_id.eq_any(theirs))
        .order(ratings::id)
        .select(Rating::as_select())
        .load(conn)?)
}

pub fn add_rating(tx: &mut Tx, handover: &Handover, new: &NewRating) -> Result<()> {
    let by_id = tx.me()?.id;
    diesel::insert_into(ratings::table)
        .values((
            ratings::lead_id.eq(handover.lead_id),
            ratings::handed_over_at.eq(handover.handed_over_at),
            ratings::stars.eq(new.stars),
            ratings::asset_id.eq(new.asset_id),
            ratings::landed.eq(&new.landed),
            ratings::note.eq(&new.note),
            ratings::at.eq(tx.now),
            ratings::by_id.eq(by_id),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The leads that one was said to be the same as, and those that were said to be the same as it.
pub fn twins(conn: &mut Conn, lead_id: i64) -> Result<Vec<i64>> {
    let mut ids: Vec<i64> = duplicates::table
        .filter(duplicates::lead_id.eq(lead_id))
        .order(duplicates::event_id)
        .select(duplicates::same_as_id)
        .load(conn)?;
    let back: Vec<i64> = duplicates::table
        .filter(duplicates::same_as_id.eq(lead_id))
        .order(duplicates::event_id)
        .select(duplicates::lead_id)
        .load(conn)?;
    ids.extend(back);
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

/// Says by an event that a lead is the same as another.
pub fn add_duplicate(conn: &mut Conn, event_id: i64, lead_id: i64, same_as_id: i64) -> Result<()> {
    diesel::insert_into(duplicates::table)
        .values((
            duplicates::event_id.eq(event_id),
            duplicates::lead_id.eq(lead_id),
            duplicates::same_as_id.eq(same_as_id),
        ))
        .execute(conn)?;
    Ok(())
}
