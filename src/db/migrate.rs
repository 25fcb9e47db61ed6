//! Brings a database's tables up to date, from the migrations inside the program.

use super::Conn;
use crate::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same in every release: programs starting together migrate one after the other.
const LOCK: i64 = 7_068_512_004;

/// Runs what is pending and returns how many migrations ran.
pub fn migrate(conn: &mut Conn) -> Result<usize> {
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
    ran.map_err(|cause| {
        let cause = cause.to_string();
        super::unavailable(&cause).map_or_else(
            || Error::Unavailable(format!("cannot bring the tables up to date: {cause}")),
            |sentence| Error::Unavailable(sentence.to_owned()),
        )
    })
}
