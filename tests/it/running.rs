//! What an operator sees of the program: health, what is measured, the log, and how it starts and stops.

mod container;
mod starting;
mod stopping;

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, Program, World};
use diesel::connection::SimpleConnection;
use rstest::rstest;
use serde_json::Value;
use touchline::both;
use touchline::clock::Clock;
use touchline::db::Conn;
use touchline::jobs;
use touchline::people::{self, links};

/// A world at the real time, for a program that runs beside it on the same database.
pub fn of_today(database: Database) -> World {
    let world = World::new(database);
    world.app().clock.set(Clock::Wall.now());
    world
}

const LOGGED: [(&str, &str); 4] = [
    ("uid", "018f2f6e-0000-7000-8000-000000000001"),
    ("kind", "1"),
    ("outcome", "1"),
    ("quantity", "1"),
];

fn change(world: &World, sql: &str) {
    let mut conn = world.home().connect();
    both!(&mut conn, |c| c.batch_execute(sql)).expect(sql);
}

#[rstest]
fn a_server_says_that_it_lives_and_can_work(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let probe = world.anonymous();
    assert_eq!(probe.get("/healthz").ok().body, "ok\n");
    assert_eq!(probe.get("/readyz").ok().body, "ready\n");
    assert_eq!(probe.get("/readyz").header("cache-control"), "no-store");
    probe.send("HEAD", "/readyz", &[], b"").ok();
}

#[rstest]
fn a_server_on_tables_of_another_version_lives_and_cannot_work(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let probe = world.anonymous();
    change(
        &world,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')",
    );
    let answer = probe.get("/readyz");
    // Anybody may ask: which release it is, and where the database is, stands in the log.
    answer.is(503).says("not ready").says_nothing_of("newer");
    probe.get("/healthz").ok();
    // The timetable finds it within a minute, and nothing is written into tables that the program does not know.
    jobs::run(world.app());
    let ana = world.as_("ana");
    ana.get("/today").is(503).says("start the newer one");
    ana.post("/log", &LOGGED).is(503);
    change(
        &world,
        "DELETE FROM __diesel_schema_migrations WHERE version = '9999'",
    );
    probe.get("/readyz").ok();
    jobs::run(world.app());
    ana.post("/log", &LOGGED).is(303);
}

#[test]
fn a_server_that_stops_takes_nothing_new() {
    let world = World::new(Sqlite);
    world.app().stop();
    let probe = world.anonymous();
    probe.get("/readyz").is(503).says("stopping");
    probe.get("/healthz").ok();
}

