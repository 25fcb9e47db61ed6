//! The only folder that knows which databases there are.

pub mod dump;
pub mod files;
pub mod like;
mod load;
mod macros;
mod migrate;
pub mod moving;
mod pool;
pub mod rows;
pub mod tables;
mod together;
pub mod triggers;
mod version;
mod writer;

pub use load::Load;
pub use migrate::{Age, age, migrate};
pub use together::Together;

use pool::Manager;

use crate::both;
use crate::clock::Stopwatch;
use crate::config::DatabaseUrl;
use crate::error::{Error, Result};
use crate::meter;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::{PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use pool::{cannot_open, pool};
use prometheus_client::metrics::histogram::Histogram;
use std::time::Duration;
use version::Watcher;
use writer::Writer;

/// A connection to either database; the query builder works on it as it is.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Holds a row of a table until the transaction ends, so that whoever else holds it waits, and reads what was written
/// meanwhile. Whether that was needed: where only one writes at a time it is not.
pub fn hold(conn: &mut Conn, table: &'static str, id: i64) -> Result<bool> {
    match conn {
        Conn::Sqlite(_) => Ok(false),
        Conn::Postgres(conn) => {
            sql_query(format!("SELECT 1 FROM {table} WHERE id = $1 FOR UPDATE"))
                .bind::<diesel::sql_types::BigInt, _>(id)
                .execute(conn)?;
            Ok(true)
        }
    }
}

/// As [`hold`], for rows by uid: in the order of their ids, so that two who hold several never wait for each other.
pub fn hold_each(conn: &mut Conn, table: &'static str, uids: &[&str]) -> Result<()> {
    if let Conn::Postgres(conn) = conn {
        sql_query(format!(
            "SELECT 1 FROM {table} WHERE uid = ANY($1) ORDER BY id FOR UPDATE"
        ))
        .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(uids)
        .execute(conn)?;
    }
    Ok(())
}

/// What queries are built for.
pub type Backend = <Conn as diesel::Connection>::Backend;

/// Rows in one insert, and values in one list of a condition: SQLite allows 32,766 parameters a statement,
/// PostgreSQL 65,535.
pub const BATCH_ROWS: usize = 800;

/// How long to wait for a connection, or for another process to release a lock.
const WAIT: Duration = Duration::from_secs(5);

/// The database: readers never wait for the writer.
///
/// SQLite has one writing connection, so that writes queue here and never fail as busy;
/// PostgreSQL writes on any connection of its pool.
pub struct Db {
    readers: Pool<Manager>,
    writer: Option<Writer>,
    watcher: Watcher,
    /// How long work waited for a connection of the pool, in seconds.
    pub waited: Histogram,
}

impl Db {
    /// Opens (and creates, for SQLite) the database and brings its tables up to date.
    pub fn open(url: &DatabaseUrl) -> Result<Db> {
        Db::open_waiting(url, WAIT)
    }

    /// Like [`Db::open`], where a SQLite file that another process holds is waited for as long as said.
    pub fn open_waiting(url: &DatabaseUrl, wait: Duration) -> Result<Db> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from) as u32;
        let first = Manager {
            url: url.clone(),
            read_only: false,
            wait,
        };
        let conn = first.connect();
        let mut conn = conn.map_err(|error| cannot_open(url, &error.to_string()))?;
        migrate(&mut conn)?;
        Ok(match url {
            DatabaseUrl::Sqlite(_) => Db {
                readers: pool(url, true, wait, cores.max(2) * 2)?,
                watcher: Watcher::new(first.clone())?,
                writer: Some(Writer::new(first, conn)),
                waited: meter::durations(),
            },
            DatabaseUrl::Postgres(_) => Db {
                readers: pool(url, false, wait, cores.max(2) * 4)?,
                watcher: Watcher::new(first)?,
                writer: None,
                waited: meter::durations(),
            },
        })
    }

    /// Runs queries that change nothing.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        work(&mut *self.connection()?)
    }

    /// Runs queries that change nothing and must all see the same state.
    pub fn snapshot<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.connection()?;
        let begin = match &*conn {
            Conn::Sqlite(_) => "BEGIN",
            Conn::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        in_transaction(&mut conn, begin, work)
    }

    /// Runs one transaction: all of it is kept, safe from a power cut, or none of it.
    pub fn write<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        match &self.writer {
            Some(writer) => writer.write(work),
            None => {
                let value = in_transaction(&mut *self.connection()?, "BEGIN", work)?;
                self.watcher.move_on();
                Ok(value)
            }
        }
    }

    /// As [`Db::write`], for what takes long, so that nobody's short work waits to be committed with it.
    pub fn write_alone<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        match &self.writer {
            Some(writer) => writer.write_alone(work),
            None => self.write(work),
        }
    }

    /// Lets go of the log that SQLite keeps beside its file, in which words lie on that were overwritten in the file. Whoever
    /// reads at the time may keep it from being done: the next checkpoint does it then.
    pub fn let_go_of_log(&self) {
        if let Some(writer) = &self.writer {
            writer.let_go_of_log();
        }
    }

    /// What differs whenever anything was committed in between, by whatever program.
    pub fn version(&self) -> Result<String> {
        self.watcher.ask()
    }

    /// As [`Db::version`], where it can be told without keeping a thread waiting.
    pub async fn version_at_ease(&self) -> Option<String> {
        self.watcher.ask_at_ease().await
    }

    /// Whether each question is a way to a server, so that those who wait had better ask together.
    pub fn is_far(&self) -> bool {
        self.writer.is_none()
    }

    fn connection(&self) -> Result<PooledConnection<Manager>> {
        let watch = Stopwatch::start();
        let conn = self.readers.get();
        self.waited.observe(watch.seconds());
        conn.map_err(|_| silent())
    }
}

