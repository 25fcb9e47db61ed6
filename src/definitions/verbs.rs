//! What people do with a draft: make it, edit it, sign it, drop it. A version in force can only be followed by another.

use super::store::{self, Content, Signature, Version};
use super::{Definitions, Side};
use crate::app::Tx;
use crate::audit;
use crate::db;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::kept::Keep;
use crate::people;
use crate::rules::access::{Access, READERS};
use crate::value::Instant;

/// What became of an edit.
#[derive(Debug, PartialEq, Eq)]
pub enum Done {
    Stored,
    /// Somebody saved the draft since the asker looked: who.
    Newer(Option<i64>),
}

/// Who may write a draft.
const WRITERS: Access = READERS;

fn may_write(tx: &Tx) -> Result<()> {
    match WRITERS.allows(tx.me()?.role) {
        true => Ok(()),
        false => Err(Error::Forbidden),
    }
}

/// Makes the draft of the next version, as the newest one in force says it. Refused where there is a draft already.
pub fn begin(tx: &mut Tx) -> Result<i64> {
    may_write(tx)?;
    let versions = store::all(tx.conn)?;
    if versions.iter().any(|version| version.from.is_none()) {
        return Err(Error::refused(
            "There is a draft already: edit that one, or drop it first.",
        ));
    }
    let definitions = Definitions::load(tx.conn)?;
    let now = definitions.at(Instant(i64::MAX));
    let newest = versions.last().map_or(1, |version| version.number);
    let number = newest + 1;
    store::add(tx.conn, number, &now.content, tx.by_id(), tx.now)?;
    audit::note(tx, "began", "definitions", Some(number), "")?;
    tell_heads(
        tx,
        format!("Version {number} of the definitions is a draft"),
    )?;
    Ok(number)
}

/// Changes the draft, when nobody did since `seen`, its revision as the asker saw it. Signatures under what it said
/// before go, and who gave them is told.
pub fn edit(tx: &mut Tx, content: &Content, seen: i32) -> Result<Done> {
    may_write(tx)?;
    let draft = draft(tx)?;
    if !store::hold(tx.conn, draft.number, seen)? {
        return Ok(Done::Newer(draft.edited_by_id));
    }
    if draft.content == *content {
        return Ok(Done::Stored);
    }
    store::change(tx.conn, draft.number, content, tx.by_id(), tx.now)?;
    audit::note(tx, "edited", "definitions", Some(draft.number), "")?;
    let signers: Vec<i64> = draft.signatures.iter().map(|s| s.by_id).collect();
    let text = format!(
        "The draft of version {} changed after you signed it: read and sign it again",
        draft.number
    );
    tell(tx, &signers, text)?;
    Ok(Done::Stored)
}

/// Drops the draft.
pub fn drop_draft(tx: &mut Tx) -> Result<()> {
    may_write(tx)?;
    let draft = draft(tx)?;
    store::remove(tx.conn, draft.number)?;
    audit::note(tx, "dropped", "definitions", Some(draft.number), "")
}

/// Signs the draft for the side whose head asks, when it still reads as at revision `seen`. With both signatures it is
/// in force from this instant on, and everybody is told. Whoever is no head may not.
pub fn sign(tx: &mut Tx, seen: i32) -> Result<()> {
    let me = tx.me()?;
    let heads = store::heads(tx.conn)?;
    let head = heads.iter().find(|(_, head)| *head == me.id);
    let Some(&(side, _)) = head.filter(|(side, _)| side.takes(me.role)) else {
        return Err(Error::Forbidden);
    };
    let number = draft(tx)?.number;
    // Who signs at the same time waits here, and may have put it in force.
    db::hold(tx.conn, "definitions", number)?;
    let Ok(draft) = draft(tx) else {
        return Err(Error::Conflict(
            "This version is in force already: both sides have signed it.".to_owned(),
        ));
    };
    if draft.number != number || !store::hold(tx.conn, number, seen)? {
        return Err(Error::Conflict(
            "The draft changed while you read it. Read it again, then sign.".to_owned(),
        ));
    }
    if draft.signatures.iter().any(|s| s.side == side) {
        return Ok(());
    }
    let signature = Signature {
        side,
        by_id: me.id,
        at: tx.now,
    };
    store::add_signature(tx.conn, number, &signature)?;
    audit::note(tx, "signed", "definitions", Some(number), side.label())?;
    if store::signatures(tx.conn, number)? < Side::ALL.len() as i64 {
        let text = format!("{} signed version {number} of the definitions", me.name);
        return tell_heads(tx, text);
    }
    put_in_force(tx, number)
}

/// From now on, or right after the version before where a clock went back.
fn put_in_force(tx: &mut Tx, number: i64) -> Result<()> {
    let definitions = Definitions::load(tx.conn)?;
    let before = definitions.at(Instant(i64::MAX)).from;
    let from = before.map_or(tx.now, |before| tx.now.max(Instant(before.0 + 1)));
    store::put_in_force(tx.conn, number, from)?;
    let detail = format!("in force from {from}");
    audit::note(tx, "put in force", "definitions", Some(number), &detail)?;
    let people = people::store::all(tx.conn)?;
    let everybody: Vec<i64> = people.iter().map(|person| person.id).collect();
    let text = format!("Version {number} of the definitions is in force, signed by both sides");
    tell(tx, &everybody, text)
}

fn draft(tx: &mut Tx) -> Result<Version> {
    let versions = store::all(tx.conn)?;
    let draft = versions.into_iter().find(|version| version.from.is_none());
    draft.ok_or(Error::NotFound)
}

fn tell_heads(tx: &mut Tx, text: String) -> Result<()> {
    let heads = store::heads(tx.conn)?;
    let heads: Vec<i64> = heads.into_iter().map(|(_, person)| person).collect();
    tell(tx, &heads, text)
}

fn tell(tx: &mut Tx, people: &[i64], text: String) -> Result<()> {
    let notice = Notice {
        text,
        ..Notice::default()
    };
    inbox::tell(tx, people, NoticeKind::Definition, &notice)
}
