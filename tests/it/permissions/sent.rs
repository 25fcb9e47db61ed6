//! What is asked of each row, and what is sent with it, so that who may gets past the form. Words in capitals stand for
//! things of the world.

use super::grounds;
use super::things;
use crate::world::World;
use touchline::definitions;

/// What unlocks the set-up page, and what is sent to it.
pub const SETUP_CODE: &str = "ABCDE-12345";
pub const SETUP: &[(&str, &str)] = &[
    ("code", SETUP_CODE),
    ("workspace", "Nordlicht"),
    ("time_zone", "Europe/Berlin"),
    ("opens", "08:30"),
    ("closes", "16:30"),
    ("name", "Ada Adler"),
    ("email", "ada@example.com"),
    ("password", "a few good words"),
];

/// A file to be imported.
pub const FILE: &[u8] = b"external_id,name,created_at\nL1,Acme,2026-03-02T09:00:00Z\n";

/// Forms that carry what their reader saw, as a page shows them to who may: the row, who that is, and the page. PATH is the address
/// that the form goes to, LEAD the lead's own page.
const SHOWN: &[(&str, &str, &str)] = &[
    ("/team/peers", "ada", "PATH"),
    ("/targets", "ada", "PATH"),
    ("/lead-score", "max", "PATH"),
    ("/leads/{uid}/events", "ada", "LEAD?do=lost"),
    ("/leads/{uid}/assign", "ada", "LEAD?do=assign"),
    ("/leads/{uid}/hand-over", "mark", "LEAD?do=hand-over"),
    ("/leads/{uid}/re-route", "ada", "LEAD?do=re-route"),
    ("/territories/rules/{id}", "ada", "PATH"),
    ("/territories/rules/{id}/retire", "ada", "RULE"),
    ("/definitions/draft", "max", "PATH"),
    ("/import/{uid}/columns", "ada", "UPLOAD"),
];

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
    ("/import/{uid}/rejected", "file=FILE"),
    ("/hand-overs/explain", "figure=n"),
    ("/hand-overs/{uid}/explain", "figure=first_attempt"),
];

