//! `touchline backup`, `restore`, `move-to` and `check`.

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::db::{Age, dump, files};
use crate::error::{Error, Result};
use crate::keeping::{self, backup, check, dumped, moving, nightly, restore, store};
use crate::monday;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct Backup {
    /// Where the copy is written; it is checked before it gets this name
    file: PathBuf,
    /// Replace a file of this name
    #[arg(long)]
    overwrite: bool,
}

#[derive(Args)]
pub struct Restore {
    /// A copy made by backup; it stays as it is
    file: PathBuf,
    /// Give up what is in the database now
    #[arg(long)]
    replace: bool,
}

#[derive(Args)]
pub struct MoveTo {
    /// An empty database, named as by --database-url
    url: DatabaseUrl,
}

/// Brings the tables up to date. Refused while a program works with tables that would change under it.
pub fn migrate(config: Config) -> Result<()> {
    if let Age::Older(_) = files::age_of(&config.database_url)? {
        keeping::must_be_at_rest(&config.database_url)?;
    }
    App::new(config, Clock::Wall)?;
    Ok(())
}

pub fn backup(config: &Config, command: &Backup) -> Result<ExitCode> {
    let url = &config.database_url;
    if let Some(line) = files::own_way(url, &command.file) {
        return match dump::is_one(&command.file) && !command.overwrite {
            true => look_at_dump(config, &command.file),
            false => say_own_way(config, &line),
        };
    }
    must_be_there(url)?;
    let made = backup::make(url, &command.file, command.overwrite)?;
    let file = command.file.display();
    let size = nightly::size(made.bytes);
    eprintln!("{file} is a whole copy: {}, {size}.", made.holds);
    Ok(ExitCode::SUCCESS)
}

/// The file is a dump that its server's own program made: it is looked through, and stays as it is.
fn look_at_dump(config: &Config, file: &Path) -> Result<ExitCode> {
    let app = App::new(config.clone(), Clock::Wall)?;
    let (dumped, holds) = app
        .db
        .snapshot(|conn| Ok((dumped::look_at(conn, file)?, store::counted(conn)?)))?;
    let shown = file.display();
    eprintln!(
        "{shown} is a dump that can be read to its end, with every table: {dumped}. The database holds {holds} now."
    );
    Ok(ExitCode::SUCCESS)
}

/// No file was made, and nobody should think that one was.
fn say_own_way(config: &Config, line: &str) -> Result<ExitCode> {
    let app = App::new(config.clone(), Clock::Wall)?;
    let (faults, holds) = app
        .db
        .snapshot(|conn| Ok((files::faults(conn)?, store::counted(conn)?)))?;
    eprintln!(
        "No file was made: this database's server makes its own copies, while it is in use, by the line below."
    );
    eprintln!("Then run touchline backup with the same file again, which looks through the dump.");
    eprintln!(
        "Brought back by pg_restore, it needs touchline end-doors: sessions and links that ended since would be good again."
    );
    eprintln!("The password comes from PGPASSWORD or ~/.pgpass. The database holds {holds} now.");
    for fault in &faults {
        eprintln!("wrong: {fault}");
    }
    println!("{line}");
    Ok(ExitCode::from(1))
}

pub fn restore(config: &Config, command: &Restore) -> Result<ExitCode> {
    let holds = restore::restore(
        &command.file,
        &config.database_url,
        command.replace,
        Clock::Wall.now(),
    )?;
    let file = command.file.display();
    eprintln!("The database is what {file} holds: {holds}.");
    Ok(ExitCode::SUCCESS)
}

pub fn end_doors(config: Config) -> Result<()> {
    must_be_there(&config.database_url)?;
    let app = App::new(config, Clock::Wall)?.at_the_console();
    let ended = app.write(keeping::end_doors)?;
    eprintln!(
        "{ended} sessions, links, screens and keys ended: everybody signs in anew. Whoever left or was erased since the copy was made is \
         back as they were: mark them as left, or erase them, again."
    );
    Ok(())
}

pub fn move_to(config: &Config, command: &MoveTo) -> Result<ExitCode> {
    let sums = moving::move_to(&config.database_url, &command.url, Clock::Wall.now())?;
    for sum in &sums {
        println!("{} {} {:032x}", sum.table, sum.rows, sum.sum);
    }
    let rows: i64 = sums.iter().map(|sum| sum.rows).sum();
    eprintln!(
        "{rows} rows of {} tables are in {}, compared row by row. {} is as it was.",
        sums.len(),
        command.url.shown(),
        config.database_url.shown()
    );
    Ok(ExitCode::SUCCESS)
}

pub fn check(config: Config) -> Result<ExitCode> {
    must_be_there(&config.database_url)?;
    if let Age::Older(steps) = files::age_of(&config.database_url)? {
        return check_older(&config.database_url, steps);
    }
    let app = App::new(config, Clock::Wall)?;
    let (found, holds) = app.db.snapshot(|conn| {
        let kept = app.shelf.now(conn)?;
        let mut found = check::check(conn, kept, app.clock.now());
        found.take(monday::check::look(conn, kept));
        Ok((found, store::counted(conn)?))
    })?;
    let wrong = found.wrong;
    for sentence in &wrong {
        println!("{sentence}");
    }
    for sentence in &found.by_design {
        eprintln!("{sentence}.");
    }
    let shown = app.config.database_url.shown();
    match wrong.len() {
        0 => eprintln!("All is well in {shown}: {holds}."),
        1 => eprintln!("1 thing is wrong in {shown}; nothing was changed."),
        many => eprintln!("{many} things are wrong in {shown}; nothing was changed."),
    }
    Ok(match wrong.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    })
}

/// Of an older database what the program can know without changing it: damage, lost rows, and numbers given twice.
fn check_older(url: &DatabaseUrl, steps: usize) -> Result<ExitCode> {
    let wrong = files::faults(&mut files::connect(url)?)?;
    for sentence in &wrong {
        println!("{sentence}");
    }
    let sound = match wrong.is_empty() {
        true => "no damage and no lost rows were found",
        false => "it is damaged",
    };
    Err(Error::refused(format!(
        "{sound}. The database is of an older release, {steps} steps behind, and check changes nothing: run touchline migrate \
         first, and check says whether all adds up"
    )))
}

/// Refused where there are no tables of Touchline: what is asked about would be new and empty.
pub fn must_be_there(url: &DatabaseUrl) -> Result<()> {
    match files::age_of(url)? {
        Age::Bare => Err(Error::refused(format!(
            "there is no database of Touchline in {}",
            url.shown()
        ))),
        _ => Ok(()),
    }
}
