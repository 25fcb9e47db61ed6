//! Leads, their hand-overs and their history: what is known of a lead, who may see it, and how it stands.

pub mod carried;
pub mod cohort;
mod due;
pub mod flags;
pub mod gone;
pub mod history;
pub mod list;
pub mod mine;
pub mod pages;
pub mod profile;
pub mod queue;
pub mod score;
pub mod signals;
pub mod store;
mod views;
pub mod wins;

pub use due::{
    BackLead, DueLead, Given, Promised, Windows, back_from_nurture, due, open_handovers, promises,
};
pub use list::store::perhaps_same;
pub use store::{Handover, Lead, LeadEvent};

use crate::app::Tx;
use crate::audit;
use crate::db::{self, Conn};
use crate::error::{Error, Result};
use crate::rules::access::{Me, Role};
use crate::rules::stage::{self, EventKind};
use crate::rules::wait::Urgency;
use crate::value::Instant;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// What a lead is made of; names of lists are ids here.
#[derive(Debug, Clone)]
pub struct NewLead {
    pub external_id: Option<String>,
    pub name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
    pub title: String,
    pub territory_id: Option<i64>,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub urgency: Urgency,
    pub score: Option<f64>,
    pub amount_micros: Option<i64>,
    pub currency: String,
    pub note: String,
    pub created_at: Instant,
    pub created_by_id: Option<i64>,
    pub import_hash: Option<i64>,
}

impl NewLead {
    /// What a search looks in: in lower case, the phone number also as bare digits.
    pub fn search_text(&self) -> String {
        search_text(&self.name, &self.company, &self.email, &self.phone)
    }
}

/// As [`NewLead::search_text`], of a lead that is known.
pub fn search_text(name: &str, company: &str, email: &str, phone: &str) -> String {
    let digits = phone_digits(phone);
    [name, company, email, phone, &digits]
        .map(str::to_lowercase)
        .join(" ")
}

/// Whether a lead comes with a name, a company, a phone number or an e-mail address, and a source (PRODUCT.md 5).
pub fn is_complete([name, company, email, phone]: [&str; 4], source_id: Option<i64>) -> bool {
    let is_reachable = !email.is_empty() || !phone.is_empty();
    !name.is_empty() && !company.is_empty() && is_reachable && source_id.is_some()
}

impl Lead {
    /// As [`is_complete`].
    pub fn is_complete(&self) -> bool {
        let known = [&self.name, &self.company, &self.email, &self.phone];
        is_complete(known.map(String::as_str), self.source_id)
    }
}

/// A phone number without what people write between its digits.
pub fn phone_digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// The words of a search, in lower case; a search of more than eight words looks for the first eight.
pub fn search_words(q: &str) -> Vec<String> {
    q.split_whitespace()
        .take(8)
        .map(str::to_lowercase)
        .collect()
}

/// Something that happened to a lead, to be written down.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub lead_id: i64,
    pub at: Instant,
    pub kind: EventKind,
    pub reason: String,
    pub note: String,
    pub by_id: Option<i64>,
    pub owner_id: Option<i64>,
    pub amount_micros: Option<i64>,
    pub currency: String,
    pub activity_id: Option<i64>,
    pub origin: &'static str,
    /// The event that this one corrects or withdraws.
    pub replaces_id: Option<i64>,
}

impl NewEvent {
    /// An event by whoever asks, now, with nothing further.
    pub fn now(tx: &Tx, lead_id: i64, kind: EventKind) -> NewEvent {
        NewEvent {
            lead_id,
            at: tx.now,
            kind,
            reason: String::new(),
            note: String::new(),
            by_id: tx.by_id(),
            owner_id: None,
            amount_micros: None,
            currency: String::new(),
            activity_id: None,
            origin: "web",
            replaces_id: None,
        }
    }
}

/// The lead, when it is one that `tx.me` may see. Nobody else changes it until the transaction ends: of two who act on it
/// at once the second sees what the first did.
pub fn visible(tx: &mut Tx, uid: &str) -> Result<Lead> {
    let me = tx.me()?;
    let lead = store::by_uid(tx.conn, me, uid)?.ok_or(Error::NotFound)?;
    if !db::hold(tx.conn, "leads", lead.id)? {
        return Ok(lead);
    }
    store::by_uid(tx.conn, me, uid)?.ok_or(Error::NotFound)
}

