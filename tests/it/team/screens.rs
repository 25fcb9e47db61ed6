//! The board on a wall: an address that shows what the team's display mode shows, and opens nothing else.

use super::display::north;
use super::*;
use crate::world::{Client, Page};
use touchline::people::screens;

/// Puts up a screen of North, and returns its path.
fn put_up(world: &World, by: &str, name: &str, more: &[(&str, &str)]) -> String {
    let team = world.team("North").to_string();
    let fields = [&[("team", team.as_str()), ("name", name)], more].concat();
    let made = world.as_(by).get("/team/screens");
    let made = made.ok().submit("/team/screens", &fields);
    let link = made.ok().field_text("f-link");
    let path = link.strip_prefix(&world.origin());
    path.expect("an address of this site").to_owned()
}

/// The standing screen of this name.
fn screen(world: &World, name: &str) -> screens::Screen {
    let standing = world.read(screens::store::standing);
    let found = standing.into_iter().find(|screen| screen.name == name);
    found.expect("a screen of this name")
}

fn take_down(world: &World, by: &str, name: &str) -> Page {
    let path = format!("/team/screens/{}/take-down", screen(world, name).id);
    world.as_(by).post(&path, &[])
}

/// What somebody may have of a screen: the page itself, and no way on.
#[track_caller]
fn is_a_wall(page: &Page) {
    page.ok();
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("set-cookie"), "");
    assert!(page.body.contains("http-equiv=\"refresh\" content=\"60\""));
    let leads_on = page.tags().into_iter();
    let leads_on = leads_on.filter(|tag| ["a", "form", "script"].contains(&tag.name.as_str()));
    assert_eq!(leads_on.count(), 0, "{}", page.body);
}

#[rstest]
fn a_screen_shows_the_board_of_a_team_and_nobody_signs_in_on_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, "all_named");
    world.log("sue", "Call", "No answer", None);
    let path = put_up(&world, "max", "Sales floor", &[]);
    let page = world.anonymous().get(&path);
    is_a_wall(&page);
    page.says("North Activities, Mon 2 Mar 2026 to Sun 8 Mar 2026")
        .says("4 Mar 2026, 10:00 (Europe/Berlin)")
        .says("Max Maier 1 5")
        .says("Ana Arndt 3 2")
        .says_nothing_of("Sue")
        .says_nothing_of("example.com");
    // Whoever is signed in sees the same there, and typing it in capitals does not matter.
    let token = path.trim_start_matches("/wall/").to_uppercase();
    let seen_by_max = world.as_("max").get(&format!("/wall/{token}"));
    assert_eq!(seen_by_max.ok().body, page.body);
    // It shows the days of now, and what it was put up for.
    let path = put_up(
        &world,
        "ada",
        "Lobby",
        &[("metric", "reached"), ("period", "last-month")],
    );
    world.at("2026-04-01T09:00:00Z");
    let page = world.anonymous().get(&path);
    page.ok().says("Reached, Sun 1 Mar 2026 to Tue 31 Mar 2026");
}

#[rstest]
#[case::off("off", &[], false)]
#[case::the_teams_bar("team_bar", &[], true)]
#[case::three_by_name("top_three", &["Max Maier", "Ben Beck", "Ana Arndt"], true)]
#[case::all_by_name("all_named", &["Max Maier", "Ben Beck", "Ana Arndt", "Ada Adler"], true)]
#[case::lines("own_place", &[], true)]
fn a_wall_shows_what_the_display_mode_shows_to_nobody_in_the_team(
    #[case] mode: &str,
    #[case] named: &[&str],
    #[case] has_bar: bool,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, mode);
    let path = put_up(&world, "max", "Sales floor", &[]);
    let page = world.anonymous().get(&path);
    is_a_wall(&page);
    for name in ["Max Maier", "Ben Beck", "Ana Arndt", "Ada Adler"] {
        assert_eq!(page.has(name), named.contains(&name), "{}", page.text());
    }
    page.says_nothing_of("A line to reach");
    assert_eq!(page.has("No target"), has_bar, "{}", page.text());
    assert_eq!(page.has("is not shown to others"), !has_bar);
}

#[rstest]
fn an_address_that_is_unknown_or_was_taken_down_is_not_there(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, "all_named");
    let path = put_up(&world, "max", "Sales floor", &[]);
    let wall = |path: &str| world.anonymous().get(path).status;
    assert_eq!(wall("/wall/0000"), 404);
    assert_eq!(wall(&path), 200);
    take_down(&world, "max", "Sales floor").redirects_to("/team/screens?done=down");
    assert_eq!(wall(&path), 404);
    let page = world.anonymous().get(&path);
    page.is(404).says("Nothing here").says_nothing_of("Max");
    // What is wrong there may be right in a minute, and nobody stands by to ask: as a fault of a moment would, it asks again.
    assert!(page.body.contains("http-equiv=\"refresh\" content=\"60\""));
    let elsewhere = world.anonymous().get("/nowhere");
    assert!(!elsewhere.is(404).body.contains("http-equiv"));
    // Its name is free again; a team that is retired takes its screens along, and does not bring them back.
    let path = put_up(&world, "max", "Sales floor", &[]);
    assert_eq!(wall(&path), 200);
    for name in ["ada", "max", "ana", "ben"] {
        let id = world.person(name).id;
        let after = day("2026-03-05");
        world.write(|tx| people::store::end_memberships(tx.conn, id, after));
    }
    world.at("2026-03-05T09:00:00Z");
    let north = world.team("North");
    for is_retired in [true, false] {
        world.write(|tx| people::set_team_retired(tx, north, is_retired));
        assert_eq!(wall(&path), 404);
    }
}

