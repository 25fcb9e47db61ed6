//! Databases as files, and who else works with one.

use super::migrate::{Age, age};
use super::{Conn, Manager, WAIT, cannot_open, dump, moving, tables};
use crate::config::DatabaseUrl;
use crate::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// What a SQLite file begins with.
const SQLITE_SIGN: &[u8] = b"SQLite format 3\0";

/// For a database whose server makes its own copies: the line that makes one. It never has a password in it.
pub fn own_way(url: &DatabaseUrl, file: &Path) -> Option<String> {
    let DatabaseUrl::Postgres(_) = url else {
        return None;
    };
    let file = file.display();
    Some(format!(
        "pg_dump --format=custom --file='{file}' '{}'",
        url.shown()
    ))
}

/// A connection to a database as it is: nothing is created beyond an empty file, and nothing is migrated.
pub fn connect(url: &DatabaseUrl) -> Result<Conn> {
    let manager = Manager {
        url: url.clone(),
        read_only: false,
        wait: WAIT,
    };
    let conn = manager.connect();
    conn.map_err(|error| cannot_open(url, &error.to_string()))
}

/// How old a database's tables are; one that is not there is bare, and is not made.
pub fn age_of(url: &DatabaseUrl) -> Result<Age> {
    match url {
        DatabaseUrl::Sqlite(path) if !path.exists() => Ok(Age::Bare),
        _ => age(&mut connect(url)?),
    }
}

/// Writes a copy of a SQLite database as it is at one instant, while others go on writing, and waits until it is on the
/// disk. The file must not be there. Refused: a database that is no file.
pub fn copy(url: &DatabaseUrl, file: &Path) -> Result<()> {
    let DatabaseUrl::Sqlite(path) = url else {
        return Err(Error::refused(
            "the server of this database makes its own copies",
        ));
    };
    let name = utf8(file)?.replace('\'', "''");
    make_private(file);
    let copied = connect(url)?.batch_execute(&format!("VACUUM INTO '{name}'"));
    copied.map_err(|cause| match Error::from(cause) {
        Error::Internal(cause) => cannot(file, &std::io::Error::other(cause)),
        known => known,
    })?;
    let put_down = || {
        // Who may not read the database may not read the copy.
        fs::set_permissions(file, fs::metadata(path)?.permissions())?;
        File::open(file)?.sync_all()
    };
    put_down().map_err(|cause| cannot(file, &cause))
}

/// Makes an empty file that nobody but this user may read, where there is none: what fills it tells of people. What cannot
/// be made is said by whoever opens it next.
pub(super) fn make_private(file: &Path) {
    let mut new = fs::OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    drop(new.open(file));
}

/// Gives a file that is whole its name, for good. Refused: a name that another file got meanwhile, unless it may be
/// overwritten.
pub fn settle(partial: &Path, file: &Path, may_overwrite: bool) -> Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let named = match may_overwrite {
        true => fs::rename(partial, file),
        false => name_new(partial, file),
    };
    let settled = named.and_then(|()| File::open(folder)?.sync_all());
    settled.map_err(|cause| match cause.kind() {
        ErrorKind::AlreadyExists => is_there(file),
        _ => cannot(file, &cause),
    })
}

/// In one step, so that nothing can come between a look and a new name. Where the file system knows no links, the name is
/// taken by an empty file first.
fn name_new(partial: &Path, file: &Path) -> std::io::Result<()> {
    match fs::hard_link(partial, file) {
        Ok(()) => fs::remove_file(partial),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Err(cause),
        Err(_) => {
            File::create_new(file)?;
            fs::rename(partial, file).inspect_err(|_| {
                // It is empty and nobody's; what cannot be removed is said by the error that follows.
                let _ = fs::remove_file(file);
            })
        }
    }
}

/// What is said where a file is in the way.
pub fn is_there(file: &Path) -> Error {
    Error::refused(format!(
        "{} is there already: choose another name, or add --overwrite",
        file.display()
    ))
}

