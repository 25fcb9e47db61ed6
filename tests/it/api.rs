//! Stories of the API: a program reads with a key what its person may see, and changes nothing.

use crate::pages::lived_in;
use crate::world::{Client, Database, Database::*, Page, World, touchline};
use rstest::rstest;
use serde_json::Value;
use touchline::people::{self, keys};
use touchline::rules::access::Role;
use touchline::secret::token_hash;
use touchline::{habit, keeping};

const BOARD: &str = "/api/reports/leaderboard";

/// A key of one of the cast's, made now.
pub fn key(world: &World, name: &str) -> String {
    let what_for = uuid::Uuid::new_v4().to_string();
    world.write_as(name, |tx| keys::make(tx, &what_for))
}

/// What a program is answered that shows a key.
pub fn with_key(world: &World, key: &str, path: &str) -> Page {
    send(&world.anonymous(), "GET", key, path)
}

fn send(client: &Client, method: &str, key: &str, path: &str) -> Page {
    let shown = format!("Bearer {key}");
    client.send(method, path, &[("Authorization", &shown)], b"")
}

fn json(page: &Page) -> Value {
    assert!(page.header("content-type").starts_with("application/json"));
    serde_json::from_str(&page.body).expect("JSON")
}

/// The sentence of an error.
#[track_caller]
fn error(page: &Page, status: u16) -> String {
    page.is(status);
    let error = json(page);
    error["error"].as_str().expect("a sentence").to_owned()
}

/// The people of a report, by address.
fn people_of(page: &Page) -> Vec<String> {
    let rows = json(page.ok())["rows"].as_array().cloned();
    let rows = rows.expect("rows").into_iter();
    rows.filter_map(|row| row["email"].as_str().map(str::to_owned))
        .collect()
}

/// The arguments that ask the command for what a query asks the API.
fn arguments(report: &str, query: &str) -> Vec<String> {
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').expect("a name and a value");
        let flag = format!("--{}", name.replace('_', "-"));
        match value {
            "true" => flag,
            value => format!("{flag}={value}"),
        }
    });
    let words = ["report", report, "--format=json"].map(str::to_owned);
    words.into_iter().chain(pairs).collect()
}

#[rstest]
#[case("follow-up-speed", &["by=campaign&clock=working&event=contact", "from=2026-02-18&to=2026-03-04&compare_before=true&limit=3600",
    "view=legs&by=owner", "view=persistence&without_late=true&definition=1"])]
#[case("leaderboard", &["metric=kind:Call&from=2026-02-01&to=2026-03-31", "by=team&metric=score", "rank=percent&from=2026-03-02&to=2026-03-08"])]
#[case("outcomes", &["by=source&definition=1", "view=quality", "view=reasons&by=week", "view=value", "view=scores", "view=content", "view=speed"])]
#[case("habits", &["from=2026-02-01&to=2026-03-04", "by=team"])]
fn the_api_prints_what_the_command_prints(
    #[case] report: &str,
    #[case] queries: &[&str],
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lived_in(database);
    world.at("2026-03-05T09:00:00Z");
    let key = key(&world, "ada");
    for query in queries {
        let query = format!("{query}&as_of=2026-03-04T12:00:00Z");
        let mut command = touchline(world.home());
        let printed = command.args(arguments(report, &query)).output();
        let printed = printed.expect("the program runs");
        assert!(printed.status.success(), "{query}: {printed:?}");
        let printed = String::from_utf8(printed.stdout).expect("UTF-8");
        let page = with_key(&world, &key, &format!("/api/reports/{report}?{query}"));
        assert_eq!(page.ok().body, printed, "{report} {query}");
        assert_eq!(json(&page)["report"], report);
        // A link does too, for who is signed in.
        let link = format!("/api/reports/{report}?{query}");
        assert_eq!(world.as_("ada").get(&link).ok().body, printed);
    }
}

