//! A copy brought back: all of it, or nothing.

use super::ended::Ended;
use super::{must_be_at_rest, store};
use crate::audit;
use crate::config::DatabaseUrl;
use crate::db::{Db, files, moving};
use crate::error::{Error, Result};
use crate::value::Instant;
use std::path::Path;

/// Makes the database what a backup holds, in one transaction, and says what it holds. The backup stays as it is; one of
/// an older release is brought up to date on the way. Everybody is signed out, and no link and no key of the backup opens
/// anything, nor a password that is another one since; who and what ended since and came back is said. Refused: what is no backup, is damaged or of a newer release; a
/// database that a server works with, and one with something in it, unless that may be replaced.
pub fn restore(
    file: &Path,
    target: &DatabaseUrl,
    may_replace: bool,
    now: Instant,
) -> Result<String> {
    if files::is_of(file, target) {
        return Err(Error::refused(format!(
            "{} is the database itself: name a copy of it",
            file.display()
        )));
    }
    must_be_at_rest(target)?;
    let unpacked = files::unpack(file, target)?;
    // Closed before the copy goes.
    let copy = Db::open(&unpacked.url())?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let done = bring(&copy, target, may_replace, (&name, now));
    drop(copy);
    done
}

fn bring(
    copy: &Db,
    target: &DatabaseUrl,
    may_replace: bool,
    (name, now): (&str, Instant),
) -> Result<String> {
    let target = Db::open(target)?;
    target.write_alone(|to| {
        let there = store::contents(to)?;
        if !there.is_empty() && !may_replace {
            return Err(Error::refused(format!(
                "the database is not empty ({}): add --replace to give up what is in it, or name another one",
                store::counted(to)?
            )));
        }
        let ended = Ended::of(to)?;
        copy.snapshot(|from| moving::copy_all(from, to))?;
        // What ended since the copy was made must not be good again.
        store::end_doors(to)?;
        audit::note_from_outside(to, now, "restored", name)?;
        let mut said = vec![store::counted(to)?];
        said.extend(ended.look_after(to)?);
        Ok(said.join(". "))
    })
}
