//! The log: what a person did, with or without a lead.

pub mod day_totals;
pub mod entry_form;
mod ground;
mod offer;
pub mod pages;
pub mod queued;
mod step;
pub mod store;
mod together;
pub mod totals;
mod trail;

pub use step::Step;
pub use store::Activity;

use crate::app::Tx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::leads;
use crate::leads::NewEvent;
use crate::leads::gone::{Touched, touched};
use crate::rules::access::Me;
use crate::rules::day;
use crate::rules::next_step::{Becomes, Said};
use crate::rules::stage::{self, EventKind, Stage, Touch};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use ground::Ground;
use std::sync::Arc;

crate::words! {
    /// How the prospect was chosen.
    pub enum Technique {
        Cold = "cold", Trigger = "trigger", Referral = "referral", Inbound = "inbound", Existing = "existing",
    }
}

impl Technique {
    pub fn label(self) -> &'static str {
        match self {
            Technique::Cold => "Cold",
            Technique::Trigger => "Trigger event",
            Technique::Referral => "Referral",
            Technique::Inbound => "Inbound",
            Technique::Existing => "Existing account",
        }
    }
}

/// Two touches of one kind on one lead by one person are asked about when they lie closer than this.
const DUPLICATE_WITHIN_S: i64 = 600;

/// An entry as somebody makes it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The id made by the client: sent twice, it is stored once.
    pub uid: String,
    pub lead_uid: Option<String>,
    pub kind_id: i64,
    pub outcome_id: Option<i64>,
    pub technique: Option<Technique>,
    pub quantity: i32,
    pub happened_at: Instant,
    pub with_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub note: String,
    pub note_for_marketing: bool,
    pub step: Step,
    /// The answer to "again, or a duplicate?".
    pub is_again: bool,
    pub origin: &'static str,
}

/// What logging did.
#[derive(Debug, PartialEq, Eq)]
pub enum Logged {
    Stored,
    /// The same entry had come before.
    Known,
    /// There is one like it, at this instant: again, or a duplicate?
    Asks(Instant),
    /// It plans the next step, and somebody else did meanwhile: for this day, or for none.
    Moved(Option<NaiveDate>),
}

/// Stores an entry of `tx.me`, once, and brings its lead up to date.
pub fn log(tx: &mut Tx, entry: &Entry) -> Result<Logged> {
    let me = tx.me()?;
    let checked = check(tx, entry, None);
    // An entry that had come before is neither refused now nor taken for its own duplicate.
    if (checked.is_err() || entry.lead_uid.is_some()) && is_known(tx.conn, me, &entry.uid)? {
        return Ok(Logged::Known);
    }
    let (mut new, touched) = checked?;
    if let Some(touched) = &touched
        && !entry.is_again
        && let Some(at) = similar(tx, &new, touched.lead.id)?
    {
        return Ok(Logged::Asks(at));
    }
    let becomes = match &touched {
        Some(touched) => step::after(entry.step, touched, &mut new, true)?,
        None => Becomes::Same,
    };
    if becomes == Becomes::Moved {
        return Ok(Logged::Moved(touched.and_then(|t| t.lead.next_step_on)));
    }
    let Some(id) = store::add(tx.conn, &new)? else {
        return match is_known(tx.conn, me, &entry.uid)? {
            true => Ok(Logged::Known),
            false => Err(Error::internal("an entry was there and is gone")),
        };
    };
    after_change(tx, &new, id, touched.as_ref(), (entry.step.said, becomes))?;
    Ok(Logged::Stored)
}

/// Whether an entry of this number had come before. Refused: where it is somebody else's.
fn is_known(conn: &mut Conn, me: &Me, uid: &str) -> Result<bool> {
    match store::owner_of(conn, uid)? {
        Some(person) if person != me.id => Err(Error::refused(
            "This entry's number is taken. Reload the page and log it again.",
        )),
        found => Ok(found.is_some()),
    }
}

/// Replaces one's own entry by a corrected one; the old one stays for the trail. Its lead stays whosever it is now.
pub fn edit(tx: &mut Tx, uid: &str, entry: &Entry) -> Result<Logged> {
    let old = own_and_open(tx, uid)?;
    let (mut new, touched) = check(tx, entry, Some(&old))?;
    let becomes = match &touched {
        Some(touched) => step::after(entry.step, touched, &mut new, false)?,
        None => Becomes::Same,
    };
    if becomes == Becomes::Moved {
        return Ok(Logged::Moved(touched.and_then(|t| t.lead.next_step_on)));
    }
    new.replaces_id = Some(old.id);
    new.external_id.clone_from(&old.external_id);
    new.import_hash = old.import_hash;
    end(tx, &old)?;
    let id = store::add(tx.conn, &new)?;
    let id = id.ok_or_else(|| Error::internal("a new number is taken"))?;
    if let Some(old_lead) = old.lead_id
        && touched.as_ref().is_none_or(|t| t.lead.id != old_lead)
    {
        leads::refresh(tx, &[old_lead])?;
    }
    after_change(tx, &new, id, touched.as_ref(), (entry.step.said, becomes))?;
    trail::corrected(tx, &old, &new, id)?;
    Ok(Logged::Stored)
}

