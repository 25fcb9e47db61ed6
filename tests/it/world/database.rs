//! A database of one's own, on either system.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_query, sql_types};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;
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

#[derive(diesel::QueryableByName)]
struct Trigger {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Text)]
    sql: String,
}

/// Any number: test programs that start together make the template one after the other.
const LOCK: i64 = 7_068_512_005;

impl Home {
    pub fn new(database: Database) -> Home {
        match database {
            Database::Sqlite => {
                let home = Home::bare(database);
                std::fs::copy(template_file(), home.file()).expect("a copy of the template");
                home
            }
            Database::Postgres => {
                let mut server = server();
                let template = template(&mut server);
                Home::on_server(&mut server, &format!("TEMPLATE {template}"))
            }
        }
    }

    /// A database without any table in it.
    pub fn bare(database: Database) -> Home {
        match database {
            Database::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder for the database");
                Home {
                    url: DatabaseUrl::Sqlite(folder.path().join("touchline.db")),
                    folder: Some(folder),
                    name: None,
                }
            }
            Database::Postgres => Home::on_server(&mut server(), ""),
        }
    }

    fn on_server(server: &mut PgConnection, how: &str) -> Home {
        let name = format!("touchline_test_{}", uuid::Uuid::new_v4().simple());
        run(server, &format!("CREATE DATABASE {name} {how}"));
        Home {
            url: DatabaseUrl::Postgres(url_of(&name)),
            folder: None,
            name: Some(name),
        }
    }

    /// Where a server of one's own has one.
    pub fn at(url: &str) -> Home {
        Home {
            url: DatabaseUrl::Postgres(url.to_owned()),
            folder: None,
            name: None,
        }
    }

    /// As the program is told of it.
    pub fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => path.display().to_string(),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    /// Runs the program on it: its exit code, what it printed and what it said.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
        command.args(["--database-url", &self.address()]);
        let output = command.args(arguments).output().expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert!(!said.contains("panicked"), "{said}");
        (output.status.code(), printed, said)
    }

    /// A connection that nobody else has.
    pub fn connect(&self) -> Conn {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let path = path.to_str().expect("a path in UTF-8");
                let mut conn = SqliteConnection::establish(path).expect("a file");
                // Others may write just now.
                let wait = "PRAGMA busy_timeout = 5000";
                conn.batch_execute(wait).expect(wait);
                Conn::Sqlite(conn)
            }
            DatabaseUrl::Postgres(url) => {
                Conn::Postgres(PgConnection::establish(url).expect("a database"))
            }
        }
    }

    /// Changes rows of a table as nobody may: its triggers stand aside meanwhile.
    pub fn forge(&self, table: &str, change: &str) {
        let mut conn = self.connect();
        let (aside, back) = match &mut conn {
            Conn::Sqlite(c) => {
                let list =
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?";
                let list = sql_query(list).bind::<sql_types::Text, _>(table);
                let triggers: Vec<Trigger> = list.load(c).expect("a list of triggers");
                let drops = triggers
                    .iter()
                    .map(|one| format!("DROP TRIGGER {};", one.name));
                let makes = triggers.iter().map(|one| format!("{};", one.sql));
                (drops.collect::<String>(), makes.collect())
            }
            Conn::Postgres(_) => (
                format!("ALTER TABLE {table} DISABLE TRIGGER USER;"),
                format!("ALTER TABLE {table} ENABLE TRIGGER USER;"),
            ),
        };
        for step in [aside.as_str(), change, &back] {
            conn.batch_execute(step).expect(step);
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder().join("touchline.db")
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
            run(
                &mut server(),
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
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

fn run(server: &mut PgConnection, sql: &str) {
    server.batch_execute(sql).expect(sql);
}

/// The name of a database with all tables, made once for each state of the migrations.
fn template(server: &mut PgConnection) -> String {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = sql_types::BigInt)]
        n: i64,
    }
    let name = format!("touchline_template_{}", fingerprint("postgres"));
    run(server, &format!("SELECT pg_advisory_lock({LOCK})"));
    let known = sql_query("SELECT count(*) AS n FROM pg_database WHERE datname = $1")
        .bind::<sql_types::Text, _>(&name)
        .get_result::<Count>(server)
        .expect("a list of databases");
    if known.n == 0 {
        // Under another name until it is whole, so that half a template is never used.
        let unfinished = format!("{name}_{}", std::process::id());
        run(server, &format!("CREATE DATABASE {unfinished}"));
        let template = PgConnection::establish(&url_of(&unfinished)).expect("a connection");
        migrate(&mut Conn::Postgres(template)).expect("the migrations run");
        run(
            server,
            &format!("ALTER DATABASE {unfinished} RENAME TO {name}"),
        );
    }
    run(server, &format!("SELECT pg_advisory_unlock({LOCK})"));
    name
}

/// A SQLite file with all tables, made once for each state of the migrations.
fn template_file() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let template = folder.join(format!("template_{}.db", fingerprint("sqlite")));
    if !template.exists() {
        // Under another name until it is whole; who comes second replaces it by the same.
        let unfinished = template.with_extension(std::process::id().to_string());
        let path = unfinished.to_str().expect("a path in UTF-8");
        let conn = SqliteConnection::establish(path).expect("a file");
        migrate(&mut Conn::Sqlite(conn)).expect("the migrations run");
        std::fs::rename(&unfinished, &template).expect("the template gets its name");
    }
    template
}

fn fingerprint(system: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder.join(system))
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
