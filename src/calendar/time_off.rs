//! Time off: who may enter it for whom, and when.

use super::{Calendars, Part, store};
use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people;
use crate::people::Person;
use crate::rules::access::{Me, Role};
use crate::rules::day;
use crate::value::Instant;
use chrono::NaiveDate;
use std::sync::Arc;

/// What the trail says was done.
pub const VERBS: [&str; 2] = ["entered time off of", "removed time off of"];
/// The longest time off that one entry makes; a longer one is a leave, and rather hours of one's own.
const MOST_DAYS: i64 = 366;

/// Whose time off `me` may enter: an admin everybody's, a manager their teams' of today, and everybody
/// their own. In order of name, oneself first.
pub fn planned_by(conn: &mut Conn, me: &Me) -> Result<Vec<Person>> {
    let mut people = people::store::all(conn)?;
    people
        .retain(|person| person.left_on.is_none() && (person.id == me.id || me.manages(person.id)));
    people.sort_by_key(|person| (person.id != me.id, person.name.to_lowercase(), person.id));
    Ok(people)
}

/// Enters time off from a day to another, both included.
pub fn enter(
    tx: &mut Tx,
    person_id: i64,
    from: NaiveDate,
    to: NaiveDate,
    part: Part,
) -> Result<()> {
    check_right(tx, person_id, from)?;
    if to < from {
        return Err(Error::refused("The last day must not be before the first."));
    }
    if (to - from).num_days() >= MOST_DAYS {
        return Err(Error::refused("Enter at most a year at a time."));
    }
    let theirs = store::time_off(tx.conn, Some(person_id))?;
    // A morning and an afternoon of the same day go together; everything else would count twice.
    let overlaps = |off: &&store::TimeOff| {
        let is_other_half = off.part != part && off.part != Part::Full && part != Part::Full;
        off.from_day <= to && from <= off.to_day && !is_other_half
    };
    if let Some(off) = theirs.iter().find(overlaps) {
        return Err(Error::refused(format!(
            "There is time off from {} to {} already. Remove it first.",
            off.from_day, off.to_day
        )));
    }
    // One row stands for the same days: both halves of them are the whole.
    let is_rest = theirs
        .iter()
        .any(|off| (off.from_day, off.to_day) == (from, to));
    let part = if is_rest { Part::Full } else { part };
    store::put_time_off(tx.conn, person_id, from, to, part)?;
    let was = theirs
        .iter()
        .find(|off| (off.from_day, off.to_day) == (from, to));
    let said = put(person_id, (from, to), was.map(|off| off.part), part);
    audit::changes(tx, &[said])
}

/// What the record says of time off that is entered, or took another part of its days before.
pub fn put(
    person_id: i64,
    (from, to): (NaiveDate, NaiveDate),
    was: Option<Part>,
    part: Part,
) -> audit::Change {
    let said = |part: Part| format!("{from} to {to}, {part}");
    audit::Change {
        verb: VERBS[0],
        about: ("person", Some(person_id)),
        was: was.map(said).unwrap_or_default(),
        became: said(part),
    }
}

/// Takes a time off away. One that `tx.me` may not plan is not found.
pub fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    let all = store::time_off(tx.conn, None)?;
    let off = all.into_iter().find(|off| off.id == id);
    let off = off.ok_or(Error::NotFound)?;
    check_right(tx, off.person_id, off.from_day)?;
    store::remove_time_off(tx.conn, id)?;
    let detail = format!("{} to {}, {}", off.from_day, off.to_day, off.part);
    audit::change(tx, VERBS[1], ("person", Some(off.person_id)), &detail, "")
}

fn check_right(tx: &mut Tx, person_id: i64, from: NaiveDate) -> Result<()> {
    let me = tx.me()?;
    let theirs = planned_by(tx.conn, me)?;
    if !theirs.iter().any(|person| person.id == person_id) {
        return Err(Error::NotFound);
    }
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    if !is_changeable(me, &calendars, from, tx.now) {
        return Err(Error::refused(
            "That week is closed: ask your manager to change it.",
        ));
    }
    Ok(())
}

/// A rep changes time off only as long as its first week is open, as with entries: it decides past days.
pub fn is_changeable(me: &Me, calendars: &Calendars, from: NaiveDate, now: Instant) -> bool {
    me.role != Role::Rep || day::is_open(from, now, &calendars.zones_of(me.id))
}