/// Somebody else writes for longer than one waits.
fn busy() -> Error {
    Error::Unavailable("something large is being saved just now: try again in a moment".to_owned())
}

fn silent() -> Error {
    Error::Unavailable(
        "the database does not answer: check that it runs and can be reached, then try again"
            .to_owned(),
    )
}

/// Rolls back unless told that the work is done; also when the work panics.
struct Rollback<'c> {
    conn: &'c mut Conn,
    armed: bool,
}

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        if self.armed {
            // A rollback that fails leaves a connection that the pool finds broken and replaces.
            let _ = both!(self.conn, |c| AnsiTransactionManager::rollback_transaction(
                c
            ));
        }
    }
}

fn in_transaction<T>(
    conn: &mut Conn,
    begin: &str,
    work: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    self::begin(conn, begin)?;
    let value = or_roll_back(conn, work)?;
    commit(conn)?;
    Ok(value)
}

/// Begun through the query builder's own bookkeeping, so that a transaction that it opens inside (as it does for some
/// batch inserts) becomes a savepoint.
fn begin(conn: &mut Conn, sql: &str) -> Result<()> {
    Ok(both!(conn, |c| {
        AnsiTransactionManager::begin_transaction_sql(c, sql)
    })?)
}

/// Begins what can be rolled back by itself inside a transaction.
fn begin_savepoint(conn: &mut Conn) -> Result<()> {
    Ok(both!(conn, |c| AnsiTransactionManager::begin_transaction(
        c
    ))?)
}

/// Ends a transaction or a savepoint; where that fails, it is rolled back.
fn commit(conn: &mut Conn) -> Result<()> {
    Ok(both!(
        conn,
        |c| AnsiTransactionManager::commit_transaction(c)
    )?)
}

/// Does the work in what was begun; rolls that back unless the work is done.
fn or_roll_back<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    let mut open = Rollback { conn, armed: true };
    let value = work(open.conn)?;
    open.armed = false;
    Ok(value)
}

/// Whether a list of what is not wanted is looked up however long it is. PostgreSQL would read one that does not fit in its
/// memory again for each row, and joins by itself what is said with NOT EXISTS.
pub fn looks_up_lists(conn: &Conn) -> bool {
    matches!(conn, Conn::Sqlite(_))
}

/// What a database says, and what somebody can do about it.
const SENTENCES: &[(&str, &str)] = &[
    (
        "database is locked",
        "another program holds the database: close it, or try again in a moment",
    ),
    (
        "due to lock timeout",
        "another program holds the database: close it, or try again in a moment",
    ),
    (
        "readonly database",
        "the database is read-only: give this user the right to write to the file, to those beside it that end in -wal and \
         -shm, and to its folder",
    ),
    (
        "read-only transaction",
        "the database is read-only: connect to the primary server",
    ),
    (
        "disk is full",
        "the disk is full: make room, then try again; nothing was half-written",
    ),
    (
        "No space left",
        "the disk is full: make room, then try again; nothing was half-written",
    ),
    (
        "unable to open database file",
        "the database file cannot be opened: check the folder and its rights",
    ),
    (
        "disk I/O error",
        "the disk refused to read or write: check it and the room on it; nothing was half-written",
    ),
    (
        "disk image is malformed",
        "the database file is damaged: rename it, and bring back a backup with touchline restore",
    ),
    (
        "malformed database schema",
        "the database file is damaged: rename it, and bring back a backup with touchline restore",
    ),
    (
        "file is not a database",
        "the file is not a database, or a damaged one: name another, or bring back a backup with touchline restore",
    ),
    (
        "server closed the connection",
        "the connection to the database was lost: try again in a moment",
    ),
    (
        "terminating connection",
        "the database is being stopped: try again in a moment",
    ),
    (
        "connection to server",
        "the database cannot be reached: check that it runs, then try again",
    ),
    (
        "no connection to the server",
        "the connection to the database was lost: try again in a moment",
    ),
];

/// The sentence for a database that cannot do its work now, by what it says of itself.
pub fn unavailable(message: &str) -> Option<&'static str> {
    SENTENCES
        .iter()
        .find(|(sign, _)| message.contains(sign))
        .map(|(_, sentence)| *sentence)
}
