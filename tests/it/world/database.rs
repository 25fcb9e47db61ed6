//! A database of one's own, on either system.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query, sql_types};
use sha2::{Digest, Sha256};
use std::path::Path;
use tempfile::TempDir;
use touchline::config::DatabaseUrl;
use touchline::db::{Conn, migrate};

/// Which database a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A fresh database, which goes when this is dropped.
pub struct Home {
    pub url: DatabaseUrl,
    /// Where the file lies, for SQLite.
    folder: Option<TempDir>,
    /// The name on the server, for PostgreSQL.
    name: Option<String>,
}

/// Any number: test programs that start together make the template one after the other.
const LOCK: i64 = 7_068_512_005;

impl Home {
    pub fn new(database: Database) -> Home {
        match database {
            Database::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder for the database");
                Home {
                    url: DatabaseUrl::Sqlite(folder.path().join("touchline.db")),
                    folder: Some(folder),
                    name: None,
                }
            }
            Database::Postgres => {
                let template = template();
                let name = format!("touchline_test_{}", uuid::Uuid::new_v4().simple());
                run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
                Home {
                    url: DatabaseUrl::Postgres(url_of(&name)),
                    folder: None,
                    name: Some(name),
                }
            }
        }
    }

    /// A PostgreSQL database without any table in it.
    pub fn bare_postgres() -> Home {
        let name = format!("touchline_test_{}", uuid::Uuid::new_v4().simple());
        run(&format!("CREATE DATABASE {name}"));
        Home {
            url: DatabaseUrl::Postgres(url_of(&name)),
            folder: None,
            name: Some(name),
        }
    }

    /// The folder of a SQLite file.
    pub fn folder(&self) -> &Path {
        let folder = self.folder.as_ref();
        folder.expect("only SQLite lies in a folder").path()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the tests are told which server is theirs"
)]
fn server_url() -> String {
    std::env::var("TOUCHLINE_TEST_POSTGRES")
        .expect("there is no PostgreSQL to test on: use tests/run, or tests/postgres COMMAND")
}

/// The server's address with another database in it.
fn url_of(database: &str) -> String {
    let server = server_url();
    let (base, query) = server.split_once('?').unwrap_or((&server, ""));
    let base = base
        .strip_suffix("/postgres")
        .expect("TOUCHLINE_TEST_POSTGRES ends in /postgres");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{base}/{database}{mark}{query}")
}

fn server() -> PgConnection {
    PgConnection::establish(&server_url()).expect("the server of TOUCHLINE_TEST_POSTGRES answers")
}

fn run(sql: &str) {
    server().batch_execute(sql).expect(sql);
}

/// The name of a database with all tables, made once for each state of the migrations.
fn template() -> String {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = sql_types::BigInt)]
        n: i64,
    }
    let name = format!("touchline_template_{}", migrations_fingerprint());
    let mut conn = server();
    conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))
        .expect("a lock");
    let known = sql_query("SELECT count(*) AS n FROM pg_database WHERE datname = $1")
        .bind::<sql_types::Text, _>(&name)
        .get_result::<Count>(&mut conn)
        .expect("a list of databases");
    if known.n == 0 {
        // Under another name until it is whole, so that half a template is never used.
        let unfinished = format!("{name}_{}", std::process::id());
        run(&format!("CREATE DATABASE {unfinished}"));
        let template = PgConnection::establish(&url_of(&unfinished)).expect("a connection");
        migrate(&mut Conn::Postgres(template)).expect("the migrations run");
        run(&format!("ALTER DATABASE {unfinished} RENAME TO {name}"));
    }
    name
}

fn migrations_fingerprint() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("migrations")
        .map(|entry| entry.expect("a migration").path().join("up.sql"))
        .collect();
    files.sort();
    let mut digest = Sha256::new();
    for file in files {
        digest.update(std::fs::read(file).expect("a migration"));
    }
    touchline::assets::hex(&digest.finalize()[..6])
}
