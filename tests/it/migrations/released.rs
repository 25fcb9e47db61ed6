//! A database of every state that could have been in use opens in the newest release, and no row is lost on the way.

use super::{Catalogue, catalogue, source};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, World};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};
use touchline::both;
use touchline::db::rows::{self, Value};
use touchline::db::tables::tables;
use touchline::db::{Conn, migrate};

/// What may differ afterwards, with the reason.
const CHANGES: &[(&str, &str, &str)] = &[(
    "reference_version",
    "version",
    "it counts what migrations do to reference data",
)];

/// The first release that had everything in it that set-up asks for; before it a database could not be in use.
const FIRST: usize = 6;

/// What may be in a database after each migration, by its number.
fn sections() -> BTreeMap<usize, String> {
    let mut sections: BTreeMap<usize, String> = BTreeMap::new();
    let mut number = 0;
    for line in include_str!("rows.sql").lines() {
        match line.strip_prefix("-- ").and_then(|rest| rest.parse().ok()) {
            Some(next) => number = next,
            None => {
                let section = sections.entry(number).or_default();
                section.push_str(line);
                section.push('\n');
            }
        }
    }
    sections
}

/// Runs the migrations up to a number, and puts in after each what may then be there.
fn lived_through(conn: &mut Conn, last: usize) {
    let source = source(conn);
    let sections = sections();
    let number = |name: &str| name[..4].parse::<usize>().expect("a number");
    both!(conn, |c| {
        let mut all = migrations(&source, c);
        all.sort_by_key(|migration| migration.name().to_string());
        c.applied_migrations().expect("none yet");
        for migration in all {
            let number = number(&migration.name().to_string());
            if number > last {
                break;
            }
            c.run_migration(&*migration).expect("it runs");
            if let Some(rows) = sections.get(&number) {
                c.batch_execute(rows)
                    .unwrap_or_else(|why| panic!("{number}: {why}"));
            }
        }
    });
}

fn migrations<C: diesel::Connection>(
    source: &FileBasedMigrations,
    _conn: &C,
) -> Vec<Box<dyn Migration<C::Backend>>>
where
    FileBasedMigrations: MigrationSource<C::Backend>,
{
    source.migrations().expect("migrations")
}

/// The rows of each table, each value by the name of its column.
type Rows = BTreeMap<String, Vec<BTreeMap<String, Value>>>;

fn everything(conn: &mut Conn) -> Rows {
    let mut all = Rows::new();
    for table in tables(conn).expect("tables") {
        let rows = all.entry(table.name.clone()).or_default();
        let names = || table.columns.iter().map(|column| column.name.clone());
        let done = rows::each(conn, &table, &mut |values| {
            rows.push(names().zip(values).collect());
            Ok(())
        });
        done.expect("rows");
    }
    all
}

/// The rows with these columns only, in an order of their own.
fn within(rows: &[BTreeMap<String, Value>], columns: &BTreeSet<&String>) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let kept = row.iter().filter(|(name, _)| columns.contains(name));
            format!("{:?}", kept.collect::<Vec<_>>())
        })
        .collect();
    lines.sort();
    lines
}

#[rstest]
fn a_database_of_every_release_opens_in_the_newest_with_every_row(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let newest = *sections().keys().max().expect("sections");
    for version in FIRST..=newest {
        let home = Home::bare(database);
        let mut conn = home.connect();
        lived_through(&mut conn, version);
        let before = everything(&mut conn);
        migrate(&mut conn).expect("the migrations run");
        let after = everything(&mut conn);
        for (table, rows) in &before {
            let now = after
                .get(table)
                .unwrap_or_else(|| panic!("{version}: {table} is gone"));
            assert_eq!(now.len(), rows.len(), "{version}: rows of {table}");
            let (Some(row), Some(newer)) = (rows.first(), now.first()) else {
                panic!("{version}: {table} has no row to be kept: add one to rows.sql");
            };
            let mut columns: BTreeSet<&String> = row
                .keys()
                .filter(|name| newer.contains_key(*name))
                .collect();
            columns.retain(|name| !CHANGES.iter().any(|(t, c, _)| t == table && c == name));
            assert_eq!(
                within(now, &columns),
                within(rows, &columns),
                "{version}: {table}"
            );
        }
    }
}

#[rstest]
#[case::first(FIRST)]
#[case::newest(usize::MAX)]
fn pages_open_on_a_database_of_an_old_release(
    #[values(Sqlite, Postgres)] database: Database,
    #[case] version: usize,
) {
    let home = Home::bare(database);
    lived_through(&mut home.connect(), version);
    let world = World::over(home, |_| {});
    for (name, pages) in [
        (
            "ana",
            ["/today", "/log", "/leads", "/leads/l1", "/card"].as_slice(),
        ),
        ("max", &["/team", "/targets", "/follow-up", "/outcomes"]),
        ("ada", &["/people", "/record", "/definitions", "/calendar"]),
    ] {
        for path in pages {
            world.as_(name).get(path).ok();
        }
    }
}

#[rstest]
fn a_database_with_rows_can_be_taken_down(#[values(Sqlite, Postgres)] database: Database) {
    let home = Home::bare(database);
    let mut conn = home.connect();
    lived_through(&mut conn, usize::MAX);
    let source = source(&conn);
    both!(&mut conn, |c| c
        .revert_all_migrations(source)
        .map(|_| ())
        .expect("they are reverted"));
    assert_eq!(catalogue(&mut conn), Catalogue::default());
}
