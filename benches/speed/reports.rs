//! The import and the follow-up report on the real data, beside the bare database.

use super::{data_folder, line, median};
use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant as Stopwatch;
use touchline::config::DatabaseUrl;
use touchline::db::Db;
use touchline::followup::{self, Awaited, Filters, WhichClock};
use touchline::leads::cohort::{Cohort, Grouping};
use touchline::schema::handovers;
use touchline::value::Instant;

const ROUNDS: usize = 5;

pub fn run() {
    let Some(bank) = data_folder().map(|data| data.join("bank")) else {
        println!("TOUCHLINE_TEST_DATA is not set: no import, no report");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<Vec<csv::StringRecord>> = ["people", "leads", "activities", "lead_events"]
        .map(|name| rows(&bank.join(format!("{name}.csv"))))
        .into();
    let (mut ours, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let a = import_s(&bank, &folder.path().join(format!("import{round}.db")));
        let b = bare_import_s(&files, &folder.path().join(format!("bare{round}.db")));
        ratios.push(a / b);
        ours.push(a);
        bare.push(b);
    }
    let (a, b) = (median(ours), median(bare));
    line(
        "import the bank set",
        format!("{a:.2} s"),
        format!("{b:.2} s"),
        median(ratios),
        "at most 6",
    );
    report(&folder.path().join("import0.db"));
}

fn import_s(bank: &Path, database: &Path) -> f64 {
    let binary = env!("CARGO_BIN_EXE_touchline");
    let started = Stopwatch::now();
    let mut command = Command::new(binary);
    let done = command
        .arg("import")
        .arg(bank)
        .env("TOUCHLINE_DATABASE_URL", database)
        .output()
        .expect("to run");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    started.elapsed().as_secs_f64()
}

fn rows(path: &Path) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .expect("a file");
    reader.records().map(|row| row.expect("a row")).collect()
}

/// The same rows as text in bare tables, in one transaction, 500 rows a statement.
fn bare_import_s(files: &[Vec<csv::StringRecord>], database: &Path) -> f64 {
    let mut conn =
        SqliteConnection::establish(database.to_str().expect("a path")).expect("a database");
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        .expect("settings");
    let started = Stopwatch::now();
    conn.batch_execute("BEGIN IMMEDIATE").expect("to begin");
    for (number, rows) in files.iter().enumerate() {
        let (header, rows) = rows.split_first().expect("a header");
        let columns = (0..header.len())
            .map(|i| format!("c{i} TEXT"))
            .collect::<Vec<_>>()
            .join(", ");
        conn.batch_execute(&format!(
            "CREATE TABLE bare{number} (id INTEGER PRIMARY KEY, {columns})"
        ))
        .expect("a table");
        let names = (0..header.len())
            .map(|i| format!("c{i}"))
            .collect::<Vec<_>>()
            .join(", ");
        for chunk in rows.chunks(500) {
            let marks =
                vec![format!("({})", vec!["?"; header.len()].join(", ")); chunk.len()].join(", ");
            let mut insert =
                sql_query(format!("INSERT INTO bare{number} ({names}) VALUES {marks}"))
                    .into_boxed();
            for value in chunk.iter().flatten() {
                insert = insert.bind::<Text, _>(value);
            }
            insert.execute(&mut conn).expect("to insert");
        }
    }
    conn.batch_execute("COMMIT").expect("to commit");
    started.elapsed().as_secs_f64()
}

fn report(database: &Path) {
    let db = Db::open(&DatabaseUrl::Sqlite(database.to_owned())).expect("the database");
    let as_of = Instant::parse("2012-03-14T15:04:54.681Z").expect("an instant");
    let filters = |clock| Filters {
        cohort: Cohort {
            from: None,
            to: None,
            as_of,
            definition: None,
        },
        by: Some(Grouping::Campaign),
        clock,
        event: Awaited::Attempt,
        limit_us: None,
        compares_before: false,
        without_late: false,
    };
    let time = |clock| {
        let started = Stopwatch::now();
        black_box(
            db.snapshot(|conn| followup::report(conn, &filters(clock), None))
                .expect("a report"),
        );
        started.elapsed().as_secs_f64() * 1000.0
    };
    let mut conn =
        SqliteConnection::establish(database.to_str().expect("a path")).expect("the database");
    let (mut calendar, mut working, mut select) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 3 {
        calendar.push(time(WhichClock::Calendar));
        working.push(time(WhichClock::Working));
        select.push(select_ms(&mut conn));
    }
    let (calendar, working, select) = (median(calendar), median(working), median(select));
    let ms = |value: f64| format!("{value:.1} ms");
    line(
        "follow-up speed by campaign",
        ms(calendar),
        ms(select),
        calendar / select,
        "at most 3",
    );
    line(
        "... working to calendar clock",
        ms(working),
        ms(calendar),
        working / calendar,
        "at most 3",
    );
}

type Row = (
    i64,
    i64,
    String,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

/// The columns that the report needs, fetched into memory.
fn select_ms(conn: &mut SqliteConnection) -> f64 {
    let started = Stopwatch::now();
    let rows: Vec<Row> = handovers::table
        .select((
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::urgency,
            handovers::first_attempt_at,
            handovers::first_contact_at,
            handovers::closed_at,
            handovers::campaign_id,
        ))
        .load(conn)
        .expect("rows");
    black_box(rows);
    started.elapsed().as_secs_f64() * 1000.0
}
