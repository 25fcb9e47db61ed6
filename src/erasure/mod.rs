//! Erasing somebody who has left: their name, address and words go, and what they did still counts, under a number.

pub mod pages;
mod store;

use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::people;

/// Erases a person who has left, and returns what they are called from then on. It cannot be taken back.
pub fn erase(tx: &mut Tx, person_id: i64) -> Result<String> {
    let person = people::store::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
    if person.left_on.is_none() {
        return Err(Error::refused("Mark them as left first."));
    }
    let Some(number) = store::next_number(tx.conn, person_id)? else {
        return Err(Error::Conflict("They are erased already.".to_owned()));
    };
    let name = format!("Former colleague {number}");
    people::store::end_sessions(tx.conn, person_id, None)?;
    store::forget_doors(tx.conn, person_id)?;
    store::blank_words(tx.conn, person_id)?;
    let names = [person.name, person.email];
    audit::store::blank_words(tx.conn, person_id, &names)?;
    store::blank_notices(tx.conn, &names)?;
    // An address of a domain that can never be (RFC 2606): nobody signs in with it, and no import means it.
    let email = format!("former-colleague-{number}@erased.invalid");
    store::rename(tx.conn, person_id, (&name, &email), tx.now)?;
    audit::note(tx, "erased", "person", Some(person_id), "")?;
    Ok(name)
}
