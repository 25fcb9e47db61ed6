//! One rule says what of the others a member sees; every way round it is tried.

use super::*;
use crate::api::{key, with_key};
use crate::world::{Client, Page};
use serde_json::Value;
use touchline::rules::display::DisplayMode;

/// In North Max logged 5 calls, Ben 4 and Ana 3; Ben has a lead, a card and a peer group.
fn north(database: Database, mode: DisplayMode) -> World {
    let world = World::new(database);
    let north = world.team("North");
    for (name, quantity) in [("max", 5), ("ben", 4), ("ana", 3)] {
        calls(&world, name, quantity);
    }
    let acme = world.lead("Acme", "ben");
    world.log("ben", "Call", "Interested", Some(&acme));
    world.target("max", "ben", "activities", 20);
    world.as_("max").post("/monday", &[]).is(303);
    world.write_as("ada", |tx| people::choose_display_mode(tx, north, mode));
    world
}

/// Where a member could try to read what Ben did.
fn ways(world: &World) -> Vec<String> {
    let [ben, ana] = ["ben", "ana"].map(|name| world.person(name).uid);
    let (north, south) = (world.team("North"), world.team("South"));
    let mut ways = vec![
        format!("/team/entries?person={ben}&metric=activities"),
        format!("/team/entries?person={ben}&metric=score&format=csv"),
        format!("/team/entries?team={north}&metric=activities"),
        format!("/team/entries?team={north}&metric=activities&format=csv"),
        format!("/team/entries?team={south}&metric=activities"),
        "/team/entries?team=none&metric=activities".to_owned(),
        format!("/team/explain?person={ben}&metric=activities&figure=percent"),
        format!("/team/explain?person={ben}&metric=activities&figure=reached&format=csv"),
        format!("/team/explain?person={ben}&metric=activities&figure=meetings_per_prospect"),
        format!("/team/explain?person={ben}&metric=activities&figure=shrunk_share_reached"),
        format!("/team/explain?person={ana}&metric=activities&figure=shrunk_share_reached"),
        format!(
            "/team/explain?person={ana}&metric=activities&figure=shrunk_share_reached&format=csv"
        ),
        format!("/team/explain?team={north}&metric=activities&figure=percent"),
        format!("/team/explain?team={south}&metric=activities&figure=reached&format=csv"),
        format!("/people/{ben}/card"),
        format!("/people/{ben}/card?format=csv"),
        format!("/people/{ben}"),
        format!("/people/{ben}/leads"),
        "/habits".to_owned(),
        "/habits?format=csv".to_owned(),
        "/team/peers".to_owned(),
        "/team/peers?format=csv".to_owned(),
        "/watch-list".to_owned(),
        "/watch-list?format=csv".to_owned(),
        "/monday".to_owned(),
        "/monday/2026-03-02?format=csv&table=reps".to_owned(),
        "/monday/2026-03-02?format=csv&table=owners".to_owned(),
        "/monday/2026-03-02?format=csv&table=commitments".to_owned(),
        "/search?q=Ben".to_owned(),
        "/search?q=example.com".to_owned(),
    ];
    for path in ["/team", "/team/rates"] {
        for query in [
            String::new(),
            "format=csv".to_owned(),
            format!("team={north}"),
            format!("team={south}&format=csv"),
            format!("person={ben}&format=csv"),
            "metric=kind%3ACall&rank=percent&format=csv".to_owned(),
            "metric=score&rank=improved".to_owned(),
            "period=quarter&rate=meetings_per_prospect&format=csv".to_owned(),
            "from=2026-03-01&to=2026-03-31&scope=everybody&me_id=2&leads=true".to_owned(),
            "by=team&format=csv".to_owned(),
        ] {
            ways.push(format!("{path}?{query}"));
        }
    }
    ways.extend(programs_ways());
    ways
}

