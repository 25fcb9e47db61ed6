//! Holidays: added, removed and renamed, and what the record says of it.

use super::{Whose, store};
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use chrono::NaiveDate;

/// What the record says was done to a holiday of everybody or of a team, and to one of one person.
pub const VERBS: [&str; 3] = ["added", "removed", "renamed"];
pub const OF_A_PERSON: [&str; 3] = [
    "added a holiday of",
    "removed a holiday of",
    "renamed a holiday of",
];

/// Adds a holiday; refused where the day is one already for the same people.
pub fn add_holiday(tx: &mut Tx, day: NaiveDate, name: &str, whose: Whose) -> Result<()> {
    let mut known = store::holidays(tx.conn)?.into_iter();
    if let Some(same) = known.find(|holiday| holiday.day == day && holiday.whose() == whose) {
        return Err(Error::refused(format!(
            "That day is {} already: remove it first to call it otherwise.",
            same.name
        )));
    }
    store::put_holiday(tx.conn, day, name, whose)?;
    audit::changes(tx, &[put(whose, day, None, name)])
}

pub fn remove_holiday(tx: &mut Tx, id: i64) -> Result<()> {
    let mut known = store::holidays(tx.conn)?.into_iter();
    let holiday = known.find(|holiday| holiday.id == id);
    let holiday = holiday.ok_or(Error::NotFound)?;
    store::remove_holiday(tx.conn, id)?;
    let (verb, about) = said(1, holiday.whose());
    let detail = format!("{} {}", holiday.day, holiday.name);
    audit::change(tx, verb, about, &detail, "")
}

/// What the record says of a holiday that is added, or was called something else before.
pub fn put(whose: Whose, day: NaiveDate, was: Option<&str>, name: &str) -> audit::Change {
    let (verb, about) = said(if was.is_some() { 2 } else { 0 }, whose);
    audit::Change {
        verb,
        about,
        was: was.map(|was| format!("{day} {was}")).unwrap_or_default(),
        became: format!("{day} {name}"),
    }
}

/// A verb of [`VERBS`] or [`OF_A_PERSON`] with its thing. A holiday of one person is about them, so that it goes with them
/// when they are erased.
fn said(which: usize, whose: Whose) -> (&'static str, (&'static str, Option<i64>)) {
    match whose {
        Whose::Workspace => (VERBS[which], ("holiday", None)),
        Whose::Team(id) => (VERBS[which], ("holiday", Some(id))),
        Whose::Person(id) => (OF_A_PERSON[which], ("person", Some(id))),
    }
}
