//! A large workspace beside one with a hundredth of its people and history: 1,000,000 leads and 10,000,000 activities of
//! 1,000 people over three years. `cargo bench -- scale ADDRESS` makes both at the first run and measures at each: ADDRESS
//! is a folder (SQLite) or a PostgreSQL server where databases may be made.

mod make;

use super::http::{self, LASTS};
use super::load::{self, Connection};
use super::start::Server;
use super::{line, median};
use diesel::prelude::*;
use make::{connect, count, run as execute};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant as Stopwatch;
use touchline::app::Tx;
use touchline::clock::Clock;
use touchline::config::DatabaseUrl;
use touchline::db::{Conn, Db};
use touchline::followup::{self, Awaited, Filters, WhichClock};
use touchline::kept::Shelf;
use touchline::leads::cohort::{Cohort, Grouping};
use touchline::rules::stage::{EventKind, Stage};
use touchline::schema::{handovers, lead_events, leads};
use touchline::signin;
use touchline::value::Instant;

const PEOPLE: i64 = 1_000;
const ROUNDS: usize = 5;
const REQUESTS: usize = 20;
const LOGGERS: usize = 64;
const REPORTS: usize = 8;

/// One of the two workspaces, served.
struct Workspace {
    url: DatabaseUrl,
    server: Server,
    /// Of a manager and of a rep of the first team.
    manager: String,
    rep: String,
    /// Of others, who log: what is asked of the two stays the same from one run to the next.
    loggers: Vec<Logger>,
}

/// Somebody who logs, and the leads that are with them.
struct Logger {
    cookie: String,
    leads: Vec<String>,
}

pub fn run(address: &str) {
    let now = Clock::Wall.now();
    let [small, large] = [PEOPLE / 100, PEOPLE].map(|people| {
        let url = url(address, people);
        let started = Stopwatch::now();
        make::make(&url, people, now.0);
        println!(
            "{people} people in {:.0} s",
            started.elapsed().as_secs_f64()
        );
        open(url, people, now)
    });
    settle(&large.url);
    for table in ["leads", "activities"] {
        let rows = count(
            &mut connect(&large.url),
            &format!("SELECT count(*) AS n FROM {table}"),
        );
        println!("{table}: {rows}");
    }
    for (what, path) in [
        ("a team's board for a quarter", "/team?period=quarter"),
        ("Today", "/today?"),
    ] {
        pages(what, path, &small, &large);
    }
    reports(&large, now);
    for path in ["/team?period=quarter", "/today?"] {
        http::page(&large.server, path, &large.rep, "at least 0.33");
    }
    logging(&large, address, now);
}

fn url(address: &str, people: i64) -> DatabaseUrl {
    let text = match address.starts_with("postgres") {
        false => format!("{address}/scale{people}.db"),
        true => {
            let server: DatabaseUrl = address.parse().expect("an address");
            let mut conn = connect(&server);
            let known =
                format!("SELECT count(*) AS n FROM pg_database WHERE datname = 'scale{people}'");
            if count(&mut conn, &known) == 0 {
                execute(&mut conn, &format!("CREATE DATABASE scale{people}"));
            }
            let (server, _) = address.rsplit_once('/').expect("a database in the address");
            format!("{server}/scale{people}")
        }
    };
    text.parse().expect("an address")
}

fn open(url: DatabaseUrl, people: i64, now: Instant) -> Workspace {
    let db = Db::open(&url).expect("the database");
    let shelf = Shelf::default();
    let session = |person| {
        let token = db.write(|conn| {
            let kept = shelf.now(conn)?;
            let mut tx = Tx {
                conn,
                kept,
                me: None,
                now,
                address: "",
            };
            signin::begin(&mut tx, person, "bench")
        });
        format!("touchline={}", token.expect("a session"))
    };
    let (manager, rep) = (session(1), session(2));
    let last = (3..=people).rev().take(LOGGERS);
    let logger = |person| Logger {
        cookie: session(person),
        leads: db.snapshot(|conn| open_leads(conn, person)).expect("leads"),
    };
    let loggers = last.map(logger).collect();
    drop(db);
    let text = match &url {
        DatabaseUrl::Sqlite(path) => path.to_str().expect("a path").to_owned(),
        DatabaseUrl::Postgres(text) => text.clone(),
    };
    Workspace {
        server: Server::start(Path::new(&text), &[]),
        url,
        manager,
        rep,
        loggers,
    }
}

