//! A [`World`]: one running Touchline, on a database of its own, with a small cast.
//!
//! Every story is told on both databases:
//!
//! ```ignore
//! #[rstest]
//! fn a_rep_sees_an_entry_counted(#[values(Sqlite, Postgres)] database: Database) {
//!     let world = World::new(database);
//!     world.at("2026-03-04T09:00:00Z").as_("ana").get("/today").ok().says("0 of 20");
//! }
//! ```
//!
//! The cast: ada (admin); max (manager), ana and ben (reps) of team North; mia (manager) and sue (rep) of
//! team South; mark (marketing). Their addresses are `ana@example.com` and so on. The workspace keeps
//! Europe/Berlin and works Monday to Friday, 9 to 17; the clock stands at [`START`] until it is set.

mod cast;
mod client;
mod database;
mod html;
mod page;
mod program;

pub use cast::{Person, newcomer};
pub use client::Client;
pub use database::{Database, Home};
pub use html::Tag;
pub use page::Page;
pub use program::{Program, touchline};

use actix_web::web::Data;
use chrono::NaiveDate;
use std::cell::RefCell;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread::JoinHandle;
use touchline::activities::{self, Entry, Logged, Step};
use touchline::app::{App, Tx};
use touchline::clock::Clock;
use touchline::config::{Config, DatabaseUrl};
use touchline::db::Conn;
use touchline::error::Result;
use touchline::handover::{self, Terms};
use touchline::leads::NewLead;
use touchline::rules::access::Me;
use touchline::rules::profile::Profile;
use touchline::rules::wait::Urgency;
use touchline::value::Instant;
use touchline::{lists, people, secret, server, signin};

/// A Wednesday, ten o'clock in Berlin.
pub const START: &str = "2026-03-04T09:00:00Z";

/// One running Touchline. It stops, and its database goes, when the world is dropped.
pub struct World {
    server: RefCell<Option<Server>>,
    address: SocketAddr,
    app: Data<App>,
    // Last, so that nobody is connected any more when the database goes.
    home: Home,
}

struct Server {
    handle: actix_web::dev::ServerHandle,
    thread: JoinHandle<()>,
}

impl World {
    /// A workspace that is set up, with the cast in it.
    pub fn new(database: Database) -> World {
        World::empty(database).settled()
    }

    /// A fresh install: nobody in it, not set up.
    pub fn empty(database: Database) -> World {
        World::configured(database, |_| {})
    }

    /// A fresh install with settings or a set-up code of its own.
    pub fn configured(database: Database, change: impl FnOnce(&mut App)) -> World {
        World::over(Home::new(database), change)
    }

    /// Over a database that is there.
    pub fn over(home: Home, change: impl FnOnce(&mut App)) -> World {
        let clock = Clock::set_to(instant(START));
        let mut app = App::new(config(home.url.clone()), clock).expect("a fresh database opens");
        change(&mut app);
        let app = Data::new(app);
        let listener = TcpListener::bind(app.config.listen).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = RefCell::new(Some(start(app.clone(), listener)));
        World {
            server,
            address,
            app,
            home,
        }
    }

    /// Sets the workspace up and brings the cast in.
    pub fn settled(self) -> World {
        self.write(cast::settle);
        self
    }

    /// Stops, and leaves the database to whoever comes next.
    pub fn leave(mut self) -> Home {
        std::mem::replace(&mut self.home, Home::at(""))
    }

    /// Sets the clock, by ISO 8601 with an offset.
    pub fn at(&self, when: &str) -> &World {
        self.app.clock.set(instant(when));
        self
    }

    pub fn now(&self) -> Instant {
        self.app.clock.now()
    }

