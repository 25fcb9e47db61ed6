//! Entries without a lead that several people make in the same moment: they stand for themselves, and are stored in one
//! transaction (decision 7).

use super::store::{self, NewActivity};
use super::{Entry, Ground, Logged, is_known};
use crate::app::Cx;
use crate::db::{Db, Together};
use crate::error::{Error, Result};

/// Those who log just now. Each is told whether their entry is new, when it is safe.
type Waiting = Together<NewActivity, Result<bool>>;

/// As [`super::log`], in the name of the asker.
pub fn log(cx: &Cx, entry: &Entry) -> Result<Logged> {
    if entry.lead_uid.is_some() {
        return cx.write(|tx| super::log(tx, entry));
    }
    let me = cx.me()?;
    let known = || cx.read(|conn| is_known(conn, me, &entry.uid));
    let new = match Ground::of(cx)?.without_lead(entry) {
        Ok(new) => new,
        // An entry that had come before is not refused now.
        Err(_) if known()? => return Ok(Logged::Known),
        Err(error) => return Err(error),
    };
    let waiting = cx.kept.lasting::<Waiting>();
    let is_new = waiting.ask(new, |all| store_all(&cx.app.db, &all));
    let is_new = is_new.unwrap_or_else(|| Err(Error::internal("who stored for all panicked")))?;
    if is_new {
        return Ok(Logged::Stored);
    }
    match known()? {
        true => Ok(Logged::Known),
        false => Err(Error::internal("an entry was there and is gone")),
    }
}

/// All in one transaction; where one of them is refused, each by itself, so that nobody answers for others.
fn store_all(db: &Db, all: &[NewActivity]) -> Vec<Result<bool>> {
    let store = |some: &[NewActivity]| db.write(|conn| store::add_each(conn, some));
    match store(all) {
        Ok(are_new) => are_new.into_iter().map(Ok).collect(),
        Err(Error::Internal(_)) if all.len() > 1 => {
            let alone = all.iter().map(std::slice::from_ref);
            alone.flat_map(|one| store_all(db, one)).collect()
        }
        Err(error) => vec![Err(error); all.len()],
    }
}
