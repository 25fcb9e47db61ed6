//! The program as a request sees it: [`App`] (what there is), [`Cx`] (one request), [`Tx`] (one transaction).

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Conn, Db};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::kept::{Keep, Kept, Shelf};
use crate::meter::Meter;
use crate::rules::access::{Me, Role};
use crate::rules::throttle::Tries;
use crate::rules::zone::Zone;
use crate::style::{StageNames, Style};
use crate::value::Instant;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many may hash a password or wait for it.
const HASHING_ROOM: usize = 64;

/// What lives as long as the program.
pub struct App {
    pub db: Db,
    /// Reference data in memory.
    pub shelf: Shelf,
    pub clock: Clock,
    pub config: Config,
    /// One permit a core: hashing a password takes 19 MiB and a core, and must not starve the rest.
    pub hashing: Semaphore,
    /// For those who hash or wait for it: each waits on a thread of its own.
    pub hashing_room: Semaphore,
    /// What was spent of the tries to sign in; forgotten when the program ends.
    pub tries: Mutex<Tries>,
    /// What unlocks the set-up page; printed on the console, gone once used.
    pub setup_code: Mutex<Option<String>>,
    /// Whom to sign in as, on a demo.
    pub demo: Vec<DemoLogin>,
    /// What is measured while the program runs.
    pub meter: Meter,
    /// How long the body of a form may take to come.
    pub patience: Duration,
    /// From where [`App::write`] writes, as the record says it: empty where the program does it by itself.
    place: &'static str,
    /// Whether the program was told to stop.
    stopping: AtomicBool,
    /// Whether the timetable found tables of a newer release.
    outgrown: AtomicBool,
    /// Whether the timetable could not write.
    hindered: AtomicBool,
}

/// The place of whoever does something on the command line.
pub const CONSOLE: &str = "console";

/// As long as a form takes on the worst of networks.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person of the demo team, as the sign-in page offers them.
#[derive(Debug, Clone)]
pub struct DemoLogin {
    pub name: String,
    pub role: String,
    pub email: String,
    pub password: String,
}

impl App {
    pub fn new(config: Config, clock: Clock) -> Result<App> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let db = Db::open(&config.database_url)?;
        Ok(App {
            meter: Meter::new(&db),
            db,
            shelf: Shelf::default(),
            clock,
            config,
            hashing: Semaphore::new(cores),
            hashing_room: Semaphore::new(HASHING_ROOM),
            tries: Mutex::default(),
            setup_code: Mutex::new(None),
            demo: Vec::new(),
            patience: PATIENCE,
            place: "",
            stopping: AtomicBool::new(false),
            outgrown: AtomicBool::new(false),
            hindered: AtomicBool::new(false),
        })
    }

    /// For a command that somebody gives at the console: the record says so of what it changes.
    pub fn at_the_console(self) -> App {
        App {
            place: CONSOLE,
            ..self
        }
    }

    /// From now on nothing new is taken on.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the program was told to stop, and only finishes what it has accepted.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// What the timetable found, once a minute: whether a newer release changed the tables, and whether it could write.
    pub fn found(&self, is_outgrown: bool, can_write: bool) {
        self.outgrown.store(is_outgrown, Ordering::Relaxed);
        self.hindered.store(!can_write, Ordering::Relaxed);
    }

    /// Refused while the tables are those of a newer release: what an older program writes into them would be half of it.
    pub fn must_fit(&self) -> Result<()> {
        match self.outgrown.load(Ordering::Relaxed) {
            false => Ok(()),
            true => Err(Error::Unavailable(
                "the database is of a newer Touchline than this program: start the newer one in its place".to_owned(),
            )),
        }
    }

    /// Whether the program could write when it last tried.
    pub fn can_write(&self) -> bool {
        !self.hindered.load(Ordering::Relaxed)
    }

    /// Reference data, where no connection is at hand: most often it is in memory already.
    pub fn reference<T: Keep>(&self, kept: Kept) -> Result<Arc<T>> {
        match kept.find() {
            Some(found) => Ok(found),
            None => self.db.read(|conn| kept.get(conn)),
        }
    }

    /// Runs one transaction for nobody: set-up, the command line, a job.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let now = self.clock.now();
        self.db.write_alone(|conn| {
            let kept = self.shelf.now(conn)?;
            work(&mut Tx {
                conn,
                kept,
                me: None,
                now,
                address: self.place,
            })
        })
    }
}

/// The workspace: one a database.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub name: String,
    /// UTC until one is set.
    pub zone: Zone,
    pub is_set_up: bool,
    pub style: Style,
    /// What stages are called here.
    pub stage_names: Arc<StageNames>,
    /// The roles whose people must have a second factor.
    pub second_factor_roles: Vec<Role>,
}

