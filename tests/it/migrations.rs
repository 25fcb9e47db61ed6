//! The tables are the same on both databases, however a database came to them.

mod catalogue;
mod released;

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::Home;
use catalogue::{Catalogue, catalogue, schema_columns};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use rstest::rstest;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use touchline::db::{Conn, migrate};
use touchline::{both, lists};

fn folder(system: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("migrations").join(system)
}

fn files(system: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for migration in std::fs::read_dir(folder(system)).expect("a folder of migrations") {
        let migration = migration.expect("a migration").path();
        let name = migration.file_name().expect("a name").to_string_lossy();
        for file in std::fs::read_dir(&migration).expect("a migration's files") {
            let file = file.expect("a file").file_name();
            names.insert(format!("{name}/{}", file.to_string_lossy()));
        }
    }
    names
}

fn source(conn: &Conn) -> FileBasedMigrations {
    let system = match conn {
        Conn::Sqlite(_) => "sqlite",
        Conn::Postgres(_) => "postgres",
    };
    FileBasedMigrations::from_path(folder(system)).expect("migrations")
}

fn migrated(database: Database) -> (Home, Conn) {
    let home = Home::bare(database);
    let mut conn = home.connect();
    migrate(&mut conn).expect("the migrations run");
    (home, conn)
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    assert_eq!(files("sqlite"), files("postgres"));
}

#[rstest]
fn the_program_holds_every_migration_of_the_folder(#[values(Sqlite, Postgres)] database: Database) {
    let (_home, mut conn) = migrated(database);
    let source = source(&conn);
    let pending = both!(&mut conn, |c| c.has_pending_migration(source));
    assert!(
        !pending.expect("an answer"),
        "touch src/db/migrate.rs: it was compiled before the newest migration came"
    );
}

#[rstest]
fn migrating_a_second_time_changes_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let (_home, mut conn) = migrated(database);
    assert_eq!(migrate(&mut conn).expect("an answer"), 0);
}

#[rstest]
fn a_database_taken_down_and_up_again_equals_a_fresh_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let (_home, mut conn) = migrated(database);
    let fresh = catalogue(&mut conn);
    let source = source(&conn);
    both!(&mut conn, |c| c
        .revert_all_migrations(source)
        .map(|_| ())
        .expect("the migrations are reverted"));
    assert_eq!(catalogue(&mut conn), Catalogue::default());
    migrate(&mut conn).expect("the migrations run again");
    assert_eq!(catalogue(&mut conn), fresh);
}

#[test]
fn both_databases_have_the_same_tables() {
    let (_file, mut sqlite) = migrated(Sqlite);
    let (_base, mut postgres) = migrated(Postgres);
    let (sqlite, postgres) = (catalogue(&mut sqlite), catalogue(&mut postgres));
    assert!(!sqlite.columns.is_empty());
    same("columns", &sqlite.columns, &postgres.columns);
    same("indexes", &sqlite.indexes, &postgres.indexes);
    same("references", &sqlite.references, &postgres.references);
}

#[rstest]
fn the_program_knows_the_tables_as_they_are(#[values(Sqlite, Postgres)] database: Database) {
    let (_home, mut conn) = migrated(database);
    let columns = catalogue(&mut conn).columns;
    let columns = columns.iter().map(|line| line.replace(" default", ""));
    same("columns", &schema_columns(), &columns.collect());
}

#[test]
fn both_databases_begin_with_the_same_lists() {
    let (_file, mut sqlite) = migrated(Sqlite);
    let (_base, mut postgres) = migrated(Postgres);
    let lists = |conn: &mut Conn| {
        let kinds = lists::store::kinds(conn).expect("kinds");
        let outcomes = lists::store::outcomes(conn).expect("outcomes");
        let reasons = lists::store::reasons(conn).expect("reasons");
        assert!(!kinds.is_empty() && !outcomes.is_empty() && !reasons.is_empty());
        format!("{kinds:#?}\n{outcomes:#?}\n{reasons:#?}")
    };
    assert_eq!(lists(&mut sqlite), lists(&mut postgres));
}

#[track_caller]
fn same(what: &str, left: &BTreeSet<String>, right: &BTreeSet<String>) {
    let only_left: Vec<_> = left.difference(right).collect();
    let only_right: Vec<_> = right.difference(left).collect();
    assert!(
        only_left.is_empty() && only_right.is_empty(),
        "{what}: only in the first {only_left:#?}, only in the second {only_right:#?}"
    );
}
