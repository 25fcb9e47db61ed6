//! What somebody changes stands in the record: every row of the route table that changes something, asked for by who may.

use super::{ask, filled, grounds, sent};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use rstest::rstest;
use touchline::audit::store::{Wanted, entries};
use touchline::routes::{Route, TABLE};

/// Rows that write nothing into the record, and why.
const KEPT_ELSEWHERE: &[(&str, &str)] = &[
    (
        "/log",
        "an activity is a row of its own that is only added to",
    ),
    (
        "/log/queued",
        "an activity is a row of its own that is only added to",
    ),
];

/// How many entries there are.
fn count(world: &World) -> usize {
    world
        .read(|conn| entries(conn, &Wanted::default(), None, i64::MAX))
        .len()
}

/// Whether somebody gets past the form of a row, and then how many entries more there are.
fn added(world: &World, route: &Route, name: &str) -> Option<usize> {
    let path = filled(world, route.path);
    grounds::prepare(world, route.path, name);
    let browser = match route.path {
        "/sign-in" | "/welcome/{token}" => world.anonymous(),
        "/sign-in/code" => {
            let id = world.person(name).id;
            let token = world.write(|tx| touchline::signin::begin_half(tx, id, "test"));
            world.anonymous().with_session(&token)
        }
        _ => world.as_(name),
    };
    let query = sent::query(world, route.path, &path, name);
    let fields = sent::fields(world, route.path, &path, name);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let before = count(world);
    let answer = ask(&browser, route, &format!("{path}{query}"), &fields);
    let is_done = ["200", "204", "303"].contains(&answer.as_str());
    is_done.then(|| count(world) - before)
}

#[rstest]
fn whoever_changes_something_stands_in_the_record(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    crate::definitions::name_heads(&world);
    for (by, rep) in [("max", "ana"), ("max", "ben"), ("mia", "sue")] {
        world.target(by, rep, "activities", 20);
    }
    let posts = TABLE.iter().filter(|route| route.method == "POST");
    let mut wrong = Vec::new();
    for route in posts.filter(|route| route.path != "/setup") {
        let askers = ["ada", "max", "ana", "mark"].into_iter();
        let found = askers.filter_map(|name| added(&world, route, name)).next();
        let is_elsewhere = KEPT_ELSEWHERE.iter().any(|(path, _)| *path == route.path);
        match found {
            None => wrong.push(format!("{}: nobody may", route.path)),
            Some(0) if !is_elsewhere => wrong.push(format!("{}: no entry", route.path)),
            Some(n) if n > 0 && is_elsewhere => wrong.push(format!("{}: has one", route.path)),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
