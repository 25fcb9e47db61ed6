//! The log: what a person did, with or without a lead.

pub mod day_totals;
pub mod entry_form;
mod offer;
pub mod pages;
pub mod queued;
mod step;
pub mod store;
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
use crate::lists::{Counts, Kind, List, Lists, Outcome};
use crate::rules::day;
use crate::rules::next_step::Becomes;
use crate::rules::stage::{self, EventKind, Stage, Touch};
use crate::rules::workday::WorkCalendar;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
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

/// A phone's clock may be a little ahead of ours.
const CLOCKS_DIFFER_S: i64 = 300;

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
    let checked = check(tx, entry, None);
    // An entry that had come before is neither refused now nor taken for its own duplicate.
    if (checked.is_err() || entry.lead_uid.is_some()) && is_known(tx, &entry.uid)? {
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
        Some(touched) => step::after(entry, touched, &mut new, true)?,
        None => Becomes::Same,
    };
    if becomes == Becomes::Moved {
        return Ok(Logged::Moved(touched.and_then(|t| t.lead.next_step_on)));
    }
    let Some(id) = store::add(tx.conn, &new)? else {
        return match is_known(tx, &entry.uid)? {
            true => Ok(Logged::Known),
            false => Err(Error::internal("an entry was there and is gone")),
        };
    };
    after_change(tx, &new, id, touched.as_ref(), becomes)?;
    Ok(Logged::Stored)
}

/// Whether an entry of this number had come before. Refused: where it is somebody else's.
fn is_known(tx: &mut Tx, uid: &str) -> Result<bool> {
    let me = tx.me()?;
    match store::owner_of(tx.conn, uid)? {
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
        Some(touched) => step::after(entry, touched, &mut new, false)?,
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
        leads::refresh(tx.conn, &[old_lead])?;
    }
    after_change(tx, &new, id, touched.as_ref(), becomes)?;
    trail::corrected(tx, &old, &new, id)?;
    Ok(Logged::Stored)
}