    /// Does something in the morning of a day, where that is past, and comes back.
    pub fn on<T>(&self, day: NaiveDate, work: impl FnOnce() -> T) -> T {
        let now = self.now();
        let morning = instant(&format!("{day}T08:00:00Z"));
        self.app.clock.set(morning.min(now));
        let done = work();
        self.app.clock.set(now);
        done
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    /// `http://127.0.0.1:port`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Nobody reaches the server any more, as without signal, until [`World::mend`].
    pub fn cut(&self) {
        let server = self.server.take();
        server
            .map(Server::stop)
            .unwrap_or(Ok(()))
            .expect("the server ends well");
    }

    /// The signal is back.
    pub fn mend(&self) {
        let listener = TcpListener::bind(self.address).expect("the address is free");
        self.server.replace(Some(start(self.app.clone(), listener)));
    }

    /// A browser that nobody has signed in with.
    pub fn anonymous(&self) -> Client {
        Client::new(self.origin())
    }

    /// A browser in which one of the cast is signed in, since now.
    pub fn as_(&self, name: &str) -> Client {
        self.anonymous().with_session(&self.session(name))
    }

    /// A session of one of the cast, begun now without a password.
    pub fn session(&self, name: &str) -> String {
        let id = self.person(name).id;
        self.write(|tx| signin::begin(tx, id, "test"))
    }

    /// Lets one of the cast sign in by page.
    pub fn give_password(&self, name: &str, password: &str) {
        let hash = secret::hash_password(&self.app, password).expect("a hash");
        let id = self.person(name).id;
        self.write(|tx| people::passwords::store::set(tx.conn, id, &hash));
    }

    /// A target a day that somebody sets for somebody, from now on.
    pub fn target(&self, by: &str, person: &str, metric: &str, amount: u32) {
        let whose = format!("person:{}", self.person(person).uid);
        let amount = amount.to_string();
        let fields = [
            ("whose", whose.as_str()),
            ("metric", metric),
            ("amount", &amount),
            ("period", "day"),
        ];
        let page = self.as_(by).get("/targets");
        page.ok().submit("/targets", &fields).is(303);
    }

    /// One of the cast, by first name.
    pub fn person(&self, name: &str) -> Person {
        self.read(|conn| cast::person(conn, name))
    }

    /// The id of a team, by name.
    pub fn team(&self, name: &str) -> i64 {
        self.read(|conn| cast::team(conn, name))
    }

    /// Runs queries.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> T {
        self.app.db.read(work).expect("the query runs")
    }

    /// Arranges something through verbs, as the console would.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T>) -> T {
        self.app.write(work).expect("the verb does it")
    }

    /// Arranges something through verbs, in the name of one of the cast.
    pub fn write_as<T>(&self, name: &str, work: impl FnOnce(&mut Tx) -> Result<T>) -> T {
        self.try_as(name, work).expect("the verb does it")
    }

    /// What a verb answers to one of the cast.
    pub fn try_as<T>(&self, name: &str, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let me = self.me(name);
        let now = self.now();
        self.app.db.write(|conn| {
            let kept = self.app.shelf.now(conn)?;
            work(&mut Tx {
                conn,
                kept,
                me: Some(&me),
                now,
                address: "",
            })
        })
    }

    /// One of the cast, as a request of theirs is seen now.
    pub fn me(&self, name: &str) -> Me {
        let token = self.session(name);
        let now = self.now();
        let begun = signin::begin_request(&self.app, Some(&token), now);
        let (_, me, _) = begun.expect("a request begins");
        me.unwrap_or_else(|| panic!("{name} cannot sign in"))
    }

    /// A lead that mark hands over now, to one of the cast ("" for whoever takes it); returns its uid.
    pub fn lead(&self, name: &str, owner: &str) -> String {
        let owner_id = (!owner.is_empty()).then(|| self.person(owner).id);
        self.lead_on(
            name,
            &Terms {
                owner_id,
                ..terms()
            },
        )
    }

    /// A lead that mark hands over now with a promise; returns its uid.
    pub fn lead_on(&self, name: &str, terms: &Terms) -> String {
        self.lead_by("mark", name, terms)
    }

    /// A lead that one of the cast hands over now; returns its uid.
    pub fn lead_by(&self, by: &str, name: &str, terms: &Terms) -> String {
        let uid = uuid::Uuid::now_v7().to_string();
        let lead = new_lead(name, self.now());
        self.write_as(by, |tx| handover::add(tx, &uid, &lead, terms, true));
        uid
    }

    /// Uploads a file as ada does, and returns the address at which it waits to be confirmed.
    pub fn upload(&self) -> String {
        let file = b"external_id,name,created_at\nL1,Acme,2026-03-02T09:00:00Z\n,nobody,\n";
        let page = self.as_("ada").upload("/import", &[("leads.csv", file)]);
        page.is(303).location.clone()
    }

    /// Logs an activity of now, by the names of its kind and outcome ("" for none), on a lead's uid or without
    /// one; returns its uid.
    pub fn log(&self, name: &str, kind: &str, outcome: &str, lead: Option<&str>) -> String {
        self.write_as(name, |tx| {
            let kinds = lists::store::kinds(tx.conn)?;
            let kind = kinds.into_iter().find(|k| k.name == kind);
            let kind_id = kind.expect("a kind of activity").id;
            let outcomes = lists::store::outcomes(tx.conn)?;
            let mut outcomes = outcomes.into_iter().filter(|o| o.kind_id == kind_id);
            let outcome_id = outcomes.find(|o| o.name == outcome).map(|o| o.id);
            assert!(outcome.is_empty() || outcome_id.is_some(), "{outcome:?}");
            let entry = Entry {
                lead_uid: lead.map(str::to_owned),
                outcome_id,
                ..entry(kind_id, tx.now)
            };
            assert_eq!(activities::log(tx, &entry)?, Logged::Stored);
            Ok(entry.uid)
        })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(server) = self.server.take() else {
            return;
        };
        let ended = server.stop();
        if std::thread::panicking() {
            return;
        }
        assert!(ended.is_ok(), "the server ended badly");
        // Whatever the story was: the days add up.
        let wrong = self.read(touchline::activities::day_totals::store::wrong);
        assert!(wrong.is_empty(), "wrong totals of days: {wrong:?}");
    }
}