fn open_leads(conn: &mut Conn, owner: i64) -> touchline::error::Result<Vec<String>> {
    Ok(leads::table
        .filter(leads::owner_id.eq(owner))
        .filter(leads::stage.eq_any([Stage::HandedOver, Stage::Attempting]))
        .select(leads::uid)
        .load(conn)?)
}

/// Waits until the timetable has told all that is overdue in a company that was made in one go.
fn settle(url: &DatabaseUrl) {
    let mut conn = connect(url);
    let mut told = -1;
    loop {
        std::thread::sleep(std::time::Duration::from_secs(10));
        let now = count(&mut conn, "SELECT count(*) AS n FROM notices");
        if now == told {
            break;
        }
        told = now;
    }
}

/// An address that nobody asked for yet, so that its page is made anew.
fn anew(path: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let joint = if path.ends_with('?') { "" } else { "&" };
    format!("{path}{joint}n={}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Milliseconds of one page after the other, in turns.
fn pages(what: &str, path: &str, small: &Workspace, large: &Workspace) {
    let time = |workspace: &Workspace| {
        let mut connection = Connection::open(workspace.server.address);
        let once = || {
            let request = load::get(&anew(path), &workspace.rep);
            let started = Stopwatch::now();
            let answer = connection.ask(&request);
            assert_eq!(answer.status, 200, "{path}");
            started.elapsed().as_secs_f64() * 1000.0
        };
        median(std::iter::repeat_with(once).take(REQUESTS).collect())
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (a, b) = (time(large), time(small));
        // The first round fills what is kept in memory.
        if round > 0 {
            ours.push(a);
            theirs.push(b);
        }
    }
    let (a, b) = (median(ours), median(theirs));
    line(
        what,
        format!("{a:.2} ms"),
        format!("{b:.2} ms"),
        a / b,
        "at most 1.2",
    );
}

/// A quarter's follow-up speed by campaign beside one plain SELECT of the columns that it needs.
fn reports(large: &Workspace, now: Instant) {
    let db = Db::open(&large.url).expect("the database");
    let today = touchline::rules::zone::Zone::utc().day_of(now);
    let cohort = Cohort {
        from: Some(today - chrono::Days::new(91)),
        to: Some(today),
        as_of: now,
        definition: None,
    };
    let span = cohort.span(&touchline::rules::zone::Zone::utc());
    for (what, clock) in [
        ("follow-up by campaign, calendar", WhichClock::Calendar),
        ("... working time", WhichClock::Working),
    ] {
        let filters = Filters {
            cohort,
            by: Some(Grouping::Campaign),
            clock,
            event: Awaited::Attempt,
            limit_us: None,
            compares_before: false,
            without_late: false,
        };
        let time = |what: &dyn Fn(&mut Conn) -> touchline::error::Result<()>| {
            let started = Stopwatch::now();
            db.snapshot(what).expect("rows");
            started.elapsed().as_secs_f64() * 1000.0
        };
        let (mut ours, mut bare, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(time(&|conn| {
                black_box(followup::report(conn, &filters, None)?);
                Ok(())
            }));
            bare.push(time(&|conn| select(conn, span)));
            owners.push(time(&|conn| select_owners(conn, span)));
        }
        let (a, b, c) = (median(ours), median(bare), median(owners));
        let ms = |value: f64| format!("{value:.0} ms");
        line(what, ms(a), ms(b + c), a / (b + c), "at most 2");
        line("... beside the hand-overs alone", ms(a), ms(b), a / b, "");
    }
}

type Row = (
    i64,
    i64,
    String,
    Option<i64>,
    i64,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

/// The columns of the hand-overs themselves.
fn select(conn: &mut Conn, span: (Instant, Instant)) -> touchline::error::Result<()> {
    let rows: Vec<Row> = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select((
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::urgency,
            handovers::source_id,
            handovers::definition_id,
            handovers::first_attempt_at,
            handovers::first_contact_at,
            handovers::closed_at,
            handovers::campaign_id,
        ))
        .load(conn)?;
    black_box(rows);
    Ok(())
}

/// And when their leads were given to whom: service levels are judged by the owner's hours.
fn select_owners(conn: &mut Conn, span: (Instant, Instant)) -> touchline::error::Result<()> {
    let theirs = handovers::table
        .filter(handovers::handed_over_at.between(span.0, span.1))
        .select(handovers::lead_id);
    let rows: Vec<(i64, i64, Option<i64>)> = lead_events::table
        .filter(lead_events::kind.eq(EventKind::Assigned))
        .filter(lead_events::lead_id.eq_any(theirs))
        .select((lead_events::lead_id, lead_events::at, lead_events::owner_id))
        .load(conn)?;
    black_box(rows);
    Ok(())
}

/// Activities logged a second by many clients beside durable single inserts of the bare database; and while reports
/// are asked for.
fn logging(large: &Workspace, address: &str, now: Instant) {
    let from = touchline::rules::zone::Zone::utc().day_of(now) - chrono::Days::new(91);
    let (mut ours, mut busy, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    let mut on_leads = Vec::new();
    for round in 0..3 {
        bare.push(http::bare_inserts_per_second(address, round));
        ours.push(logged(large, false));
        on_leads.push(logged(large, true));
        let quarter = format!("/follow-up?by=campaign&from={from}");
        let stop = AtomicBool::new(false);
        let asked = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..REPORTS {
                scope.spawn(|| {
                    let mut connection = Connection::open(large.server.address);
                    while !stop.load(Ordering::Relaxed) {
                        let path = anew(&quarter);
                        let answer = connection.ask(&load::get(&path, &large.manager));
                        assert!(
                            answer.status == 200 || answer.status == 503,
                            "{}",
                            answer.status
                        );
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            busy.push(logged(large, false));
            stop.store(true, Ordering::Relaxed);
        });
        println!(
            "reports answered meanwhile: {}",
            asked.load(Ordering::Relaxed)
        );
    }
    let (a, b, c) = (median(ours), median(bare), median(busy));
    let on_leads = median(on_leads);
    let per_second = |value: f64| format!("{value:.0}/s");
    line(
        "log an activity, 64 clients",
        per_second(a),
        per_second(b),
        a / b,
        "at least 1",
    );
    line(
        "... a call of one of one's leads",
        per_second(on_leads),
        per_second(b),
        on_leads / b,
        "",
    );
    line(
        "... while 8 reports are asked for",
        per_second(c),
        per_second(a),
        c / a,
        "at least 0.5",
    );
}

/// A second; with `are_calls`, of a lead that is with whoever logs, else of no lead.
fn logged(large: &Workspace, are_calls: bool) -> f64 {
    let turn = AtomicUsize::new(0);
    load::requests_per_second(large.server.address, LOGGERS, LASTS, 303, || {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let logger = &large.loggers[turn % large.loggers.len()];
        let uid = uuid::Uuid::now_v7();
        let mut form = format!("uid={uid}&kind=1&outcome=1&quantity=1");
        if are_calls {
            let lead = turn / large.loggers.len() % logger.leads.len();
            // Whoever calls a lead twice within ten minutes is asked whether that is a duplicate.
            form.push_str(&format!("&lead={}&again=true", logger.leads[lead]));
        }
        load::post("/log", &logger.cookie, &form)
    })
}