/// Where a program of theirs could.
fn programs_ways() -> Vec<String> {
    let ways = [
        "leaderboard",
        "leaderboard?by=team",
        "leaderboard?metric=kind:Call&rank=percent",
        "leaderboard?metric=score&rank=improved&from=2026-03-01&to=2026-03-31",
        "leaderboard?seen_by=max@example.com",
        "leaderboard?as_of=2030-01-01T00:00:00Z&peers=Ben",
        "habits",
        "habits?by=team",
        "habits?from=2026-03-01&to=2026-03-31",
        "follow-up-speed?by=owner",
        "follow-up-speed?view=legs&by=owner",
        "outcomes?by=owner",
        "outcomes?view=reasons&by=owner",
    ];
    ways.map(|way| format!("/api/reports/{way}")).to_vec()
}

fn tells_of_ben(page: &Page, world: &World) -> bool {
    let uid = world.person("ben").uid;
    let asked_for = page.path.contains(&uid);
    // The address that was asked for may stand in the page again.
    page.status < 400
        && (page.body.contains("Ben Beck")
            || page.body.contains("ben@example.com")
            || (page.body.contains(&uid) && !asked_for))
}

fn leaks(browser: &Client, world: &World) -> Vec<String> {
    let ways = ways(world).into_iter();
    ways.filter(|way| tells_of_ben(&browser.get(way), world))
        .collect()
}

#[rstest]
#[case::off(DisplayMode::Off)]
#[case::the_teams_bar(DisplayMode::TeamBar)]
#[case::lines(DisplayMode::OwnPlace)]
fn no_way_leads_round_the_display_mode(
    #[case] mode: DisplayMode,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, mode);
    for name in ["ana", "sue"] {
        let found = leaks(&world.as_(name), &world);
        assert!(found.is_empty(), "{mode} for {name}: {found:?}");
        let key = key(&world, name);
        for way in ways(&world) {
            let page = with_key(&world, &key, &way);
            assert!(!tells_of_ben(&page, &world), "{mode} for {name}: {way}");
        }
    }
    // The same question has an answer for who leads the team.
    assert!(leaks(&world.as_("max"), &world).len() > 4);
}

/// Place, name, address and value of each row, as texts.
fn rows_of(report: &Value) -> Vec<[String; 4]> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        number => number.to_string(),
    };
    let rows = report["rows"].as_array().expect("rows").iter();
    rows.map(|row| ["rank", "name", "email", "value"].map(|column| text(&row[column])))
        .collect()
}

#[rstest]
fn the_api_shows_what_the_board_shows_in_any_mode(#[values(Sqlite, Postgres)] database: Database) {
    let world = north(database, DisplayMode::Off);
    let north = world.team("North");
    let days = "from=2026-03-02&to=2026-03-08";
    for mode in DisplayMode::ALL {
        world.write_as("ada", |tx| people::choose_display_mode(tx, north, *mode));
        for name in ["ana", "ben", "sue", "max", "ada"] {
            let file = file(&world, name, &format!("/team?{days}&format=csv"));
            let columns = ["rank", "name", "email", "value"];
            let shown = file.iter().filter(|row| row["name"] != "Together");
            let shown: Vec<[String; 4]> = shown
                .map(|row| columns.map(|column| row[column].clone()))
                .collect();
            let path = format!("/api/reports/leaderboard?{days}");
            let by_key = with_key(&world, &key(&world, name), &path);
            let by_cookie = world.as_(name).get(&path);
            for page in [by_key, by_cookie] {
                let report: Value = serde_json::from_str(&page.ok().body).expect("JSON");
                assert_eq!(rows_of(&report), shown, "{mode} for {name}");
            }
        }
    }
}

