//! What is known of a lead beside its own data: what it did, what goes on at its company, what somebody found out.

pub mod form;
pub mod pages;
pub mod store;

pub use store::{Signal, SignalKind};

use super::score;
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::leads;
use crate::lists::{self, List};
use crate::page;
use crate::people;
use crate::rules::access::{Me, Role};
use crate::value::Instant;
use store::SignalRow;

crate::words! {
    /// What sort of thing a signal tells.
    pub enum Sort {
        /// What the lead did.
        Behaviour = "behaviour",
        /// What changed at its company.
        Trigger = "trigger",
        /// What somebody found out.
        Note = "note",
    }
}

impl Sort {
    pub fn label(self) -> &'static str {
        match self {
            Sort::Behaviour => "What the lead did",
            Sort::Trigger => "What changed at the company",
            Sort::Note => "What somebody found out",
        }
    }
}

/// A signal to be written down; `uid` is made by the client, so that one sent twice is stored once.
#[derive(Debug, Clone)]
pub struct NewSignal {
    pub uid: String,
    pub kind_id: i64,
    pub at: Instant,
    pub what: String,
    /// A name, made where it is new; empty for none.
    pub asset: String,
    pub link: String,
}

impl NewSignal {
    /// One of now with nothing but words.
    pub fn now(tx: &Tx, kind_id: i64, what: &str) -> NewSignal {
        NewSignal {
            uid: uuid::Uuid::now_v7().to_string(),
            kind_id,
            at: tx.now,
            what: what.to_owned(),
            asset: String::new(),
            link: String::new(),
        }
    }
}

impl Signal {
    /// Whether it tells the same, as of a form that was sent twice; without a day it was of the instant of its entry.
    fn says(&self, tx: &mut Tx, new: &NewSignal) -> Result<bool> {
        let is_of_then = self.at == new.at || self.at == self.entered_at && new.at == tx.now;
        Ok(is_of_then
            && self.kind_id == new.kind_id
            && self.what == new.what
            && self.link == new.link
            && self.asset_id == lists::store::label_id(tx.conn, List::Asset, &new.asset)?)
    }
}

/// What became of a correction.
#[derive(Debug, PartialEq, Eq)]
pub enum Done {
    Stored,
    /// Somebody corrected it first, in a sentence.
    Newer(String),
}

/// Writes down what anybody who sees the lead knows of it, and brings its score up to date.
pub fn note(tx: &mut Tx, lead_uid: &str, new: &NewSignal) -> Result<()> {
    let lead = leads::visible(tx, lead_uid)?;
    leads::refuse_words(&lead, &[&new.what, &new.link])?;
    let mut new = new.clone();
    if store::by_uid(tx.conn, &new.uid)?.is_some() {
        for known in store::of_lead(tx.conn, lead.id)? {
            if known.by_id == tx.by_id() && known.says(tx, &new)? {
                return Ok(());
            }
        }
        // Other words in a form that was sent before are something new.
        new.uid = uuid::Uuid::now_v7().to_string();
    }
    write(tx, lead.id, &new, None, false)?;
    score::refresh_of(tx, &[lead.id])
}

/// Writes it down without asking who may see the lead: for verbs that asked already, and keep the score themselves.
pub fn write(
    tx: &mut Tx,
    lead_id: i64,
    new: &NewSignal,
    replaces_id: Option<i64>,
    is_withdrawn: bool,
) -> Result<()> {
    let kinds = store::kinds(tx.conn)?;
    let kind = kinds.iter().find(|kind| kind.id == new.kind_id);
    let Some(kind) = kind.filter(|kind| !kind.is_retired || replaces_id.is_some()) else {
        return Err(Error::refused("Choose what it was from the list."));
    };
    if new.at > tx.now {
        return Err(Error::refused("Enter a time that has passed."));
    }
    if kind.sort == Sort::Note && new.what.is_empty() {
        return Err(Error::refused("Say in words what you found out."));
    }
    let row = SignalRow {
        uid: new.uid.clone(),
        lead_id,
        kind_id: new.kind_id,
        at: new.at,
        entered_at: tx.now,
        what: new.what.clone(),
        asset_id: lists::store::label_id(tx.conn, List::Asset, &new.asset)?,
        link: new.link.clone(),
        by_id: tx.by_id(),
        is_withdrawn,
        replaces_id,
    };
    store::add(tx.conn, &row)
}

