//! Brings a database's tables up to date, from the migrations inside the program.

use super::Conn;
use crate::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same in every release: programs starting together migrate one after the other.
const LOCK: i64 = 7_068_512_004;

/// Runs what is pending and returns how many migrations ran. A database that a newer program has made is left alone.
pub fn migrate(conn: &mut Conn) -> Result<usize> {
    refuse_a_newer_one(conn)?;
    let ran = match conn {
        // Asked first without a lock, so that a program may start while another one writes.
        Conn::Sqlite(c) => match c.has_pending_migration(SQLITE) {
            Ok(true) => c.immediate_transaction(|c| {
                c.run_pending_migrations(SQLITE)
                    .map(|versions| versions.len())
            }),
            Ok(false) => Ok(0),
            Err(cause) => Err(cause),
        },
        Conn::Postgres(c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let ran = c
                .run_pending_migrations(POSTGRES)
                .map(|versions| versions.len());
            c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            ran
        }
    };
    ran.map_err(|cause| cannot_migrate(&cause.to_string()))
}

fn cannot_migrate(cause: &str) -> Error {
    super::unavailable(cause).map_or_else(
        || Error::Unavailable(format!("cannot bring the tables up to date: {cause}")),
        |sentence| Error::Unavailable(sentence.to_owned()),
    )
}

/// Whether the tables are those of this program: nothing is pending, and no newer program was here.
pub fn is_current(conn: &mut Conn) -> Result<bool> {
    Ok(has_migrations(conn)? && applied(conn)? == known(conn)?)
}

fn refuse_a_newer_one(conn: &mut Conn) -> Result<()> {
    if !has_migrations(conn)? {
        return Ok(());
    }
    let known = known(conn)?;
    let applied = applied(conn)?;
    match applied.difference(&known).next() {
        None => Ok(()),
        Some(unknown) => Err(Error::Unavailable(format!(
            "the database was brought up to date by a newer Touchline (it has the change {unknown}; this is {}). \
             Start that version or a newer one, or restore a backup from before",
            env!("CARGO_PKG_VERSION")
        ))),
    }
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Whether anything was ever migrated here.
fn has_migrations(conn: &mut Conn) -> Result<bool> {
    let found: Vec<Word> = match conn {
        Conn::Sqlite(c) => sql_query(
            "SELECT name AS word FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        )
        .load(c)?,
        Conn::Postgres(c) => sql_query(
            "SELECT table_name::text AS word FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = '__diesel_schema_migrations'",
        )
        .load(c)?,
    };
    Ok(!found.is_empty())
}

/// The versions of the migrations that ran.
fn applied(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let query = sql_query("SELECT CAST(version AS TEXT) AS word FROM __diesel_schema_migrations");
    let rows: Vec<Word> = crate::both!(conn, |c| query.load(c))?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}

/// The versions of the migrations inside the program.
fn known(conn: &Conn) -> Result<BTreeSet<String>> {
    match conn {
        Conn::Sqlite(_) => MigrationSource::<Sqlite>::migrations(&SQLITE).map(versions),
        Conn::Postgres(_) => MigrationSource::<Pg>::migrations(&POSTGRES).map(versions),
    }
    .map_err(Error::internal)
}

fn versions<DB: diesel::backend::Backend>(
    migrations: Vec<Box<dyn Migration<DB>>>,
) -> BTreeSet<String> {
    let names = migrations.iter().map(|migration| migration.name());
    names.map(|name| name.version().to_string()).collect()
}