#[rstest]
fn the_command_shows_what_somebody_would_see(#[values(Sqlite, Postgres)] database: Database) {
    let world = north(database, DisplayMode::TeamBar);
    let names = |email: &str| {
        let scope = world.read(|conn| {
            let kept = world.app().shelf.now(conn)?;
            Scope::of_address(conn, kept, email, world.now())
        });
        let made = report(
            &world,
            &Filters {
                scope,
                ..this_week(&world)
            },
        );
        let names = made.rows.into_iter().map(|row| row.name);
        names.collect::<Vec<_>>()
    };
    assert_eq!(names("ana@example.com"), ["Ana Arndt"]);
    assert_eq!(names("max@example.com").len(), 3);
    assert_eq!(names("ada@example.com").len(), 5);
    for nobody in ["mark@example.com", "nobody@example.com"] {
        let asked = world.app().db.read(|conn| {
            let kept = world.app().shelf.now(conn)?;
            Scope::of_address(conn, kept, nobody, world.now())
        });
        assert!(asked.is_err(), "{nobody}");
    }
}

#[rstest]
fn a_rate_is_compared_as_far_as_the_display_mode_goes(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, DisplayMode::Off);
    counts(&world, "ana", ("Call", "Interested"), 9);
    let rates = |world: &World| world.as_("ana").get("/team/rates?period=week");
    // Neither what the others have together, nor the limits round it.
    rates(&world)
        .ok()
        .says("9 of 12")
        .says("Your team shows no comparison here")
        .says_nothing_of("Together")
        .says_nothing_of("chance does");
    let north = world.team("North");
    let choose = |mode| world.write_as("ada", |tx| people::choose_display_mode(tx, north, mode));
    choose(DisplayMode::AllNamed);
    rates(&world).ok().says("Ben Beck").says("Together");
    choose(DisplayMode::OwnPlace);
    rates(&world)
        .ok()
        .says("Tier 1")
        .says_nothing_of("Ben Beck");
}

#[rstest]
fn who_leaves_for_a_team_that_names_everybody_takes_no_name_along(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, DisplayMode::Off);
    let (ben, south) = (world.person("ben").id, world.team("South"));
    world.at("2026-03-05T09:00:00Z");
    world.write_as("ada", |tx| {
        people::choose_display_mode(tx, south, DisplayMode::AllNamed)?;
        people::join(tx, ben, south, day("2026-03-05"), true)
    });
    calls(&world, "ben", 2);
    let found = leaks(&world.as_("ana"), &world);
    assert!(found.is_empty(), "{found:?}");
    // His new team names him, with what he did in it.
    let rows = file(&world, "sue", "/team?period=week&format=csv");
    let row = rows.iter().find(|row| row["name"] == "Ben Beck");
    assert_eq!(row.expect("Ben")["value"], "2");
    // His week in the pack holds what he did in North too: nobody's colleagues see it.
    world.at("2026-03-09T09:00:00Z");
    world.as_("ada").post("/monday", &[]).is(303);
    for name in ["ana", "sue"] {
        let path = "/monday/2026-03-09?format=csv&table=reps";
        world.as_(name).get(path).ok().says_nothing_of("Ben Beck");
    }
}

#[rstest]
fn a_group_of_two_says_nothing_of_the_other_one(#[values(Sqlite, Postgres)] database: Database) {
    let world = north(database, DisplayMode::TeamBar);
    counts(&world, "ana", ("Call", "Interested"), 9);
    counts(&world, "max", ("Call", "No answer"), 20);
    for name in ["ana", "ben"] {
        let uid = world.person(name).uid;
        let fields = [
            ("person", uid.as_str()),
            ("name", "Pair"),
            ("from", "2026-03-01"),
        ];
        let page = world.as_("max").get("/team/peers");
        page.ok().submit("/team/peers", &fields).is(303);
    }
    let limits = |query: &str| {
        let path = format!("/team/rates?period=week&format=csv{query}");
        let row = file(&world, "ana", &path).swap_remove(0);
        ["limit_95_low", "limit_95_high", "limit_998_high"].map(|column| row[column].clone())
    };
    assert_ne!(limits("")[1], "");
    assert_eq!(limits("&peers=Pair"), limits(""));
    // Ten of 42 in the team; Ana and Ben together would be ten of 17.
    let page = world.as_("ana").get("/team/rates?period=week&peers=Pair");
    page.ok()
        .says("Together: 23.8 % (10 of 42")
        .says_nothing_of("of 17");
}
