//! Who sees a habit, and corrections of verdicts that are closed.

use super::ground::Ground;
use super::points::Points;
use super::store::{self, Origin, WrittenVerdict};
use super::walk::{Tally, Walk};
use crate::activities::totals::{self, Span};
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::people::Person;
use crate::rules::access::Me;
use crate::rules::day;
use crate::rules::habit::{State, Verdict};
use crate::rules::target::Period;
use chrono::{Days, NaiveDate};

/// What a manager makes of a closed day or week, and why.
#[derive(Debug, Clone)]
pub struct Correction {
    pub person_id: i64,
    /// A day or a week.
    pub period: Period,
    /// Any day of the week.
    pub day: NaiveDate,
    /// Hit, missed or neutral.
    pub state: State,
    pub reason: String,
}

/// Whether `me` may see somebody's habit: their own, a manager that of their teams of today, an admin everybody's.
pub fn is_seen_by(me: &Me, person_id: i64) -> bool {
    me.id == person_id || me.manages(person_id)
}

/// Writes a correction down. Not found: somebody whose habit `tx.me` may not see. Refused: one's own habit, a week that
/// is still open, a day before the first target, no reason, and what is so already.
pub fn correct(tx: &mut Tx, new: &Correction) -> Result<()> {
    let me = tx.me()?;
    let ground = Ground::kept(tx.conn, tx.kept)?;
    let person = ground.directory.person(new.person_id);
    let person = person.filter(|person| is_seen_by(me, person.id));
    let person = person.ok_or(Error::NotFound)?;
    let (first, last) = match new.period {
        Period::Week => {
            let monday = day::week_of(new.day);
            let sunday = monday.checked_add_days(Days::new(6));
            (monday, sunday.unwrap_or(monday))
        }
        _ => (new.day, new.day),
    };
    let was = check(tx, &ground, person, new, (first, last))?;
    let attainment = match new.state {
        State::Hit => Some(1.0),
        // What was hit was not; what was missed in part stays so.
        State::Missed => Some(was.attainment.filter(|a| *a < 1.0).unwrap_or(0.0)),
        State::Neutral | State::Pending => None,
    };
    let row = WrittenVerdict {
        person_id: person.id,
        period: new.period,
        first_day: first,
        was: was.state,
        state: new.state,
        attainment,
        origin: Origin::Corrected,
        reason: new.reason.clone(),
        by_id: tx.by_id(),
        at: tx.now,
    };
    store::write_down(tx.conn, &[row])?;
    let detail = format!(
        "{} {first}: {} to {}, {}",
        new.period, was.state, new.state, new.reason
    );
    audit::note(tx, "corrected", "person", Some(person.id), &detail)
}

/// Everything asked of a correction; what the verdict was.
fn check(
    tx: &mut Tx,
    ground: &Ground,
    person: &Person,
    new: &Correction,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Verdict> {
    if tx.by_id() == Some(person.id) {
        return Err(Error::refused(
            "Nobody corrects their own habit: ask another manager or an admin.",
        ));
    }
    if new.reason.trim().is_empty() {
        return Err(Error::refused("Enter a reason."));
    }
    if first >= ground.closed_until(person.id, tx.now) {
        return Err(Error::refused(
            "That week is still open: entries and time off can be changed until two days after its end.",
        ));
    }
    let first_entry = totals::first_day(tx.conn, tx.now)?;
    let begins = ground.begins(person.id, first_entry, tx.now);
    if new.period == Period::Week && ground.asked(person, first, begins).week.is_empty() {
        return Err(Error::refused(
            "Nothing was asked of that week as a whole: correct its days.",
        ));
    }
    if last < begins {
        return Err(Error::refused(
            "No target held yet: there is nothing to correct.",
        ));
    }
    let span = Span {
        from: first,
        to: last,
        as_of: tx.now,
        people: Some(vec![person.id]),
    };
    let points = Points::read(tx.conn, tx.kept, ground.metrics(person.id), &span)?;
    let walk = Walk {
        ground,
        points: &points,
        person,
        begins,
        as_of: tx.now,
    };
    let (days, weeks) = walk.go(&mut Tally::default(), (first, last), first);
    let found = match new.period {
        Period::Week => weeks.first().map(|week| week.verdict),
        _ => days.first().map(|day| day.verdict),
    };
    let was = found.ok_or(Error::NotFound)?;
    match was.state == new.state {
        true => Err(Error::refused(format!("It is {} already.", was.state))),
        false => Ok(was),
    }
}
