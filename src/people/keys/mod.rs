//! Keys to the API: with one a program reads what its person may see, as of now, and changes nothing. It lasts until it is
//! ended, or something ends the person's sessions (decision 40).

pub mod store;

pub use store::Key;

use super::store as people;
use crate::app::Tx;
use crate::audit;
use crate::db::hold;
use crate::error::{Error, Result};
use crate::secret::{self, token_hash};

pub const NAME_MOST: usize = 60;

/// So many keys of one person are open at once.
const MOST: usize = 20;

/// What every key begins with, so that programs that look for secrets where none belong know it.
const PREFIX: &str = "touchline_";

/// Makes a key of one's own and returns it; only its hash is stored. Refused: a name that another open key of theirs has,
/// and one key too many.
pub fn make(tx: &mut Tx, name: &str) -> Result<String> {
    let me = tx.me()?;
    // Whoever makes another one, or ends all of them, just now is waited for.
    hold(tx.conn, "people", me.id)?;
    let open = store::of_person(tx.conn, me.id)?;
    if open.iter().any(|key| key.name == name) {
        return Err(Error::refused(format!(
            "You have a key called {name} already: end it first, or call this one something else."
        )));
    }
    if open.len() >= MOST {
        return Err(Error::refused(format!(
            "You have {MOST} keys: end one that nothing uses first."
        )));
    }
    let key = format!("{PREFIX}{}", secret::token()?);
    let row = store::Row {
        token_hash: &token_hash(&key),
        person_id: me.id,
        name,
        made_at: tx.now,
    };
    store::add(tx.conn, &row)?;
    audit::note(tx, "made a key of", "person", Some(me.id), name)?;
    Ok(key)
}

/// Ends a key of one's own for good. Not found: somebody else's, and one that has ended already.
pub fn end(tx: &mut Tx, id: i64) -> Result<()> {
    let me = tx.me()?;
    let mut open = store::of_person(tx.conn, me.id)?.into_iter();
    let key = open.find(|key| key.id == id).ok_or(Error::NotFound)?;
    // Of two at once one does it.
    if store::end(tx.conn, id, tx.now)? == 0 {
        return Err(Error::NotFound);
    }
    audit::change(tx, "ended a key of", ("person", Some(me.id)), &key.name, "")
}

/// Ends the sessions of a person, but for the one whose token is `keep`, and all of their keys: whoever made one in a session
/// that is not theirs is out too.
pub fn end_sessions(tx: &mut Tx, person_id: i64, keep: Option<&str>) -> Result<()> {
    people::end_sessions(tx.conn, person_id, keep)?;
    store::end_of_person(tx.conn, person_id, tx.now)
}
