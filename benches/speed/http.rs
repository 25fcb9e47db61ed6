//! Pages and logging over HTTP, beside a bare server that sends the same bytes and a bare database.

use super::load::{self, Connection};
use super::start::Server;
use super::{line, median};
use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use touchline::both;
use touchline::db::Conn;

const CLIENTS: usize = 8;
pub const LASTS: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

pub fn run() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&folder.path().join("unused.db"), &["--demo"]);
    let cookie = sign_in(server.address);
    for path in ["/today", "/leads", "/team"] {
        page(&server, path, &cookie, "at least 0.10");
    }
    logging(&server, &cookie, folder.path());
}

/// Signs in as the first rep that the sign-in page offers.
fn sign_in(address: SocketAddr) -> String {
    let mut connection = Connection::open(address);
    let page = String::from_utf8(connection.ask(&load::get("/sign-in", "")).body).expect("words");
    let rep = page
        .split("<li")
        .find(|row| row.contains("Rep"))
        .expect("a rep on the sign-in page");
    let value = |name: &str| {
        let rest = rep
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .expect(name);
        rest.split('"')
            .next()
            .expect(name)
            .replace(' ', "+")
            .replace('@', "%40")
    };
    let form = format!("email={}&password={}", value("email"), value("password"));
    let answer = connection.ask(&load::post("/sign-in", "", &form));
    let cookie = answer.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a cookie").to_owned()
}

/// A page as it is asked for again and again while nothing is saved, and as it is made anew each time: a field that
/// means nothing makes each address a new one.
pub fn page(server: &Server, path: &str, cookie: &str, wanted: &str) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let again = load::get(path, cookie);
    let anew = || {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let joint = if path.contains('?') { '&' } else { '?' };
        load::get(&format!("{path}{joint}n={number}"), cookie)
    };
    let answer = Connection::open(server.address).ask(&again);
    assert_eq!(answer.status, 200, "{path}");
    let bytes = answer.body.len();
    let bare = bare_server(answer.body);
    let (mut ours, mut made, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let speed = |address, request: &(dyn Fn() -> Vec<u8> + Sync)| {
            load::requests_per_second(address, CLIENTS, LASTS, 200, request)
        };
        ours.push(speed(server.address, &|| again.clone()));
        made.push(speed(server.address, &anew));
        theirs.push(speed(bare, &|| again.clone()));
    }
    let bare = median(theirs);
    let what = format!("{path}, {} kB", bytes / 1024);
    for (what, ours, wanted) in [
        (what, median(ours), wanted),
        ("... made anew".to_owned(), median(made), ""),
    ] {
        let (ours_text, bare_text) = (format!("{ours:.0}/s"), format!("{bare:.0}/s"));
        line(&what, ours_text, bare_text, ours / bare, wanted);
    }
}

/// A server that does nothing but send these bytes, until the process ends.
fn bare_server(body: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let body: &'static [u8] = body.leak();
    std::thread::spawn(move || {
        let server = actix_web::HttpServer::new(move || {
            let send = move || async move {
                actix_web::HttpResponse::Ok()
                    .content_type("text/html")
                    .body(body)
            };
            actix_web::App::new().default_service(actix_web::web::to(send))
        });
        let server = server.workers(2).listen(listener).expect("to listen").run();
        actix_web::rt::System::new()
            .block_on(server)
            .expect("to serve");
    });
    address
}

fn logging(server: &Server, cookie: &str, folder: &Path) {
    let mut ratios = Vec::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let a = load::requests_per_second(server.address, CLIENTS, LASTS, 303, || {
            let form = format!("uid={}&kind=1&outcome=1&quantity=1", uuid::Uuid::now_v7());
            load::post("/log", cookie, &form)
        });
        let b = bare_inserts_per_second(folder.to_str().expect("a path"), round);
        ratios.push(a / b);
        ours.push(a);
        theirs.push(b);
    }
    let (a, b) = (median(ours), median(theirs));
    line(
        "log an activity",
        format!("{a:.0}/s"),
        format!("{b:.0}/s"),
        median(ratios),
        "at least 0.33",
    );
}

diesel::table! {
    entries (id) {
        id -> BigInt,
        uid -> Text,
        person_id -> BigInt,
        kind_id -> BigInt,
        happened_at -> BigInt,
        local_day -> Text,
    }
}

/// Durable inserts of one small row each, as fast as the database alone takes them from one client: in a folder, or on a
/// PostgreSQL server.
pub fn bare_inserts_per_second(address: &str, round: usize) -> f64 {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut conn = match address.starts_with("postgres") {
        true => Conn::Postgres(PgConnection::establish(address).expect("a server")),
        false => {
            let path = format!("{address}/bare{round}.db");
            Conn::Sqlite(SqliteConnection::establish(&path).expect("a database"))
        }
    };
    let settings = match &conn {
        Conn::Sqlite(_) => "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        Conn::Postgres(_) => "SET client_min_messages = error;",
    };
    let table = "DROP TABLE IF EXISTS entries; CREATE TABLE entries (id BIGINT PRIMARY KEY, uid TEXT NOT NULL, person_id BIGINT NOT NULL, \
         kind_id BIGINT NOT NULL, happened_at BIGINT NOT NULL, local_day TEXT NOT NULL)";
    conn.batch_execute(&format!("{settings} {table}"))
        .expect("a table");
    let (started, mut inserted) = (Instant::now(), 0u64);
    while started.elapsed() < LASTS {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        both!(&mut conn, |c| diesel::insert_into(entries::table)
            .values((
                entries::id.eq(number as i64),
                entries::uid.eq(format!("entry-{number}")),
                entries::person_id.eq(1),
                entries::kind_id.eq(1),
                entries::happened_at.eq(number as i64),
                entries::local_day.eq("2026-11-21"),
            ))
            .execute(c))
        .expect("an insert");
        inserted += 1;
    }
    inserted as f64 / started.elapsed().as_secs_f64()
}
