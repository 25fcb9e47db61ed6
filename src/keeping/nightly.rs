//! A copy of the database each night, where the settings name a folder; the oldest go.

use super::backup::{self, Made};
use crate::app::{App, Cx};
use crate::audit::{self, Line};
use crate::db::{Conn, files};
use crate::error::{Error, Result};
use crate::page;
use crate::people;
use chrono::{NaiveDate, NaiveTime};
use std::fs;
use std::path::{Path, PathBuf};

/// Two in the morning where the workspace is: what day it belongs to is plain, and hardly anybody works.
const AT_MINUTE: u16 = 120;

/// How the record calls it.
const SUBJECT: &str = "database";
const COPIED: &str = "copied";
const FAILED: &str = "failed to copy";

/// Makes the copy of this night, unless the record says that it was made. Where that fails it is tried again an hour
/// later, and the record says so once a night.
pub fn make_when_due(app: &App) -> Result<()> {
    let url = &app.config.database_url;
    let Some(folder) = &app.config.backup_folder else {
        return Ok(());
    };
    if files::own_way(url, folder).is_some() {
        return Ok(());
    }
    let now = app.clock.now();
    let zone = app.db.read(people::workspace)?.zone;
    let night = zone.day_of(now);
    let due_at = zone.instant(night, AT_MINUTE);
    // What a clock wrote that ran ahead is no copy of this night.
    let is_of_this_night = |line: &Line| line.at >= due_at && line.at <= now;
    let last = app.db.read(last)?.filter(is_of_this_night);
    let is_copied = last.as_ref().is_some_and(|line| line.verb == COPIED);
    if now < due_at || is_copied {
        return Ok(());
    }
    let file = free(folder, night, zone.local(now).time());
    let made = prepare(folder).and_then(|()| backup::make(url, &file, false));
    match made {
        Ok(made) => {
            note(app, COPIED, &told(&file, &made))?;
            rotate(app, folder, (night, &file))
        }
        Err(why) => {
            if last.is_none() {
                note(app, FAILED, &why.to_string())?;
            }
            Err(why)
        }
    }
}

/// Says in the log of a start that no copies are made here, where the settings name a folder for them.
pub fn warn_of_none(app: &App) {
    let config = &app.config;
    let is_asked_for = |folder: &PathBuf| files::own_way(&config.database_url, folder).is_some();
    if config.backup_folder.as_ref().is_some_and(is_asked_for) {
        tracing::warn!(
            "TOUCHLINE_BACKUP_FOLDER is set, and no nightly copies are made: this database's server makes its own, by the \
             line that touchline backup says"
        );
    }
}

/// Says in the log of a start that a folder takes no copies, long before the night that would have found it out.
pub fn warn_of_no_room(app: &App) {
    let Some(folder) = &app.config.backup_folder else {
        return;
    };
    let is_made_here = files::own_way(&app.config.database_url, folder).is_none();
    if is_made_here && let Err(error) = prepare(folder) {
        tracing::warn!(%error, "TOUCHLINE_BACKUP_FOLDER takes no nightly copies");
    }
}

/// How it stands, for the admin's index.
pub fn shown(cx: &Cx) -> Result<String> {
    let config = &cx.app.config;
    let Some(folder) = &config.backup_folder else {
        return Ok("No nightly copies: TOUCHLINE_BACKUP_FOLDER is not set".to_owned());
    };
    if files::own_way(&config.database_url, folder).is_some() {
        return Ok("None made here: this database's server makes its own".to_owned());
    }
    Ok(match cx.read(last)? {
        None => "No copy yet: the first is made tonight".to_owned(),
        Some(line) => {
            let when = page::time(line.at, cx.zone());
            let what = match line.verb == COPIED {
                true => "Last copy",
                false => "The last one failed",
            };
            format!("{what}: {when}, {}", line.detail)
        }
    })
}

fn last(conn: &mut Conn) -> Result<Option<Line>> {
    let trail = audit::trail(conn, SUBJECT, &[COPIED, FAILED], None, 1)?;
    Ok(trail.into_iter().next())
}

fn note(app: &App, verb: &str, detail: &str) -> Result<()> {
    app.write(|tx| audit::note(tx, verb, SUBJECT, None, detail))
}

fn told(file: &Path, made: &Made) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}, {}", size(made.bytes))
}

/// `1.2 MB`.
pub fn size(bytes: u64) -> String {
    format!("{:.1}\u{a0}MB", bytes as f64 / 1e6)
}

fn prepare(folder: &Path) -> Result<()> {
    let probe = folder.join(".touchline-room");
    let tried = fs::create_dir_all(folder).and_then(|()| fs::write(&probe, "x"));
    let tried = tried.and_then(|()| fs::remove_file(&probe));
    tried.map_err(|cause| cannot(folder, &cause))
}

/// `touchline-2026-03-04.db`; where a copy of that night is there already, `touchline-2026-03-04-0930.db`: after a restore
/// the record knows nothing of it, and it may be the newest copy that is good.
fn free(folder: &Path, night: NaiveDate, time: NaiveTime) -> PathBuf {
    let first = folder.join(format!("touchline-{night}.db"));
    match first.exists() {
        false => first,
        true => folder.join(format!("touchline-{night}-{}.db", time.format("%H%M"))),
    }
}

/// Of which night a file is a copy, and when it was made where that was not the first; `None` for any other file.
fn night_of(name: &str) -> Option<(NaiveDate, &str)> {
    let told = name.strip_prefix("touchline-")?.strip_suffix(".db")?;
    let (night, time) = told.split_at_checked(10)?;
    let is_time = |time: &str| time.len() == 4 && time.bytes().all(|byte| byte.is_ascii_digit());
    let time = match time {
        "" => "",
        time => time.strip_prefix('-').filter(|time| is_time(time))?,
    };
    Some((night.parse().ok()?, time))
}

/// Whether a file is called as nightly copies are.
pub fn is_copy(name: &str) -> bool {
    night_of(name).is_some()
}

/// Removes the oldest nightly copies beside the newest, which was just made, and nothing else that lies in the folder, least of
/// all the database itself, whatever it is called; a copy of a night that is still to come was made by a clock that ran ahead,
/// and is neither counted nor removed.
fn rotate(app: &App, folder: &Path, (tonight, newest): (NaiveDate, &Path)) -> Result<()> {
    let (url, keep) = (&app.config.database_url, app.config.backup_keep);
    let inside = fs::read_dir(folder).map_err(|cause| cannot(folder, &cause))?;
    let inside = inside.filter_map(|entry| Some(entry.ok()?.path()));
    let mut nights: Vec<(NaiveDate, String, PathBuf)> = inside
        .filter_map(|path| {
            let (night, time) = night_of(path.file_name()?.to_str()?)?;
            let is_older = night <= tonight && path != newest && !files::is_of(&path, url);
            is_older.then(|| (night, time.to_owned(), path.clone()))
        })
        .collect();
    nights.sort();
    let gone = (nights.len() + 1).saturating_sub(keep.max(1) as usize);
    for (.., path) in nights.drain(..gone) {
        fs::remove_file(&path).map_err(|cause| cannot(&path, &cause))?;
        tracing::info!(copy = %path.display(), "the oldest nightly copy was removed");
    }
    Ok(())
}

fn cannot(path: &Path, cause: &std::io::Error) -> Error {
    Error::Unavailable(format!("{}: {cause}", path.display()))
}
