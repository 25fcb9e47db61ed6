//! A copy of the database in one file, made while others work with it.

use super::{nightly, store};
use crate::config::DatabaseUrl;
use crate::db::files;
use crate::error::{Error, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A copy that was made and found to be whole.
#[derive(Debug, Clone)]
pub struct Made {
    pub bytes: u64,
    /// `7 people, 120 leads, 900 activities`.
    pub holds: String,
}

/// Writes a copy of the database as it is at one instant, under another name until it is found to be whole, and clears away what
/// a copy that was killed left there. Refused: a file that is there already, unless it may be overwritten, and a database whose server makes its own copies.
pub fn make(url: &DatabaseUrl, file: &Path, may_overwrite: bool) -> Result<Made> {
    if file.exists() && !may_overwrite {
        return Err(files::is_there(file));
    }
    // A name that is taken from a database in use takes what is in it along.
    if files::is_of(file, url) || files::is_worked_with(file) {
        return Err(Error::refused(format!(
            "Touchline works with {}: choose another name for the copy",
            file.display()
        )));
    }
    let partial = Partial::beside(file)?;
    files::copy(url, &partial.path)?;
    let made = look_at(&partial.path)?;
    files::settle(&partial.path, file, may_overwrite)?;
    Ok(made)
}

fn look_at(file: &Path) -> Result<Made> {
    let mut conn = files::connect(&DatabaseUrl::file(file.to_owned()))?;
    if let Some(fault) = files::faults(&mut conn)?.first() {
        return Err(Error::refused(format!(
            "the database is damaged, and no copy was kept: {fault}. touchline check says more"
        )));
    }
    let holds = store::counted(&mut conn)?;
    let bytes = fs::metadata(file).map_err(Error::internal)?.len();
    Ok(Made { bytes, holds })
}

/// A file that is not whole yet; it goes unless it got its name. Its lock is held as long as somebody writes it, so that what a
/// killed program left behind is known by nobody holding it.
struct Partial {
    path: PathBuf,
    lock: File,
}

/// How long nobody has written a file that has no lock until it is taken for left behind.
const ABANDONED: Duration = Duration::from_secs(3600);

impl Partial {
    fn beside(file: &Path) -> Result<Partial> {
        let Some(name) = file.file_name() else {
            let shown = file.display();
            return Err(Error::refused(format!("{shown} is no name of a file")));
        };
        // Of two who make the same copy at once each has its own until it is whole.
        let mut partial = name.to_owned();
        partial.push(format!(".{}{PARTIAL}", uuid::Uuid::new_v4().simple()));
        let path = file.with_file_name(partial);
        let lock = File::create_new(lock_of(&path)).map_err(|cause| files::cannot(file, &cause))?;
        // Where the file system knows no locks, nothing is ever taken for left behind.
        let _ = lock.lock();
        let partial = Partial { path, lock };
        partial.clear_others(&name.to_string_lossy());
        Ok(partial)
    }

    /// Removes what copies of this name, or nightly ones, left beside this one when they were killed. What cannot be looked at or
    /// removed stays: it is in nobody's way.
    fn clear_others(&self, name: &str) {
        let inside = self.path.parent().map(|folder| match folder.as_os_str() {
            here if here.is_empty() => Path::new("."),
            _ => folder,
        });
        let inside = inside.and_then(|folder| fs::read_dir(folder).ok());
        let paths = inside.into_iter().flatten().flatten();
        for path in paths.map(|entry| entry.path()) {
            let of = path.file_name().and_then(|file| of_partial(file.to_str()?));
            let is_own = of.is_some_and(|of| of == name || nightly::is_copy(of));
            if is_own && path.file_name() != self.path.file_name() && self.is_left_behind(&path) {
                remove(&path);
            }
        }
    }

    fn is_left_behind(&self, path: &Path) -> bool {
        match File::open(lock_of(path)) {
            Ok(lock) => lock.try_lock().is_ok(),
            // By the clock of the file system, on which this one's lock was made just now.
            Err(_) => {
                let written = |file: fs::Metadata| file.modified().ok();
                let now = self.lock.metadata().ok().and_then(written);
                let last = fs::metadata(path).ok().and_then(written);
                let since = now
                    .zip(last)
                    .and_then(|(now, last)| now.duration_since(last).ok());
                since.is_some_and(|since| since > ABANDONED)
            }
        }
    }
}

const PARTIAL: &str = ".partial";

/// The name of the copy that a file was to become: `copy.db` of `copy.db.0f...1a.partial`.
fn of_partial(name: &str) -> Option<&str> {
    let (of, id) = name.strip_suffix(PARTIAL)?.rsplit_once('.')?;
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then_some(of)
}

fn lock_of(path: &Path) -> PathBuf {
    with_end(path, "-lock")
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm", "-journal", "-lock"] {
        // Most often there is none; what cannot be removed makes the copy fail, which says why.
        let _ = fs::remove_file(with_end(path, end));
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        remove(&self.path);
    }
}
