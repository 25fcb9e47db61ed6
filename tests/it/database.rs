//! What happens when the database is mistyped, missing, locked, read-only, full or broken.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, World};
use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use rstest::rstest;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;
use touchline::app::App;
use touchline::both;
use touchline::config::DatabaseUrl;
use touchline::db::{Conn, Db};
use touchline::error::{Error, Result};
use touchline::lists::{self, List};

/// Any user without rights; root may write to everything, so it lends the program to them.
const NOBODY: u32 = 65534;

/// The program on a database, and what came of it: its exit code and what it said.
fn migrate(program: &Path, url: &str, folder: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(program);
    command.args(["--database-url", url, "migrate"]);
    command.current_dir(folder);
    if program != own_program() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code(), said)
}

fn own_program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_touchline"))
}

#[rstest]
#[case("postgers://me@localhost/touchline")]
#[case("mysql://localhost/touchline")]
#[case("sqlite3:touchline.db")]
#[case("")]
fn a_mistyped_address_is_refused_and_makes_no_file(#[case] url: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = migrate(own_program(), url, folder.path());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("postgres://"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_folder_that_is_missing_is_said_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = migrate(own_program(), "nowhere/touchline.db", folder.path());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nowhere/touchline.db"), "{said}");
    assert!(said.contains("Check that the folder exists"), "{said}");
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("letter.txt");
    let letter = "Dear Ana, this is a letter and no database. ".repeat(100);
    fs::write(&file, &letter).expect("a letter");
    let (code, said) = migrate(own_program(), "letter.txt", folder.path());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("is not a database"), "{said}");
    assert_eq!(fs::read_to_string(&file).expect("the letter"), letter);
}

#[test]
fn a_read_only_file_is_said_to_be() {
    let home = Home::bare(Sqlite);
    let program = home.folder().join("touchline");
    let is_root = fs::metadata(home.folder()).expect("a folder").uid() == 0;
    let program = if is_root {
        fs::copy(own_program(), &program).expect("a copy of the program");
        program.as_path()
    } else {
        own_program()
    };
    fs::write(home.file(), "").expect("an empty database");
    fs::set_permissions(home.file(), Permissions::from_mode(0o444)).expect("read-only");
    fs::set_permissions(home.folder(), Permissions::from_mode(0o555)).expect("read-only");

    let (code, said) = migrate(program, "touchline.db", home.folder());
    fs::set_permissions(home.folder(), Permissions::from_mode(0o755)).expect("writable again");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("this user may write there") || said.contains("is read-only"),
        "{said}"
    );
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let home = Home::bare(Sqlite);
    let change = |sql: &str| {
        let mut conn = home.connect();
        touchline::both!(&mut conn, |c| c.batch_execute(sql)).expect(sql);
    };
    change("CREATE TABLE letters (text TEXT)");
    let (code, _, said) = home.run(&["migrate"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("tables of another program"), "{said}");
    let tables = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'";
    let count = touchline::db::tables::count(&mut home.connect(), tables);
    assert_eq!(count.expect("a count"), 1);
}

#[test]
fn a_damaged_file_is_said_to_be_damaged() {
    let home = World::new(Sqlite).leave();
    let bytes = fs::read(home.file()).expect("a database");
    fs::write(home.file(), &bytes[..bytes.len() / 2]).expect("half of it");
    for command in ["migrate", "check"] {
        let (code, _, said) = home.run(&[command]);
        assert_ne!(code, Some(0), "{said}");
        assert!(said.contains("damaged"), "{command}: {said}");
        assert!(!said.contains("Check that the folder"), "{command}: {said}");
    }
}

#[test]
fn a_server_that_does_not_answer_is_said_to_be_without_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = "postgres://me:hush-hush@127.0.0.1:1/touchline";
    let (code, said) = migrate(own_program(), url, folder.path());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cannot reach PostgreSQL"), "{said}");
    assert!(said.contains("Check that it runs"), "{said}");
    assert!(!said.contains("hush-hush"), "{said}");
}

