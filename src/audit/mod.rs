//! The record: one entry for each change that somebody makes, who, when, from where, what, and from what to what. It is only
//! added to, and the database refuses all else; its words stand beside it, so that they can be blanked when somebody is
//! erased.

pub mod store;

pub use store::{Line, trail};

use crate::app::{CONSOLE, Tx};
use crate::db::Conn;
use crate::error::Result;
use crate::value::Instant;

/// Notes in the same transaction that `tx.me` did `verb` to a thing.
pub fn note(
    tx: &mut Tx,
    verb: &str,
    subject: &str,
    subject_id: Option<i64>,
    detail: &str,
) -> Result<()> {
    change(tx, verb, (subject, subject_id), "", detail)
}

/// Notes in the same transaction what somebody did to the database as a whole, from outside of the program that serves.
pub fn note_from_outside(conn: &mut Conn, at: Instant, verb: &str, detail: &str) -> Result<()> {
    let entry = store::NewEntry {
        at,
        by_id: None,
        verb,
        subject: "database",
        subject_id: None,
    };
    let words = store::Words {
        was: "",
        became: detail,
        address: CONSOLE,
        search: &detail.to_lowercase(),
    };
    store::add(conn, &entry, &words)
}

/// As [`note`], of what somebody did who is not signed in yet, or no more: with a link, a password, or a code.
pub fn note_by(
    tx: &mut Tx,
    by_id: i64,
    verb: &str,
    about: (&str, Option<i64>),
    detail: &str,
) -> Result<()> {
    add(tx, Some(by_id), verb, about, ("", detail))
}

/// Notes a change from what to what. Both may be empty.
pub fn change(
    tx: &mut Tx,
    verb: &str,
    about: (&str, Option<i64>),
    was: &str,
    became: &str,
) -> Result<()> {
    let by_id = tx.by_id();
    add(tx, by_id, verb, about, (was, became))
}

/// One change of many, for [`changes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub verb: &'static str,
    /// A kind of thing, and which one.
    pub about: (&'static str, Option<i64>),
    pub was: String,
    pub became: String,
}

/// As [`change`], of many at once; one that changes nothing is left out.
pub fn changes(tx: &mut Tx, all: &[Change]) -> Result<()> {
    let by_id = tx.by_id();
    let differ = all.iter().filter(|change| change.was != change.became);
    let entries: Vec<(store::NewEntry, &Change, String)> = differ
        .map(|change| {
            let entry = store::NewEntry {
                at: tx.now,
                by_id,
                verb: change.verb,
                subject: change.about.0,
                subject_id: change.about.1,
            };
            let search = format!("{} {}", change.was, change.became).to_lowercase();
            (entry, change, search)
        })
        .collect();
    let words = entries.iter().map(|(_, change, search)| store::Words {
        was: &change.was,
        became: &change.became,
        address: tx.address,
        search,
    });
    let words: Vec<store::Words> = words.collect();
    let entries: Vec<store::NewEntry> = entries.iter().map(|(entry, ..)| *entry).collect();
    store::add_all(tx.conn, &entries, &words)
}

fn add(
    tx: &mut Tx,
    by_id: Option<i64>,
    verb: &str,
    (subject, subject_id): (&str, Option<i64>),
    (was, became): (&str, &str),
) -> Result<()> {
    let entry = store::NewEntry {
        at: tx.now,
        by_id,
        verb,
        subject,
        subject_id,
    };
    let search = format!("{was} {became}").to_lowercase();
    let words = store::Words {
        was,
        became,
        address: tx.address,
        search: &search,
    };
    store::add(tx.conn, &entry, &words)
}

/// Those of some fields that differ, from what and to what: `name Ana, role rep` and `name Anna, role manager`.
pub fn differing(fields: &[(&str, &str, &str)]) -> (String, String) {
    let changed = || fields.iter().filter(|(_, before, after)| before != after);
    let word = |text: &str| match text {
        "" => "none".to_owned(),
        text => text.to_owned(),
    };
    let was = changed().map(|(field, before, _)| format!("{field} {}", word(before)));
    let became = changed().map(|(field, _, after)| format!("{field} {}", word(after)));
    (
        was.collect::<Vec<_>>().join(", "),
        became.collect::<Vec<_>>().join(", "),
    )
}
