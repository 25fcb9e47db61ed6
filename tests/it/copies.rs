//! Stories of what a copy must not do: take the place of a good one, be read by others, or let in who was shut out since.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, Program, World};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rstest::rstest;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use touchline::config::DatabaseUrl;
use touchline::db::files;
use touchline::{erasure, jobs, people};

const OLD: &str = "correct horse battery";
const NEW: &str = "staple paper clip";

fn word(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[track_caller]
fn runs(home: &Home, arguments: &[&str]) -> String {
    let (code, _, said) = home.run(arguments);
    assert_eq!(code, Some(0), "{said}");
    said
}

/// The copies in a folder, in the order of their names.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = inside.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

fn night(home: Home, folder: &Path, when: &str) -> Home {
    let world = World::over(home, |app| {
        app.config.backup_folder = Some(folder.to_owned());
        app.config.backup_keep = 2;
    });
    world.at(when);
    jobs::run(world.app());
    world.leave()
}

#[test]
fn after_a_restore_the_newest_good_copy_of_the_night_is_still_there() {
    let world = World::new(Sqlite);
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("copies");
    let older = folder.path().join("older.db");
    let home = world.leave();
    runs(&home, &["backup", word(&older)]);
    let home = night(home, &kept, "2026-03-05T02:00:00Z");
    let first = copies(&kept);
    assert_eq!(first, [kept.join("touchline-2026-03-05.db")]);
    let good = fs::read(&first[0]).expect("the copy");
    runs(&home, &["restore", "--replace", word(&older)]);
    // The record of two weeks ago knows of no copy of this night.
    let home = night(home, &kept, "2026-03-05T08:30:00Z");
    let second = kept.join("touchline-2026-03-05-0930.db");
    assert_eq!(copies(&kept), [second.clone(), first[0].clone()]);
    assert_eq!(fs::read(&first[0]).expect("the copy"), good);
    // The oldest go first: that of a night before a second one of the same night.
    night(home, &kept, "2026-03-06T03:00:00Z");
    let newest = kept.join("touchline-2026-03-06.db");
    assert_eq!(copies(&kept), [second, newest]);
}

#[test]
fn a_clock_that_ran_ahead_keeps_no_night_from_its_copy_and_none_from_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("copies");
    let home = night(World::new(Sqlite).leave(), &kept, "2031-03-05T02:00:00Z");
    let ahead = kept.join("touchline-2031-03-05.db");
    assert_eq!(copies(&kept), std::slice::from_ref(&ahead));
    // The clock is right again: each night has its copy, and the two newest stay.
    let home = night(home, &kept, "2026-03-05T02:00:00Z");
    let home = night(home, &kept, "2026-03-06T02:00:00Z");
    night(home, &kept, "2026-03-07T02:00:00Z");
    let [sixth, seventh] = ["06", "07"].map(|day| kept.join(format!("touchline-2026-03-{day}.db")));
    assert_eq!(copies(&kept), [sixth, seventh, ahead]);
}

#[test]
fn the_database_itself_is_no_old_copy_wherever_it_lies() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("copies");
    fs::create_dir(&kept).expect("a folder");
    let home = World::new(Sqlite).leave();
    let database = kept.join("touchline-2026-01-02.db");
    runs(&home, &["backup", word(&database)]);
    for file in copies(home.folder()) {
        fs::remove_file(file).expect("it goes");
    }
    std::os::unix::fs::symlink(&database, home.file()).expect("a link");
    let home = night(home, &kept, "2026-03-05T02:00:00Z");
    let home = night(home, &kept, "2026-03-06T02:00:00Z");
    let home = night(home, &kept, "2026-03-07T02:00:00Z");
    let [sixth, seventh] = ["06", "07"].map(|day| kept.join(format!("touchline-2026-03-{day}.db")));
    // SQLite's own files beside the database stay where two connections end at the same time.
    let mut found = copies(&kept);
    found.retain(|file| file.extension().is_some_and(|extension| extension == "db"));
    assert_eq!(found, [database, sixth, seventh]);
    assert!(runs(&home, &["check"]).contains("All is well"));
}