#[rstest]
fn two_programs_that_start_together_make_the_tables_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let home = Home::bare(database);
    let url = match &home.url {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let start = || {
        let mut command = Command::new(own_program());
        command.args(["--database-url", &url, "migrate"]);
        command.spawn().expect("the program starts")
    };
    for mut program in [start(), start(), start()] {
        assert!(program.wait().expect("an end").success());
    }
}

/// A world whose program waits for nobody.
fn impatient(database: Database) -> World {
    let world = World::configured(database, |app| {
        let url = app.config.database_url.clone();
        app.db = Db::open_waiting(&url, Duration::from_millis(20)).expect("a database");
    });
    world.settled()
}

#[rstest]
#[case(Sqlite, "BEGIN IMMEDIATE")]
#[case(Postgres, "BEGIN; LOCK TABLE activities IN SHARE MODE")]
fn while_another_program_holds_the_database_pages_open_and_forms_say_so(
    #[case] database: Database,
    #[case] holds: &str,
) {
    let world = impatient(database);
    let ana = world.as_("ana");
    let mut other = world.home().connect();
    other.batch_execute(holds).expect("a lock");

    ana.get("/today").ok();
    let entry = ana
        .get("/log")
        .submit("/log", &[("kind", "1"), ("outcome", "1")]);
    entry.is(503);
    entry.says("Nothing was saved: another program holds the database");

    other.batch_execute("COMMIT").expect("the lock goes");
    ana.get("/log")
        .submit("/log", &[("kind", "1"), ("outcome", "1")])
        .is(303);
}

#[test]
fn a_full_disk_is_said_to_be_and_nothing_is_half_written() {
    let world = World::new(Sqlite);
    let fill = |conn: &mut Conn| {
        lists::store::add_label(conn, List::Campaign, "Before the disk was full")?;
        lists::store::add_label(conn, List::Campaign, &"x".repeat(1_000_000))
    };
    let limit = |pages: &str| {
        let change = format!("PRAGMA max_page_count = {pages}");
        world.write(|tx| Ok(tx.conn.batch_execute(&change)?));
    };
    limit("1");
    let refused = world.app().db.write(fill).expect_err("there is no room");
    assert!(
        refused.to_string().contains("the disk is full"),
        "{refused}"
    );
    assert_eq!(campaigns(&world), 0);
    limit("1000000");
    world.app().db.write(fill).expect("there is room again");
    assert_eq!(campaigns(&world), 2);
}

fn campaigns(world: &World) -> usize {
    world
        .read(|conn| lists::store::labels(conn, List::Campaign))
        .len()
}

#[rstest]
fn a_write_that_fails_leaves_nothing_and_the_next_one_is_kept(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let failed: Result<()> = world.app().write(|tx| {
        lists::store::add_label(tx.conn, List::Campaign, "Spring fair")?;
        Err(Error::refused("not today"))
    });
    assert!(failed.is_err());
    assert_eq!(campaigns(&world), 0);
    world.write(|tx| lists::store::add_label(tx.conn, List::Campaign, "Autumn fair"));
    assert_eq!(campaigns(&world), 1);
}

#[rstest]
fn a_panic_inside_a_write_leaves_nothing_and_the_next_write_works(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for _ in 0..20 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _: Result<()> = world.app().write(|tx| {
                lists::store::add_label(tx.conn, List::Campaign, "Spring fair")?;
                panic!("on purpose")
            });
        }));
        assert!(panicked.is_err());
    }
    assert_eq!(campaigns(&world), 0);
    world.write(|tx| lists::store::add_label(tx.conn, List::Campaign, "Spring fair"));
    assert_eq!(campaigns(&world), 1);
}

#[test]
fn an_acknowledged_entry_survives_a_power_cut_on_sqlite() {
    let world = World::new(Sqlite);
    let setting = |name: &str| world.write(|tx| setting(tx.conn, name));
    assert_eq!(setting("journal_mode"), "wal");
    assert_eq!(setting("synchronous"), "2", "FULL");
    assert_eq!(setting("foreign_keys"), "1");
}

#[test]
fn what_only_reads_cannot_write_on_sqlite() {
    let world = World::new(Sqlite);
    let add = |conn: &mut Conn| lists::store::add_label(conn, List::Campaign, "Spring fair");
    assert!(world.app().db.read(add).is_err());
    assert!(world.app().db.snapshot(add).is_err());
}

