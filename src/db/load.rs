//! How the database is, for whoever watches over it.

use super::migrate::{Age, age, unknown_step};
use super::writer::Writer;
use super::{Conn, Db, silent, tables, unavailable};
use crate::error::{Error, Result};
use std::time::Duration;

/// How long to wait for a connection only to say whether there is one.
const READY_WAIT: Duration = Duration::from_secs(2);

/// How busy the database is.
pub struct Load {
    /// Connections of the pool that nobody uses.
    pub idle: u32,
    pub used: u32,
    /// On SQLite, where one writes at a time.
    pub writes_waiting: usize,
}

impl Db {
    /// How busy the database is now.
    pub fn load(&self) -> Load {
        let pool = self.readers.state();
        Load {
            idle: pool.idle_connections,
            used: pool.connections.saturating_sub(pool.idle_connections),
            writes_waiting: self.writer.as_ref().map_or(0, Writer::waiting),
        }
    }

    /// Whether a newer release has changed the tables under this program.
    pub fn is_outgrown(&self) -> Result<bool> {
        self.read(|conn| Ok(unknown_step(conn)?.is_some()))
    }

    /// Refused: a database that can be read and not written.
    pub fn must_be_writable(&self) -> Result<()> {
        self.write_alone(|conn| match conn {
            // To have begun to write is enough.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(_) => {
                let is_read_only =
                    "SELECT count(*) AS n FROM pg_settings WHERE name = 'transaction_read_only' AND setting = 'on'";
                match tables::count(conn, is_read_only)? {
                    0 => Ok(()),
                    _ => Err(unavailable("read-only transaction")
                        .map_or_else(silent, |sentence| Error::Unavailable(sentence.to_owned()))),
                }
            }
        })
    }

    /// Whether the database answers, with the tables of this program; else says what is wrong.
    pub fn is_ready(&self) -> Result<()> {
        let conn = self.readers.get_timeout(READY_WAIT);
        if age(&mut *conn.map_err(|_| silent())?)? == Age::Current {
            return Ok(());
        }
        Err(Error::Unavailable(
            "the tables of the database are not those of this program".to_owned(),
        ))
    }
}