/// Fields of forms; a row that is not here is sent an empty one.
const FORMS: &[(&str, &[(&str, &str)])] = &[
    (
        "/sign-in",
        &[("email", "MINE"), ("password", grounds::PASSWORD)],
    ),
    ("/sign-in/code", &[("code", "CODE")]),
    ("/me/second-factor/begin", &[("current", grounds::PASSWORD)]),
    ("/me/second-factor/confirm", &[("code", "CODE")]),
    ("/me/second-factor/codes", &[("code", "CODE")]),
    ("/me/second-factor/end", &[("code", "CODE")]),
    (
        "/me/password",
        &[
            ("current", grounds::PASSWORD),
            ("new", "another few good words"),
        ],
    ),
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
    ("/me/api-keys", &[("name", "UUID")]),
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
    (
        "/leads/{uid}/events",
        &[("kind", "accepted"), ("reason", "")],
    ),
    ("/leads/{uid}/assign", &[("owner", "me")]),
    (
        "/leads/{uid}/hand-over",
        &[("urgency", "hot"), ("owner", "")],
    ),
    ("/leads/{uid}/re-route", &[("territory", "TERRITORY")]),
    (
        "/leads/{uid}/answer",
        &[("event", "EVENT"), ("reply", "agreed")],
    ),
    (
        "/leads/{uid}/settle",
        &[("event", "EVENT"), ("reply", "upheld"), ("text", "So.")],
    ),
    ("/leads/{uid}/questions/take-back", &[("remark", "REMARK")]),
    ("/leads/bulk", &[("deed", "accept"), ("lead", "ANA_S_LEAD")]),
    (
        "/lead-score",
        &[
            ("line", "50"),
            ("fit_0_field", "segment"),
            ("fit_0_comparison", "is"),
            ("fit_0_value", "Works"),
            ("fit_0_points", "10"),
            ("why", "As agreed"),
            ("do", "save"),
        ],
    ),
    ("/definitions/draft/sign", &[("seen", "REVISION")]),
    ("/definitions/draft/drop", &[("seen", "REVISION")]),
    (
        "/people/{uid}/card",
        &[("day", "A_DAY"), ("state", "hit"), ("reason", "Off sick")],
    ),
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
pub fn query(world: &World, row: &str, path: &str, asker: &str) -> String {
    let found = QUERIES.iter().find(|(known, _)| *known == row);
    found.map_or(String::new(), |(_, query)| {
        format!("?{}", meant(world, query, path, asker))
    })
}

/// The fields of a row's form: those that a page shows, and those that are typed.
pub fn fields(world: &World, row: &str, path: &str, asker: &str) -> Vec<(String, String)> {
    let typed = FORMS.iter().find(|(known, _)| *known == row);
    let typed = typed.map_or(&[][..], |(_, fields)| *fields).iter();
    let typed: Vec<(String, String)> = typed
        .map(|(name, value)| ((*name).to_owned(), meant(world, value, path, asker)))
        .collect();
    let mut fields = shown(world, row, path);
    fields.retain(|(name, _)| typed.iter().all(|(known, _)| known != name));
    fields.extend(typed);
    fields
}

/// The fields as a page shows them to who may.
fn shown(world: &World, row: &str, path: &str) -> Vec<(String, String)> {
    let found = SHOWN.iter().find(|(known, ..)| *known == row);
    let Some((_, reader, page)) = found else {
        return Vec::new();
    };
    let above = path.rsplit_once('/').map_or(path, |(above, _)| above);
    let page = page.replace("PATH", path);
    let page = ["LEAD", "RULE", "UPLOAD"]
        .iter()
        .fold(page, |page, word| page.replace(word, above));
    world.as_(reader).get(&page).ok().fields(path)
}

/// The words with things of the world in them, made where it needs to be.
fn meant(world: &World, words: &str, path: &str, asker: &str) -> String {
    let person = |name: &str| world.person(name).uid;
    let lead = || path.split('/').nth(2).unwrap_or_default().to_owned();
    // A longer word before one that it begins with.
    let things: [(&str, &dyn Fn() -> String); 19] = [
        ("ANA_S_LEAD", &|| world.lead("Acme", "ana")),
        ("REMARK", &|| grounds::remark(world, &lead())),
        ("EVENT", &|| grounds::rejection(world, &lead())),
        ("REVISION", &|| revision(world)),
        ("FILE", &|| {
            let page = world.as_("ada").get(&format!("/import/{}", lead()));
            page.field("file").unwrap_or_default()
        }),
        ("CODE", &|| grounds::code(world)),
        ("MINE", &|| world.person(asker).email),
        ("A_DAY", &|| judged(asker).to_owned()),
        ("ANA", &|| person("ana")),
        ("BEN", &|| person("ben")),
        ("MAX", &|| person("max")),
        ("MARK", &|| person("mark")),
        ("ME", &|| person(asker)),
        ("NORTH", &|| world.team("North").to_string()),
        ("SOUTH", &|| world.team("South").to_string()),
        ("UUID", &|| uuid::Uuid::now_v7().to_string()),
        ("TERRITORY", &|| things::territory(world).to_string()),
        ("GOAL", &|| things::shared_goal(world).to_string()),
        ("SIGN", &|| sign(world)),
    ];
    let is_it = |(word, _): &&(&str, &dyn Fn() -> String)| words.contains(word);
    match things.iter().find(is_it) {
        Some((word, thing)) => words.replace(word, &thing()),
        None => words.to_owned(),
    }
}

/// A day that nobody else corrects.
fn judged(asker: &str) -> &'static str {
    match asker {
        "max" => "2026-02-10",
        "ada" => "2026-02-11",
        _ => "2026-02-12",
    }
}

/// The revision of the draft of the definitions.
fn revision(world: &World) -> String {
    let versions = world.read(definitions::store::all);
    let mut drafts = versions.iter().filter(|version| version.from.is_none());
    drafts
        .next()
        .map_or_else(String::new, |draft| draft.revision.to_string())
}

/// The query that explains what is odd in ana's log: so many touches at once.
pub fn sign(world: &World) -> String {
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
