//! Start-up time and idle memory of the real binary.

use super::{line, median};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_touchline");

/// A running `touchline serve`, ended when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts the binary and waits until it answers.
    pub fn start(database: &Path, arguments: &[&str]) -> Server {
        let address = free_address();
        let child = Command::new(BINARY)
            .arg("serve")
            .args(arguments)
            .env("TOUCHLINE_DATABASE_URL", database)
            .env("TOUCHLINE_LISTEN", address.to_string())
            .stderr(Stdio::null())
            .spawn()
            .expect("to start the server");
        let server = Server { child, address };
        while std::net::TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(1));
        }
        server
    }

    /// Resident memory in MB, as the kernel tells.
    fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kb = line
            .and_then(|line| line.split_whitespace().nth(1))
            .and_then(|kb| kb.parse::<f64>().ok());
        kb.unwrap_or(f64::NAN) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a free port")
}

pub fn run() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("start.db");
    drop(Server::start(&database, &[]));
    let times = (0..9).map(|_| {
        let started = Instant::now();
        drop(Server::start(&database, &[]));
        started.elapsed().as_secs_f64() * 1000.0
    });
    let start_ms = median(times.collect());
    line(
        "start with a migrated database",
        format!("{start_ms:.0} ms"),
        String::new(),
        start_ms / 300.0,
        "under 300 ms",
    );
    let server = Server::start(&database, &[]);
    let memory_mb = server.memory_mb();
    line(
        "idle memory",
        format!("{memory_mb:.0} MB"),
        String::new(),
        memory_mb / 60.0,
        "under 60 MB",
    );
}
