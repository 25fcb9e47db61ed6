//! The import page for admins: upload, check the columns, see what would happen, confirm.

use super::columns::ColumnRule;
use super::uploads::{self, Uploaded};
use super::{FileReport, Kind, Mapping, Report, Source, check};
use crate::app::Cx;
use crate::error::Error;
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame};
use crate::urls::with_query;
use askama::Template;

/// How many problems of a file the page shows.
const SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "imports/upload.html")]
struct UploadPage {
    frame: Frame,
    form: Form,
    kinds: Vec<KindView>,
    done: String,
}

/// What a file of a kind is called, and its columns.
struct KindView {
    file_name: String,
    required: String,
    optional: String,
}

fn upload_page(cx: &Cx, form: Form) -> UploadPage {
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
    UploadPage {
        frame: Frame::new(cx, "Import"),
        form,
        kinds: kinds.collect(),
        done: done(&cx.query()),
    }
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
        n => format!(" {} with a problem were left out.", thousands(n)),
    };
    format!("Imported: {new} new rows, {changed} changed, {unchanged} unchanged.{left_out}")
}

pub fn index(cx: &Cx) -> Answer {
    page::show(&upload_page(cx, Form::default()))
}

pub fn create(cx: &Cx) -> Answer {
    if cx.request.files.is_empty() {
        let mut form = Form::default();
        form.refuse("files", "Choose one or more CSV files.");
        return page::again(&upload_page(cx, form));
    }
    let uid = cx.write(|tx| uploads::keep(tx, &cx.request.files))?;
    page::go_to(format!("/import/{uid}"))
}

#[derive(Template)]
#[template(path = "imports/preview.html")]
struct PreviewPage {
    frame: Frame,
    files: Vec<FileView>,
    made: Vec<MadeView>,
    verdict: &'static str,
    verdict_tone: &'static str,
    columns_href: String,
    drop_href: String,
    /// Where to import all; empty when it cannot be done.
    confirm_href: String,
    confirm_label: String,
    /// Where to import all but the rows with a problem; empty when there is no need or no way.
    skip_href: String,
    skip_label: String,
}

/// Names that the import makes.
struct MadeView {
    what: String,
    names: String,
}

struct FileView {
    id: i64,
    name: String,
    kinds: Vec<Choice>,
    columns: Vec<ColumnView>,
    /// Whether the columns want to be looked at.
    is_open: bool,
    stats: Vec<(&'static str, String)>,
    problems: Vec<String>,
    more_problems: String,
    rejected_href: String,
    flags: Vec<String>,
    warnings: Vec<String>,
}

/// One of our columns, and which of the file's it is.
struct ColumnView {
    name: String,
    label: String,
    choices: Vec<Choice>,
}

pub fn show(cx: &Cx) -> Answer {
    let (uid, me) = (cx.param("uid")?, cx.me()?);
    let (files, sources, report) = cx.snapshot(|conn| {
        let files = uploads::waiting(conn, me, uid)?;
        let sources: Vec<Source> = files.iter().map(Uploaded::source).collect();
        let report = check(conn, cx.now, &sources, &mut |_| {})?;
        Ok((files, sources, report))
    })?;
    let parts = files.iter().zip(&sources).zip(&report.files);
    let views = parts.map(|((file, source), report)| file_view(uid, file, source, report));
    let rows = |count: fn(&FileReport) -> u64| -> u64 { report.files.iter().map(count).sum() };
    let refused = rows(|file| file.refused.len() as u64);
    let taken = rows(|file| file.new + file.changed + file.unchanged);
    let (verdict, verdict_tone) = verdict(&report);
    let confirm = format!("/import/{uid}/confirm");
    let can_skip = !report.is_good() && report.can_skip() && taken > 0;
    page::show(&PreviewPage {
        frame: Frame::new(cx, "Check before importing"),
        files: views.collect(),
        made: report
            .made
            .iter()
            .map(|(what, names)| made_view(what, names))
            .collect(),
        verdict,
        verdict_tone,
        columns_href: format!("/import/{uid}/columns"),
        drop_href: format!("/import/{uid}/drop"),
        confirm_label: format!("Import {} rows", thousands(taken)),
        skip_label: format!(
            "Leave out {} and import {}",
            thousands(refused),
            thousands(taken)
        ),
        skip_href: if can_skip {
            with_query(&confirm, &[("skip", "true")])
        } else {
            String::new()
        },
        confirm_href: if report.is_good() {
            confirm
        } else {
            String::new()
        },
    })
}

fn verdict(report: &Report) -> (&'static str, &'static str) {
    match (report.is_good(), report.can_skip()) {
        (true, _) => ("Every row can be imported. Nothing is written yet.", "good"),
        (false, true) => ("Some rows have a problem. Nothing is written yet.", "warn"),
        (false, false) => (
            "A file cannot be read as it is: choose its columns below, or mend it and upload it again.",
            "bad",
        ),
    }
}

fn made_view(what: &str, names: &[String]) -> MadeView {
    const FEW: usize = 6;
    let few = names
        .iter()
        .take(FEW)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let more = match names.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!(" and {} more", thousands(more as u64)),
    };
    MadeView {
        what: format!("New {what}: {}", thousands(names.len() as u64)),
        names: format!("{few}{more}"),
    }
}

