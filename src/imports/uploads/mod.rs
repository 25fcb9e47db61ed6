//! Uploads that wait for an admin to confirm or drop them.

mod store;

use super::{FileReport, Kind, Mapping, Report, Source, Table, import};
use crate::app::{Tx, Upload};
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::rules::access::Me;

/// One file of an upload.
pub struct Uploaded {
    pub id: i64,
    pub name: String,
    pub kind: Option<Kind>,
    pub mapping: Mapping,
    content: Vec<u8>,
}

impl Uploaded {
    pub fn source(&self) -> Source {
        Source {
            name: self.name.clone(),
            kind: self.kind,
            mapping: self.mapping.clone(),
            table: Table::read(&self.content),
        }
    }
}

/// Keeps files until they are confirmed or dropped, and returns what they are called together. What waits for too long
/// goes by itself (`jobs::retention`).
pub fn keep(tx: &mut Tx, files: &[Upload]) -> Result<String> {
    let by_id = tx.me()?.id;
    let uid = uuid::Uuid::new_v4().to_string();
    for file in files {
        store::add(tx.conn, &uid, by_id, tx.now, file)?;
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    audit::note(tx, "uploaded", super::SUBJECT, None, &names.join(", "))?;
    Ok(uid)
}

/// The files that `me` uploaded together; anything else is not found.
pub fn waiting(conn: &mut Conn, me: &Me, uid: &str) -> Result<Vec<Uploaded>> {
    let files = store::of(conn, uid, me.id)?;
    if files.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(files)
}

/// Says what a file holds, and which of its columns is which.
pub fn set_columns(tx: &mut Tx, uid: &str, id: i64, kind: Kind, mapping: &Mapping) -> Result<()> {
    let files = waiting(tx.conn, tx.me()?, uid)?;
    let file = files.iter().find(|file| file.id == id);
    let file = file.ok_or(Error::NotFound)?;
    store::set_columns(tx.conn, file.id, kind, mapping)?;
    let was = file.kind.map_or("", Kind::word);
    let was = format!("{} {was}", file.name);
    let became = format!("{} {}", file.name, kind.word());
    let about = (super::SUBJECT, None);
    audit::change(tx, "said the columns of", about, was.trim(), &became)
}

/// Imports an upload; what was written does not wait any more.
pub fn confirm(tx: &mut Tx, uid: &str, skips_bad_rows: bool) -> Result<Report> {
    let files = waiting(tx.conn, tx.me()?, uid)?;
    let sources: Vec<Source> = files.iter().map(Uploaded::source).collect();
    let report = import(tx, &sources, skips_bad_rows, &mut |_| {})?;
    if report.is_written {
        store::remove(tx.conn, uid)?;
    }
    Ok(report)
}

/// Forgets an upload.
pub fn drop_upload(tx: &mut Tx, uid: &str) -> Result<()> {
    let files = waiting(tx.conn, tx.me()?, uid)?;
    store::remove(tx.conn, uid)?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    audit::change(tx, "dropped", (super::SUBJECT, None), &names.join(", "), "")
}

/// The rows of a file that have a problem, with it, as CSV for a spreadsheet: mended there, they are uploaded again.
pub fn rejected(source: &Source, report: &FileReport) -> String {
    let table = source.table.as_ref();
    table.map_or(String::new(), |table| {
        table.to_mend(|line| report.problem_at(line))
    })
}