/// Whether somebody who sees the lead may correct a signal of it: its author, and everybody but other reps.
pub fn may_correct(me: &Me, signal: &Signal) -> bool {
    signal.by_id == Some(me.id) || me.role != Role::Rep
}

/// Puts a new row in the place of a signal, or withdraws it; what was entered stays for the trail.
pub fn correct(
    tx: &mut Tx,
    lead_uid: &str,
    signal_uid: &str,
    new: &NewSignal,
    is_withdrawn: bool,
) -> Result<Done> {
    let me = tx.me()?;
    let lead = leads::visible(tx, lead_uid)?;
    let old = store::by_uid(tx.conn, signal_uid)?;
    let old = old
        .filter(|old| old.lead_id == lead.id)
        .ok_or(Error::NotFound)?;
    if !may_correct(me, &old) {
        return Err(Error::Forbidden);
    }
    if let Some(later) = store::replacing(tx.conn, old.id)? {
        if later.uid == new.uid && later.says(tx, new)? && later.is_withdrawn == is_withdrawn {
            return Ok(Done::Stored);
        }
        return Ok(Done::Newer(news(tx, &later)?));
    }
    leads::refuse_words(&lead, &[&new.what, &new.link])?;
    write(tx, lead.id, new, Some(old.id), is_withdrawn)?;
    score::refresh_of(tx, &[lead.id])?;
    Ok(Done::Stored)
}

/// Who was faster, when and how, in a sentence.
fn news(tx: &mut Tx, later: &Signal) -> Result<String> {
    let zone = &tx.me()?.zone;
    let who = match later.by_id {
        id if id.is_some() && id == tx.by_id() => Some("You".to_owned()),
        Some(id) => people::store::by_id(tx.conn, id)?.map(|person| person.name),
        None => None,
    };
    let who = who.unwrap_or_else(|| "Somebody".to_owned());
    let when = page::short_time(later.entered_at, zone, zone.day_of(tx.now));
    let how = match later.is_withdrawn {
        true => "withdrew it".to_owned(),
        false => format!("corrected it to \u{201c}{}\u{201d}", later.what),
    };
    Ok(format!(
        "{who} {how}, {when}. What you entered is below: enter it anew if it is still right."
    ))
}

/// Adds a kind of signal to the list.
pub fn add_kind(tx: &mut Tx, name: &str, sort: Sort) -> Result<()> {
    let kinds = store::kinds(tx.conn)?;
    let is_same = |kind: &SignalKind| kind.name.to_lowercase() == name.to_lowercase();
    if kinds.iter().any(is_same) {
        return Err(Error::refused("There is a kind of this name already."));
    }
    let id = store::add_kind(tx.conn, name, sort)?;
    audit::note(tx, "added", "signal kind", Some(id), name)
}

/// Takes a kind from the list, or puts it back; it is never deleted, and what was entered stays.
pub fn set_retired(tx: &mut Tx, id: i64, is_retired: bool) -> Result<()> {
    let kinds = store::kinds(tx.conn)?;
    let kind = kinds
        .iter()
        .find(|kind| kind.id == id)
        .ok_or(Error::NotFound)?;
    if kind.is_retired == is_retired {
        return Ok(());
    }
    store::set_retired(tx.conn, id, is_retired)?;
    let verb = if is_retired {
        "retired"
    } else {
        "brought back"
    };
    audit::note(tx, verb, "signal kind", Some(id), &kind.name)
}
