//! One line for each change that an admin or manager makes: who, when, what.

mod store;

pub use store::{Line, trail};

use crate::app::Tx;
use crate::error::Result;

/// Notes in the same transaction that `tx.me` did `verb` to a thing.
pub fn note(
    tx: &mut Tx,
    verb: &str,
    subject: &str,
    subject_id: Option<i64>,
    detail: &str,
) -> Result<()> {
    let by_id = tx.by_id();
    store::add(tx.conn, tx.now, by_id, verb, subject, subject_id, detail)
}