/// Takes one's own entry back; it stays for the trail.
pub fn remove(tx: &mut Tx, uid: &str) -> Result<()> {
    let old = own_and_open(tx, uid)?;
    end(tx, &old)?;
    trail::removed(tx, &old)?;
    match old.lead_id {
        Some(lead) => leads::refresh(tx.conn, &[lead]),
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
    let me = tx.me()?;
    let (kind, outcome) = kind_and_outcome(tx, entry, old)?;
    let old_lead = old.and_then(|old| old.lead_id);
    let touched = match &entry.lead_uid {
        Some(uid) => Some(touched(tx, uid, entry.happened_at, old_lead)?),
        None => None,
    };
    if let Some(touched) = &touched {
        leads::refuse_words(&touched.lead, &[&entry.note])?;
    }
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    let local_day = calendars.day_at(me.id, entry.happened_at);
    if !day::is_open(local_day, tx.now, &calendars.zones_of(me.id)) {
        return Err(Error::refused(
            "That week is closed: entries can be made until two days after the end of their week.",
        ));
    }
    refuse_impossible(tx, entry, &kind, touched.is_some())?;
    let counts = Counts::of(&kind, outcome.as_ref());
    let entered_at = old.map_or(tx.now, |old| old.entered_at);
    let new = store::NewActivity {
        uid: old.map_or_else(|| entry.uid.clone(), |_| uuid::Uuid::now_v7().to_string()),
        external_id: None,
        person_id: me.id,
        team_id: calendars.team_on(me.id, local_day),
        lead_id: touched.as_ref().map(|touched| touched.lead.id),
        kind_id: kind.id,
        outcome_id: outcome.as_ref().map(|o| o.id),
        technique: entry.technique.map_or("", Technique::word).to_owned(),
        quantity: entry.quantity,
        happened_at: entry.happened_at,
        entered_at,
        local_day,
        origin: entry.origin.to_owned(),
        is_prospecting: counts.is_prospecting,
        is_attempt: counts.is_attempt,
        is_reached: counts.is_reached,
        is_meeting: counts.is_meeting,
        is_late: is_late(tx, entry.happened_at, entered_at)?,
        with_id: entry.with_id,
        asset_id: entry.asset_id,
        note: entry.note.clone(),
        note_for_marketing: entry.note_for_marketing,
        replaces_id: None,
        import_hash: None,
    };
    Ok((new, touched))
}

/// What no entry may be, whoever makes it.
fn refuse_impossible(tx: &mut Tx, entry: &Entry, kind: &Kind, has_lead: bool) -> Result<()> {
    if !has_lead && !kind.without_lead {
        return Err(Error::refused(format!(
            "A {} needs a lead: choose one.",
            kind.name.to_lowercase()
        )));
    }
    if has_lead && entry.quantity != 1 {
        return Err(Error::refused("With a lead, log one touch at a time."));
    }
    if !(1..=1000).contains(&entry.quantity) {
        return Err(Error::refused("Enter a count from 1 to 1000."));
    }
    if entry.happened_at > tx.now.plus_seconds(CLOCKS_DIFFER_S) {
        return Err(Error::refused(
            "This has not happened yet: enter a time that is past.",
        ));
    }
    let lists: Arc<Lists> = tx.kept.get(tx.conn)?;
    let asset = entry.asset_id.map(|id| lists.label(id));
    if asset.is_some_and(|label| label.is_none_or(|label| label.list != List::Asset)) {
        return Err(Error::refused("Choose an asset from the list."));
    }
    Ok(())
}

fn kind_and_outcome(
    tx: &mut Tx,
    entry: &Entry,
    old: Option<&Activity>,
) -> Result<(Kind, Option<Outcome>)> {
    let lists: Arc<Lists> = tx.kept.get(tx.conn)?;
    // What was retired may stay on an entry that has it already.
    let kind = lists.kind(entry.kind_id).cloned();
    let kind = kind.filter(|k| !k.is_retired || old.is_some_and(|old| old.kind_id == k.id));
    let kind = kind.ok_or_else(|| Error::refused("Choose what you did."))?;
    let Some(outcome_id) = entry.outcome_id else {
        return Ok((kind, None));
    };
    let outcome = lists.outcome(outcome_id).filter(|o| o.kind_id == kind.id);
    let outcome = outcome
        .cloned()
        .filter(|o| !o.is_retired || old.is_some_and(|old| old.outcome_id == Some(o.id)));
    let outcome =
        outcome.ok_or_else(|| Error::refused(format!("Choose an outcome of {}.", kind.name)))?;
    Ok((kind, Some(outcome)))
}

fn is_late(tx: &mut Tx, happened_at: Instant, entered_at: Instant) -> Result<bool> {
    // Nothing entered within two days can be late; most entries end here.
    if entered_at <= happened_at.plus_seconds(2 * 86_400) {
        return Ok(false);
    }
    let me = tx.me()?;
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    Ok(day::is_late(
        happened_at,
        entered_at,
        &around(&calendars, me.id, happened_at, entered_at),
    ))
}

fn around(calendars: &Calendars, person_id: i64, from: Instant, to: Instant) -> WorkCalendar {
    let last = calendars.day_at(person_id, to);
    calendars.of_person(
        person_id,
        calendars.day_at(person_id, from),
        last.checked_add_days(Days::new(1)).unwrap_or(last),
    )
}

fn similar(tx: &mut Tx, new: &store::NewActivity, lead_id: i64) -> Result<Option<Instant>> {
    let from = new.happened_at.plus_seconds(-DUPLICATE_WITHIN_S);
    let to = new.happened_at.plus_seconds(DUPLICATE_WITHIN_S);
    store::similar(tx.conn, new.person_id, lead_id, new.kind_id, from, to)
}

/// Writes the lead's move down where the activity makes one, and brings the lead up to date.
fn after_change(
    tx: &mut Tx,
    new: &store::NewActivity,
    id: i64,
    touched: Option<&Touched>,
    becomes: Becomes,
) -> Result<()> {
    let Some(Touched { lead, .. }) = touched else {
        return Ok(());
    };
    step::write(tx, lead.id, becomes)?;
    let touch = Touch {
        attempt: new.is_attempt,
        reached: new.is_reached,
        meeting_booked: new.is_meeting,
    };
    let before = leads::store::stage(tx.conn, lead.id)?;
    let moved = stage::after(before, touch);
    let kind = match moved {
        Stage::Attempting => EventKind::Attempting,
        Stage::Contacted => EventKind::Contacted,
        Stage::MeetingBooked => EventKind::MeetingBooked,
        _ => return leads::refresh(tx.conn, &[lead.id]),
    };
    if moved != before {
        let event = NewEvent {
            at: new.happened_at,
            activity_id: Some(id),
            ..NewEvent::now(tx, lead.id, kind)
        };
        leads::store::add_event(tx.conn, &event, tx.now, before, moved)?;
    }
    leads::refresh(tx.conn, &[lead.id])
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
