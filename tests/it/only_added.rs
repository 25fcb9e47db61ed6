//! Stories of what is only added to: no shell rewrites it, and check says where what holds it is gone.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, World};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{sql_query, sql_types};
use rstest::rstest;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use touchline::both;
use touchline::db::{Conn, files, triggers};

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = sql_types::Text)]
    word: String,
}

fn words(conn: &mut Conn, query: &str) -> Vec<String> {
    let rows: Vec<Word> = both!(conn, |c| sql_query(query).load(c)).expect(query);
    rows.into_iter().map(|row| row.word).collect()
}

/// The tables from which something is refused, by what SQLite's own migrations make.
fn only_added() -> Vec<String> {
    let list = "SELECT DISTINCT tbl_name AS word FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%' \
                AND (sql LIKE '%BEFORE DELETE%' OR sql LIKE '%BEFORE UPDATE%') ORDER BY 1";
    let tables = words(&mut Home::new(Sqlite).connect(), list);
    assert!(tables.len() >= 27, "{tables:?}");
    tables
}

#[track_caller]
fn refused(conn: &mut Conn, statement: &str) -> String {
    let done = conn.batch_execute(statement);
    done.expect_err(statement).to_string()
}

/// What SQLite says of the row that only OR REPLACE lets into a trigger.
const NOT_REPLACED: &str = "NOT NULL constraint failed: reference_version.version";

#[test]
fn no_shell_replaces_a_row_of_what_is_only_added_to() {
    // A connection that knows nothing of ours, as of SQLite's own shell.
    let home = Home::new(Sqlite);
    let mut conn = home.connect();
    for table in only_added() {
        for replace in ["REPLACE", "INSERT OR REPLACE"] {
            let why = refused(&mut conn, &format!("{replace} INTO {table} DEFAULT VALUES"));
            assert!(why.contains(NOT_REPLACED), "{table}: {why}");
        }
    }
}

#[test]
fn rows_stay_as_they_are_whatever_is_said_to_replace_them() {
    let world = World::new(Sqlite);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "Interested", Some(&lead));
    world.target("max", "ana", "activities", 2);
    let home = world.leave();
    let mut conn = home.connect();
    conn.batch_execute("PRAGMA foreign_keys = OFF")
        .expect("nobody looks");
    for (table, key) in [
        ("audit_entries", "id"),
        ("audit_words", "entry_id"),
        ("lead_events", "id"),
        ("activities", "id"),
        ("activities", "uid"),
        ("targets", "id"),
        ("handovers", "uid"),
        ("definitions", "id"),
        ("definitions_in_force", "definition_id"),
    ] {
        let columns = format!(
            "SELECT group_concat(quote(\"{key}\")) AS word FROM {table} ORDER BY \"{key}\""
        );
        let before = words(&mut conn, &columns);
        let again = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
        assert!(refused(&mut conn, &again).contains(NOT_REPLACED), "{again}");
        assert_eq!(words(&mut conn, &columns), before, "{table}");
    }
    // Nor does a row that may change take the place of another.
    let moved = "UPDATE OR REPLACE handovers SET handed_over_at = handed_over_at";
    assert!(refused(&mut conn, moved).contains(NOT_REPLACED));
    // What is taken already is left as it is, where that was asked for.
    conn.batch_execute("INSERT OR IGNORE INTO activities SELECT * FROM activities")
        .expect("nothing is done");
}

#[test]
fn nothing_that_is_only_added_to_is_emptied_on_a_server() {
    let home = Home::new(Postgres);
    let mut conn = home.connect();
    for table in only_added() {
        let why = refused(&mut conn, &format!("TRUNCATE {table} CASCADE"));
        let is_ours = why.contains("only added to") || why.contains("stays as it is");
        assert!(is_ours, "{table}: {why}");
    }
}

#[test]
fn check_knows_every_trigger_that_the_migrations_make_on_a_server() {
    let list = "SELECT t.relname || '.' || g.tgname AS word FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid \
                WHERE NOT g.tgisinternal";
    let made: BTreeSet<String> = words(&mut Home::new(Postgres).connect(), list)
        .into_iter()
        .collect();
    let known = triggers::ON_POSTGRES.iter().flat_map(|(table, names)| {
        let names = names.iter();
        names.map(move |name| format!("{table}.{name}"))
    });
    assert_eq!(known.collect::<BTreeSet<_>>(), made);
}

#[track_caller]
fn check_says(home: &Home, sentence: &str) {
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!(code, Some(1), "{printed}{said}");
    assert!(printed.contains(sentence), "{sentence}: {printed}");
}

