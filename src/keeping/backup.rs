//! A copy of the database in one file, made while others work with it.

use super::store;
use crate::config::DatabaseUrl;
use crate::db::files;
use crate::error::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A copy that was made and found to be whole.
#[derive(Debug, Clone)]
pub struct Made {
    pub bytes: u64,
    /// `7 people, 120 leads, 900 activities`.
    pub holds: String,
}

/// Writes a copy of the database as it is at one instant, under another name until it is found to be whole. Refused: a
/// file that is there already, unless it may be overwritten, and a database whose server makes its own copies.
pub fn make(url: &DatabaseUrl, file: &Path, may_overwrite: bool) -> Result<Made> {
    if file.exists() && !may_overwrite {
        return Err(Error::refused(format!(
            "{} is there already: choose another name, or add --overwrite",
            file.display()
        )));
    }
    let partial = Partial::beside(file)?;
    files::copy(url, &partial.0)?;
    let made = look_at(&partial.0)?;
    files::settle(&partial.0, file)?;
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

/// A file that is not whole yet; it goes unless it got its name.
struct Partial(PathBuf);

impl Partial {
    fn beside(file: &Path) -> Result<Partial> {
        let Some(name) = file.file_name() else {
            let shown = file.display();
            return Err(Error::refused(format!("{shown} is no name of a file")));
        };
        // Of two who make the same copy at once each has its own until it is whole.
        let mut name = name.to_owned();
        name.push(format!(".{}.partial", uuid::Uuid::new_v4().simple()));
        Ok(Partial(file.with_file_name(name)))
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            // Most often there is none; what cannot be removed makes the copy fail, which says why.
            let _ = fs::remove_file(name);
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove();
    }
}
