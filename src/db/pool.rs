//! Connections: how one is made for each database, and the pool of them.

use super::{Conn, WAIT, files};
use crate::both;
use crate::clock::Stopwatch;
use crate::config::DatabaseUrl;
use crate::error::{Error, Result};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{self, ManageConnection, Pool};
use diesel::{Connection as _, PgConnection, SqliteConnection};
use std::time::Duration;

/// Makes connections for a pool: by the URL's scheme, so that a mistyped URL never becomes a SQLite file.
#[derive(Clone)]
pub struct Manager {
    pub url: DatabaseUrl,
    pub read_only: bool,
    pub wait: Duration,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                if !self.read_only {
                    files::make_private(path);
                }
                let path = path.to_str().ok_or_else(|| {
                    diesel::ConnectionError::BadConnection("the path is not UTF-8".to_owned())
                });
                let mut conn =
                    SqliteConnection::establish(path.map_err(r2d2::Error::ConnectionError)?)
                        .map_err(r2d2::Error::ConnectionError)?;
                self.settle(&mut conn).map_err(r2d2::Error::QueryError)?;
                if self.read_only {
                    conn.batch_execute("PRAGMA query_only = ON")
                        .map_err(r2d2::Error::QueryError)?;
                }
                Ok(Conn::Sqlite(conn))
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(&with_limits(url))
                    .map_err(r2d2::Error::ConnectionError)?;
                let wait = format!("SET lock_timeout = {}", self.wait.as_millis());
                conn.batch_execute(&format!("{POSTGRES_SETTINGS} {wait}"))
                    .map_err(r2d2::Error::QueryError)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.batch_execute("SELECT 1")
            .map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking()
            || both!(conn, |c| {
                AnsiTransactionManager::is_broken_transaction_manager(c)
            })
    }
}

impl Manager {
    /// Two that make a new file at once turn it to WAL at once, and the second is told so without being let wait.
    fn settle(&self, conn: &mut SqliteConnection) -> diesel::QueryResult<()> {
        let wait = format!("PRAGMA busy_timeout = {}", self.wait.as_millis());
        let since = Stopwatch::start();
        loop {
            match conn.batch_execute(&format!("{wait}; {SQLITE_SETTINGS}")) {
                Err(cause)
                    if cause.to_string().contains("database is locked")
                        && since.seconds() < self.wait.as_secs_f64() =>
                {
                    std::thread::yield_now();
                }
                settled => return settled,
            }
        }
    }
}

/// A URL with limits in seconds and milliseconds where it has none of its own: on a way that is cut nobody waits for ever.
fn with_limits(url: &str) -> String {
    let mut limited = url.to_owned();
    for (name, value) in [("connect_timeout", "5"), ("tcp_user_timeout", "10000")] {
        if !url.contains(name) {
            let joint = if limited.contains('?') { '&' } else { '?' };
            limited.push_str(&format!("{joint}{name}={value}"));
        }
    }
    limited
}

const POSTGRES_SETTINGS: &str =
    "SET client_min_messages = warning; SET application_name = 'touchline';";

/// WAL lets readers go on while one writes; FULL keeps an acknowledged commit through a power cut. With recursive triggers
/// a row that INSERT OR REPLACE would take away is refused like any other removal. What is deleted or overwritten is zeroed in
/// the file, so that nobody finds there who was erased. The log goes into the file at 32 MB instead of 4: each time waits for the
/// disk, and a page that many entries change is written once.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; \
    PRAGMA recursive_triggers = ON; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 8000;";

pub fn pool(
    url: &DatabaseUrl,
    read_only: bool,
    wait: Duration,
    most: u32,
) -> Result<Pool<Manager>> {
    let remote = matches!(url, DatabaseUrl::Postgres(_));
    Pool::builder()
        .max_size(most)
        .min_idle(Some(1))
        // A SQLite handle cannot go away by itself; asking each time would cost every request a query.
        .test_on_check_out(remote)
        .connection_timeout(WAIT)
        .build(Manager {
            url: url.clone(),
            read_only,
            wait,
        })
        .map_err(|error| cannot_open(url, &error.to_string()))
}

pub fn cannot_open(url: &DatabaseUrl, cause: &str) -> Error {
    let cause = cause.lines().next().unwrap_or("").trim();
    Error::Unavailable(match url {
        DatabaseUrl::Sqlite(path) => {
            // What could not even be opened lacks a folder, a right or room; of the rest the cause is known.
            let known = super::unavailable(cause).filter(|_| !cause.contains("unable to open"));
            let more = "Check that the folder exists, that this user may write there, and that the disk has room";
            let why = known.map_or_else(|| format!("{cause}. {more}"), str::to_owned);
            format!("cannot open the SQLite file {}: {why}", path.display())
        }
        DatabaseUrl::Postgres(_) => {
            format!(
                "cannot reach PostgreSQL: {cause}. Check that it runs, and the host, name and password in the database URL"
            )
        }
    })
}
