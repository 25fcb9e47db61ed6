//! Stories of the demo: it is there at once, on either database, and everybody of it finds their way.

use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use std::collections::{HashMap, VecDeque};
use touchline::clock::Clock;
use touchline::config::DatabaseUrl;
use touchline::{demo, people};

/// Of pages that differ only in an id or a query, how many are looked at.
const OF_A_KIND: usize = 3;

/// An address without its query and without what varies in its path: `/leads/{}`.
fn kind_of(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let varies = |part: &str| part.contains(|c: char| c.is_ascii_digit());
    let parts = path
        .split('/')
        .map(|part| if varies(part) { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Follows links from a page on, and sees every kind of page without an error.
fn walk(start: &Page, visit: impl Fn(&str) -> Page) -> usize {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut waiting: VecDeque<String> = start.links().into();
    let mut visited = 0;
    while let Some(path) = waiting.pop_front() {
        let times = seen.entry(kind_of(&path)).or_default();
        *times += 1;
        if *times > OF_A_KIND || path.starts_with("/static/") {
            continue;
        }
        let page = visit(&path);
        assert!(page.status < 400, "{path}: {} {}", page.status, page.text());
        if page.header("content-type").starts_with("text/html") {
            waiting.extend(page.links());
        }
        visited += 1;
    }
    visited
}

#[rstest]
fn everybody_of_the_demo_signs_in_and_finds_no_broken_page(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    let logins = demo::fill(world.app()).expect("the demo is made");
    for role in ["Rep", "Manager", "Marketing", "Admin"] {
        let login = logins.iter().find(|login| login.role.starts_with(role));
        let login = login.unwrap_or_else(|| panic!("nobody to sign in as: {role}"));
        let client = world.anonymous();
        let fields = [
            ("email", login.email.as_str()),
            ("password", &login.password),
        ];
        let home = client.post("/sign-in", &fields).follow().follow();
        home.ok().says(&login.name);
        assert!(walk(&home, |path| client.get(path)) > 5, "{role}");
    }
}

#[rstest]
fn the_demo_has_a_day_that_is_under_way(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::empty(database);
    // A Saturday evening where the server stands: somewhere it is the middle of a working day.
    world.at("2026-11-21T21:07:00Z");
    demo::fill(world.app()).expect("the demo is made");
    let ana = world.read(|conn| people::store::by_email(conn, "ana@lantern.example"));
    let ana = ana.expect("the rep of the demo");
    let token = world.write(|tx| touchline::signin::begin(tx, ana.id, ""));
    let page = world.anonymous().with_session(&token).get("/today");
    page.ok().says("of 20").says("Overdue").says("No answer");
}

#[test]
fn the_demo_leaves_the_database_of_the_settings_alone_and_goes_with_its_folder() {
    let world = World::new(Sqlite);
    let (app, folder) = demo::open(world.app().config.clone(), Clock::set_to(world.now()))
        .expect("the demo is made");
    assert_eq!(app.demo.len(), 7);
    let DatabaseUrl::Sqlite(file) = app.config.database_url.clone() else {
        panic!("the demo lies in a file");
    };
    assert!(file.exists());
    drop(app);
    drop(folder);
    assert!(!file.exists() && !file.parent().is_some_and(|folder| folder.exists()));
    assert_eq!(world.read(people::store::all).len(), 7);
}