fn file_view(uid: &str, file: &Uploaded, source: &Source, report: &FileReport) -> FileView {
    let header = source.table.as_ref().map_or(&[][..], |table| &table.header);
    let kinds = Kind::ALL.iter().map(|kind| Choice {
        value: kind.word().to_owned(),
        label: kind.word().replace('_', " "),
        chosen: file.kind == Some(*kind),
    });
    let columns = file.kind.into_iter().flat_map(Kind::columns);
    let problems = report.problems().count();
    let stats = [
        ("New", report.new),
        ("Changed", report.changed),
        ("Unchanged", report.unchanged),
        ("Refused", report.refused.len() as u64),
        ("Flagged", report.flagged() as u64),
    ];
    FileView {
        id: file.id,
        name: file.name.clone(),
        kinds: kinds.collect(),
        columns: columns
            .map(|column| column_view(column, header, &file.mapping))
            .collect(),
        is_open: !report.faults.is_empty() && source.table.is_ok(),
        stats: stats.map(|(label, count)| (label, thousands(count))).into(),
        problems: report
            .problems()
            .take(SHOWN)
            .map(ToString::to_string)
            .collect(),
        more_problems: match problems.saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("And {} more.", thousands(more as u64)),
        },
        rejected_href: if report.refused.is_empty() {
            String::new()
        } else {
            with_query(
                &format!("/import/{uid}/rejected"),
                &[("file", &file.id.to_string())],
            )
        },
        flags: report
            .flags
            .iter()
            .map(|(text, remark)| remark_line(text, remark))
            .collect(),
        warnings: report
            .warnings
            .iter()
            .map(|(text, remark)| remark_line(text, remark))
            .collect(),
    }
}

fn remark_line(text: &str, remark: &super::Remark) -> String {
    let line = remark.first_line;
    match remark.rows {
        1 => format!("{text} (line {line})"),
        rows => format!("{text} ({} rows, first in line {line})", thousands(rows)),
    }
}

fn column_view(column: ColumnRule, header: &[String], mapping: &Mapping) -> ColumnView {
    let chosen = match mapping.get(column.name) {
        Some(theirs) => theirs.as_str(),
        None => header
            .iter()
            .find(|name| super::columns::plain(name) == column.name)
            .map_or("", String::as_str),
    };
    let names = header.iter().filter(|name| !name.is_empty());
    let nothing = Choice {
        value: String::new(),
        label: "Not in the file".to_owned(),
        chosen: chosen.is_empty(),
    };
    let theirs = names.map(|name| Choice {
        value: name.clone(),
        label: name.clone(),
        chosen: name == chosen,
    });
    ColumnView {
        name: format!("column.{}", column.name),
        label: if column.is_required {
            format!("{} (needed)", column.name)
        } else {
            column.name.to_owned()
        },
        choices: [nothing].into_iter().chain(theirs).collect(),
    }
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
    let report = cx.write(|tx| uploads::confirm(tx, uid, skips_bad_rows))?;
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

/// `71,376`.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_are_read_in_groups_of_three() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(count), text);
        }
    }
}