#[test]
fn a_snapshot_cannot_write_on_postgresql() {
    let world = World::new(Postgres);
    let add = |conn: &mut Conn| lists::store::add_label(conn, List::Campaign, "Spring fair");
    assert!(world.app().db.snapshot(add).is_err());
}

#[test]
fn a_connection_that_the_server_closed_is_replaced() {
    let world = World::new(Postgres);
    let ana = world.as_("ana");
    ana.get("/today").ok();
    let mut other = world.home().connect();
    other
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .expect("the server closes them");
    ana.get("/today").ok();
    world.log("ana", "Call", "No answer", None);
}

/// The value of one of SQLite's settings, as a word.
fn setting(conn: &mut Conn, name: &str) -> Result<String> {
    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = sql_types::Text)]
        journal_mode: String,
    }
    // The few that change something when asked have no table to be selected from.
    let query = match name {
        "journal_mode" => "PRAGMA journal_mode".to_owned(),
        _ => format!("SELECT CAST({name} AS TEXT) AS journal_mode FROM pragma_{name}"),
    };
    let setting: Setting = sql_query(query).get_result(conn)?;
    Ok(setting.journal_mode)
}

/// As SQLite does by itself after some errors of the disk.
#[rstest]
fn a_transaction_that_the_database_has_ended_stops_no_later_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ended: Result<()> = world.app().db.write(|conn| {
        both!(conn, |c| c.batch_execute("ROLLBACK"))?;
        Err(Error::Unavailable("the disk refused to write".to_owned()))
    });
    assert!(ended.is_err());
    let add = |conn: &mut Conn| lists::store::add_label(conn, List::Campaign, "Spring fair");
    world.app().db.write(add).expect("the next one is written");
    assert_eq!(campaigns(&world), 1);
}

/// What becomes of a write.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fate {
    Kept,
    RefusedByARule,
    Panics,
    /// Fails only when it is committed, and takes with it whoever shares the commit.
    FailsAtTheEnd,
}

fn try_to_write(app: &App, name: &str, fate: Fate) -> bool {
    let write = || {
        app.db.write(|conn| {
            lists::store::add_label(conn, List::Campaign, name)?;
            match fate {
                Fate::Kept => Ok(()),
                Fate::RefusedByARule => Err(Error::refused("not today")),
                Fate::Panics => panic!("{name} was meant to panic"),
                Fate::FailsAtTheEnd => {
                    let dangling = "PRAGMA defer_foreign_keys = ON; INSERT INTO teams (id, name) VALUES (77, 'gone'); \
                        INSERT INTO memberships (person_id, team_id, from_day) VALUES (0, 77, '2026-01-01')";
                    Ok(conn.batch_execute(dangling)?)
                }
            }
        })
    };
    matches!(catch_unwind(AssertUnwindSafe(write)), Ok(Ok(())))
}

#[rstest]
#[case::sqlite(Sqlite, &[Fate::Kept, Fate::RefusedByARule, Fate::Panics, Fate::FailsAtTheEnd])]
#[case::postgres(Postgres, &[Fate::Kept, Fate::RefusedByARule, Fate::Panics])]
fn of_many_who_write_at_once_those_are_kept_who_were_told_so(
    #[case] database: Database,
    #[case] fates: &[Fate],
) {
    let world = World::new(database);
    let told: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let (app, told) = (world.app(), &told);
            scope.spawn(move || {
                for number in 0..30 {
                    let name = format!("{writer}-{number}");
                    // Most are kept, so that there is something to lose.
                    let fate = fates.get((writer + number) % 11).unwrap_or(&Fate::Kept);
                    let is_told = try_to_write(app, &name, *fate);
                    assert!(!is_told || *fate == Fate::Kept, "{name}: {fate:?}");
                    if is_told {
                        told.lock().expect("a list").push(name);
                    }
                }
            });
        }
    });
    let mut told = told.into_inner().expect("a list");
    told.sort();
    let kept = world.read(|conn| lists::store::labels(conn, List::Campaign));
    let mut kept: Vec<String> = kept.into_iter().map(|(_, name)| name).collect();
    kept.sort();
    assert_eq!(kept, told);
    assert!(!kept.is_empty());
}