/// What came in, read to the end.
#[derive(Debug, Default)]
pub struct Incoming {
    /// By which the log and the answer name this request.
    pub id: String,
    pub path: String,
    pub query: String,
    /// The values of the path's `{names}`.
    pub params: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub files: Vec<Upload>,
    pub session: Option<String>,
    /// With which a program asks the API, in place of a session.
    pub key: Option<String>,
    /// What a device on which somebody has signed in before is known by.
    pub device: Option<String>,
    pub user_agent: String,
    /// Of who asks, as far as trusted proxies say; empty when nobody knows.
    pub address: String,
    /// The proxy that says for whom it asks though nobody trusts it: `TOUCHLINE_TRUSTED_PROXY` was forgotten, or somebody
    /// makes it up. Empty where there is none.
    pub unknown_proxy: String,
    /// The host that the browser asked for, with its port.
    pub host: String,
    /// Whether the browser came over https.
    pub is_https: bool,
    pub if_none_match: Option<String>,
}

/// One uploaded file.
#[derive(Debug)]
pub struct Upload {
    pub name: String,
    pub content: Vec<u8>,
}

/// One request: who asks what, and when.
pub struct Cx<'a> {
    pub app: &'a App,
    pub now: Instant,
    /// Reference data as it was when the request came.
    pub kept: Kept<'a>,
    pub workspace: Workspace,
    pub request: Incoming,
    pub who: Option<Me>,
    /// How many notices the asker has not read; none while their inbox keeps quiet.
    pub news: i64,
    /// What each write of this request is wrapped in.
    pub around: Option<Around>,
    /// Whether their role asks for a second factor that they have not set up.
    pub lacks_second_factor: bool,
}

/// Runs work that writes, once, with something before and after it in the same transaction.
pub type Around = fn(&mut Tx, &mut dyn FnMut(&mut Tx) -> Result<()>) -> Result<()>;

impl Cx<'_> {
    /// The person who asks.
    pub fn me(&self) -> Result<&Me> {
        self.who.as_ref().ok_or(Error::SignIn)
    }

    /// The zone in which the asker reads times.
    pub fn zone(&self) -> &Zone {
        self.who
            .as_ref()
            .map_or(&self.workspace.zone, |me| &me.zone)
    }

    /// The address of this site, as the browser sees it: `https://touchline.example`.
    pub fn origin(&self) -> String {
        if let Some(url) = &self.app.config.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        let scheme = if self.request.is_https {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.request.host)
    }

    /// A value of the path, such as the `uid` of `/leads/{uid}`.
    pub fn param(&self, name: &str) -> Result<&str> {
        let found = self.request.params.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            // PostgreSQL refuses NUL in text, and no name has it.
            .filter(|value| !value.contains('\0'))
            .ok_or(Error::NotFound)
    }

    /// The numeric id in the path; anything else is not found.
    pub fn id_param(&self, name: &str) -> Result<i64> {
        self.param(name)?.parse().map_err(|_| Error::NotFound)
    }

    /// The fields after the question mark.
    pub fn query(&self) -> Form {
        Form::parse(self.request.query.as_bytes())
    }

    /// The fields of a posted form.
    pub fn form(&self) -> Form {
        Form::parse(&self.request.body)
    }

    /// As [`App::reference`], as it was when the request came.
    pub fn reference<T: Keep>(&self) -> Result<Arc<T>> {
        self.app.reference(self.kept)
    }

    /// Runs queries that change nothing.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.app.db.read(work)
    }

    /// Runs queries that change nothing and all see the same state.
    pub fn snapshot<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.app.db.snapshot(work)
    }

    /// Runs one transaction in the name of the asker.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.db.write(|conn| self.wrapped(conn, work))
    }

    /// As [`Cx::write`], for what takes long.
    pub fn write_alone<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.db.write_alone(|conn| self.wrapped(conn, work))
    }

    fn wrapped<T>(&self, conn: &mut Conn, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let tx = &mut self.tx(conn);
        let Some(around) = self.around else {
            return work(tx);
        };
        let (mut work, mut done) = (Some(work), None);
        around(tx, &mut |tx| {
            if let Some(work) = work.take() {
                done = Some(work(tx)?);
            }
            Ok(())
        })?;
        done.ok_or_else(|| Error::internal("the work was not run"))
    }

    fn tx<'t>(&'t self, conn: &'t mut Conn) -> Tx<'t> {
        Tx {
            conn,
            kept: self.kept,
            me: self.who.as_ref(),
            now: self.now,
            address: &self.request.address,
        }
    }
}

/// One transaction: what every verb takes.
pub struct Tx<'a> {
    pub conn: &'a mut Conn,
    /// Reference data as it was when the request came: not what this transaction makes of it.
    pub kept: Kept<'a>,
    /// Who does it; nobody on the command line.
    pub me: Option<&'a Me>,
    pub now: Instant,
    /// From which address it is asked: [`CONSOLE`] on the command line, empty for a job.
    pub address: &'a str,
}

impl<'a> Tx<'a> {
    pub fn me(&self) -> Result<&'a Me> {
        self.me.ok_or(Error::SignIn)
    }

    /// The id of who does it, for the columns that say so.
    pub fn by_id(&self) -> Option<i64> {
        self.me.map(|me| me.id)
    }
}
