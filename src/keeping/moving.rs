//! From one database to another, of the same kind or of the other one.

use super::{must_be_at_rest, store};
use crate::audit;
use crate::config::DatabaseUrl;
use crate::db::rows::Sum;
use crate::db::{Age, Db, files, moving};
use crate::error::{Error, Result};
use crate::value::Instant;

/// Copies everything into an empty database, in one transaction, compares each table by the number of its rows and
/// what they add up to, and then writes the move into the record of the new one. The first database stays as it is. Refused: a source without tables or with those of
/// an older release, a target with something in it, and either while a server works with it.
pub fn move_to(source: &DatabaseUrl, target: &DatabaseUrl, now: Instant) -> Result<Vec<Sum>> {
    if source == target {
        return Err(Error::refused("name another database to move to"));
    }
    must_be_at_rest(source)?;
    must_be_at_rest(target)?;
    let shown = source.shown();
    match files::age_of(source)? {
        Age::Current => {}
        Age::Bare => {
            return Err(Error::refused(format!(
                "there is nothing to move in {shown}"
            )));
        }
        Age::Older(_) => {
            return Err(Error::refused(format!(
                "{shown} is of an older Touchline, and a move leaves it as it is: run touchline migrate first"
            )));
        }
    }
    let from_where = source.shown();
    let (source, target) = (Db::open(source)?, Db::open(target)?);
    target.write_alone(|to| {
        let there = store::contents(to)?;
        if let Some((table, rows)) = there.first() {
            return Err(Error::refused(format!(
                "the database to move to is not empty ({rows} rows in {table}): make a new one"
            )));
        }
        let sums = source.snapshot(|from| moving::copy_all(from, to))?;
        audit::note_from_outside(to, now, "moved here", &from_where)?;
        Ok(sums)
    })
}
