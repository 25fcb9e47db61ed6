//! The program as a request sees it: [`App`] (what there is), [`Cx`] (one request), [`Tx`] (one transaction).

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Conn, Db};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::kept::{Keep, Kept, Shelf};
use crate::rules::access::Me;
use crate::rules::zone::Zone;
use crate::style::Style;
use crate::value::Instant;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// What lives as long as the program.
pub struct App {
    pub db: Db,
    /// Reference data in memory.
    pub shelf: Shelf,
    pub clock: Clock,
    pub config: Config,
    /// One permit a core: hashing a password takes 19 MiB and a core, and must not starve the rest.
    pub hashing: Semaphore,
    /// What unlocks the set-up page; printed on the console, gone once used.
    pub setup_code: Mutex<Option<String>>,
    /// Whom to sign in as, on a demo.
    pub demo: Vec<DemoLogin>,
}

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
        Ok(App {
            db: Db::open(&config.database_url)?,
            shelf: Shelf::default(),
            clock,
            config,
            hashing: Semaphore::new(cores),
            setup_code: Mutex::new(None),
            demo: Vec::new(),
        })
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
}

/// What came in, read to the end.
#[derive(Debug, Default)]
pub struct Incoming {
    pub path: String,
    pub query: String,
    /// The values of the path's `{names}`.
    pub params: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub files: Vec<Upload>,
    pub session: Option<String>,
    pub user_agent: String,
    /// The name under which the browser reached this server, with the port where there is one.
    pub host: String,
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

    /// An address of this server in full: to be copied and sent to somebody else.
    pub fn whole_address(&self, path: &str) -> String {
        match &self.app.config.public_url {
            Some(url) => format!("{}{path}", url.trim_end_matches('/')),
            None if self.request.host.is_empty() => path.to_owned(),
            None => format!("http://{}{path}", self.request.host),
        }
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

    /// Reference data, where no connection is at hand: most often it is in memory already.
    pub fn reference<T: Keep>(&self) -> Result<Arc<T>> {
        match self.kept.find() {
            Some(found) => Ok(found),
            None => self.read(|conn| self.kept.get(conn)),
        }
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