#[rstest]
fn what_is_measured_names_routes_and_nobody(#[values(Sqlite, Postgres)] database: Database) {
    let world = of_today(database);
    let lead = world.lead("Acme", "ana");
    let program = Program::start(world.home(), &[]);
    let ana = program.browser().with_session(&world.session("ana"));
    ana.get(&format!("/leads/{lead}")).ok();
    ana.get("/today?day=2026-03-04").ok();
    ana.get("/no/such/Secret-Page").is(404);
    ana.send("OPTIONS", "/today", &[], b"").is(404);
    // Nobody finds it where people come.
    ana.get("/metrics").is(404);
    program.browser().get("/metrics").is(404);

    let told = "touchline_job_runs_total{job=\"promises\",result=\"done\"} ";
    program.watch_for("/metrics", told);
    let page = program.watcher().get("/metrics");
    let text = &page.ok().body;
    for line in [
        "touchline_build_info{version=",
        "touchline_requests_total{method=\"GET\",route=\"/leads/{uid}\",status=\"200\"} 1\n",
        "touchline_requests_total{method=\"GET\",route=\"/today\",status=\"200\"} 1\n",
        "touchline_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 3\n",
        "touchline_requests_total{method=\"other\",route=\"none\",status=\"404\"} 1\n",
        "touchline_request_duration_seconds_bucket{le=\"10.0\",method=\"GET\",route=\"/today\"} 1\n",
        "touchline_request_duration_seconds_count{method=\"GET\",route=\"/today\"} 1\n",
        "touchline_requests_in_flight 0\n",
        // The timetable may be writing, or reading, while this is read.
        "touchline_writes_waiting ",
        "touchline_database_connections{state=\"used\"} ",
        "touchline_database_wait_seconds_count ",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
    for private in [&*lead, "Secret-Page", "2026-03-04", "example.com", "Ana"] {
        assert!(!text.contains(private), "{private:?} is in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
}

/// The log's lines about answers, as JSON.
fn answers(said: &[String]) -> Vec<Value> {
    let lines = said.iter().map(|line| serde_json::from_str(line));
    let lines = lines.map(|line: Result<Value, _>| line.expect("a line of JSON"));
    lines.filter(|line| line["message"] == "answered").collect()
}

#[rstest]
fn the_log_has_one_line_a_request_and_nothing_of_anybody(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = of_today(database);
    let lead = world.lead("Acme", "ana");
    let token = world.write(|tx| {
        let ben = people::store::by_email(tx.conn, "ben@example.com")?.expect("ben");
        links::make(tx, ben.id)
    });
    let program = Program::start(world.home(), &["--log-format", "json"]);
    let (ana, session) = (program.browser(), world.session("ana"));
    let ana = ana.with_session(&session);
    let asked: [Page; 5] = [
        ana.get(&format!("/leads/{lead}")),
        ana.get("/leads?q=Acme+Secret"),
        ana.get(&links::path(&token)),
        ana.get("/no/such/Page-Secret"),
        ana.post(
            "/sign-in",
            &[("email", "ana@example.com"), ("password", "Secret")],
        ),
    ];
    program.signal("TERM");
    let (code, said) = program.end();
    assert_eq!(code, Some(0), "{said:?}");
    let lines = answers(&said);
    assert_eq!(lines.len(), asked.len(), "{lines:?}");
    for (page, line) in asked.iter().zip(&lines) {
        assert_eq!(line["request"], page.header("x-request-id"));
        assert_eq!(line["status"], page.status);
        assert!(
            line["ms"].is_number() && line["timestamp"].is_string(),
            "{line}"
        );
    }
    let routes: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["route"].as_str())
        .collect();
    let expected = [
        "/leads/{uid}",
        "/leads",
        "/welcome/{token}",
        "none",
        "/sign-in",
    ];
    assert_eq!(routes, expected);
    let all = said.join("\n");
    for private in [
        &*lead,
        &token,
        &session,
        "Secret",
        "Acme",
        "example.com",
        "127.0.0.1",
        "Ana",
    ] {
        assert!(!all.contains(private), "{private:?} is in\n{all}");
    }
}

#[rstest]
fn a_fault_of_ours_is_found_in_the_log_by_the_code_on_the_page(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = of_today(database);
    let program = Program::start(world.home(), &["--log-format", "json"]);
    let ana = program.browser().with_session(&world.session("ana"));
    ana.get("/me/data").ok();
    change(&world, "ALTER TABLE ratings RENAME TO lost");
    let page = ana.get("/me/data");
    change(&world, "ALTER TABLE lost RENAME TO ratings");
    let id = page.header("x-request-id").to_owned();
    page.is(500).says("tell your admin this code").says(&id);
    page.says_nothing_of("ratings");
    program.signal("TERM");
    let (_, said) = program.end();
    let cause = said.iter().find(|line| line.contains("internal error"));
    let cause = cause.expect("the cause");
    assert!(cause.contains(&id) && cause.contains("ratings"), "{cause}");
}

#[test]
fn every_answer_has_an_id_of_its_own() {
    let world = World::new(Sqlite);
    let ana = world.as_("ana");
    let large = "n".repeat(65 * 1024);
    let answers = [
        ana.get("/today"),
        ana.get("/today"),
        ana.get("/"),
        ana.get("/nowhere"),
        ana.get("/static/nowhere.css"),
        ana.get("/healthz"),
        ana.get("/sign-out"),
        ana.post("/log", &[("note", &large)]),
    ];
    let ids: Vec<&str> = answers
        .iter()
        .map(|page| page.header("x-request-id"))
        .collect();
    let mut different = ids.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), ids.len(), "{ids:?}");
    assert!(!ids.contains(&""), "{ids:?}");
}

#[test]
fn the_id_that_a_trusted_proxy_gives_is_kept_and_nobody_else_s() {
    let ask = |world: &World, id: &str| {
        let page = world
            .anonymous()
            .send("GET", "/healthz", &[("X-Request-Id", id)], b"");
        page.header("x-request-id").to_owned()
    };
    let alone = World::empty(Sqlite);
    assert_ne!(ask(&alone, "from-outside"), "from-outside");
    let behind = World::configured(Sqlite, |app| {
        app.config.trusted_proxy = vec!["127.0.0.1".parse().expect("an address")];
    });
    assert_eq!(ask(&behind, "0af7-from_the_proxy"), "0af7-from_the_proxy");
    for wrong in ["", "a b", "a\"b", &"x".repeat(65)] {
        assert_ne!(ask(&behind, wrong), wrong);
    }
}

/// Keeps everybody else from writing until it is let go.
pub fn hold(conn: &mut Conn) {
    let lock = match conn {
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
        Conn::Postgres(_) => "BEGIN; LOCK TABLE activities IN EXCLUSIVE MODE",
    };
    both!(conn, |c| c.batch_execute(lock)).expect("a lock");
}
