//! Who may do what: every row of the route table, asked for by everybody, as one table to be read.
//!
//! Each sends what a success needs, so that who may gets 200, 204 or 303 in every row, and 403 or 404 is about the asker. What is
//! refused (422) or too late (409) beside it is a rule about them: a leaver's password opens nothing, nobody corrects their own day, and
//! a list of leads is judged lead by lead.

mod grounds;
mod recorded;
mod sent;
mod things;

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Client, START, World};
use rstest::rstest;
use std::fmt::Write;
use things::*;
use touchline::people;
use touchline::routes::{Route, TABLE};
use touchline::rules::access::Role;
use touchline::signin;

/// The columns. The things asked for are ana's, who is in max's team. Half in is ana, whose second factor is due still.
const ASKERS: &[(&str, &str)] = &[
    ("nobody", ""),
    ("half in", HALF),
    ("leaver", "lea"),
    ("their rep", "ana"),
    ("team mate", "ben"),
    ("other rep", "sue"),
    ("manager", "max"),
    ("other mgr", "mia"),
    ("marketing", "mark"),
    ("admin", "ada"),
];
const HALF: &str = "half";

#[rstest]
fn everybody_may_do_what_this_table_says(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    crate::definitions::name_heads(&world);
    let fresh = World::empty(database);
    let lea = world.write(|tx| people::add(tx, crate::world::newcomer("Lea Left", Role::Rep)));
    world.write_as("ada", |tx| people::part(tx, lea, some_day()));
    // A month ago, so that there are days to judge.
    world.at("2026-02-02T08:00:00Z");
    for (by, rep) in [("max", "ana"), ("max", "ben"), ("mia", "sue")] {
        world.target(by, rep, "activities", 20);
    }
    world.at(START);
    let mut table = format!("{:<42}{:>10}", "", "not set up");
    for (title, _) in ASKERS {
        write!(table, "{title:>10}").expect("room");
    }
    for route in TABLE {
        write!(table, "\n{:<5}{:<37}", route.method.as_str(), route.path).expect("room");
        let path = route.path.replace("{uid}", "0");
        let asked_before = match (route.method.as_str(), route.path) {
            ("POST", "/setup") => asked_to_set_up(database),
            _ => ask(&fresh.anonymous(), route, &path, &[]),
        };
        write!(table, "{asked_before:>10}").expect("room");
        for (_, name) in ASKERS {
            // Everybody is asked about things that nobody has touched yet.
            let path = filled(&world, route.path);
            let answer = asked_by(&world, name, route, &path);
            write!(table, "{answer:>10}").expect("room");
        }
    }
    insta::assert_snapshot!("everybody_may_do_what_this_table_says", table);
}

/// What whoever has the code is answered on a fresh install of its own.
fn asked_to_set_up(database: Database) -> String {
    let fresh = World::configured(database, |app| {
        app.setup_code = std::sync::Mutex::new(Some(sent::SETUP_CODE.to_owned()));
    });
    let page = fresh.anonymous().get("/setup");
    page.submit("/setup", sent::SETUP).status.to_string()
}

/// What one of them is answered, who sends what the row needs.
fn asked_by(world: &World, name: &str, route: &Route, path: &str) -> String {
    let (browser, me) = match name {
        "" => (world.anonymous(), "ana"),
        HALF => {
            let ana = world.person("ana").id;
            let token = world.write(|tx| signin::begin_half(tx, ana, "test"));
            (world.anonymous().with_session(&token), "ana")
        }
        name => (world.as_(name), name),
    };
    grounds::prepare(world, route.path, me);
    let query = sent::query(world, route.path, path, me);
    let fields = match route.method.as_str() {
        "POST" => sent::fields(world, route.path, path, me),
        _ => Vec::new(),
    };
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    ask(&browser, route, &format!("{path}{query}"), &fields)
}

/// The status of a route, and where to when it is to signing in.
fn ask(asker: &Client, route: &Route, path: &str, fields: &[(&str, &str)]) -> String {
    let page = match route.method.as_str() {
        "GET" => asker.get(path),
        "POST" if route.path == "/import" => asker.upload(path, &[("leads.csv", sent::FILE)]),
        "POST" => asker.post(path, fields),
        other => panic!("teach this test to {other}"),
    };
    match page.location.split('?').next() {
        // Who goes out, or back to the password, goes there.
        Some("/sign-in") if !["/sign-out", "/sign-in/stop"].contains(&route.path) => {
            "sign in".to_owned()
        }
        Some("/setup") => "set up".to_owned(),
        _ => page.status.to_string(),
    }
}

/// Who asks about things of whom; the things of marketing are the leads that they handed over.
const OWN_AND_OTHERS: &[(&str, &str, &str)] = &[
    ("rep: own", "ana", "ana"),
    ("manager's", "ana", "max"),
    ("manager: own", "max", "max"),
    ("their rep's", "max", "ana"),
    ("other mgr's", "mia", "max"),
    ("admin's", "max", "ada"),
    ("marketing: own", "mark", "mark"),
    ("other mktg's", "mona", "mark"),
    ("manager's", "mark", "max"),
    ("admin: own", "ada", "ada"),
    ("other admin's", "abe", "ada"),
];

