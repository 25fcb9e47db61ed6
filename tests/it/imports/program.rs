//! `touchline import`, as it is typed.

use super::{LEADS, PEOPLE};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn touchline(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_touchline"))
        .args(["--database-url", "t.db"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    assert!(stdout.is_empty(), "the summary goes to standard error");
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (status.code(), said)
}

#[track_caller]
fn says(answer: &(Option<i32>, String), status: i32, words: &str) {
    assert_eq!(answer.0, Some(status), "{}", answer.1);
    assert!(
        answer.1.contains(words),
        "{words:?} is not in:\n{}",
        answer.1
    );
}

#[test]
fn a_folder_comes_in_and_the_summary_counts_it() {
    let folder = folder(&[
        ("people.csv", PEOPLE),
        ("leads.csv", LEADS),
        ("notes.txt", "hello"),
    ]);
    let first = touchline(folder.path(), &["import", "."]);
    says(
        &first,
        0,
        "people.csv: 2 new, 0 changed, 0 unchanged, 0 refused, 0 flagged",
    );
    says(&first, 0, "Made because a row names it, source: 1 (web)");
    assert!(!first.1.contains("notes.txt"), "{}", first.1);
    let again = touchline(folder.path(), &["import", "people.csv", "leads.csv"]);
    says(&again, 0, "leads.csv: 0 new, 0 changed, 2 unchanged");
}

#[test]
fn a_dry_run_leaves_the_database_as_it_is() {
    let folder = folder(&[("people.csv", PEOPLE)]);
    says(
        &touchline(folder.path(), &["import", ".", "--dry-run"]),
        0,
        "this was a dry run",
    );
    says(&touchline(folder.path(), &["import", "."]), 0, "2 new");
}

#[test]
fn bad_rows_end_with_status_one_unless_they_are_left_out() {
    let people = format!("{PEOPLE}nobody,Nobody,,,\n");
    let folder = folder(&[("people.csv", &people)]);
    let refused = touchline(folder.path(), &["import", "people.csv"]);
    says(
        &refused,
        1,
        "people.csv: line 4, email \"nobody\": expected an e-mail address",
    );
    says(&refused, 1, "--skip-bad-rows");
    assert!(!folder.path().join("people.csv.rejected.csv").exists());
    says(
        &touchline(
            folder.path(),
            &["import", "people.csv", "--skip-bad-rows", "--dry-run"],
        ),
        0,
        "dry run",
    );
    assert!(!folder.path().join("people.csv.rejected.csv").exists());

    says(
        &touchline(folder.path(), &["import", "people.csv", "--skip-bad-rows"]),
        0,
        "2 new",
    );
    let rejected = fs::read_to_string(folder.path().join("people.csv.rejected.csv"))
        .expect("the rejected rows");
    let (header, row) = rejected.split_once('\n').expect("two lines");
    assert_eq!(header, "email,name,role,team,time_zone,problem");
    assert!(
        row.starts_with("nobody,Nobody,,,,") && row.contains("expected an e-mail address"),
        "{row}"
    );
    // Nobody else reads them.
    let mode = fs::metadata(folder.path().join("people.csv.rejected.csv"));
    let mode = mode.expect("the rejected rows").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The rejected rows lie beside the file, and are no file to import.
    says(
        &touchline(folder.path(), &["import", ".", "--skip-bad-rows"]),
        0,
        "2 unchanged",
    );
}

#[test]
fn warnings_alone_end_well() {
    let folder = folder(&[("people.csv", "email,name,shoe\na@b,A,42\n")]);
    says(
        &touchline(folder.path(), &["import", "."]),
        0,
        "warning: the column shoe is unknown and left out",
    );
}

#[test]
fn a_path_that_holds_nothing_is_said_with_what_it_should_hold() {
    let folder = folder(&[("notes.txt", "hello")]);
    says(
        &touchline(folder.path(), &["import", "."]),
        1,
        "it needs one of people.csv, calendar.csv",
    );
    says(
        &touchline(folder.path(), &["import", "nowhere.csv"]),
        1,
        "cannot read nowhere.csv",
    );
    says(
        &touchline(folder.path(), &["import", "notes.txt"]),
        1,
        "the name does not say what the file holds",
    );
    says(&touchline(folder.path(), &["import"]), 2, "PATH");
}

#[test]
fn the_record_says_the_name_of_a_file_and_not_where_it_lay() {
    use diesel::prelude::*;
    use touchline::schema::audit_words;
    let inside = folder(&[("people.csv", PEOPLE)]);
    let file = inside.path().join("people.csv");
    let file = file.to_str().expect("a path in UTF-8");
    says(&touchline(inside.path(), &["import", file]), 0, "2 new");
    let database = inside.path().join("t.db");
    let database = database.to_str().expect("a path in UTF-8");
    let mut conn = diesel::SqliteConnection::establish(database).expect("a file");
    let said: Vec<String> = audit_words::table
        .select(audit_words::became)
        .load(&mut conn)
        .expect("the record");
    let said = said.join("\n");
    assert!(said.contains("people.csv (people): 2 new"), "{said}");
    assert!(!said.contains(file), "{said}");
}
