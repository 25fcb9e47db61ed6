//! Who is asked for a kind by a target: a kind that somebody is asked for is not retired.

mod store;

use super::store::Kind;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::rules::target::Metric;

/// Refused while somebody has a target of a kind: nobody is to miss what can no longer be logged.
pub fn check_nobody(tx: &mut Tx, kind: &Kind) -> Result<()> {
    const NAMED: usize = 5;
    let asked = store::asked_for(tx.conn, &Metric::Kind(kind.name.clone()))?;
    if asked.is_empty() {
        return Ok(());
    }
    let mut names: Vec<&str> = asked.iter().map(String::as_str).take(NAMED).collect();
    let more = format!("{} more", asked.len() - names.len());
    if asked.len() > NAMED {
        names.push(&more);
    }
    Err(Error::refused(format!(
        "{} is still asked for by targets of {}. Set these targets to 0 first, so that nobody misses what they cannot log.",
        kind.name,
        names.join(", ")
    )))
}
