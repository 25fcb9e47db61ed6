//! PostgreSQL goes away under load and comes back: people are told, and nothing that was acknowledged is lost.

use crate::killed::{Program, agent, logged, post};
use crate::world::{Home, World};
use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use tempfile::TempDir;
use touchline::clock::Clock;

/// Any user without rights: the server refuses to run as root.
const NOBODY: u32 = 65534;

/// A server of one's own, which may be stopped.
struct Server {
    programs: PathBuf,
    folder: TempDir,
    port: u32,
    is_root: bool,
}

impl Server {
    /// The newest that is installed; its programs are needed, also where the other tests use a server elsewhere.
    fn new() -> Server {
        let programs = programs().expect(
            "a server of PostgreSQL that may be stopped: install one (on Debian: apt-get install postgresql)",
        );
        let folder = tempfile::Builder::new()
            .prefix("pg")
            .tempdir_in("/tmp")
            .expect("a folder");
        let is_root = fs::metadata(folder.path()).expect("a folder").uid() == 0;
        if is_root {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("it is theirs");
        }
        // Below those that systems hand out, so that nobody takes it while the server is stopped.
        let mut ports = (0..9_000).map(|n| 10_000 + (std::process::id() + 13 * n) % 9_000);
        let is_free = |port: &u32| TcpListener::bind(format!("127.0.0.1:{port}")).is_ok();
        let server = Server {
            programs,
            port: ports.find(is_free).expect("a free port"),
            folder,
            is_root,
        };
        let data = format!("--pgdata={}", server.data());
        let make = [
            data.as_str(),
            "--username=touchline",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ];
        server.run("initdb", &make);
        server.start();
        server
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder.path());
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        // Not a pipe: the server would keep it open.
        let log = fs::File::create(self.folder.path().join("said")).expect("a file");
        command.stderr(log.try_clone().expect("a file")).stdout(log);
        let is_done = command.status().expect("it runs").success();
        let said = || fs::read_to_string(self.folder.path().join("said")).unwrap_or_default();
        assert!(is_done, "{program} {arguments:?}: {}", said());
    }

    fn start(&self) {
        let folder = self.folder.path().display();
        let options = format!(
            "--options=-p {} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off",
            self.port
        );
        let data = format!("--pgdata={}", self.data());
        let log = format!("--log={folder}/log");
        self.run(
            "pg_ctl",
            &["start", "--wait", "--silent", &data, &log, &options],
        );
    }

    /// At once: who works with it is cut off, as by a power cut.
    fn stop(&self) {
        let data = format!("--pgdata={}", self.data());
        self.run("pg_ctl", &["stop", "--mode=immediate", "--silent", &data]);
    }

    fn url(&self) -> String {
        format!("postgres://touchline@127.0.0.1:{}/postgres", self.port)
    }
}

/// Where Debian has the newest, else where the shell finds one.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let versions = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    let newest = versions.filter(|bin| bin.join("initdb").exists()).max();
    newest.or_else(|| {
        let found = Command::new("sh")
            .args(["-c", "command -v initdb"])
            .output();
        let found = String::from_utf8(found.ok()?.stdout).ok()?;
        Some(fs::canonicalize(found.trim()).ok()?.parent()?.to_owned())
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = format!("--pgdata={}", self.data());
        let mut command = Command::new(self.programs.join("pg_ctl"));
        command.args(["stop", "--mode=immediate", "--silent", &data]);
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let _ = command.status();
    }
}

const PEOPLE: usize = 6;

#[test]
fn when_the_database_is_stopped_people_are_told_and_when_it_is_back_they_go_on() {
    let server = Server::new();
    let world = World::over(Home::at(&server.url()), |_| {}).settled();
    world.at(&Clock::Wall.now().to_string());
    let session = world.session("ana");
    drop(world.leave());
    let home = Home::at(&server.url());
    let program = Program::start(&home);
    let (origin, agent) = (program.origin.as_str(), agent());
    let told = under_load(&server, origin, &session);

    // Stopped: a page says so, and a form says that nothing was saved.
    let body = page(&agent, origin, &session, "/today");
    assert!(body.contains("the database"), "{body}");
    assert!(!body.contains("http-equiv"), "who reads it asks again");
    // Nobody stands by a screen on a wall: it asks again by itself, without a script.
    let wall = page(&agent, origin, "", "/wall/of-any-screen");
    let again = "<meta http-equiv=\"refresh\" content=\"60\">";
    assert!(
        wall.contains("the database") && wall.contains(again),
        "{wall}"
    );
    let uid = uuid::Uuid::now_v7().to_string();
    let fields = [("uid", uid.as_str()), ("kind", "1"), ("outcome", "1")];
    assert_eq!(post(&agent, origin, &session, &fields), Some(503));

    server.start();
    assert_eq!(
        post(&agent, origin, &session, &fields),
        Some(303),
        "it goes on by itself"
    );
    let there = logged(&home);
    assert_eq!(there.get(&uid), Some(&1));
    let lost: Vec<_> = told
        .iter()
        .filter(|uid| there.get(*uid) != Some(&1))
        .collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
}

/// Lets people log, and stops the database after some answers; returns what was acknowledged.
fn under_load(server: &Server, origin: &str, session: &str) -> BTreeSet<String> {
    let goes_on = AtomicBool::new(true);
    let mut told = BTreeSet::new();
    std::thread::scope(|scope| {
        let (sender, answers) = mpsc::channel();
        for _ in 0..PEOPLE {
            let (sender, goes_on) = (sender.clone(), &goes_on);
            scope.spawn(move || {
                let agent = agent();
                while goes_on.load(Ordering::SeqCst) {
                    let uid = uuid::Uuid::now_v7().to_string();
                    let fields = [("uid", uid.as_str()), ("kind", "1"), ("outcome", "1")];
                    match post(&agent, origin, session, &fields) {
                        Some(303) => sender.send(uid).expect("somebody counts"),
                        Some(503) => return,
                        other => panic!("{other:?}"),
                    }
                }
            });
        }
        drop(sender);
        told.extend(answers.iter().take(100));
        server.stop();
        goes_on.store(false, Ordering::SeqCst);
        told.extend(answers);
    });
    assert!(told.len() >= 100);
    told
}

fn page(agent: &ureq::Agent, origin: &str, session: &str, path: &str) -> String {
    let asked = agent
        .get(format!("{origin}{path}"))
        .header("Cookie", format!("touchline={session}"))
        .call();
    let mut answer = asked.expect("an answer");
    assert_eq!(answer.status().as_u16(), 503);
    answer.body_mut().read_to_string().expect("a page")
}
