//! What is asked of each row, and what is sent with it, so that who may gets past the form. Words in capitals stand for
//! things of the world.

use crate::world::World;
use touchline::{people, territories};

/// Figures that pages explain.
const QUERIES: &[(&str, &str)] = &[
    ("/today/explain", "metric=activities&period=day"),
    (
        "/team/entries",
        "person=ANA&metric=activities&from=2026-03-02&to=2026-03-08",
    ),
    (
        "/team/explain",
        "person=ANA&metric=activities&from=2026-03-02&to=2026-03-08&figure=reached",
    ),
    ("/habit/explain", "figure=strength&person=ANA"),
    ("/watch-list/explain", "SIGN"),
    ("/monday/{monday}/explain", "part=open&whose=ANA"),
    ("/targets/cell", "whose=person:ANA&metric=activities"),
    ("/shared-goals/explain", "goal=GOAL"),
    ("/techniques/explain", "figure=n"),
    ("/follow-up/explain", "figure=n"),
    ("/follow-up/legs/explain", "figure=n"),
    ("/follow-up/persistence/explain", "figure=n"),
    ("/outcomes/explain", "figure=n"),
    ("/service-levels/explain", "figure=n"),
    ("/hand-overs/explain", "figure=n"),
];

/// Fields of forms; a row that is not here is sent an empty one.
const FORMS: &[(&str, &[(&str, &str)])] = &[
    ("/welcome/{token}", &[("password", "correct horse battery")]),
    ("/log", &[("uid", "UUID"), ("kind", "1"), ("outcome", "1")]),
    (
        "/log/queued",
        &[
            ("uid", "UUID"),
            ("kind", "1"),
            ("outcome", "1"),
            ("at", "2026-03-04T08:30:00Z"),
            ("person", "ME"),
        ],
    ),
    (
        "/activities/{uid}",
        &[("kind", "1"), ("outcome", "1"), ("day", "2026-03-04")],
    ),
    (
        "/team/peers",
        &[("person", "ANA"), ("name", "UUID"), ("from", "2026-03-02")],
    ),
    (
        "/team/screens",
        &[
            ("team", "NORTH"),
            ("name", "UUID"),
            ("metric", "activities"),
            ("period", "week"),
        ],
    ),
    (
        "/monday/{monday}/commitments",
        &[("text", "Call"), ("owner", "ANA"), ("due_on", "2026-03-06")],
    ),
    ("/commitments/{id}", &[("verdict", "kept")]),
    (
        "/targets",
        &[
            ("whose", "person:ANA"),
            ("metric", "activities"),
            ("amount", "20"),
            ("period", "day"),
            ("valid_from", "2026-03-05"),
        ],
    ),
    (
        "/targets/matrix",
        &[
            ("row", "person:ANA"),
            ("column", "activities"),
            ("c0.0", "20"),
            ("period", "day"),
            ("valid_from", "2026-03-05"),
            ("reason", "New here"),
        ],
    ),
    (
        "/targets/copy",
        &[
            ("whose", "person:BEN"),
            ("from", "person:ANA"),
            ("copy_from", "2026-03-05"),
        ],
    ),
    (
        "/targets/ramp",
        &[
            ("whose", "person:ANA"),
            ("metric", "activities"),
            ("period", "day"),
            ("start", "5"),
            ("end", "20"),
            ("weeks", "4"),
            ("valid_from", "2026-03-09"),
            ("do", "save"),
        ],
    ),
    (
        "/shared-goals",
        &[
            ("name", "UUID"),
            ("measure", "meetings"),
            ("amount", "4"),
            ("from", "2026-03-02"),
            ("to", "2026-03-31"),
            ("sales_owner", "MAX"),
            ("marketing_owner", "MARK"),
        ],
    ),
    (
        "/planner/goals",
        &[
            ("metric", "wins"),
            ("amount", "5"),
            ("by_day", "2026-03-31"),
        ],
    ),
    (
        "/leads/new",
        &[("uid", "UUID"), ("name", "Newman"), ("urgency", "warm")],
    ),
    ("/leads/{uid}/erase", &[("name", "Acme")]),
    (
        "/leads/{uid}/edit",
        &[("name", "Acme GmbH"), ("was_name", "Acme")],
    ),
    (
        "/leads/{uid}/signals",
        &[("uid", "UUID"), ("kind", "6"), ("what", "A new head")],
    ),
    (
        "/lead-score/signals",
        &[("name", "UUID"), ("sort", "trigger")],
    ),
    ("/leads/{uid}/events", &[("kind", "accepted")]),
    ("/leads/{uid}/assign", &[("owner", "me")]),
    (
        "/leads/{uid}/questions",
        &[("id", "UUID"), ("text", "Why?")],
    ),
    ("/leads/{uid}/rating", &[("stars", "4")]),
    ("/territories", &[("name", "UUID")]),
    ("/territories/rules", &[("territory", "TERRITORY")]),
    ("/territories/rules/{id}", &[("territory", "TERRITORY")]),
    (
        "/people",
        &[
            ("name", "Lena Lang"),
            ("email", "UUID@example.com"),
            ("role", "rep"),
        ],
    ),
    (
        "/people/{uid}",
        &[
            ("name", "Nina Neumann"),
            ("email", "UUID@example.com"),
            ("role", "rep"),
        ],
    ),
    (
        "/people/{uid}/teams",
        &[("team", "SOUTH"), ("deed", "join"), ("from", "2026-03-09")],
    ),
    ("/people/{uid}/erase", &[("name", "Nina Neu")]),
    ("/people/{uid}/left", &[("last_day", "2026-03-04")]),
    ("/teams", &[("name", "UUID")]),
    ("/teams/{id}", &[("name", "UUID")]),
    (
        "/workspace",
        &[
            ("workspace", "Nordlicht"),
            ("time_zone", "Europe/Berlin"),
            ("numbers", "1.234,5"),
            ("days", "21.11.2026"),
        ],
    ),
    ("/reasons", &[("name", "UUID"), ("event", "lost")]),
    ("/reasons/{id}", &[("change", "down")]),
    ("/kinds", &[("name", "UUID"), ("icon", "log")]),
    ("/kinds/{id}", &[("change", "down")]),
    (
        "/kinds/{id}/outcomes",
        &[("outcome", "UUID"), ("class", "reached")],
    ),
    ("/kinds/{id}/outcomes/{outcome}", &[("change", "down")]),
    ("/lists/{list}", &[("name", "UUID")]),
    ("/lists/{list}/{id}", &[("change", "first")]),
    (
        "/calendar/hours",
        &[
            ("hours_1", "09:00-17:00"),
            ("hours_2", "09:00-17:00"),
            ("hours_3", "09:00-17:00"),
            ("hours_4", "09:00-17:00"),
            ("hours_5", "09:00-17:00"),
        ],
    ),
    (
        "/calendar/holidays",
        &[
            ("holiday_day", "2026-12-24"),
            ("holiday_name", "The eve"),
            ("holiday_for", "person-ANA"),
        ],
    ),
    ("/time-off", &[("from", "2026-06-01"), ("part", "full")]),
];

