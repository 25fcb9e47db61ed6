//! Peer groups: with whom somebody is compared.

use super::*;

fn place(world: &World, by: &str, whom: &str, name: &str, from: &str) -> crate::world::Page {
    let uid = world.person(whom).uid;
    let page = world.as_(by).get("/team/peers");
    let fields = [("person", uid.as_str()), ("name", name), ("from", from)];
    page.ok().submit("/team/peers", &fields)
}

fn names(rows: &[HashMap<String, String>]) -> Vec<(&str, &str)> {
    rows.iter()
        .map(|row| (row["rank"].as_str(), row["name"].as_str()))
        .collect()
}

#[rstest]
fn a_board_is_limited_to_a_group_as_it_was_on_the_last_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, quantity) in [("max", 9), ("ana", 3), ("ben", 2)] {
        calls(&world, name, quantity);
    }
    place(&world, "max", "ana", "Newcomers", "2026-03-01").is(303);
    place(&world, "max", "ben", "Newcomers", "2026-03-01").is(303);
    // The row of all together is no person's.
    let board = |query: &str| {
        let mut rows = file(&world, "max", &format!("/team?{query}&format=csv"));
        rows.retain(|row| row["name"] != "Together");
        rows
    };
    let newcomers = board("period=week&peers=Newcomers");
    assert_eq!(names(&newcomers), [("1", "Ana Arndt"), ("2", "Ben Beck")]);
    // From the next week on Ben is one no more; this week's board keeps what held.
    place(&world, "max", "ben", "", "2026-03-09").is(303);
    assert_eq!(names(&board("period=week&peers=Newcomers")).len(), 2);
    world.at("2026-03-10T09:00:00Z");
    let later = board("period=week&peers=Newcomers");
    assert_eq!(names(&later), [("1", "Ana Arndt")]);
    let rates = file(
        &world,
        "max",
        "/team/rates?period=last-week&peers=Newcomers&format=csv",
    );
    assert_eq!(rates.len(), 2);
    let report = report(
        &world,
        &Filters {
            peers: Some("Newcomers".to_owned()),
            ..this_week(&world)
        },
    );
    assert_eq!(report.rows.len(), 2);
    world
        .as_("max")
        .get("/team/peers")
        .ok()
        .says("Ana Arndt North Newcomers Sun 1 Mar 2026");
    assert_eq!(file(&world, "max", "/team/peers?format=csv").len(), 3);
}

#[rstest]
fn members_compare_themselves_with_their_own_group_only(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    place(&world, "max", "ana", "Newcomers", "2026-03-01").is(303);
    place(&world, "max", "ben", "Old hands", "2026-03-01").is(303);
    let ana = world.as_("ana");
    ana.get("/team?peers=Newcomers")
        .ok()
        .says("Newcomers")
        .says_nothing_of("Old hands");
    for path in ["/team?peers=Old+hands", "/team/rates?peers=Old+hands"] {
        ana.get(path).is(422).says("your own peer group only");
        ana.get(&format!("{path}&format=csv")).is(422);
    }
    world
        .as_("max")
        .get("/team?peers=Old+hands")
        .ok()
        .says("Ben Beck");
}

#[rstest]
fn only_who_leads_somebody_places_them_and_the_second_of_two_is_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.person("ana").uid;
    let fields = [
        ("person", uid.as_str()),
        ("name", "Newcomers"),
        ("from", "2026-03-01"),
        ("seen", "0"),
    ];
    world.as_("mia").post("/team/peers", &fields).is(404);
    world.as_("ben").post("/team/peers", &fields).is(403);
    world.as_("mark").get("/team/peers").is(403);
    let (first, second) = (world.as_("max"), world.as_("ada"));
    let (first, second) = (first.get("/team/peers"), second.get("/team/peers"));
    let with = |name| {
        [
            ("person", uid.as_str()),
            ("name", name),
            ("from", "2026-03-02"),
        ]
    };
    first.ok().submit("/team/peers", &with("Newcomers")).is(303);
    let late = second.ok().submit("/team/peers", &with("Field"));
    late.is(409)
        .says("Somebody was faster: Ana Arndt is in Newcomers");
    // What they typed is still there, and saved when they say so again.
    late.submit("/team/peers", &[]).is(303);
    world
        .as_("ada")
        .get("/team/peers")
        .ok()
        .says("Ana Arndt North Field");
    world
        .as_("max")
        .post("/team/peers", &[("person", "nobody")])
        .is(422);
}

#[rstest]
fn what_explains_a_figure_of_a_group_names_it_and_who_is_left_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, reached) in [("max", 4), ("ana", 9), ("ben", 2)] {
        calls(&world, name, 12);
        counts(&world, name, ("Call", "Interested"), reached);
    }
    place(&world, "max", "ana", "Newcomers", "2026-03-01").is(303);
    place(&world, "max", "ben", "Newcomers", "2026-03-01").is(303);
    let max = world.as_("max");
    let board = max.get("/team?period=week&peers=Newcomers");
    let links = board.ok().links();
    for figure in ["figure=together&", "figure=late"] {
        let link = links.iter().find(|link| link.contains(figure));
        let page = max.get(link.expect("a way to the figure"));
        page.ok()
            .says("compared with: Newcomers")
            .says("Left out: in another group (1 row)")
            .says("Max Maier");
    }
    let rates = max.get("/team/rates?period=week&peers=Newcomers");
    let ana = world.person("ana").uid;
    for figure in ["figure=together_share_reached", "figure=shrunk_share"] {
        let links = rates.ok().links().into_iter();
        let mut links = links.filter(|link| link.contains(figure));
        let link = links.find(|link| figure.contains("together") || link.contains(&ana));
        let page = max.get(&link.expect("a way to the figure"));
        page.ok()
            .says("compared with: Newcomers")
            .says("Left out: in another group (1 row)")
            .says_nothing_of("not shown to you");
    }
    // Without a group nobody is left out.
    let board = max.get("/team?period=week").ok().links();
    let link = board.iter().find(|link| link.contains("figure=together&"));
    let page = max.get(link.expect("a way to the figure"));
    page.ok()
        .says_nothing_of("compared with")
        .says_nothing_of("in another group");
}