impl Server {
    fn stop(self) -> std::thread::Result<()> {
        futures_executor::block_on(self.handle.stop(false));
        self.thread.join()
    }
}

/// A touch now that one may log: change what the story is about.
pub fn entry(kind_id: i64, now: Instant) -> Entry {
    Entry {
        uid: uuid::Uuid::now_v7().to_string(),
        lead_uid: None,
        kind_id,
        outcome_id: None,
        technique: None,
        quantity: 1,
        happened_at: now,
        with_id: None,
        asset_id: None,
        note: String::new(),
        note_for_marketing: false,
        step: Step::default(),
        is_again: false,
        origin: "web",
    }
}

/// A promise of nothing: change what the story is about.
pub fn terms() -> Terms {
    Terms {
        territory: String::new(),
        source: String::new(),
        campaign: String::new(),
        asset: String::new(),
        more_assets: Vec::new(),
        profile: Profile::default(),
        news: Vec::new(),
        urgency: Urgency::Warm,
        score: None,
        note: String::new(),
        owner_id: None,
        by_rules: false,
    }
}

/// A warm lead with a name and nothing else.
pub fn new_lead(name: &str, now: Instant) -> NewLead {
    NewLead {
        external_id: None,
        name: name.to_owned(),
        company: String::new(),
        email: String::new(),
        phone: String::new(),
        title: String::new(),
        territory_id: None,
        source_id: None,
        campaign_id: None,
        asset_id: None,
        urgency: Urgency::Warm,
        score: None,
        amount_micros: None,
        currency: String::new(),
        note: String::new(),
        created_at: now,
        created_by_id: None,
        import_hash: None,
    }
}

/// An instant by ISO 8601 with an offset.
pub fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|| panic!("{text:?} is no instant"))
}

fn config(database_url: DatabaseUrl) -> Config {
    Config {
        database_url,
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        metrics_listen: None,
        public_url: None,
        trusted_proxy: Vec::new(),
        backup_folder: None,
        backup_keep: 14,
    }
}

fn start(app: Data<App>, listener: TcpListener) -> Server {
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = server::run(app, listener, 1).expect("the server starts");
            sender.send(server.handle()).expect("the test waits for it");
            server.await.expect("the server runs");
        });
    });
    let handle = receiver.recv().expect("the server starts");
    Server { handle, thread }
}