#[rstest]
fn only_the_hash_of_an_address_is_kept_and_it_is_shown_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let path = put_up(&world, "max", "Sales floor", &[]);
    let token = path.trim_start_matches("/wall/");
    assert!(token.len() >= 24, "{token}");
    let hash = touchline::secret::token_hash(token);
    let kept = world.read(|conn| screens::store::of_token(conn, &hash));
    assert_eq!(kept.expect("it is known by its hash").name, "Sales floor");
    let seen = |client: &Client, path: &str| client.get(path).ok().body.contains(token);
    let ada = world.as_("ada");
    for path in ["/team/screens", "/team/screens?format=csv", "/record"] {
        assert!(!seen(&ada, path), "{path}");
    }
    let other = put_up(&world, "max", "Lobby", &[]);
    assert_ne!(other, path);
}

#[rstest]
fn screens_are_listed_with_where_they_hang_who_made_them_and_when_they_were_last_opened(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let path = put_up(&world, "max", "Sales floor", &[("period", "month")]);
    let listed = |name: &str| world.as_(name).get("/team/screens").ok().text();
    let row = "Sales floor North Activities, this month 4 Mar 2026, 10:00 Max Maier";
    assert!(listed("max").contains(&format!("{row} \u{2013} Take down")));
    world.at("2026-03-04T10:30:00Z");
    world.anonymous().get(&path).ok();
    assert!(listed("max").contains(&format!("{row} 4 Mar 2026, 11:30 Take down")));
    // It asks every minute; when is written down now and then.
    world.at("2026-03-04T10:35:00Z");
    world.anonymous().get(&path).ok();
    assert!(listed("ada").contains("4 Mar 2026, 11:30 Take down"));
    world.at("2026-03-04T10:40:00Z");
    world.anonymous().get(&path).ok();
    assert!(listed("ada").contains("4 Mar 2026, 11:40 Take down"));
    assert!(!listed("mia").contains("Max Maier"));
    let rows = file(&world, "max", "/team/screens?format=csv");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["opened_at"], "2026-03-04T10:40:00Z");
    // Two of one name would not be told apart.
    let again = [
        ("team", world.team("North").to_string()),
        ("name", "Sales floor".to_owned()),
        ("metric", "activities".to_owned()),
        ("period", "week".to_owned()),
    ];
    let again = again
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let refused = world.as_("ada").post("/team/screens", &again);
    refused
        .is(422)
        .says("North has a screen called Sales floor already");
}

#[rstest]
fn who_leads_a_team_puts_its_screens_up_and_takes_them_down_and_the_record_says_so(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let path = put_up(&world, "max", "Sales floor", &[]);
    let fields = [
        ("team", world.team("North").to_string()),
        ("name", "Mine".to_owned()),
        ("metric", "activities".to_owned()),
        ("period", "week".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    for (name, status) in [("mia", 404), ("ana", 403), ("mark", 403)] {
        let page = world.as_(name).post("/team/screens", &fields);
        page.is(status);
        take_down(&world, name, "Sales floor").is(status);
    }
    world.anonymous().get(&path).ok();
    take_down(&world, "ada", "Sales floor").is(303);
    world
        .as_("ada")
        .get("/record")
        .ok()
        .says("Max Maier put up a screen of team North Sales floor: activities, week");
    world
        .as_("ada")
        .get("/record")
        .ok()
        .says("Ada Adler took down a screen of team North Sales floor: activities, week");
    let wrong = [
        fields[0],
        ("name", ""),
        ("metric", "kind:Nothing"),
        ("period", "year"),
    ];
    let page = world.as_("max").post("/team/screens", &wrong);
    page.is(422)
        .says("Enter where it hangs")
        .says("Enter a period of the list");
}

#[rstest]
fn a_screen_belongs_to_the_team_and_stays_when_who_made_it_leaves(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, "all_named");
    let path = put_up(&world, "max", "Sales floor", &[]);
    let max = world.person("max");
    let data = world.as_("max").get("/me/data?format=json");
    data.ok().says("Sales floor");
    let hash = touchline::secret::token_hash(path.trim_start_matches("/wall/"));
    assert!(!data.body.contains(&hash), "what opens a door is not told");
    world.write_as("ada", |tx| people::part(tx, max.id, day("2026-03-04")));
    world.at("2026-03-05T09:00:00Z");
    world.write_as("ada", |tx| {
        touchline::erasure::erase(tx, max.id).map(|_| ())
    });
    let page = world.anonymous().get(&path);
    page.ok().says("Ben Beck").says_nothing_of("Max Maier");
    let page = world.as_("ada").get("/team/screens");
    page.ok().says("Sales floor").says("Former colleague 1");
}
