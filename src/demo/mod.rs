//! `serve --demo`: a made-up team with half a year of work behind it, on a database that is thrown away.

mod agreement;
mod boards;
mod cast;
mod dice;
mod files;
mod goals;
mod life;
mod market;
mod plot;
mod routine;
mod score;
mod setting;
mod story;
mod talk;
mod targets;
mod territories;

use crate::app::{App, DemoLogin, Tx};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::error::{Error, Result};
use crate::imports::{self, Source};
use crate::people;
use crate::secret;
use cast::{ADMIN, ANA, BEN, CAST, GRETA, MANAGERS, MARKETING, PASSWORD, WORKSPACE};
use setting::Setting;
use std::path::PathBuf;

/// Whom the sign-in page offers: of each role somebody, and a rep of each team.
const LOGINS: [usize; 7] = [
    ANA,
    BEN,
    GRETA,
    MANAGERS[0],
    MANAGERS[1],
    MARKETING[0],
    ADMIN,
];

/// A folder that goes, with what is in it, when this is dropped.
pub struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder> {
        let name = format!("touchline-demo-{}", uuid::Uuid::new_v4().simple());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).map_err(|cause| {
            let path = path.display();
            Error::Unavailable(format!("cannot make the folder {path}: {cause}"))
        })?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to whoever clears the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The app on a fresh database in a temporary folder, whatever database the settings name, with the demo in it.
/// Drop the app before the folder.
pub fn open(config: Config, clock: Clock) -> Result<(App, Folder)> {
    let folder = Folder::new()?;
    let config = Config {
        database_url: DatabaseUrl::file(folder.0.join("demo.db")),
        backup_folder: None,
        ..config
    };
    let mut app = App::new(config, clock)?;
    app.demo = fill(&app)?;
    Ok((app, folder))
}

/// Puts the demo into an empty database; it ends now, by the app's clock. Returns whom to sign in as.
pub fn fill(app: &App) -> Result<Vec<DemoLogin>> {
    let now = app.clock.now();
    let setting = Setting::new(now);
    let of_setting = files::of_setting(&setting)?;
    let of_story = files::of_story(&plot::tell(&setting))?;
    let hash = secret::hash_password(app, PASSWORD)?;
    // The agreement comes before the leads, so that they are handed over under it.
    app.write(|tx| {
        import(tx, &of_setting)?;
        agreement::sign(tx)
    })?;
    app.write(|tx| {
        import(tx, &of_story)?;
        agreement::draft(tx)?;
        let zone = people::workspace(tx.conn)?.zone;
        people::store::set_workspace(tx.conn, WORKSPACE, zone.name(), Some(now))?;
        for person in people::store::all(tx.conn)? {
            people::passwords::store::set(tx.conn, person.id, &hash)?;
        }
        territories::set(tx)?;
        score::set(tx)?;
        goals::set(tx)?;
        talk::tell(tx)
    })?;
    boards::set(app)?;
    Ok(LOGINS.iter().map(|who| login(*who)).collect())
}

fn import(tx: &mut Tx, files: &[files::File]) -> Result<()> {
    let source = |(name, text): &files::File| Source::new(*name, text);
    let sources: Vec<Source> = files.iter().map(source).collect();
    let report = imports::import(tx, &sources, false, &mut |_| {})?;
    let mut problems = report.files.iter().flat_map(|file| file.problems());
    match problems.next() {
        Some(problem) => Err(Error::internal(format!("the demo: {problem}"))),
        None => Ok(()),
    }
}

fn login(who: usize) -> DemoLogin {
    let member = &CAST[who];
    let role = match member.team {
        "" => member.role.label().to_owned(),
        team => format!("{}, {team}", member.role.label()),
    };
    DemoLogin {
        name: member.name.to_owned(),
        role,
        email: member.email(),
        password: PASSWORD.to_owned(),
    }
}
