//! Brings a database's tables up to date, from the migrations inside the program.

use super::Conn;
use super::tables;
use crate::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same in every release: programs starting together migrate one after the other.
const LOCK: i64 = 7_068_512_004;

/// How old the tables of a database are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// It has none of ours.
    Bare,
    /// So many migrations are still to run.
    Older(usize),
    Current,
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// A step that a newer release made, which this program does not know.
pub fn unknown_step(conn: &mut Conn) -> Result<Option<String>> {
    let known = known_steps()?;
    let applied = applied_steps(conn)?;
    Ok(applied.into_iter().find(|step| !known.contains(step)))
}

/// Both databases have migrations of the same names.
fn known_steps() -> Result<Vec<String>> {
    let known = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(Error::internal)?;
    let mut known: Vec<String> = known
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    known.sort();
    Ok(known)
}

fn applied_steps(conn: &mut Conn) -> Result<Vec<String>> {
    let list = "SELECT CAST(version AS TEXT) AS version FROM __diesel_schema_migrations";
    let applied: Vec<Applied> = match conn {
        Conn::Sqlite(c) => sql_query(list).load(c)?,
        Conn::Postgres(c) => sql_query(list).load(c)?,
    };
    Ok(applied.into_iter().map(|row| row.version).collect())
}

/// How old the tables are. Refused: tables of a release that came after this program, which would not know what is in
/// them.
pub fn age(conn: &mut Conn) -> Result<Age> {
    let is_ours = match conn {
        Conn::Sqlite(_) => {
            "SELECT count(*) AS n FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
        Conn::Postgres(_) => {
            "SELECT count(*) AS n FROM pg_class WHERE relname = '__diesel_schema_migrations' \
             AND relnamespace = CAST(current_schema() AS REGNAMESPACE)"
        }
    };
    if tables::count(conn, is_ours)? == 0 {
        return Ok(Age::Bare);
    }
    let (known, applied) = (known_steps()?, applied_steps(conn)?);
    if let Some(newer) = applied.iter().find(|step| !known.contains(step)) {
        let last = known.last().map_or("none", String::as_str);
        return Err(Error::Unavailable(format!(
            "the database is of a newer Touchline than this program: it has the tables of step {newer}, and this program \
             knows the steps up to {last}. Run the newer program, or restore a backup from before; nothing was changed"
        )));
    }
    Ok(match known.len() - applied.len() {
        _ if applied.is_empty() => Age::Bare,
        0 => Age::Current,
        pending => Age::Older(pending),
    })
}

/// Runs what is pending and returns how many migrations ran. Refused: as by [`age`].
pub fn migrate(conn: &mut Conn) -> Result<usize> {
    match age(conn)? {
        Age::Current => return Ok(0),
        Age::Bare if tables::is_of_others(conn)? => {
            return Err(Error::Unavailable(
                "the database has tables of another program: name one for Touchline alone; nothing was changed".to_owned(),
            ));
        }
        _ => {}
    }
    // Asked first without a lock, so that a program may start while another one writes.
    let ran = match conn {
        Conn::Sqlite(c) => c.immediate_transaction(|c| {
            c.run_pending_migrations(SQLITE)
                .map(|versions| versions.len())
        }),
        Conn::Postgres(c) => {
            // However long another program migrates, it is waited for.
            let wait = "BEGIN; SET LOCAL lock_timeout = 0";
            c.batch_execute(&format!("{wait}; SELECT pg_advisory_lock({LOCK}); COMMIT"))?;
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
