//! What an upload would do, for somebody to confirm it.

use crate::app::Cx;
use crate::form::Choice;
use crate::imports::columns::{ColumnRule, plain};
use crate::imports::uploads::{self, Uploaded};
use crate::imports::{FileReport, Kind, Mapping, Remark, Report, Source, check};
use crate::page::{self, Answer, Frame};
use crate::urls::with_query;
use askama::Template;

/// How many problems of a file the page shows.
const SHOWN: usize = 10;

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
        confirm_label: match taken {
            1 => "Import 1 row".to_owned(),
            taken => format!("Import {} rows", thousands(taken)),
        },
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

fn remark_line(text: &str, remark: &Remark) -> String {
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
            .find(|name| plain(name) == column.name)
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

/// `71,376`.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
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
