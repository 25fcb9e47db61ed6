//! Links with which somebody chooses a password: an invitation for who has none yet, a reset for who has forgotten it.
//! No mail is sent: a link is shown once, to be handed over. It is good once, until it expires or is revoked.

pub mod store;

pub use store::Link;

use super::store as people;
use crate::app::Tx;
use crate::audit;
use crate::db::hold;
use crate::error::{Error, Result};
use crate::secret::{self, token_hash};

/// How long an invitation is good, and how long a reset.
pub const INVITE_DAYS: i64 = 7;
pub const RESET_DAYS: i64 = 1;

/// The path that a link leads to.
pub fn path(token: &str) -> String {
    format!("/welcome/{token}")
}

/// Makes a link for a person and returns its token, which is stored as a hash only; older links of theirs are revoked.
pub fn make(tx: &mut Tx, person_id: i64) -> Result<String> {
    // Whoever makes one for them just now is waited for: the older of the two is revoked.
    hold(tx.conn, "people", person_id)?;
    let person = people::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
    super::check_is_here(&person)?;
    let is_invite = !super::passwords::store::with_password(tx.conn)?.contains(&person_id);
    let days = if is_invite { INVITE_DAYS } else { RESET_DAYS };
    let token = secret::token()?;
    store::revoke_of(tx.conn, person_id, tx.now)?;
    let new = store::NewLink {
        token_hash: token_hash(&token),
        person_id,
        is_invite,
        made_at: tx.now,
        made_by_id: tx.by_id(),
        expires_at: tx.now.plus_seconds(days * 86_400),
    };
    store::add(tx.conn, &new)?;
    let verb = match is_invite {
        true => "invited",
        false => "made a reset link for",
    };
    audit::note(tx, verb, "person", Some(person_id), "")?;
    Ok(token)
}

/// Takes a link's one use: whose it is. Refused: unknown, used, expired, revoked, or of a leaver.
pub fn take(tx: &mut Tx, token: &str) -> Result<i64> {
    let link = store::good(tx.conn, &token_hash(token), tx.now)?.ok_or(Error::NotFound)?;
    // Of two at once one counts.
    match store::set_used(tx.conn, link.id, tx.now)? {
        1 => Ok(link.person_id),
        _ => Err(Error::NotFound),
    }
}

/// Revokes an open link.
pub fn revoke(tx: &mut Tx, id: i64) -> Result<()> {
    let open = store::open(tx.conn, tx.now)?;
    let link = open.into_iter().find(|link| link.id == id);
    let link = link.ok_or(Error::NotFound)?;
    store::revoke_of(tx.conn, link.person_id, tx.now)?;
    audit::note(
        tx,
        "revoked the link of",
        "person",
        Some(link.person_id),
        "",
    )
}