#[rstest]
fn a_report_is_for_those_whose_page_it_is(#[values(Sqlite, Postgres)] database: Database) {
    let world = lived_in(database);
    let asked = |name: &str, report: &str| {
        let page = with_key(
            &world,
            &key(&world, name),
            &format!("/api/reports/{report}"),
        );
        json(&page);
        page.status
    };
    for (name, statuses) in [
        ("ana", [403, 200, 403, 200]),
        ("max", [200, 200, 200, 200]),
        ("mark", [200, 403, 200, 403]),
        ("ada", [200, 200, 200, 200]),
    ] {
        let reports = ["follow-up-speed", "leaderboard", "outcomes", "habits"];
        assert_eq!(
            reports.map(|report| asked(name, report)),
            statuses,
            "{name}"
        );
    }
    // A manager's are of the leads that they may see.
    let count = |name: &str| {
        let path = "/api/reports/outcomes";
        let page = with_key(&world, &key(&world, name), path);
        json(page.ok())["groups"][0]["n"].as_u64()
    };
    assert!(count("mia") < count("ada"), "{:?}", count("mia"));
}

#[rstest]
fn habits_are_ones_own_or_those_of_ones_teams(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.target("max", "ana", "activities", 2);
    for name in ["ana", "ana", "ben"] {
        world.log(name, "Call", "No answer", None);
    }
    let of = |name: &str, query: &str| {
        let path = format!("/api/reports/habits{query}");
        with_key(&world, &key(&world, name), &path)
    };
    let ana = of("ana", "");
    assert_eq!(people_of(&ana), ["ana@example.com"]);
    assert_eq!(json(&ana)["activities"], 2);
    assert!(json(&ana)["rows"][0]["streak"].is_u64());
    let north = ["ana@example.com", "ben@example.com", "max@example.com"];
    assert_eq!(people_of(&of("max", "")), north);
    assert_eq!(json(&of("max", ""))["activities"], 3);
    assert!(error(&of("ana", "?by=team"), 400).contains("leave it out"));
    // A streak that she hides is told to nobody, as on the page.
    let setting = habit::Setting {
        hides_streak: true,
        ..habit::Setting::default()
    };
    world.write_as("ana", |tx| habit::choose(tx, setting));
    for name in ["ana", "max", "ada"] {
        let page = json(of(name, "").ok());
        let mut rows = page["rows"].as_array().expect("rows").iter();
        let row = rows.find(|row| row["email"] == "ana@example.com");
        assert!(row.expect("Ana")["streak"].is_null(), "{page}");
    }
}

#[rstest]
fn only_a_key_that_somebody_here_holds_opens_anything(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let status = |key: &str| with_key(&world, key, BOARD).status;
    let id = |name: &str| world.person(name).id;
    error(&world.anonymous().get(BOARD), 401);
    for made_up in ["", "touchline_0000", &token_hash("touchline")] {
        let page = with_key(&world, made_up, BOARD);
        assert!(error(&page, 401).contains("/me/api-keys"), "{made_up:?}");
        assert_eq!(page.header("www-authenticate"), "Bearer");
    }
    // What is kept of a key is none.
    let good = key(&world, "ana");
    assert_eq!([status(&good), status(&token_hash(&good))], [200, 401]);
    // A wrong key is wrong, whoever is signed in beside it.
    error(
        &send(&world.as_("ada"), "GET", "touchline_0000", BOARD),
        401,
    );
    let ended = |name: &str, ends: &dyn Fn()| {
        let key = key(&world, name);
        assert_eq!(status(&key), 200, "{name}");
        ends();
        assert_eq!(status(&key), 401, "{name}");
    };
    ended("ana", &|| {
        world.write_as("ada", |tx| people::sign_out(tx, id("ana"), None));
    });
    ended("ana", &|| {
        world.write_as("ana", |tx| {
            people::set_password(tx, id("ana"), "hash", None)
        });
    });
    ended("max", &|| {
        let max = world.person("max");
        let became = (max.name.as_str(), Role::Rep, None);
        world.write_as("ada", |tx| people::change(tx, max.id, became, None));
    });
    ended("ben", &|| {
        let today = "2026-03-04".parse().expect("a day");
        world.write_as("ada", |tx| people::part(tx, id("ben"), today));
    });
    // Nor is it good again once they are back, or in a copy that is brought back.
    let sue = key(&world, "sue");
    let today = "2026-03-04".parse().expect("a day");
    world.write_as("ada", |tx| {
        people::part(tx, id("sue"), today)?;
        people::come_back(tx, id("sue"))
    });
    assert_eq!(status(&sue), 401);
    ended("mia", &|| {
        world.write(keeping::end_doors);
    });
}

