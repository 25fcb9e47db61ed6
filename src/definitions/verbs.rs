//! What people do with a draft: make it, edit it, sign it, drop it. A version in force can only be followed by another.

use super::store::{self, Content, Signature, Version};
use super::{Definitions, Side, text};
use crate::app::Tx;
use crate::audit;
use crate::db::{self, Conn};
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

/// The table, and what the trail calls it.
const SUBJECT: &str = "definitions";
pub const DROPPED: &str = "dropped";
const IN_FORCE: &str = "put in force";

/// Who may write a draft.
const WRITERS: Access = READERS;

fn may_write(tx: &Tx) -> Result<()> {
    match WRITERS.allows(tx.me()?.role) {
        true => Ok(()),
        false => Err(Error::Forbidden),
    }
}

/// Makes the draft of the next version, as the newest one in force says it, with the score's rules as they are now
/// (none: as that version says them). Refused where there is a draft already that says something else.
pub fn begin(tx: &mut Tx, rules: &[String]) -> Result<i64> {
    may_write(tx)?;
    let versions = store::all(tx.conn)?;
    let definitions = Definitions::load(tx.conn)?;
    let mut content = definitions.at(Instant(i64::MAX)).content.clone();
    content.score_rules = text::with_rules(&content.score_rules, rules);
    if let Some(draft) = versions.iter().find(|version| version.from.is_none()) {
        // Pressed twice, it is begun once.
        if draft.edited_by_id == tx.by_id() && draft.content == content {
            return Ok(draft.number);
        }
        return Err(Error::refused(
            "There is a draft already: edit that one, or drop it first.",
        ));
    }
    let newest = versions.last().map_or(1, |version| version.number);
    let number = newest + 1;
    store::add(tx.conn, number, &content, tx.by_id(), tx.now)?;
    audit::note(tx, "began", SUBJECT, Some(number), "")?;
    let text = format!("Version {number} of the definitions is a draft");
    tell_heads(tx, number, text)?;
    Ok(number)
}

/// The parts of a text that differ, from what and to what.
fn texts(before: &Content, after: &Content) -> (String, String) {
    let promises = |content: &Content| {
        let (levels, volume, answer_by) = (&content.levels, content.volume, content.answer_by);
        format!("{levels:?} {volume:?} {answer_by:?}")
    };
    let (promised, promises) = (promises(before), promises(after));
    let says = match promised == promises {
        true => ("", ""),
        false => ("as before", "changed"),
    };
    audit::differing(&[
        ("stages", &before.stages, &after.stages),
        ("qualified", &before.qualified, &after.qualified),
        ("reasons", &before.reasons, &after.reasons),
        ("score rules", &before.score_rules, &after.score_rules),
        ("promises", says.0, says.1),
    ])
}

/// Changes the draft, when nobody did since `seen`, its revision as the asker saw it. Signatures under what it said
/// before go, and who gave them is told.
pub fn edit(tx: &mut Tx, content: &Content, seen: i32) -> Result<Done> {
    may_write(tx)?;
    let draft = held_draft(tx)?;
    // Sent twice, or changed by both in the same way.
    if draft.content == *content {
        return Ok(Done::Stored);
    }
    if draft.revision != seen {
        return Ok(Done::Newer(draft.edited_by_id));
    }
    store::change(tx.conn, draft.number, content, tx.by_id(), tx.now)?;
    let (was, became) = texts(&draft.content, content);
    audit::change(tx, "edited", (SUBJECT, Some(draft.number)), &was, &became)?;
    let signers: Vec<i64> = draft.signatures.iter().map(|s| s.by_id).collect();
    let text = format!(
        "The draft of version {} changed after you signed it: read and sign it again",
        draft.number
    );
    tell(tx, &signers, draft.number, text)?;
    Ok(Done::Stored)
}

/// Drops the draft, when nobody changed it since `seen`.
pub fn drop_draft(tx: &mut Tx, seen: i32) -> Result<Done> {
    may_write(tx)?;
    let draft = match held_draft(tx) {
        // Pressed twice, it is dropped once.
        Err(Error::NotFound) => {
            let last = last_of_draft(tx.conn)?;
            let is_mine = last.is_some_and(|last| last.verb == DROPPED && last.by_id == tx.by_id());
            return is_mine.then_some(Done::Stored).ok_or(Error::NotFound);
        }
        draft => draft?,
    };
    if draft.revision != seen {
        return Ok(Done::Newer(draft.edited_by_id));
    }
    store::remove(tx.conn, draft.number)?;
    audit::note(tx, DROPPED, SUBJECT, Some(draft.number), "")?;
    Ok(Done::Stored)
}

