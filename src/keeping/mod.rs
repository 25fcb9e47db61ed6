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

use crate::config::DatabaseUrl;
use crate::db::files;
use crate::error::{Error, Result};

/// Refused while another program works with a database: what it writes meanwhile would be lost, or mixed.
fn must_be_at_rest(url: &DatabaseUrl) -> Result<()> {
    match files::is_in_use(url)? {
        false => Ok(()),
        true => Err(Error::refused(format!(
            "Touchline works with {} just now: stop it first",
            url.shown()
        ))),
    }
}
