//! The Monday pack: the page of the weekly meeting, made once a week of the workspace and frozen. It stands above the
//! views, since it says on two sheets what several of them say.

pub mod agreed;
pub mod check;
mod commitments;
pub mod explain;
mod gather;
mod lists;
pub mod pages;
mod print;
mod room;
mod see;
pub mod store;
mod tables;
mod view;

pub use crate::packs::Content;
pub use commitments::{Commitment, NewCommitment, Verdict, commit, settle};
pub use gather::gather;
pub use store::Pack;

use crate::app::{App, Tx};
use crate::audit;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::packs::content;
use crate::people::Directory;
use crate::rules::day;
use crate::value::Instant;
use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use std::sync::Arc;

/// From this hour of the workspace's Monday on the timetable makes the pack.
const FROM_HOUR: u32 = 6;

/// The Monday of the pack that is made at an instant, in the workspace's zone: it is about the week before it.
pub fn monday_of(directory: &Directory, now: Instant) -> NaiveDate {
    day::week_of(directory.workspace.zone.day_of(now))
}

/// Makes this week's pack on a Monday morning, where there is none. Whatever is read is read before the writing.
pub fn make_when_due(app: &App) -> Result<()> {
    let now = app.clock.now();
    let missing = app.db.snapshot(|conn| {
        let kept = app.shelf.now(conn)?;
        let directory: Arc<Directory> = kept.get(conn)?;
        let local = directory.workspace.zone.local(now);
        let is_morning = local.weekday() == Weekday::Mon && local.hour() >= FROM_HOUR;
        if !is_morning || !directory.workspace.is_set_up {
            return Ok(None);
        }
        let monday = monday_of(&directory, now);
        match store::of_week(conn, monday)? {
            Some(_) => Ok(None),
            None => Ok(Some((monday, gather(conn, kept, now)?))),
        }
    })?;
    let Some((monday, content)) = missing else {
        return Ok(());
    };
    match app.write(|tx| keep(tx, monday, &content)) {
        // Somebody's tap, or another program on this database, was faster.
        Err(Error::Conflict(_)) => Ok(()),
        done => done.map(drop),
    }
}

/// Writes a pack down for ever, and tells both sides. A conflict where the week has one.
pub fn keep(tx: &mut Tx, monday: NaiveDate, content: &Content) -> Result<i64> {
    let text = serde_json::to_string(content).map_err(Error::internal)?;
    let id = store::add(
        tx.conn,
        monday,
        tx.by_id(),
        content.made_at,
        content.definition,
        &text,
    )?;
    audit::note(tx, "made", "Monday pack", Some(id), &monday.to_string())?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let both = [directory.managers(), directory.marketing()].concat();
    let notice = Notice {
        text: "The pack of this week\u{2019}s meeting is there to be read".to_owned(),
        once: Some(format!("pack:{monday}")),
        ..Notice::default()
    };
    inbox::tell(tx, &both, NoticeKind::Pack, &notice)?;
    Ok(id)
}
