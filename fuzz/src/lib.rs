//! What the targets share: an empty workspace, into which a file is imported and taken back.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;
use touchline::app::{App, Tx};
use touchline::clock::Clock;
use touchline::config::{Config, DatabaseUrl};
use touchline::error::Error;
use touchline::imports::{self, Source};
use touchline::value::Instant;

/// A Wednesday, as in the tests.
const NOW: &str = "2026-03-04T09:00:00Z";

fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let file: PathBuf = folder.join("touchline.db");
        let config = Config {
            database_url: DatabaseUrl::Sqlite(file),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            metrics_listen: None,
            public_url: None,
            trusted_proxy: Vec::new(),
            backup_folder: None,
            backup_keep: 14,
        };
        let now = Instant::parse(NOW).expect("an instant");
        App::new(config, Clock::set_to(now)).expect("an empty workspace")
    })
}

/// Imports a file of bytes, whose first one chooses among these names, and takes it back.
pub fn import(bytes: &[u8], names: &[&str]) {
    let Some((first, content)) = bytes.split_first() else {
        return;
    };
    let name = names[usize::from(*first) % names.len()];
    let sources = [Source::new(name, content)];
    let app = app();
    // Refused in the end, so that nothing of it stays.
    let done: Result<(), Error> = app.db.write_alone(|conn| {
        let kept = app.shelf.now(conn)?;
        let mut tx = Tx {
            conn,
            kept,
            me: None,
            now: app.clock.now(),
            address: "",
        };
        imports::import(&mut tx, &sources, true, &mut |_| {})?;
        Err(Error::Refused("taken back".to_owned()))
    });
    if let Err(fault @ Error::Internal(_)) = done {
        panic!("a fault of ours: {fault}");
    }
}