/// Writes a file that nobody but this user may read, in place of one that is there.
pub fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    make_private(file);
    let mut opened = fs::OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(file)?;
    #[cfg(unix)]
    opened.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    opened.write_all(bytes)
}

/// A copy of a backup, which goes when this is dropped. Its lock is held as long as somebody reads it, so that what a killed
/// program left behind is known by nobody holding it.
pub struct Unpacked {
    path: PathBuf,
    _lock: File,
}

const UNPACKED: &str = "touchline-restore-";

impl Drop for Unpacked {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes an unpacked copy with all that lies beside it.
fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        // What cannot be removed lies beside the database and says by its name what it is.
        let _ = fs::remove_file(name);
    }
}

impl Unpacked {
    /// A file of one's own in a folder, empty and nobody else's to read; what killed programs left there is removed.
    fn begin(folder: &Path) -> Result<Unpacked> {
        let id = uuid::Uuid::new_v4().simple();
        let path = folder.join(format!("{UNPACKED}{id}.partial"));
        make_private(&path);
        let lock = File::open(&path).map_err(|cause| cannot(&path, &cause))?;
        // Where the file system knows no locks, nothing is ever taken for left behind.
        let _ = lock.lock_shared();
        let unpacked = Unpacked { path, _lock: lock };
        unpacked.clear_others();
        Ok(unpacked)
    }

    fn clear_others(&self) {
        let inside = self.path.parent().map(|folder| match folder.as_os_str() {
            here if here.is_empty() => Path::new("."),
            _ => folder,
        });
        let inside = inside.and_then(|folder| fs::read_dir(folder).ok());
        for entry in inside.into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_one = name.starts_with(UNPACKED) && name.ends_with(".partial");
            let is_left = || File::open(entry.path()).is_ok_and(|other| other.try_lock().is_ok());
            if is_one && self.path.file_name() != Some(&entry.file_name()) && is_left() {
                remove(&entry.path());
            }
        }
    }

    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.path.clone())
    }
}

