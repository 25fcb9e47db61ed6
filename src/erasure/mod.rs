//! Erasing somebody who has left, or what is known of a lead: names, addresses and words go, and what was done still
//! counts, under a number.

mod named;
pub mod pages;
mod store;

use crate::app::Tx;
use crate::audit;
use crate::db::{Conn, hold};
use crate::error::{Error, Result};
use crate::leads::profile::store::{Details, set_details};
use crate::leads::{self, Lead};
use crate::packs;
use crate::people;
use crate::value::Instant;
use named::Named;

/// Erases a person who has left, and returns what they are called from then on. It cannot be taken back.
pub fn erase(tx: &mut Tx, person_id: i64) -> Result<String> {
    let person = people::store::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
    if person.left_on.is_none() {
        return Err(Error::refused("Mark them as left first."));
    }
    // Whoever erases another just now is waited for: each gets a number of their own.
    hold(tx.conn, "workspace", 1)?;
    let Some(number) = store::next_number(tx.conn, person_id)? else {
        return Err(Error::Conflict("They are erased already.".to_owned()));
    };
    let name = format!("Former colleague {number}");
    people::store::end_sessions(tx.conn, person_id, None)?;
    store::forget_doors(tx.conn, person_id)?;
    store::blank_words(tx.conn, person_id)?;
    let mark = people::erased_mark(&person.email);
    let names = [person.name, person.email];
    audit::store::blank_words(tx.conn, person_id, &names)?;
    store::blank_notices(tx.conn, &names)?;
    store::replace_commitments(tx.conn, &names)?;
    store::replace_titles(tx.conn, &names)?;
    let named = Named::new(&names, "");
    store::drop_uploads(tx.conn, Some(person_id), |content| named.is_in(content))?;
    // An address of a domain that can never be (RFC 2606): nobody signs in with it, and no import means it.
    let email = format!("former-colleague-{number}@erased.invalid");
    store::rename(tx.conn, person_id, (&name, &email, &mark), tx.now)?;
    packs::forget(tx.conn)?;
    audit::note(tx, "erased", "person", Some(person_id), "")?;
    Ok(name)
}

/// Erases what is personal of a lead that is closed or in nurture, and returns what it is called from then on: who it was and
/// how to reach them, and whatever was written about it. Its history stays, and its company, place, source and numbers.
/// It cannot be taken back, and may be done again, for what was written since.
pub fn erase_lead(tx: &mut Tx, uid: &str) -> Result<String> {
    let id = leads::visible(tx, uid)?.id;
    hold(tx.conn, "leads", id)?;
    let lead = leads::store::by_id(tx.conn, id)?;
    if lead.stage.is_open() {
        return Err(Error::refused(
            "It is with sales: end it first, for example as disqualified because of \u{201c}do not contact\u{201d}.",
        ));
    }
    let name = forget(tx, lead)?;
    packs::forget(tx.conn)?;
    Ok(name)
}

/// So many silent leads go on one day.
pub const MOST_SILENT: i64 = 1_000;

/// What is silent at an instant, when leads that are over are kept for so many days.
fn silence(now: Instant, days: i32) -> store::Silence {
    store::Silence {
        since: now.plus_seconds(-86_400 * i64::from(days)),
        now,
    }
}

/// How many leads are over, neither won nor erased, wait for no day, and had nothing happen to them for so many days.
pub fn count_silent(conn: &mut Conn, now: Instant, days: i32) -> Result<i64> {
    store::count_silent(conn, silence(now, days))
}

/// The first of them by id.
pub fn silent(conn: &mut Conn, now: Instant, days: i32) -> Result<Vec<i64>> {
    store::silent(conn, silence(now, days), MOST_SILENT)
}

/// Erases one of them as [`erase_lead`] does, but for what packs say of it, which is forgotten once for all of them; one that
/// something happened to meanwhile stays.
pub fn erase_silent(tx: &mut Tx, id: i64, days: i32) -> Result<()> {
    hold(tx.conn, "leads", id)?;
    if store::is_silent(tx.conn, silence(tx.now, days), id)? {
        let lead = leads::store::by_id(tx.conn, id)?;
        forget(tx, lead)?;
    }
    Ok(())
}

/// Forgets what is personal of a lead that is held.
fn forget(tx: &mut Tx, lead: Lead) -> Result<String> {
    let id = lead.id;
    let name = format!("Former contact {id}");
    // One word may be a word of others too, and what it is called once it is erased tells nothing.
    let is_telling = lead.name.len() > 6 && lead.name.contains(' ') && lead.erased_at.is_none();
    let name_of = is_telling.then_some(lead.name);
    let known = name_of.into_iter().chain([lead.email, lead.phone.clone()]);
    let names: Vec<String> = known.filter(|text| !text.is_empty()).collect();
    let named = Named::new(&names, &lead.phone);
    store::blank_lead(tx.conn, id, tx.now)?;
    let details = Details {
        name: &name,
        company: &lead.company,
        title: "",
        email: "",
        phone: "",
        note: "",
    };
    set_details(tx.conn, id, &details)?;
    audit::store::blank_about(tx.conn, ("lead", id), &names)?;
    store::blank_notices(tx.conn, &names)?;
    store::replace_commitments(tx.conn, &names)?;
    store::replace_titles(tx.conn, &names)?;
    store::drop_uploads(tx.conn, None, |content| named.is_in(content))?;
    audit::note(tx, "erased", "lead", Some(id), "")?;
    Ok(name)
}