/// Signs the draft for the side whose head asks, when it still reads as at revision `seen`; answers its number. With
/// both signatures it is in force from this instant on, and everybody is told. Whoever is no head may not.
pub fn sign(tx: &mut Tx, seen: i32) -> Result<i64> {
    let me = tx.me()?;
    let heads = store::heads(tx.conn)?;
    let head = heads.iter().find(|(_, head)| *head == me.id);
    let Some(&(side, _)) = head.filter(|(side, _)| side.takes(me.role)) else {
        return Err(Error::Forbidden);
    };
    let draft = match held_draft(tx) {
        Err(Error::NotFound) => return signed_already(tx, side, seen),
        draft => draft?,
    };
    let number = draft.number;
    if draft.revision != seen {
        return Err(Error::Conflict(
            "The draft changed while you read it. Read it again, then sign.".to_owned(),
        ));
    }
    if draft.signatures.iter().any(|s| s.side == side) {
        return Ok(number);
    }
    let signature = Signature {
        side,
        by_id: me.id,
        at: tx.now,
    };
    store::add_signature(tx.conn, number, &signature)?;
    audit::note(tx, "signed", SUBJECT, Some(number), side.label())?;
    if store::signatures(tx.conn, number)? < Side::ALL.len() as i64 {
        let text = format!("{} signed version {number} of the definitions", me.name);
        tell_heads(tx, number, text)?;
    } else {
        put_in_force(tx, number)?;
    }
    Ok(number)
}

/// Where the draft is gone: the number of the version in force, where it is the one that the asker signed.
fn signed_already(tx: &mut Tx, side: Side, seen: i32) -> Result<i64> {
    let definitions = Definitions::load(tx.conn)?;
    let newest = definitions.at(Instant(i64::MAX));
    let is_it = newest.revision == seen && newest.number > 1;
    let is_mine = newest
        .signatures
        .iter()
        .any(|s| s.side == side && Some(s.by_id) == tx.by_id());
    match (is_it, is_mine) {
        (true, true) => Ok(newest.number),
        (true, false) => Err(Error::Conflict(
            "This version is in force already: both sides have signed it.".to_owned(),
        )),
        (false, _) => Err(Error::Conflict(
            "The draft that you read is there no more: it was dropped.".to_owned(),
        )),
    }
}

/// From now on, or right after the version before where a clock went back.
fn put_in_force(tx: &mut Tx, number: i64) -> Result<()> {
    let definitions = Definitions::load(tx.conn)?;
    let before = definitions.at(Instant(i64::MAX)).from;
    let from = before.map_or(tx.now, |before| tx.now.max(Instant(before.0 + 1)));
    store::put_in_force(tx.conn, number, from)?;
    let detail = format!("in force from {from}");
    audit::note(tx, IN_FORCE, SUBJECT, Some(number), &detail)?;
    let people = people::store::all(tx.conn)?;
    let everybody: Vec<i64> = people.iter().map(|person| person.id).collect();
    let text = format!("Version {number} of the definitions is in force, signed by both sides");
    tell(tx, &everybody, number, text)
}

fn draft(tx: &mut Tx) -> Result<Version> {
    let versions = store::all(tx.conn)?;
    let draft = versions.into_iter().find(|version| version.from.is_none());
    draft.ok_or(Error::NotFound)
}

/// The draft, which nobody else changes, signs or drops until the transaction ends.
fn held_draft(tx: &mut Tx) -> Result<Version> {
    let found = draft(tx)?;
    if !db::hold(tx.conn, SUBJECT, found.number)? {
        return Ok(found);
    }
    let held = draft(tx)?;
    match held.number == found.number {
        true => Ok(held),
        false => Err(Error::NotFound),
    }
}

/// What became of the last draft that there was.
pub fn last_of_draft(conn: &mut Conn) -> Result<Option<audit::Line>> {
    let lines = audit::trail(conn, SUBJECT, &[DROPPED, IN_FORCE], None, 1)?;
    Ok(lines.into_iter().next())
}

fn tell_heads(tx: &mut Tx, number: i64, text: String) -> Result<()> {
    let heads = store::heads(tx.conn)?;
    let heads: Vec<i64> = heads.into_iter().map(|(_, person)| person).collect();
    tell(tx, &heads, number, text)
}

fn tell(tx: &mut Tx, people: &[i64], number: i64, text: String) -> Result<()> {
    let notice = Notice {
        definition_id: Some(number),
        text,
        ..Notice::default()
    };
    inbox::tell(tx, people, NoticeKind::Definition, &notice)
}