#[rstest]
fn with_their_own_and_with_others_everybody_may_do_what_this_table_says(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, role) in [("Mona Meier", Role::Marketing), ("Abe Amsel", Role::Admin)] {
        world.write(|tx| people::add(tx, crate::world::newcomer(name, role)));
    }
    world.at("2026-02-02T08:00:00Z");
    for name in ["ana", "max", "ada"] {
        world.target("abe", name, "activities", 20);
    }
    world.at(START);
    let mut table = format!("{:<42}", "");
    for (title, _, _) in OWN_AND_OTHERS {
        write!(table, "{title:>15}").expect("room");
    }
    for route in TABLE.iter().filter(|route| is_somebody_s(route)) {
        write!(table, "\n{:<5}{:<37}", route.method.as_str(), route.path).expect("room");
        for (_, asker, whose) in OWN_AND_OTHERS {
            let path = filled_with(&world, route.path, whose);
            let answer = asked_by(&world, asker, route, &path);
            write!(table, "{answer:>15}").expect("room");
        }
    }
    insta::assert_snapshot!(
        "with_their_own_and_with_others_everybody_may_do_what_this_table_says",
        table
    );
}

/// Whether a row is about a thing that belongs to somebody.
fn is_somebody_s(route: &Route) -> bool {
    const PLACES: &[&str] = &[
        "/leads",
        "/activities",
        "/hand-overs",
        "/time-off",
        "/inbox",
        "/planner/goals",
        "/commitments",
        "/me/sign-in",
        "/me/api-keys",
        "/import",
    ];
    let Some((place, _)) = route.path.split_once("/{") else {
        return false;
    };
    // Other posts about people are about a newcomer, who is nobody's, and who is to be erased has left.
    let is_of_people = place == "/people"
        && (route.method == "GET"
            || route.path.ends_with("/leads")
            || route.path.ends_with("/card"))
        && !route.path.ends_with("/erase");
    PLACES.contains(&place) || is_of_people
}

/// The path with the names of things of ana's, made for this request alone.
pub fn filled(world: &World, path: &str) -> String {
    match path {
        "/people/{uid}/card" | "/people/{uid}/leads" => filled_with(world, path, "ana"),
        "/people/{uid}/erase" => {
            let uid = person(world);
            leaver(world, &uid);
            path.replace("{uid}", &uid)
        }
        path if path.starts_with("/people/{uid}") => path.replace("{uid}", &person(world)),
        path => filled_with(world, path, "ana"),
    }
}

/// The path with the names of things of somebody's, made for this request alone.
fn filled_with(world: &World, path: &str, whose: &str) -> String {
    // Marketing owns no lead and logs nothing: theirs is what they handed over.
    let owner = if whose == "mark" { "ana" } else { whose };
    if path == "/definitions" || path.starts_with("/definitions/draft") {
        draft(world, path != "/definitions");
    }
    let Some((place, _)) = path.split_once("/{") else {
        return path.to_owned();
    };
    let thing = match place {
        "/leads" => grounds::lead(world, path, owner, whose),
        "/lead-score/signals" => signal_kind(world).to_string(),
        "/activities" => {
            let lead = world.lead("Acme", owner);
            world.log(owner, "Call", "Interested", Some(&lead))
        }
        "/import" => world.upload().replace("/import/", ""),
        "/people" => world.person(whose).uid,
        "/territories/rules" => territory_rule(world).to_string(),
        "/hand-overs" => receipt(world, owner),
        "/reasons" => "1".to_owned(),
        "/teams" => team(world).to_string(),
        "/calendar/holidays" => holiday(world).to_string(),
        "/time-off" => time_off(world, owner).to_string(),
        "/inbox" => notice(world, whose).to_string(),
        "/planner/goals" => goal(world, owner),
        "/shared-goals" => shared_goal(world).to_string(),
        "/definitions" => "1".to_owned(),
        "/monday" => pack(world).to_string(),
        "/commitments" => commitment(world, whose).to_string(),
        "/kinds" => "1".to_owned(),
        "/lists" => label(world).to_string(),
        "/people/links" => link(world).to_string(),
        "/welcome" => welcome(world),
        "/team/screens" => screen(world).0.to_string(),
        "/wall" => screen(world).1,
        "/me/sign-in" => session(world, whose).to_string(),
        "/me/api-keys" => api_key(world, whose).to_string(),
        _ => panic!("teach this test what {path} stands for"),
    };
    path.replace("{uid}", &thing)
        .replace("{id}", &thing)
        .replace("{number}", &thing)
        .replace("{monday}", &thing)
        .replace("{token}", &thing)
        .replace("{list}", "source")
        .replace("{outcome}", "1")
}
