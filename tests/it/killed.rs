//! The server is killed while many people log: what was acknowledged is there, once, and nothing is half-there.
//!
//! `TOUCHLINE_TEST_KILLS` says how often on each database (4 when it is not set), `TOUCHLINE_TEST_SEED` which moments.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, World};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;
use touchline::both;
use touchline::clock::Clock;

const CLIENTS: usize = 32;

/// At most so long after the first was told it is killed: whatever the server does just then.
const MOST_MS: u64 = 600;

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the test is told how long to go on"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The real program, serving.
pub struct Program {
    child: Child,
    pub origin: String,
    /// Open as long as the program writes to it.
    _said: BufReader<ChildStderr>,
}

impl Program {
    pub fn start(home: &Home) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
        command.args(["--database-url", &home.address()]);
        Program::begin(command)
    }

    /// As [`Program::start`], by a command that names a database.
    pub fn begin(mut command: Command) -> Program {
        command.args(["--listen", "127.0.0.1:0", "serve"]);
        command.env("TOUCHLINE_LOG", "off").stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("what it says"));
        let mut line = String::new();
        said.read_line(&mut line).expect("a line");
        let origin = line.trim().strip_prefix("Touchline is at ");
        let origin = origin
            .unwrap_or_else(|| panic!("it said {line:?}"))
            .to_owned();
        Program {
            child,
            origin,
            _said: said,
        }
    }

    /// As a power cut would: it is asked nothing, and does nothing any more.
    fn kill(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Posts a form to the program in somebody's name: the status, or `None` where no answer came.
pub fn post(
    agent: &ureq::Agent,
    origin: &str,
    session: &str,
    fields: &[(&str, &str)],
) -> Option<u16> {
    let sent = agent
        .post(format!("{origin}/log"))
        .header("Origin", origin)
        .header("Sec-Fetch-Site", "same-origin")
        .header("Cookie", format!("touchline={session}"))
        .send_form(fields.iter().copied());
    sent.ok().map(|answer| answer.status().as_u16())
}

pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder();
    let config = config.http_status_as_error(false).max_redirects(0);
    config.build().new_agent()
}

/// One person's device: it sends again what it was not told of.
struct Client {
    session: String,
    lead: String,
    number: u64,
    waits: Option<String>,
}

impl Client {
    /// Logs one entry after the other until no answer comes.
    fn log(&mut self, origin: &str, told: &Sender<String>) {
        let agent = agent();
        loop {
            let uid = self.waits.take();
            let uid = uid.unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
            self.number += 1;
            // Every second entry is on a lead: it moves it, and writes an event.
            let lead = if self.number.is_multiple_of(2) {
                self.lead.as_str()
            } else {
                ""
            };
            let fields = [
                ("uid", uid.as_str()),
                ("kind", "1"),
                (
                    "outcome",
                    if self.number.is_multiple_of(4) {
                        "4"
                    } else {
                        "1"
                    },
                ),
                ("lead", lead),
                ("again", "true"),
            ];
            match post(&agent, origin, &self.session, &fields) {
                Some(303) => told.send(uid).expect("somebody counts"),
                Some(status) => panic!("{status} for {fields:?}"),
                None => {
                    self.waits = Some(uid);
                    self.number -= 1;
                    return;
                }
            }
        }
    }
}

/// Numbers that look like chance and are the same again from the same seed. Source: SplitMix64 (Steele et al. 2014).
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        1 + (z ^ (z >> 31)) % most
    }
}

#[derive(QueryableByName)]
struct Entry {
    #[diesel(sql_type = sql_types::Text)]
    uid: String,
}

/// The ids of all entries, each as often as it is there.
pub fn logged(home: &Home) -> BTreeMap<String, usize> {
    let mut conn = home.connect();
    let query = "SELECT uid FROM activities";
    let rows: Vec<Entry> = both!(&mut conn, |c| sql_query(query).load(c)).expect("entries");
    let mut times = BTreeMap::new();
    for row in rows {
        *times.entry(row.uid).or_default() += 1;
    }
    times
}

/// Everybody who logs is one of three people, on a lead of their own device.
fn clients(world: &World) -> Vec<Client> {
    let names = ["ana", "ben", "sue"];
    let client = |number: usize| {
        let name = names[number % names.len()];
        Client {
            session: world.session(name),
            lead: world.lead(&format!("Lead {number}"), name),
            number: number as u64,
            waits: None,
        }
    };
    (0..CLIENTS).map(client).collect()
}

#[rstest]
fn whenever_the_server_is_killed_what_it_acknowledged_is_there_once_and_nothing_is_half_there(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let kills = setting("TOUCHLINE_TEST_KILLS").unwrap_or(4);
    let seed = setting("TOUCHLINE_TEST_SEED");
    let seed = seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
    eprintln!("TOUCHLINE_TEST_SEED={seed}");
    let mut dice = Dice(seed);
    let world = World::new(database);
    world.at(&Clock::Wall.now().to_string());
    let mut clients = clients(&world);
    let home = world.leave();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for kill in 1..=kills {
        let mut program = Program::start(&home);
        let origin = program.origin.clone();
        let moment = Duration::from_millis(dice.up_to(MOST_MS));
        std::thread::scope(|scope| {
            let (sender, answers) = mpsc::channel();
            for client in &mut clients {
                let (sender, origin) = (sender.clone(), &origin);
                scope.spawn(move || client.log(origin, &sender));
            }
            drop(sender);
            let first = answers.recv().expect("somebody is told");
            assert!(told.insert(first), "told twice");
            // Nobody ever speaks here: what ends the waiting is the moment, and nothing that was answered.
            let (_nobody, silence) = mpsc::channel::<()>();
            assert_eq!(silence.recv_timeout(moment), Err(RecvTimeoutError::Timeout));
            program.kill();
            for uid in answers {
                assert!(told.insert(uid), "told twice");
            }
        });
        let there = logged(&home);
        let lost: Vec<_> = told
            .iter()
            .filter(|uid| !there.contains_key(*uid))
            .collect();
        assert!(lost.is_empty(), "seed {seed}, kill {kill}: lost {lost:?}");
        let twice: Vec<_> = there.iter().filter(|(_, times)| **times > 1).collect();
        assert!(
            twice.is_empty(),
            "seed {seed}, kill {kill}: twice {twice:?}"
        );
        let (code, printed, said) = home.run(&["check"]);
        assert_eq!(
            (code, printed.as_str()),
            (Some(0), ""),
            "seed {seed}, kill {kill}: {said}"
        );
    }
    eprintln!(
        "{} entries were acknowledged through {kills} kills, none is lost",
        told.len()
    );
}
