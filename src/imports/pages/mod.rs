//! The import page for admins: upload, check the columns, see what would happen, confirm.

mod preview;

pub use preview::show;

use super::columns::ColumnRule;
use super::uploads::{self, Uploaded};
use super::{FileReport, Kind, Mapping, SUBJECT, Source, check};
use crate::app::{CONSOLE, Cx};
use crate::audit;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame};
use crate::people::Directory;
use crate::urls::with_query;
use askama::Template;
use preview::thousands;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "imports/upload.html")]
struct UploadPage {
    frame: Frame,
    form: Form,
    kinds: Vec<KindView>,
    done: String,
    /// What came in before, newest first.
    past: Vec<PastImport>,
}

/// A file that was imported, as the record says it.
struct PastImport {
    what: String,
    who: String,
    when: String,
}

/// How many of them the page shows; the record has all.
const PAST: i64 = 10;

/// What a file of a kind is called, and its columns.
struct KindView {
    file_name: String,
    required: String,
    optional: String,
}

/// What was imported before, by anybody and from anywhere.
fn past(cx: &Cx) -> Result<Vec<PastImport>> {
    let directory: Arc<Directory> = cx.reference()?;
    let verbs = ["imported"];
    let lines = cx.read(|conn| audit::trail(conn, SUBJECT, &verbs, None, PAST))?;
    let past = |line: audit::Line| PastImport {
        who: match line.by_id {
            Some(id) => directory.name(Some(id)).to_owned(),
            None if line.address == CONSOLE => "The operator".to_owned(),
            None => "The program".to_owned(),
        },
        when: page::time(line.at, cx.zone()),
        what: line.detail,
    };
    Ok(lines.into_iter().map(past).collect())
}

fn upload_page(cx: &Cx, form: Form) -> Result<UploadPage> {
    let names = |kind: Kind, is_required: bool| {
        let columns = kind
            .columns()
            .filter(|column| column.is_required == is_required);
        columns
            .map(|column| column.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let kinds = Kind::ALL.iter().map(|kind| KindView {
        file_name: format!("{kind}.csv"),
        required: names(*kind, true),
        optional: names(*kind, false),
    });
    Ok(UploadPage {
        frame: Frame::new(cx, "Import"),
        form,
        kinds: kinds.collect(),
        done: done(&cx.query()),
        past: past(cx)?,
    })
}

/// What the last import did, as its confirmation says in the address.
fn done(query: &Form) -> String {
    let count = |name| query.value(name).parse::<u64>().ok();
    let counts = (
        count("new"),
        count("changed"),
        count("unchanged"),
        count("left_out"),
    );
    let (Some(new), Some(changed), Some(unchanged), Some(left_out)) = counts else {
        return String::new();
    };
    let [new, changed, unchanged] = [new, changed, unchanged].map(thousands);
    let left_out = match left_out {
        0 => String::new(),
        1 => " 1 with a problem was left out.".to_owned(),
        n => format!(" {} with a problem were left out.", thousands(n)),
    };
    format!("Imported: {new} new rows, {changed} changed, {unchanged} unchanged.{left_out}")
}

pub fn index(cx: &Cx) -> Answer {
    page::show(&upload_page(cx, Form::default())?)
}

pub fn create(cx: &Cx) -> Answer {
    if cx.request.files.is_empty() {
        let mut form = Form::default();
        form.refuse("files", "Choose one or more CSV files.");
        return page::again(&upload_page(cx, form)?);
    }
    let uid = cx.write(|tx| uploads::keep(tx, &cx.request.files))?;
    page::go_to(format!("/import/{uid}"))
}

pub fn set_columns(cx: &Cx) -> Answer {
    let (uid, form) = (cx.param("uid")?, cx.form());
    let id: i64 = form.value("file").parse().map_err(|_| Error::NotFound)?;
    let kind = Kind::from_word(form.value("kind"))
        .ok_or_else(|| Error::refused("Choose what the file holds."))?;
    let is_asked = |column: &ColumnRule| form.has(&format!("column.{}", column.name));
    // Another kind has other columns, which the form did not ask for: the header's own names come first then.
    let mapping: Mapping = if form.value("kind") == form.value("kind_before") {
        let asked = kind.columns().filter(is_asked);
        asked
            .map(|column| {
                (
                    column.name.to_owned(),
                    form.value(&format!("column.{}", column.name)).to_owned(),
                )
            })
            .collect()
    } else {
        Mapping::new()
    };
    cx.write(|tx| uploads::set_columns(tx, uid, id, kind, &mapping))?;
    page::go_to(format!("/import/{uid}"))
}

pub fn rejected(cx: &Cx) -> Answer {
    let (uid, me) = (cx.param("uid")?, cx.me()?);
    let id: i64 = cx
        .query()
        .value("file")
        .parse()
        .map_err(|_| Error::NotFound)?;
    cx.snapshot(|conn| {
        let files = uploads::waiting(conn, me, uid)?;
        let sources: Vec<Source> = files.iter().map(Uploaded::source).collect();
        let report = check(conn, cx.now, &sources, &mut |_| {})?;
        let at = files
            .iter()
            .position(|file| file.id == id)
            .ok_or(Error::NotFound)?;
        page::csv_file(
            "rejected",
            uploads::rejected(&sources[at], &report.files[at]),
        )
    })
}

pub fn confirm(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    let skips_bad_rows = cx.query().is_ticked("skip");
    let report = cx.write_alone(|tx| uploads::confirm(tx, uid, skips_bad_rows))?;
    if !report.is_written {
        return page::go_to(format!("/import/{uid}"));
    }
    let sum =
        |count: fn(&FileReport) -> u64| report.files.iter().map(count).sum::<u64>().to_string();
    let counts = [
        ("new", sum(|file| file.new)),
        ("changed", sum(|file| file.changed)),
        ("unchanged", sum(|file| file.unchanged)),
        ("left_out", sum(|file| file.refused.len() as u64)),
    ];
    let pairs = counts
        .each_ref()
        .map(|(name, count)| (*name, count.as_str()));
    page::go_to(with_query("/import", &pairs))
}

pub fn delete(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    cx.write(|tx| uploads::drop_upload(tx, uid))?;
    page::go_to("/import")
}