#[rstest]
fn a_restore_says_what_ended_since_and_lets_in_nobody_by_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let before = World::new(Sqlite);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    for name in ["ana", "ben"] {
        before.give_password(name, OLD);
    }
    let uid = before.lead("Acme", "ana");
    crate::talk::moves(
        &before.as_("ana"),
        &uid,
        "disqualified",
        &[("reason", "No need")],
    )
    .is(303);
    let ben = before.person("ben");
    before.write(|tx| {
        use touchline::schema::{people, second_factors as factors};
        let lost = (
            factors::person_id.eq(ben.id),
            factors::secret.eq("LOST"),
            factors::begun_at.eq(0_i64),
            factors::last_step.eq(0_i64),
        );
        diesel::insert_into(factors::table)
            .values(lost)
            .execute(tx.conn)?;
        Ok(diesel::update(people::table.find(ben.id))
            .set(people::has_second_factor.eq(true))
            .execute(tx.conn)?)
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.db");
    let backup = before.leave();
    runs(&backup, &["backup", word(&file)]);
    let home = Home::bare(database);
    runs(&home, &["restore", word(&file)]);

    let world = World::over(home, |_| {});
    world.give_password("ana", NEW);
    // The phone was stolen.
    let lost = world.person("ben").id;
    world.write_as("ada", |tx| touchline::signin::factor::reset(tx, lost));
    world.write(|tx| {
        use touchline::schema::people;
        Ok(diesel::update(people::table.find(lost))
            .set(people::email.eq("benedict@example.com"))
            .execute(tx.conn)?)
    });
    let names = ["ana", "sue", "max"].map(|name| world.person(name).name);
    let (sue, max) = (world.person("sue").id, world.person("max").id);
    for id in [sue, max] {
        world.write_as("ada", |tx| people::part(tx, id, today));
    }
    world.write_as("ada", |tx| erasure::erase(tx, sue));
    world.write_as("ada", |tx| erasure::erase_lead(tx, &uid));
    let browser = world.anonymous();
    let fields = [("email", "benedict@example.com"), ("password", OLD)];
    browser.post("/sign-in", &fields).is(303);
    let home = world.leave();
    let said = runs(&home, &["restore", "--replace", word(&file)]);
    let [ana, sue, max] = &names;
    for sentence in [
        format!("Erased since and whole again, erase them anew: {sue}"),
        format!("Leads erased since and whole again, erase them anew: /leads/{uid}"),
        format!("Left since and can sign in again, mark them as left anew: {max}"),
        format!("give them a new link (touchline person link): {ana}"),
        format!("or none: they set one up anew: {}", ben.name),
        format!(
            "e-mail address is another one since, set it anew: {}",
            ben.name
        ),
    ] {
        assert!(said.contains(&sentence), "{sentence:?} is not in:\n{said}");
    }
    let world = World::over(home, |_| {});
    let devices: i64 = world.read(|conn| {
        use touchline::schema::known_devices;
        Ok(known_devices::table.count().get_result(conn)?)
    });
    assert_eq!(devices, 0);
    for (email, password, status) in [
        ("ana@example.com", OLD, 422),
        ("ana@example.com", NEW, 422),
        ("ben@example.com", OLD, 303),
    ] {
        let browser = world.anonymous();
        let page = browser.post("/sign-in", &[("email", email), ("password", password)]);
        page.is(status);
        assert_ne!(page.header("location"), "/sign-in/code", "{email}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_may_read_a_database_or_a_copy_of_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::bare(Sqlite);
    runs(&home, &["migrate"]);
    let copy = home.folder().join("copy.db");
    runs(&home, &["backup", word(&copy)]);
    for file in [home.file(), copy] {
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn two_who_make_the_same_copy_at_once_get_a_whole_one() {
    let home = World::new(Sqlite).leave();
    let file = home.folder().join("copy.db");
    std::thread::scope(|scope| {
        let backup = || runs(&home, &["backup", "--overwrite", word(&file)]);
        let threads = [scope.spawn(backup), scope.spawn(backup)];
        for thread in threads {
            thread.join().expect("a whole copy");
        }
    });
    let left: Vec<PathBuf> = copies(home.folder())
        .into_iter()
        .filter(|path| word(path).ends_with(".partial"))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    runs(&Home::bare(Sqlite), &["restore", word(&file)]);
}

#[test]
fn a_copy_clears_away_what_a_killed_one_left_and_nothing_else() {
    let home = World::new(Sqlite).leave();
    let folder = tempfile::tempdir().expect("a folder");
    let id = |digit: &str| digit.repeat(32);
    let put = |name: String| {
        let path = folder.path().join(name);
        fs::write(&path, "x").expect("a file");
        fs::File::options().write(true).open(path).expect("a file")
    };
    // Killed: its lock is there and nobody holds it; and one of an older program, long ago.
    put(format!("copy.db.{}.partial", id("a")));
    put(format!("copy.db.{}.partial-journal", id("a")));
    put(format!("copy.db.{}.partial-lock", id("a")));
    put(format!("touchline-2026-03-01.db.{}.partial", id("b")))
        .set_modified(SystemTime::UNIX_EPOCH)
        .expect("long ago");
    // Somebody writes one just now, and one begins to; others are not ours.
    let stay = [
        format!("copy.db.{}.partial", id("c")),
        format!("copy.db.{}.partial-lock", id("c")),
        format!("copy.db.{}.partial", id("d")),
        "copy.db.notes.partial".to_owned(),
        format!("other.db.{}.partial", id("e")),
        format!("other.db.{}.partial-lock", id("e")),
    ];
    let files: Vec<fs::File> = stay.iter().cloned().map(put).collect();
    files[1].lock().expect("held");
    runs(&home, &["backup", word(&folder.path().join("copy.db"))]);
    let mut expected: Vec<PathBuf> = stay.iter().map(|name| folder.path().join(name)).collect();
    expected.push(folder.path().join("copy.db"));
    expected.sort();
    assert_eq!(copies(folder.path()), expected);
}

#[rstest]
fn after_a_dump_was_brought_back_one_command_ends_every_door(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let before = world.as_("ana");
    before.get("/today").ok();
    let token = before.session().expect("a session");
    let home = world.leave();
    if database == Postgres {
        let (_, _, said) = home.run(&["backup", "touchline.dump"]);
        assert!(said.contains("it needs touchline end-doors"), "{said}");
    }
    let said = runs(&home, &["end-doors"]);
    assert!(
        said.contains("1 sessions, links, screens and keys ended"),
        "{said}"
    );
    let world = World::over(home, |_| {});
    let browser = world.anonymous().with_session(&token);
    browser.get("/today").redirects_to("/sign-in?next=%2Ftoday");
    let record = world.as_("ada").get("/record");
    record.ok().says("ended all sessions and links of database");
}

#[rstest]
fn a_move_leaves_a_database_of_an_older_release_as_it_is(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let home = World::new(database).leave();
    let older = "DELETE FROM __diesel_schema_migrations WHERE version = \
                 (SELECT max(version) FROM __diesel_schema_migrations)";
    home.connect().batch_execute(older).expect("an older one");
    let (code, _, said) = home.run(&["move-to", &Home::bare(Sqlite).address()]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("run touchline migrate first"), "{said}");
}

#[rstest]
fn a_program_that_ends_just_now_is_waited_for(#[values(Sqlite, Postgres)] database: Database) {
    let home = World::new(database).leave();
    let mut holder = home.connect();
    let begins = match database {
        Sqlite => "BEGIN; SELECT count(*) FROM people",
        Postgres => "SET application_name = 'touchline'",
    };
    holder.batch_execute(begins).expect("a program at work");
    let url = home.url.clone();
    let asked = std::thread::spawn(move || files::is_in_use(&url));
    // Until whoever asks has come, the other one stays.
    while asking(&home) < 2 {
        std::thread::yield_now();
    }
    drop(holder);
    let is_in_use = asked.join().expect("an answer");
    assert!(!is_in_use.expect("an answer"));
}

/// How many have the database open: files that this process has open, or programs on the server.
fn asking(home: &Home) -> usize {
    use diesel::{sql_query, sql_types};
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = sql_types::BigInt)]
        n: i64,
    }
    match &home.url {
        DatabaseUrl::Sqlite(path) => {
            let open = std::fs::read_dir("/proc/self/fd").expect("open files");
            let open = open.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
            open.filter(|file| file == path).count()
        }
        DatabaseUrl::Postgres(_) => {
            let named = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                         AND application_name = 'touchline'";
            let mut conn = home.connect();
            let count: Count =
                touchline::both!(&mut conn, |c| sql_query(named).get_result(c)).expect("a count");
            count.n as usize
        }
    }
}

#[rstest]
#[case(Postgres, 1)]
#[case(Sqlite, 0)]
fn a_start_says_that_a_server_makes_its_own_copies(
    #[case] database: Database,
    #[case] warnings: usize,
) {
    let home = World::new(database).leave();
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(&home, &["--backup-folder", word(folder.path())]);
    program.browser().get("/sign-in").ok();
    program.signal("TERM");
    let (_, said) = program.end();
    let warned = said
        .iter()
        .filter(|line| line.contains("no nightly copies"));
    assert_eq!(warned.count(), warnings, "{said:?}");
}