#[rstest]
fn check_says_which_trigger_is_gone_and_a_move_makes_it_anew(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let home = World::new(database).leave();
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
    let drop = match database {
        Sqlite => "DROP TRIGGER audit_entries_stay",
        Postgres => "DROP TRIGGER audit_entries_stay ON audit_entries",
    };
    home.connect().batch_execute(drop).expect(drop);
    check_says(
        &home,
        "audit_entries: the trigger audit_entries_stay is gone: rows could have been changed",
    );
    let new = Home::bare(database);
    let (code, _, said) = home.run(&["move-to", &new.address()]);
    assert_eq!(code, Some(0), "{said}");
    let (code, printed, said) = new.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
}

#[test]
fn check_says_which_trigger_is_another_one() {
    let home = World::new(Sqlite).leave();
    let other = "DROP TRIGGER targets_stay_here; \
                 CREATE TRIGGER targets_stay_here BEFORE DELETE ON targets BEGIN SELECT 1; END";
    home.connect().batch_execute(other).expect(other);
    check_says(
        &home,
        "targets: the trigger targets_stay_here is not the one that this program makes",
    );
}

#[test]
fn check_says_which_trigger_is_switched_off_and_how_to_switch_it_on() {
    let home = World::new(Postgres).leave();
    let off = "ALTER TABLE lead_events DISABLE TRIGGER lead_events_stay";
    home.connect().batch_execute(off).expect(off);
    check_says(
        &home,
        "lead_events: the trigger lead_events_stay is switched off",
    );
    let on = "ALTER TABLE lead_events ENABLE TRIGGER lead_events_stay";
    home.connect().batch_execute(on).expect(on);
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
}

#[rstest]
fn check_names_who_is_asked_for_a_second_factor_that_nobody_keeps(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let home = World::new(database).leave();
    let asked = "UPDATE people SET has_second_factor = TRUE WHERE email = 'ana@example.com'";
    home.connect().batch_execute(asked).expect(asked);
    check_says(
        &home,
        "people: 1 rows are asked for a second factor, and none of theirs is kept",
    );
}

#[test]
fn no_file_holds_the_name_of_who_is_erased() {
    let world = World::new(Sqlite);
    world.at("2026-03-04T09:00:00Z");
    let ana = world.person("ana");
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "Interested", Some(&lead));
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    world.write_as("ada", |tx| touchline::people::part(tx, ana.id, today));
    let files = || {
        let inside = fs::read_dir(world.home().folder()).expect("a folder");
        inside.map(|file| file.expect("a file").path())
    };
    let holding = |words: &str| {
        let holds = |path: &std::path::PathBuf| {
            let bytes = fs::read(path).expect("a file");
            let mut parts = bytes.windows(words.len());
            parts.any(|part| part == words.as_bytes())
        };
        files().filter(holds).collect::<Vec<_>>()
    };
    assert!(!holding("Ana Arndt").is_empty());
    let erase = format!("/people/{}/erase", ana.uid);
    world
        .as_("ada")
        .post(&erase, &[("name", "Ana Arndt")])
        .is(303);
    for words in ["Ana Arndt", "ana arndt", "ana@example.com"] {
        assert_eq!(holding(words), [] as [std::path::PathBuf; 0], "{words}");
    }
}

#[test]
fn a_file_that_appears_while_a_copy_is_made_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let [partial, file] = ["copy.db.partial", "copy.db"].map(|name| folder.path().join(name));
    fs::write(&partial, "a copy").expect("a copy");
    // It came between the look and the name.
    fs::write(&file, "Dear Ana").expect("a letter");
    let why = files::settle(&partial, &file, false).expect_err("it is there");
    assert!(why.to_string().contains("is there already"), "{why}");
    assert_eq!(fs::read(&file).expect("the letter"), b"Dear Ana");
    files::settle(&partial, &file, true).expect("it may be overwritten");
    assert_eq!(fs::read(&file).expect("the copy"), b"a copy");
    fs::rename(&file, &partial).expect("once more");
    files::settle(&partial, &file, false).expect("nothing is there");
    assert_eq!(fs::read(&file).expect("the copy"), b"a copy");
    assert!(!partial.exists());
}

#[test]
fn rows_that_were_rejected_are_nobody_elses_to_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("people.csv.rejected.csv");
    for _ in 0..2 {
        files::write_private(&file, b"email,problem\n").expect("a file");
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // One from before, that others may read.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("open to all");
    }
}
