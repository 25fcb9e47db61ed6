//! What a board may be asked for.

use super::read::Reading;
use super::{Filters, Scope};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::lists::Lists;
use crate::rules::target::Metric;

/// Refused, with a sentence that says what is allowed: days in the wrong order, a kind that there is not, a group of others.
pub fn check(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<()> {
    check_days(filters)?;
    check_peers(conn, kept, filters)?;
    let Metric::Kind(name) = &filters.metric else {
        return Ok(());
    };
    let kinds = &kept.get::<Lists>(conn)?.kinds;
    if kinds.iter().any(|kind| kind.name == *name) {
        return Ok(());
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
    Err(Error::refused(format!(
        "There is no kind {name:?}; use one of {}.",
        names.join(", ")
    )))
}

pub fn check_days(filters: &Filters) -> Result<()> {
    match (filters.from, filters.to) {
        (Some(from), Some(to)) if from > to => Err(Error::refused(format!(
            "{from} is after {to}: the first day must not be after the last."
        ))),
        _ => Ok(()),
    }
}

/// Members limit a board to their own group alone: group by group the first three of each would be everybody.
pub fn check_peers(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<()> {
    let (Some(group), Scope::Teams { me_id, leads, .. }) = (&filters.peers, &filters.scope) else {
        return Ok(());
    };
    let reading = Reading::new(conn, kept, filters)?;
    if *leads || me_id.is_some_and(|me| reading.peers.on(me, reading.to) == group) {
        return Ok(());
    }
    Err(Error::refused(
        "You can limit the board to your own peer group only.",
    ))
}