/// Takes one's own entry back; it stays for the trail.
pub fn remove(tx: &mut Tx, uid: &str) -> Result<()> {
    let old = own_and_open(tx, uid)?;
    end(tx, &old)?;
    trail::removed(tx, &old)?;
    match old.lead_id {
        Some(lead) => leads::refresh(tx, &[lead]),
        None => Ok(()),
    }
}

/// One's own standing entry whose week is still open.
pub fn own_and_open(tx: &mut Tx, uid: &str) -> Result<Activity> {
    let me = tx.me()?;
    let old = store::own(tx.conn, me.id, uid)?.ok_or(Error::NotFound)?;
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    if !day::is_open(old.local_day, tx.now, &calendars.zones_of(me.id)) {
        return Err(Error::refused(
            "This entry's week is closed: entries can be changed until two days after the end of their week.",
        ));
    }
    Ok(old)
}

fn end(tx: &mut Tx, old: &Activity) -> Result<()> {
    let by_id = tx.by_id();
    for event in leads::store::events_of_activity(tx.conn, old.id)? {
        let withdrawal = NewEvent {
            replaces_id: Some(event.id),
            ..NewEvent::now(tx, event.lead_id, EventKind::Withdrawn)
        };
        let stage = leads::store::stage(tx.conn, event.lead_id)?;
        leads::store::add_event(tx.conn, &withdrawal, tx.now, stage, stage)?;
    }
    store::end(tx.conn, old.id, tx.now, by_id)
}

/// Everything the rules ask of an entry; the row to store, and its lead.
fn check(
    tx: &mut Tx,
    entry: &Entry,
    old: Option<&Activity>,
) -> Result<(store::NewActivity, Option<Touched>)> {
    let ground = Ground::within(tx)?;
    let done = ground.done(entry, old)?;
    let old_lead = old.and_then(|old| old.lead_id);
    let touched = match &entry.lead_uid {
        Some(uid) => Some(touched(tx, uid, entry.happened_at, old_lead)?),
        None => None,
    };
    if let Some(touched) = &touched {
        leads::refuse_words(&touched.lead, &[&entry.note])?;
    }
    let new = ground.row(entry, old, &done)?;
    let lead_id = touched.as_ref().map(|touched| touched.lead.id);
    Ok((store::NewActivity { lead_id, ..new }, touched))
}

/// From when to when a touch is asked about that is like one at an instant.
fn alike_within(at: Instant) -> (Instant, Instant) {
    let [from, to] = [-DUPLICATE_WITHIN_S, DUPLICATE_WITHIN_S].map(|s| at.plus_seconds(s));
    (from, to)
}

fn similar(tx: &mut Tx, new: &store::NewActivity, lead_id: i64) -> Result<Option<Instant>> {
    let (from, to) = alike_within(new.happened_at);
    store::similar(tx.conn, new.person_id, lead_id, new.kind_id, from, to)
}

/// Writes the lead's move down where the activity makes one, and brings the lead up to date.
fn after_change(
    tx: &mut Tx,
    new: &store::NewActivity,
    id: i64,
    touched: Option<&Touched>,
    step: (Said, Becomes),
) -> Result<()> {
    let Some(Touched { lead, .. }) = touched else {
        return Ok(());
    };
    move_on(tx, new, id, lead, step)?;
    leads::refresh(tx, &[lead.id])
}

/// Writes down what an entry makes of its lead's next step and stage; the lead is not up to date then.
fn move_on(
    tx: &mut Tx,
    new: &store::NewActivity,
    id: i64,
    lead: &leads::Lead,
    (said, becomes): (Said, Becomes),
) -> Result<()> {
    step::write(tx, lead, said, becomes)?;
    let touch = Touch {
        attempt: new.is_attempt,
        reached: new.is_reached,
        meeting_booked: new.is_meeting,
    };
    let before = lead.stage;
    let moved = stage::after(before, touch);
    let kind = match moved {
        Stage::Attempting => EventKind::Attempting,
        Stage::Contacted => EventKind::Contacted,
        Stage::MeetingBooked => EventKind::MeetingBooked,
        _ => return Ok(()),
    };
    if moved != before {
        let event = NewEvent {
            at: new.happened_at,
            activity_id: Some(id),
            ..NewEvent::now(tx, lead.id, kind)
        };
        leads::store::add_event(tx.conn, &event, tx.now, before, moved)?;
    }
    Ok(())
}

/// How far back the last kind and the recent leads are looked for.
const RECENT_DAYS: u64 = 30;

fn recent_since(today: NaiveDate) -> NaiveDate {
    let since = today.checked_sub_days(Days::new(RECENT_DAYS));
    since.unwrap_or(today)
}

/// The kind that a person logged last, lately.
pub fn last_kind(conn: &mut Conn, person_id: i64, today: NaiveDate) -> Result<Option<i64>> {
    store::last_kind(conn, person_id, recent_since(today))
}