/// Copies a backup beside the database that it is for, so that the backup stays as it is whatever is done to the copy.
/// Refused: what is no backup, one that is in use, and one that is damaged or newer than the program.
pub fn unpack(file: &Path, target: &DatabaseUrl) -> Result<Unpacked> {
    let mut sign = Vec::new();
    let opened = File::open(file).and_then(|file| file.take(16).read_to_end(&mut sign));
    opened.map_err(|cause| cannot(file, &cause))?;
    let shown = file.display();
    if sign.starts_with(dump::SIGN) {
        return Err(Error::refused(format!(
            "{shown} is a dump of PostgreSQL: bring it into an empty database with \
             pg_restore --no-owner --dbname='{}' '{shown}', and then run touchline end-doors there: sessions and links that \
             ended since the dump was made would be good again",
            match target {
                DatabaseUrl::Postgres(_) => target.shown(),
                DatabaseUrl::Sqlite(_) => "postgres://USER@HOST/NAME".to_owned(),
            }
        )));
    }
    if sign != SQLITE_SIGN {
        return Err(Error::refused(format!("{shown} is no backup of Touchline")));
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(Error::refused(format!(
            "{shown} is a database in use and no backup: make one of it with touchline backup"
        )));
    }
    let folder = match target {
        DatabaseUrl::Sqlite(path) => path.parent().unwrap_or(Path::new("")).to_owned(),
        DatabaseUrl::Postgres(_) => std::env::temp_dir(),
    };
    // It tells of people, however open the backup lies, and is nobody else's to read.
    let unpacked = Unpacked::begin(&folder)?;
    let copied = File::open(file).and_then(|mut from| {
        let mut to = fs::OpenOptions::new().write(true).open(&unpacked.path)?;
        std::io::copy(&mut from, &mut to)
    });
    copied.map_err(|cause| cannot(&unpacked.path, &cause))?;
    let begun = connect(&unpacked.url()).and_then(|mut conn| Ok((age(&mut conn)?, conn)));
    let (age, mut conn) = begun.map_err(|why| match why.to_string().contains("malformed") {
        true => Error::refused(format!("{shown} is damaged: it cannot even be opened")),
        false => why,
    })?;
    if age == Age::Bare {
        return Err(Error::refused(format!(
            "{shown} is no database of Touchline"
        )));
    }
    match faults(&mut conn)?.first() {
        None => Ok(unpacked),
        Some(fault) => Err(Error::refused(format!("{shown} is damaged: {fault}"))),
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What is wrong with the database as such, in sentences: damage, rows that name what is not there, and numbers that
/// would be given twice.
pub fn faults(conn: &mut Conn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if let Conn::Sqlite(c) = conn {
        let lines: Vec<Line> =
            sql_query("SELECT integrity_check AS line FROM pragma_integrity_check").load(c)?;
        let lines = lines.into_iter().map(|line| line.line);
        found.extend(lines.filter(|line| line != "ok"));
        if !found.is_empty() {
            return Ok(found);
        }
    }
    found.extend(tables::orphans(conn)?);
    found.extend(moving::behind(conn)?);
    Ok(found)
}

/// How long a program that ends just now may take to let go of its database.
const LETTING_GO_MS: u32 = 1_500;

/// Whether another program has the database open, and does not let go of it in a moment.
pub fn is_in_use(url: &DatabaseUrl) -> Result<bool> {
    match url {
        DatabaseUrl::Sqlite(path) if !path.exists() => Ok(false),
        DatabaseUrl::Sqlite(path) => {
            let name = utf8(path)?;
            let mut conn = SqliteConnection::establish(name)
                .map_err(|error| cannot_open(url, &error.to_string()))?;
            // Whoever has it open holds a lock that lets nobody have it alone.
            let alone = format!(
                "PRAGMA busy_timeout = {LETTING_GO_MS}; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK"
            );
            match conn.batch_execute(&alone) {
                Ok(()) => Ok(false),
                Err(cause) if cause.to_string().contains("locked") => Ok(true),
                Err(cause) => Err(cannot_open(url, &cause.to_string())),
            }
        }
        DatabaseUrl::Postgres(_) => {
            let others = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                AND application_name = 'touchline' AND pid <> pg_backend_pid()";
            const STEP_MS: u32 = 50;
            let mut conn = connect(url)?;
            for _ in 0..LETTING_GO_MS / STEP_MS {
                if tables::count(&mut conn, others)? == 0 {
                    return Ok(false);
                }
                let pause = format!("SELECT pg_sleep({})", f64::from(STEP_MS) / 1_000.0);
                conn.batch_execute(&pause)?;
            }
            Ok(tables::count(&mut conn, others)? > 0)
        }
    }
}

/// Whether a path leads to the file of a database, or to one of those that SQLite keeps beside it.
pub fn is_of(file: &Path, url: &DatabaseUrl) -> bool {
    let DatabaseUrl::Sqlite(database) = url else {
        return false;
    };
    let whole = |path: &Path| path.canonicalize().ok();
    let beside = ["", "-wal", "-shm", "-journal"].map(|end| {
        let mut path = whole(database)?.into_os_string();
        path.push(end);
        Some(PathBuf::from(path))
    });
    whole(file).is_some_and(|file| beside.contains(&Some(file)))
}

/// Whether a file that is there is a database that a program works with just now; what is none, or damaged, is not.
pub fn is_worked_with(file: &Path) -> bool {
    let mut sign = Vec::new();
    let opened = File::open(file).and_then(|file| file.take(16).read_to_end(&mut sign));
    let is_database = opened.is_ok() && sign == SQLITE_SIGN;
    is_database && is_in_use(&DatabaseUrl::file(file.to_owned())).unwrap_or(false)
}

fn utf8(path: &Path) -> Result<&str> {
    let text = path.to_str();
    text.ok_or_else(|| Error::refused(format!("{} is not UTF-8", path.display())))
}

/// A file that cannot be written or read, and why.
pub fn cannot(file: &Path, cause: &std::io::Error) -> Error {
    let cause = cause.to_string();
    let known = super::unavailable(&cause).unwrap_or(&cause);
    Error::Unavailable(format!("{}: {known}", file.display()))
}