#[rstest]
fn a_key_reads_and_changes_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let key = key(&world, "ana");
    let rows = |table: &str| world.read(|conn| touchline::db::tables::rows(conn, table));
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let shown = format!("Bearer {key}");
    let kind = b"kind=1&outcome=1&quantity=1";
    let post = |path: &str| {
        let headers = [form, ("Authorization", shown.as_str())];
        world.anonymous().send("POST", path, &headers, kind)
    };
    for path in ["/log", "/log/queued", "/me/api-keys", "/me/password"] {
        let page = post(path);
        assert_eq!(page.location.split('?').next(), Some("/sign-in"), "{path}");
    }
    assert!(error(&post(BOARD), 404).contains("GET /api/reports/"));
    assert_eq!([rows("activities"), rows("api_keys")], [0, 1]);
    // Elsewhere it is nobody's.
    for path in ["/today", "/team?format=csv", "/me/data?format=json"] {
        assert_eq!(with_key(&world, &key, path).status, 303, "{path}");
    }
    assert!(error(&with_key(&world, &key, "/api/leads"), 404).contains("leaderboard"));
}

#[rstest]
fn a_wrong_filter_is_told_what_is_right(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let key = key(&world, "ada");
    for (asked, sentence) in [
        (
            "leaderboard?by=desk",
            "by is one of person, team, and not \"desk\".",
        ),
        ("leaderboard?metric=calls", "use activities, reached"),
        ("leaderboard?metric=kind:Fax", "There is no kind \"Fax\""),
        (
            "leaderboard?from=yesterday",
            "from is not right: use a day such as",
        ),
        (
            "leaderboard?from=2026-03-05&to=2026-03-04",
            "must not be after",
        ),
        (
            "leaderboard?metrc=score",
            "use from, to, as_of, metric, by, rank, peers.",
        ),
        (
            "leaderboard?seen_by=ana@example.com",
            "no parameter \"seen_by\"",
        ),
        ("leaderboard?format=csv", "no parameter \"format\""),
        ("leaderboard?by=team&by=person", "by comes twice"),
        (
            "follow-up-speed?as_of=noon",
            "as_of is not right: use an instant",
        ),
        (
            "follow-up-speed?view=legs&clock=working",
            "view legs has no use for clock;",
        ),
        (
            "follow-up-speed?compare_before=yes",
            "compare_before is true or false",
        ),
        (
            "follow-up-speed?compare_before=true",
            "This needs from and to too.",
        ),
        (
            "follow-up-speed?limit=-1",
            "limit is not right: use a number of seconds",
        ),
        (
            "outcomes?from=2026-03-05&to=2026-03-04",
            "from must not be after to",
        ),
        (
            "outcomes?definition=9",
            "definition takes a version that is or was in force",
        ),
        ("outcomes?definition=first", "use the number of a version"),
        ("outcomes?view=speed&by=source", "view speed takes no by:"),
        ("habits?help=true", "There is no parameter \"help\""),
    ] {
        let page = with_key(&world, &key, &format!("/api/reports/{asked}"));
        let said = error(&page, 400);
        assert!(said.contains(sentence), "{asked}: {said}");
        assert!(!said.contains("--"), "{asked}: {said}");
    }
    // What is empty asks for nothing, as in a form.
    let path = format!("{BOARD}?from=&by=&peers=");
    with_key(&world, &key, &path).ok();
}

#[rstest]
fn a_key_is_shown_once_and_only_its_hash_is_kept(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let form = ana.get("/me/api-keys");
    let made = form
        .ok()
        .submit("/me/api-keys", &[("name", "Monday sheet")]);
    let key = made.ok().field_text("f-key");
    let example = format!("{}{BOARD}", world.origin());
    assert!(made.field_text("f-example").ends_with(&example));
    made.says(&format!("Authorization: Bearer {key}"));
    with_key(&world, &key, BOARD).ok();
    let found = world.read(|conn| keys::store::of_token(conn, &token_hash(&key)));
    assert_eq!(found.map(|(id, _)| id), Some(world.person("ana").id));
    let uid = world.person("ana").uid;
    let held = ana.get("/me/data?format=json");
    assert_eq!(json(&held)["keys"][0]["name"], "Monday sheet");
    let places = [
        held,
        ana.get("/me/api-keys"),
        ana.get("/me/api-keys?format=csv"),
        world.as_("ada").get("/record"),
        world.as_("ada").get(&format!("/people/{uid}")),
    ];
    for page in &places {
        page.ok().says("Monday sheet");
        assert!(!page.body.contains(&key), "{}", page.path);
        assert!(!page.body.contains(&token_hash(&key)), "{}", page.path);
    }
    // Two of one name cannot be told apart.
    form.submit("/me/api-keys", &[("name", "Monday sheet")])
        .is(422)
        .says("You have a key called Monday sheet already");
    form.submit("/me/api-keys", &[("name", "")]).is(422);
    // Nobody else ends it, and who made it does.
    let mine = world.read(|conn| keys::store::of_person(conn, world.person("ana").id));
    let end = format!("/me/api-keys/{}/end", mine[0].id);
    for name in ["ben", "ada"] {
        world.as_(name).post(&end, &[]).is(404);
    }
    ana.get("/me/api-keys").submit(&end, &[]).is(303);
    error(&with_key(&world, &key, BOARD), 401);
    ana.post(&end, &[]).is(404);
    let record = world.as_("ada").get("/record");
    record.ok().says("ended a key of").says("made a key of");
}

