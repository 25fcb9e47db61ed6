//! What somebody changes stands in the record: every row of the route table that changes something, asked for by who may.

use super::{ask, filled, grounds, sent};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{START, World};
use rstest::rstest;
use touchline::audit::store::{Entry, Wanted, entries};
use touchline::form::Form;
use touchline::kept::Keep;
use touchline::lists::Lists;
use touchline::routes::{Route, TABLE};

/// What is kept elsewhere, and where.
const KEPT_ELSEWHERE: &[(&str, &[&str])] = &[
    (
        "an activity is a row of its own that is only added to",
        &["/log", "/log/queued"],
    ),
    (
        "what is done to a lead is an event of its history, which is only added to",
        &[
            "/leads/new",
            "/leads/bulk",
            "/leads/{uid}/events",
            "/leads/{uid}/assign",
            "/leads/{uid}/hand-over",
            "/leads/{uid}/re-route",
            "/leads/{uid}/signals",
            "/people/{uid}/leads",
        ],
    ),
    (
        "what is said about a lead stands on its page with who said it and when",
        &[
            "/leads/{uid}/answer",
            "/leads/{uid}/settle",
            "/leads/{uid}/questions",
            "/leads/{uid}/questions/take-back",
            "/leads/{uid}/rating",
        ],
    ),
    (
        "a notice says when it was read",
        &["/inbox/read", "/inbox/{id}"],
    ),
    (
        "nobody has signed in yet, and no second factor is there before its first code",
        &["/sign-in/stop", "/me/second-factor/begin"],
    ),
];

/// Rows that change what is there: the record says what it was.
const WHAT_WAS: &[&str] = &[
    "/activities/{uid}/remove",
    "/calendar/hours",
    "/definitions/heads",
    "/leads/{uid}/edit",
    "/me/api-keys/{id}/end",
    "/people/{uid}",
    "/retention",
    "/stages",
    "/targets",
    "/targets/matrix",
    "/targets/score",
    "/team/peers",
    "/team/screens/{id}/take-down",
    "/teams/{id}",
    "/territories/rules/{id}/up",
];

/// What is sent in place of what stands in a form, so that it changes something.
fn changes(world: &World, row: &str) -> Vec<(String, String)> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match row {
        "/targets/score" => {
            let kinds = world.read(Lists::load).kinds;
            let call = kinds.iter().find(|kind| kind.name == "Call");
            vec![field(&format!("weight_{}", call.expect("Call").id), "7")]
        }
        "/card/word" => {
            let sign = Form::parse(sent::sign(world).as_bytes());
            let sign = sign.value("sign");
            vec![field("sign", sign), field("text", "A trade fair.")]
        }
        "/stages" => vec![field("nurture", "Resting")],
        "/retention" => vec![field("uploads", "3")],
        "/definitions/draft" => vec![field("qualified", "Somebody with a budget")],
        "/definitions/heads" => vec![
            field("sales", &world.person("mia").uid),
            field("seen_sales", &world.person("max").uid),
        ],
        _ => Vec::new(),
    }
}

/// All that stands in the record, the newest first.
fn record(world: &World) -> Vec<Entry> {
    world.read(|conn| entries(conn, &Wanted::default(), None, i64::MAX))
}

/// Whether somebody gets past the form of a row, and then what stands in the record more than before.
fn added(world: &World, route: &Route, name: &str) -> Option<Vec<Entry>> {
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
    let query = match route.path {
        // The file has a row that is left out.
        "/import/{uid}/confirm" => "?skip=true".to_owned(),
        row => sent::query(world, row, &path, name),
    };
    let changes = changes(world, route.path);
    let mut fields = sent::fields(world, route.path, &path, name);
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let before = record(world).len();
    let answer = ask(&browser, route, &format!("{path}{query}"), &fields);
    let is_done = ["200", "204", "303"].contains(&answer.as_str());
    is_done.then(|| {
        let mut after = record(world);
        after.truncate(after.len() - before);
        after
    })
}

#[rstest]
fn whoever_changes_something_stands_in_the_record(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    crate::definitions::name_heads(&world);
    // Since some weeks, so that there are days to correct.
    world.at("2026-02-02T08:00:00Z");
    for (by, rep) in [("max", "ana"), ("max", "ben"), ("mia", "sue")] {
        world.target(by, rep, "activities", 20);
    }
    world.at(START);
    let posts = TABLE.iter().filter(|route| route.method == "POST");
    let mut wrong = Vec::new();
    for route in posts.filter(|route| route.path != "/setup") {
        let askers = ["ada", "max", "ana", "mark"].into_iter();
        // Of some one sends what changes nothing: whoever changes something stands there.
        let found: Vec<Vec<Entry>> = askers
            .filter_map(|name| added(&world, route, name))
            .collect();
        let said: Vec<&Entry> = found.iter().flatten().collect();
        let says_what_was = said.iter().any(|entry| !entry.was.is_empty());
        let found = found.iter().map(Vec::len).max();
        let mut elsewhere = KEPT_ELSEWHERE.iter();
        let is_elsewhere = elsewhere.any(|(_, paths)| paths.contains(&route.path));
        match found {
            None => wrong.push(format!("{}: nobody may", route.path)),
            Some(0) if !is_elsewhere => wrong.push(format!("{}: no entry", route.path)),
            Some(n) if n > 0 && is_elsewhere => wrong.push(format!("{}: has one", route.path)),
            Some(0) => {}
            Some(_) if !says_what_was && WHAT_WAS.contains(&route.path) => {
                let words = said.iter().map(|entry| {
                    let Entry {
                        verb,
                        subject,
                        was,
                        became,
                        ..
                    } = entry;
                    format!("{verb} {subject} {was:?} {became:?}")
                });
                let words: Vec<String> = words.collect();
                wrong.push(format!("{}: what was: {}", route.path, words.join("; ")));
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
