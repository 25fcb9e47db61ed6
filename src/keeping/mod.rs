//! What keeps a company's record safe: copies of it, bringing one back, moving from one kind of database to the other,
//! and looking whether all that is kept still adds up.

pub mod backup;
pub mod check;
pub mod dumped;
mod ended;
pub mod moving;
pub mod nightly;
pub mod restore;
pub mod store;

use crate::app::Tx;
use crate::audit;
use crate::config::DatabaseUrl;
use crate::db::files;
use crate::error::{Error, Result};

/// Ends every session, link, screen and key, and knows no device any more: for a database that a program of its own server brought
/// back, as `restore` does by itself. Returns how many of them ended.
pub fn end_doors(tx: &mut Tx) -> Result<usize> {
    let ended = store::end_doors(tx.conn)?;
    audit::note(
        tx,
        "ended all sessions and links of",
        "database",
        None,
        &format!("{ended} in all"),
    )?;
    Ok(ended)
}

/// Refused while another program works with a database: what it writes meanwhile would be lost, or mixed.
pub fn must_be_at_rest(url: &DatabaseUrl) -> Result<()> {
    match files::is_in_use(url)? {
        false => Ok(()),
        true => Err(Error::refused(format!(
            "Touchline works with {} just now: stop it first",
            url.shown()
        ))),
    }
}
