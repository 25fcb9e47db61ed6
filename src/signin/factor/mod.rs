//! The second factor: codes of an authenticator app, and recovery codes for who has lost it.

pub mod store;

use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::people;
use crate::rules::totp;
use crate::secret::{self, token_hash};
use crate::urls;
use data_encoding::BASE32_NOPAD;

/// How many recovery codes somebody is given.
pub const CODES: usize = 8;

const WRONG: &str = "This code is wrong, or was used before. Wait for the next one and try again.";

/// Begins to set up a second factor for who asks; it counts once a code of it was typed.
pub fn begin(tx: &mut Tx) -> Result<()> {
    let id = tx.me()?.id;
    let me = people::store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    if me.has_second_factor {
        return Err(Error::refused(
            "You have a second factor already: turn it off first.",
        ));
    }
    store::remove(tx.conn, id)?;
    store::add(
        tx.conn,
        id,
        &BASE32_NOPAD.encode(&secret::bytes::<20>()?),
        tx.now,
    )
}

/// What an authenticator app reads from the picture.
/// Source: the Key URI format that authenticator apps agree on.
pub fn address(workspace: &str, email: &str, secret: &str) -> String {
    let (issuer, email) = (urls::percent(workspace), urls::percent(email));
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}")
}

/// Turns the second factor on with its first code, and returns the recovery codes, which are stored as hashes only.
pub fn confirm(tx: &mut Tx, typed: &str) -> Result<Vec<String>> {
    let id = tx.me()?.id;
    let me = people::store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    if me.has_second_factor {
        return Err(Error::Conflict(
            "Your second factor was turned on in the meantime.".to_owned(),
        ));
    }
    if !takes_code(tx, id, typed)? {
        return Err(Error::refused(WRONG));
    }
    people::store::set_has_second_factor(tx.conn, id, true)?;
    audit::note(tx, "turned on the second factor of", "person", Some(id), "")?;
    new_codes(tx, id)
}

/// Gives new recovery codes for a code; the older ones end.
pub fn renew_codes(tx: &mut Tx, typed: &str) -> Result<Vec<String>> {
    let id = tx.me()?.id;
    check(tx, id, typed)?;
    audit::note(tx, "made new recovery codes for", "person", Some(id), "")?;
    new_codes(tx, id)
}

fn new_codes(tx: &mut Tx, person_id: i64) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..CODES)
        .map(|_| secret::new_password())
        .collect::<Result<_>>()?;
    let hashes: Vec<String> = codes.iter().map(|code| recovery_hash(code)).collect();
    store::set_codes(tx.conn, person_id, &hashes)?;
    Ok(codes)
}

/// However it is typed: in capitals, without its lines, with spaces.
fn recovery_hash(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    token_hash(&letters.collect::<String>().to_lowercase())
}

/// Turns one's own second factor off, with a code. Refused where one's role asks for it.
pub fn end(tx: &mut Tx, typed: &str) -> Result<()> {
    let me = tx.me()?;
    let workspace = people::workspace(tx.conn)?;
    if workspace.second_factor_roles.contains(&me.role) {
        return Err(Error::refused("Your role asks for a second factor."));
    }
    check(tx, me.id, typed)?;
    take_off(tx, me.id, "turned off the second factor of")
}

/// Takes a person's second factor away, as an admin does for who has lost it; their sessions end.
pub fn reset(tx: &mut Tx, person_id: i64) -> Result<()> {
    people::store::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
    people::keys::end_sessions(tx, person_id, None)?;
    take_off(tx, person_id, "reset the second factor of")
}

fn take_off(tx: &mut Tx, person_id: i64, verb: &str) -> Result<()> {
    store::remove(tx.conn, person_id)?;
    people::store::set_has_second_factor(tx.conn, person_id, false)?;
    audit::note(tx, verb, "person", Some(person_id), "")
}

/// Takes a code or a recovery code of a person; refused when it is neither.
pub fn check(tx: &mut Tx, person_id: i64, typed: &str) -> Result<()> {
    if takes_code(tx, person_id, typed)? {
        return Ok(());
    }
    let hash = recovery_hash(typed);
    if store::use_code(tx.conn, person_id, &hash, tx.now)? == 1 {
        let about = ("person", Some(person_id));
        return audit::note_by(tx, person_id, "used a recovery code of", about, "");
    }
    Err(Error::refused(WRONG))
}

/// Whether a code is good; if so it is good no more.
fn takes_code(tx: &mut Tx, person_id: i64, typed: &str) -> Result<bool> {
    let Some(factor) = store::of_person(tx.conn, person_id)? else {
        return Ok(false);
    };
    let secret = BASE32_NOPAD.decode(factor.secret.as_bytes());
    let secret = secret.map_err(Error::internal)?;
    match totp::step_of(typed, &secret, tx.now, factor.last_step) {
        // Of two at once one counts.
        Some(step) => Ok(store::take_step(tx.conn, person_id, step)? == 1),
        None => Ok(false),
    }
}
