//! How the program starts, or says in a sentence why it does not.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, touchline};
use diesel::connection::SimpleConnection;
use rstest::rstest;
use std::fs;
use std::net::TcpListener;
use std::process::Command;
use touchline::both;
use touchline::db::Conn;

/// Runs to the end: the exit code, and what was said.
fn end_of(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code(), said)
}

#[rstest]
#[case("TOUCHLINE_LISTEN", "8080", "such as 127.0.0.1:8080")]
#[case("TOUCHLINE_LISTEN", "localhost:8080", "such as 127.0.0.1:8080")]
#[case("TOUCHLINE_METRICS_LISTEN", "yes", "such as 127.0.0.1:8080")]
#[case("TOUCHLINE_DATABASE_URL", "mysql://localhost/t", "use postgres://")]
#[case(
    "TOUCHLINE_PUBLIC_URL",
    "touchline.example",
    "such as https://touchline.example"
)]
#[case("TOUCHLINE_TRUSTED_PROXY", "my-proxy", "such as 10.0.0.1")]
#[case("TOUCHLINE_LOG", "loud=very", "use error, warn, info")]
#[case("TOUCHLINE_LOG", "bogus=", "use error, warn, info")]
#[case("TOUCHLINE_LOG_FORMAT", "xml", "text, json")]
fn a_wrong_setting_is_named_with_what_is_allowed(
    #[case] variable: &str,
    #[case] value: &str,
    #[case] allowed: &str,
) {
    let home = Home::bare(Sqlite);
    let (code, said) = end_of(touchline(&home).env(variable, value).arg("serve"));
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    for words in [variable, value, allowed] {
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
    assert!(!home.file().exists());
}

#[test]
fn a_variable_that_holds_nothing_is_not_set() {
    let home = Home::bare(Sqlite);
    let mut command = touchline(&home);
    for name in [
        "TOUCHLINE_LISTEN",
        "TOUCHLINE_METRICS_LISTEN",
        "TOUCHLINE_PUBLIC_URL",
        "TOUCHLINE_TRUSTED_PROXY",
        "TOUCHLINE_BACKUP_FOLDER",
        "TOUCHLINE_BACKUP_KEEP",
        "TOUCHLINE_LOG",
        "TOUCHLINE_LOG_FORMAT",
    ] {
        command.env(name, "");
    }
    let (code, said) = end_of(command.arg("migrate"));
    assert_eq!(code, Some(0), "{said}");
    assert!(home.file().exists());
    // Said by hand it is a mistake still.
    let mut command = touchline(&home);
    let (code, said) = end_of(command.args(["migrate", "--listen", ""]));
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn a_database_on_another_machine_without_tls_is_told_once() {
    // No name of it is ever found (RFC 2606).
    let warning = "add sslmode=require to the database URL";
    for (query, times) in [("", 1), ("?sslmode=require", 0)] {
        let home = Home::bare(Sqlite);
        let url = format!("postgres://me:hush@touchline.invalid/t{query}");
        let mut command = touchline(&home);
        command.env("TOUCHLINE_LISTEN", "127.0.0.1:0");
        let (code, said) = end_of(command.env("TOUCHLINE_DATABASE_URL", url).arg("serve"));
        assert_eq!(code, Some(1), "{said}");
        assert_eq!(said.matches(warning).count(), times, "{said}");
        assert!(!said.contains("hush"), "{said}");
    }
}

#[test]
fn a_wrong_address_of_a_database_is_said_without_its_password() {
    let home = Home::bare(Sqlite);
    let url = "postgers://me:hush-hush@db/touchline";
    let mut command = touchline(&home);
    let (code, said) = end_of(command.env("TOUCHLINE_DATABASE_URL", url).arg("migrate"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("postgers://...@db/touchline"), "{said}");
    assert!(!said.contains("hush-hush"), "{said}");
}

#[test]
fn a_mistyped_variable_is_told() {
    let home = Home::bare(Sqlite);
    let mut command = touchline(&home);
    let (code, said) = end_of(command.env("TOUCHLINE_LISTN", "0.0.0.0:80").arg("migrate"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("TOUCHLINE_LISTN is no setting"), "{said}");
    let (_, said) = end_of(touchline(&home).env("TOUCHLINE_LOG", "warn").arg("migrate"));
    assert!(!said.contains("is no setting"), "{said}");
}

#[rstest]
#[case("TOUCHLINE_LISTEN")]
#[case("TOUCHLINE_METRICS_LISTEN")]
fn an_address_that_is_taken_is_told_before_anything_is_touched(#[case] variable: &str) {
    let home = Home::bare(Sqlite);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let mut command = touchline(&home);
    command.env("TOUCHLINE_LISTEN", "127.0.0.1:0");
    let (code, said) = end_of(command.env(variable, &address).arg("serve"));
    assert_eq!(code, Some(1), "{said}");
    for words in [&*address, "another program listens there", variable] {
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
    assert!(!home.file().exists());
}

#[test]
fn an_address_of_another_machine_is_told() {
    let home = Home::bare(Sqlite);
    // Set apart for documentation: no machine has it (RFC 5737).
    let (code, said) = end_of(touchline(&home).args(["serve", "--listen", "192.0.2.1:8080"]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("this machine has no such address"), "{said}");
}

#[test]
fn a_missing_folder_is_told() {
    let home = Home::bare(Sqlite);
    let missing = home.folder().join("nowhere").join("touchline.db");
    let mut command = touchline(&home);
    command.env("TOUCHLINE_LISTEN", "127.0.0.1:0");
    let (code, said) = end_of(command.env("TOUCHLINE_DATABASE_URL", &missing).arg("serve"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Check that the folder exists"), "{said}");
}

#[rstest]
fn a_database_that_a_newer_program_has_made_is_left_alone(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let home = Home::new(database);
    let mut conn = home.connect();
    if let Conn::Sqlite(conn) = &mut conn {
        // As every program leaves a file.
        conn.batch_execute("PRAGMA journal_mode = WAL")
            .expect("a log");
    }
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    both!(&mut conn, |c| c.batch_execute(newer)).expect("a newer one");
    drop(conn);
    let before = (database == Sqlite).then(|| fs::read(home.file()).expect("the file"));
    for command in ["serve", "migrate"] {
        let mut program = touchline(&home);
        program.env("TOUCHLINE_LISTEN", "127.0.0.1:0");
        let (code, said) = end_of(program.arg(command));
        assert_eq!(code, Some(1), "{said}");
        for words in ["newer Touchline", "9999", "restore a backup"] {
            assert!(said.contains(words), "{words:?} is not in: {said}");
        }
    }
    if let Some(before) = before {
        assert!(before == fs::read(home.file()).expect("the file"));
    }
}

#[test]
fn help_says_every_command_and_every_variable() {
    let home = Home::bare(Sqlite);
    let output = touchline(&home).arg("--help").output().expect("help");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for words in [
        "serve",
        "person",
        "report",
        "import",
        "migrate",
        "Examples:",
        "touchline serve --demo",
        "TOUCHLINE_DATABASE_URL",
        "TOUCHLINE_LISTEN",
        "TOUCHLINE_METRICS_LISTEN",
        "TOUCHLINE_PUBLIC_URL",
        "TOUCHLINE_TRUSTED_PROXY",
        "TOUCHLINE_LOG",
        "TOUCHLINE_LOG_FORMAT",
    ] {
        assert!(said.contains(words), "{words:?} is not in:\n{said}");
    }
}