#[rstest]
fn the_day_of_its_last_use_is_written_once_a_day(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let key = key(&world, "ana");
    let used_on = || {
        let found = world.read(|conn| keys::store::of_token(conn, &token_hash(&key)));
        found.expect("the key").1.map(|day| day.to_string())
    };
    assert_eq!(used_on(), None);
    with_key(&world, &key, BOARD).ok();
    assert_eq!(used_on().as_deref(), Some("2026-03-04"));
    let ana = world.as_("ana");
    ana.get("/me/api-keys").ok().says("Wed 4 Mar 2026");
    // Whatever is read then commits nothing, so that nobody's page is made anew for it.
    let version = || world.app().db.version().expect("a version");
    let before = version();
    with_key(&world, &key, BOARD).ok();
    // What PostgreSQL counts is of all databases of its server: other stories are told beside.
    assert!(version() == before || database == Postgres);
    world.at("2026-03-04T23:30:00Z");
    with_key(&world, &key, BOARD).ok();
    assert_eq!(used_on().as_deref(), Some("2026-03-05"));
}

#[rstest]
fn wrong_keys_are_slowed_down_and_keep_nobody_out(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let good = key(&world, "ana");
    let wrong = || with_key(&world, "touchline_0000", BOARD);
    let refused = (0..60).find(|_| wrong().status == 429);
    assert!(refused.is_some(), "nobody says stop");
    assert!(error(&wrong(), 429).contains("Wait 1 min"));
    with_key(&world, &good, BOARD).ok();
    world.give_password("ana", "correct horse battery");
    let fields = [
        ("email", "ana@example.com"),
        ("password", "correct horse battery"),
    ];
    world.anonymous().post("/sign-in", &fields).is(303);
    world.at("2026-03-04T09:02:00Z");
    error(&wrong(), 401);
}

#[rstest]
fn a_second_factor_that_is_due_comes_before_the_api(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ana, max) = (key(&world, "ana"), key(&world, "max"));
    world.write_as("ada", |tx| people::require_second_factor(tx, &[Role::Rep]));
    let by_key = with_key(&world, &ana, BOARD);
    for page in [by_key, world.as_("ana").get(BOARD)] {
        assert!(error(&page, 403).contains("/me/second-factor"));
    }
    with_key(&world, &max, BOARD).ok();
}

#[rstest]
fn the_keys_of_who_is_erased_go(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (ben, key) = (world.person("ben").id, key(&world, "ben"));
    let today = "2026-03-04".parse().expect("a day");
    world.write_as("ada", |tx| {
        people::part(tx, ben, today)?;
        touchline::erasure::erase(tx, ben)
    });
    let rows: i64 = world.read(|conn| touchline::db::tables::rows(conn, "api_keys"));
    assert_eq!(rows, 0);
    error(&with_key(&world, &key, BOARD), 401);
}

#[test]
fn the_read_me_lists_every_parameter() {
    let read_me = std::fs::read_to_string("README.md").expect("the read-me");
    for report in ["follow-up-speed", "leaderboard", "outcomes", "habits"] {
        let line = read_me.lines().find(|line| {
            let begins = format!("| `{report}` |");
            line.starts_with(&begins)
        });
        let line = line.unwrap_or_else(|| panic!("no row of {report}"));
        for parameter in touchline::api::parameters(report) {
            let is_of_all = ["from", "to", "as_of"].contains(&parameter.as_str());
            let is_there = is_of_all || line.contains(&format!("`{parameter}`"));
            assert!(is_there, "{report}: {parameter}");
        }
    }
}
