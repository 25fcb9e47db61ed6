//! `touchline import ...`: files from disk, what became of them on standard error.

use crate::app::App;
use crate::db::files::write_private;
use crate::error::{Error, Result};
use crate::imports::{self, FileReport, Kind, Report, Source};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How many problems of one file are printed.
const SHOWN: usize = 20;

#[derive(Args)]
pub struct Command {
    /// CSV files named after what they hold (people.csv, leads.csv ...), or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Check every row and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Import the other rows; write those with a problem to PATH.rejected.csv
    #[arg(long)]
    skip_bad_rows: bool,
}

pub fn run(app: &App, command: &Command) -> Result<ExitCode> {
    let paths = files(&command.paths)?;
    let sources: Result<Vec<Source>> = paths.iter().map(|path| read(path)).collect();
    let sources = sources?;
    let say: imports::Say = &mut |text| eprintln!("{text} ...");
    let report = if command.dry_run {
        let now = app.clock.now();
        app.db
            .snapshot(|conn| imports::check(conn, now, &sources, say))?
    } else {
        app.write(|tx| {
            let report = imports::import(tx, &sources, command.skip_bad_rows, say)?;
            if report.is_written && !report.is_good() {
                // Before the commit: where they cannot be kept, nothing is imported.
                write_rejected(&sources, &report)?;
            }
            Ok(report)
        })?
    };
    print(&report);
    let is_taken = report.is_good() || (command.skip_bad_rows && report.can_skip());
    eprintln!("{}", verdict(&report, command));
    Ok(if is_taken {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The named files, and of a named folder those that are called after what they hold.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = fs::read_dir(path).map_err(|cause| cannot("read", path, &cause))?;
        let mut inside: Vec<PathBuf> = inside
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        inside.retain(|file| Kind::of_file_name(&last_name(file)).is_some());
        inside.sort();
        if inside.is_empty() {
            let known: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind}.csv")).collect();
            return Err(Error::refused(format!(
                "there is nothing to import in {}: it needs one of {}",
                path.display(),
                known.join(", ")
            )));
        }
        files.extend(inside);
    }
    Ok(files)
}

fn last_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(path: &Path) -> Result<Source> {
    let bytes = fs::read(path).map_err(|cause| cannot("read", path, &cause))?;
    Ok(Source::new(path.display().to_string(), &bytes))
}

fn cannot(what: &str, path: &Path, cause: &std::io::Error) -> Error {
    Error::refused(format!("cannot {what} {}: {cause}", path.display()))
}

fn print(report: &Report) {
    for file in &report.files {
        eprintln!(
            "{}: {} new, {} changed, {} unchanged, {} refused, {} flagged",
            file.name,
            file.new,
            file.changed,
            file.unchanged,
            file.refused.len(),
            file.flagged()
        );
        print_remarks(file);
    }
    let made = if report.is_written {
        "Made"
    } else {
        "To be made"
    };
    for (what, names) in &report.made {
        let few: Vec<&str> = names.iter().map(String::as_str).take(5).collect();
        let more = if names.len() > few.len() { ", ..." } else { "" };
        eprintln!(
            "{made} because a row names it, {what}: {} ({}{more})",
            names.len(),
            few.join(", ")
        );
    }
}

fn print_remarks(file: &FileReport) {
    for problem in file.problems().take(SHOWN) {
        eprintln!("  error: {}: {problem}", file.name);
    }
    let more = file.problems().count().saturating_sub(SHOWN);
    if more > 0 {
        eprintln!("  error: {}: and {more} more", file.name);
    }
    for (text, remark) in &file.flags {
        eprintln!(
            "  flag: {text}: {} rows, first in line {}",
            remark.rows, remark.first_line
        );
    }
    for (text, remark) in &file.warnings {
        eprintln!(
            "  warning: {text}: {} rows, first in line {}",
            remark.rows, remark.first_line
        );
    }
}

fn write_rejected(sources: &[Source], report: &Report) -> Result<()> {
    for (source, file) in sources.iter().zip(&report.files) {
        if let (Ok(table), false) = (&source.table, file.refused.is_empty()) {
            let path = PathBuf::from(format!("{}.rejected.csv", source.name));
            let rows = table.rejected(|line| file.problem_at(line));
            write_private(&path, rows.as_ref()).map_err(|cause| cannot("write", &path, &cause))?;
            eprintln!("The rows with a problem are in {}", path.display());
        }
    }
    Ok(())
}

fn verdict(report: &Report, command: &Command) -> &'static str {
    match (report.is_good(), report.is_written) {
        (_, true) => "Imported.",
        (true, false) => "Everything can be imported. Nothing was written: this was a dry run.",
        (false, false) if !report.can_skip() => {
            "Nothing was imported: mend the files and import them again."
        }
        (false, false) if command.skip_bad_rows => {
            "The other rows can be imported. Nothing was written: this was a dry run."
        }
        (false, false) => {
            "Nothing was imported: mend the rows, or leave them out with --skip-bad-rows."
        }
    }
}