/// Refused: words about a lead of which nothing personal is known any more. Nobody would know to erase them again.
pub fn refuse_words(lead: &Lead, words: &[&str]) -> Result<()> {
    if lead.erased_at.is_some() && words.iter().any(|words| !words.is_empty()) {
        return Err(Error::refused(
            "What was known of this lead is erased: nothing more is written about it. Leave the words out.",
        ));
    }
    Ok(())
}

/// Makes leads what their history adds up to, in the transaction that changed it. One that had ended and goes on has the
/// score of now, and marketing is told where it comes up by it.
pub fn refresh(tx: &mut Tx, lead_ids: &[i64]) -> Result<()> {
    let going_on = history::refresh(tx.conn, lead_ids)?;
    match going_on.as_slice() {
        [] => Ok(()),
        going_on => score::refresh_of(tx, going_on),
    }
}

/// Writes an event down and brings the lead up to date.
pub fn record(tx: &mut Tx, event: &NewEvent) -> Result<i64> {
    let before = store::stage(tx.conn, event.lead_id)?;
    let after = stage::on_event(before, event.kind);
    let id = store::add_event(tx.conn, event, tx.now, before, after)?;
    refresh(tx, &[event.lead_id])?;
    Ok(id)
}

/// Gives a lead to somebody who may have leads, now.
pub fn assign(tx: &mut Tx, lead_id: i64, owner_id: i64) -> Result<()> {
    assign_at(tx, lead_id, Some(owner_id), tx.now)
}

/// Gives a lead to somebody who may have leads, or to nobody, at an instant.
pub fn assign_at(tx: &mut Tx, lead_id: i64, owner_id: Option<i64>, at: Instant) -> Result<()> {
    let assignment = Assignment {
        owner_id,
        at,
        reason: "",
        note: "",
    };
    assign_as(tx, lead_id, &assignment)
}

/// Whose a lead becomes (nobody's: it waits in the queue), when and why.
#[derive(Debug, Clone, Copy)]
pub struct Assignment<'a> {
    pub owner_id: Option<i64>,
    pub at: Instant,
    pub reason: &'a str,
    pub note: &'a str,
}

/// Gives a lead to somebody who may have leads, or to nobody, and says why.
pub fn assign_as(tx: &mut Tx, lead_id: i64, assignment: &Assignment) -> Result<()> {
    if let Some(owner_id) = assignment.owner_id {
        let owner = crate::people::store::by_id(tx.conn, owner_id)?.ok_or(Error::NotFound)?;
        if owner.role == Role::Marketing || owner.left_on.is_some() {
            return Err(Error::refused(format!(
                "{} cannot own leads: choose a rep or a manager.",
                owner.name
            )));
        }
    }
    let event = NewEvent {
        at: assignment.at,
        owner_id: assignment.owner_id,
        reason: assignment.reason.to_owned(),
        note: assignment.note.to_owned(),
        ..NewEvent::now(tx, lead_id, EventKind::Assigned)
    };
    record(tx, &event).map(|_| ())
}

/// What dials a phone number; empty where it has no digits.
pub fn dial(phone: &str) -> String {
    let digits = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    let digits: String = digits.collect();
    match digits.is_empty() {
        true => String::new(),
        false => format!("tel:{digits}"),
    }
}

/// The names of leads, each with its address where it is the reader's to see: a name is part of the record.
pub fn names(
    conn: &mut Conn,
    me: &Me,
    ids: HashSet<i64>,
) -> Result<HashMap<i64, (String, String)>> {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    let mut names = HashMap::new();
    // SQLite takes a bounded number of values in one query; a page needs one round.
    for ids in ids.chunks(db::BATCH_ROWS) {
        for lead in store::by_ids(conn, ids)? {
            names.insert(lead.id, (lead.title_name().to_owned(), String::new()));
        }
        for lead in store::visible_by_ids(conn, me, ids)? {
            if let Some((_, href)) = names.get_mut(&lead.id) {
                *href = format!("/leads/{}", lead.uid);
            }
        }
    }
    Ok(names)
}

/// Plans another next step with a lead than stood there, or none; the record keeps both days.
pub fn plan_step(
    tx: &mut Tx,
    lead_id: i64,
    (before, after): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<()> {
    store::set_next_step(tx.conn, lead_id, after)?;
    if before == after {
        return Ok(());
    }
    let word = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let about = ("lead", Some(lead_id));
    audit::change(
        tx,
        "planned the next step with",
        about,
        &word(before),
        &word(after),
    )
}
