//! The program itself, as an operator starts it: what it is told by signals, and what it says.

use super::{Client, Home};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use touchline::config::DatabaseUrl;

/// A server of its own on ports of its own; it is killed where a story leaves it running.
pub struct Program {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    site: String,
    metrics: String,
}

/// The program on a database, not started yet.
pub fn touchline(home: &Home) -> Command {
    let url = match &home.url {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
    command.env("TOUCHLINE_DATABASE_URL", url);
    command
}

impl Program {
    /// Starts a server, and waits until it serves.
    pub fn start(home: &Home, arguments: &[&str]) -> Program {
        let mut command = touchline(home);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--metrics-listen", "127.0.0.1:0"])
            .args(arguments)
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("what it says")).lines();
        let mut address = |before: &str| loop {
            let line = lines.next().expect("an address").expect("words");
            if let Some(address) = line.strip_prefix(before) {
                break address.to_owned();
            }
        };
        let site = address("Touchline is at ");
        let metrics = address("What is measured is at ");
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = said.clone();
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                heard.lock().expect("one who writes").push(line);
            }
        });
        Program {
            child,
            said,
            reader: Some(reader),
            site,
            metrics: metrics.trim_end_matches("/metrics").to_owned(),
        }
    }

    /// `http://127.0.0.1:port`.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Somebody who asks for pages.
    pub fn browser(&self) -> Client {
        Client::new(self.site.clone())
    }

    /// Somebody who asks for what is measured.
    pub fn watcher(&self) -> Client {
        Client::new(self.metrics.clone())
    }

    /// Asks for an address of the watcher's until the answer has these words.
    pub fn watch_for(&self, path: &str, words: &str) {
        let watcher = self.watcher();
        let seen = (0..100_000).any(|_| watcher.get(path).body.contains(words));
        assert!(seen, "{path} never says {words:?}");
    }

    /// Sends a signal: TERM or INT.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("a shell").success(), "{kill}");
    }

    /// Waits for its end: its exit code, and what it said since it served.
    pub fn end(mut self) -> (Option<i32>, Vec<String>) {
        let ended = self.child.wait().expect("an end");
        let reader = self.reader.take().expect("a reader");
        reader.join().expect("what it said");
        let said = self.said.lock().expect("one who reads").clone();
        (ended.code(), said)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