/// The query of a row; empty without one.
pub fn query(world: &World, path: &str, asker: &str) -> String {
    let found = QUERIES.iter().find(|(row, _)| *row == path);
    found.map_or(String::new(), |(_, query)| {
        format!("?{}", meant(world, query, asker))
    })
}

/// The fields of a row's form.
pub fn fields(world: &World, path: &str, asker: &str) -> Vec<(&'static str, String)> {
    let found = FORMS.iter().find(|(row, _)| *row == path);
    let fields = found.map_or(&[][..], |(_, fields)| *fields).iter();
    fields
        .map(|(name, value)| (*name, meant(world, value, asker)))
        .collect()
}

/// The words with things of the world in them, made where it needs to be.
fn meant(world: &World, words: &str, asker: &str) -> String {
    let person = |name: &str| world.person(name).uid;
    let things: [(&str, &dyn Fn() -> String); 11] = [
        ("ANA", &|| person("ana")),
        ("BEN", &|| person("ben")),
        ("MAX", &|| person("max")),
        ("MARK", &|| person("mark")),
        ("ME", &|| person(asker)),
        ("NORTH", &|| world.team("North").to_string()),
        ("SOUTH", &|| world.team("South").to_string()),
        ("UUID", &|| uuid::Uuid::now_v7().to_string()),
        ("TERRITORY", &|| territory(world).to_string()),
        ("GOAL", &|| super::things::shared_goal(world).to_string()),
        ("SIGN", &|| sign(world)),
    ];
    let is_it = |(word, _): &&(&str, &dyn Fn() -> String)| words.contains(word);
    match things.iter().find(is_it) {
        Some((word, thing)) => words.replace(word, &thing()),
        None => words.to_owned(),
    }
}

fn territory(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| territories::add_territory(tx, &name))
}

/// The query that explains what is odd in ana's log: so many touches at once.
fn sign(world: &World) -> String {
    let explain = || {
        let links = world.as_("ana").get("/card").links();
        let query = links
            .iter()
            .find_map(|link| link.strip_prefix("/watch-list/explain?"));
        query.map(str::to_owned)
    };
    explain().unwrap_or_else(|| {
        for _ in 0..21 {
            let lead = world.lead("Acme", "ana");
            world.log("ana", "Call", "No answer", Some(&lead));
        }
        explain().expect("a burst is odd")
    })
}

/// Somebody who left, and may be erased.
pub fn leaver(world: &World, uid: &str) {
    let day = "2026-03-03".parse().expect("a day");
    world.write_as("ada", |tx| {
        let person = people::store::by_uid(tx.conn, uid)?.expect("the newcomer");
        people::part(tx, person.id, day)
    });
}
