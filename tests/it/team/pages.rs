//! The board as a page, as a file and as a report, and the entries behind a figure.

use super::*;
use crate::world::Page;

#[rstest]
fn who_changed_teams_counts_for_each_team_in_its_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (north, south) = (world.team("North"), world.team("South"));
    set(&world, Whose::Team(north), 4.0, Period::Day, "2026-03-02");
    set(&world, Whose::Team(south), 2.0, Period::Day, "2026-03-02");
    calls(&world, "ben", 2);
    let ben = world.person("ben").id;
    world.write(|tx| people::join(tx, ben, south, day("2026-03-05"), true));
    world.at("2026-03-05T09:00:00Z");
    calls(&world, "ben", 3);
    let rows = board(&world, &this_week(&world));
    let bens = row(&rows, "Ben");
    assert_eq!(
        (bens.value, bens.target),
        (Some(5.0), Some(3.0 * 4.0 + 2.0 * 2.0))
    );
    assert_eq!(bens.team.as_deref(), Some("South"));
    let teams = board(
        &world,
        &Filters {
            by: By::Team,
            ..this_week(&world)
        },
    );
    assert_eq!(row(&teams, "North").value, Some(2.0));
    assert_eq!(row(&teams, "South").value, Some(3.0));
    // Two people for five days and Ben for three; two for five and Ben for two.
    assert_eq!(row(&teams, "North").target, Some(4.0 * (5.0 + 5.0 + 3.0)));
    assert_eq!(row(&teams, "South").target, Some(2.0 * (5.0 + 5.0 + 2.0)));

    let link = |name: &str| {
        let links = world.as_(name).get("/team?period=week").links();
        let uid = world.person("ben").uid;
        links
            .into_iter()
            .find(|link| link.contains(&uid))
            .expect("a link to Ben's entries")
    };
    world
        .as_("max")
        .get(&link("max"))
        .ok()
        .says("Activities: 2")
        .says_nothing_of("Thu 5 Mar");
    world
        .as_("mia")
        .get(&link("mia"))
        .ok()
        .says("Activities: 3")
        .says_nothing_of("Wed 4 Mar");
    world
        .as_("ada")
        .get(&link("ada"))
        .ok()
        .says("Activities: 5");
    world
        .as_("ben")
        .get(&link("ben"))
        .ok()
        .says("Activities: 5");
}

#[rstest]
fn everybody_sees_their_own_teams_and_opens_what_is_theirs(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    calls(&world, "ana", 3);
    calls(&world, "ben", 2);
    calls(&world, "sue", 1);
    let uid = |name: &str| world.person(name).uid;
    let opens = |name: &str| {
        let links = world.as_(name).get("/team").links().into_iter();
        links
            .filter(|link| link.starts_with("/team/entries") || link.starts_with("/team/explain"))
            .count()
    };
    let anas = world.as_("ana").get("/team");
    anas.ok()
        .says("Ana Arndt (you) North 1 3")
        .says("Ben Beck North 2 2")
        .says_nothing_of("Sue Sommer");
    // Each row has four figures to open: one's own row, a manager's three, an admin's five; and each bar, the sum with the
    // leads and the share reached, one's own best with the same beside it, and how much was entered late.
    assert_eq!((opens("ana"), opens("max"), opens("ada")), (9, 19, 30));
    let entries = |name: &str, whose: &str| {
        let whose = uid(whose);
        let path = format!("/team/entries?person={whose}&metric=activities");
        world.as_(name).get(&path).status
    };
    assert_eq!((entries("ana", "ana"), entries("ana", "ben")), (200, 404));
    assert_eq!((entries("max", "ben"), entries("max", "sue")), (200, 404));
    assert_eq!((entries("ada", "sue"), entries("mark", "sue")), (200, 403));
    let (north, south) = (world.team("North"), world.team("South"));
    let team = |name: &str, id: &str| {
        let path = format!("/team/entries?team={id}&metric=activities");
        world.as_(name).get(&path).status
    };
    assert_eq!(
        (
            team("max", &north.to_string()),
            team("max", &south.to_string())
        ),
        (200, 404)
    );
    assert_eq!(
        (team("ana", &north.to_string()), team("ada", "none")),
        (404, 200)
    );
    assert_eq!(
        (team("max", "none"), team("ada", "x"), team("ada", "9999")),
        (404, 404, 404)
    );
    world.as_("mark").get("/team").is(403);
}

#[rstest]
fn the_entries_behind_a_figure_add_up_to_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for minute in 0..60 {
        world.at(&format!("2026-03-04T09:{minute:02}:00Z"));
        calls(&world, "ana", 1);
    }
    let acme = world.lead("Acme", "ana");
    world.log("ana", "Call", "Interested", Some(&acme));
    world.log("ana", "E-mail", "Replied, positive", Some(&acme));
    let ada = world.as_("ada");
    let page = ada.get("/team?period=today");
    let link = page
        .links()
        .into_iter()
        .find(|link| link.contains("/team/entries?person"));
    let first = ada.get(&link.expect("a link"));
    first
        .ok()
        .says("Activities: 62")
        .says("Interested")
        .says("Acme");
    let next = first
        .links()
        .into_iter()
        .find(|link| link.contains("after="));
    let second = ada.get(&next.expect("a second page"));
    let count = |page: &Page| page.body.matches("data-label=\"Count\"").count();
    assert_eq!((count(&first), count(&second)), (50, 12));
    assert!(second.links().iter().all(|link| !link.contains("after=")));
    let csv = first
        .links()
        .into_iter()
        .find(|link| link.contains("format=csv"));
    let csv = ada.get(&csv.expect("a CSV")).body.clone();
    assert_eq!(csv.lines().count(), 63);
    assert!(csv.contains(
        "Ana Arndt,ana@example.com,2026-03-04,2026-03-04T09:59:00Z,Call,Interested,Acme,1,false,"
    ));

    let uid = world.person("ana").uid;
    let leads = ada.get(&format!("/team/entries?person={uid}&metric=leads_reached"));
    leads
        .ok()
        .says("Leads reached: 1")
        .says("A lead counts once");
    assert_eq!(count(&leads), 2);
    // A name is part of the record; the lead itself is Ben's by now.
    let ben = world.person("ben").id;
    world.write_as("ada", |tx| {
        let lead = leads::visible(tx, &acme)?;
        leads::assign(tx, lead.id, ben)
    });
    let hers = world
        .as_("ana")
        .get(&format!("/team/entries?person={uid}&metric=reached"));
    hers.ok().says("Acme");
    assert!(hers.links().iter().all(|link| !link.contains(&acme)));
}

#[rstest]
fn page_csv_and_report_say_the_same(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set(
        &world,
        Whose::Person(world.person("ana").id),
        4.0,
        Period::Day,
        "2026-03-02",
    );
    calls(&world, "ana", 5);
    calls(&world, "sue", 20);
    off(&world, "ben", "2026-03-02", "2026-03-08", Part::Full);
    let made = report(&world, &this_week(&world));
    let json = serde_json::to_string(&made).expect("JSON");
    let head = concat!(
        r#"{"report":"leaderboard","metric":"activities","from":"2026-03-02","to":"2026-03-08","#,
        r#""by":"person","rank":"value","rows":[{"rank":1,"name":"Sue Sommer","#,
        r#""email":"sue@example.com","team":"South","value":20,"target":null,"percent":null,"#,
        r#""activities":20,"reached":0,"leads_reached":0,"share_reached":0.0,"share_reached_low":0.0,"#,
        r#""share_reached_high":0.161"#
    );
    assert!(json.starts_with(head), "{json}");
    let second = concat!(
        r#""late":0,"share_late":0.0},"#,
        r#"{"rank":2,"name":"Ana Arndt","email":"ana@example.com","team":"North","value":5,"#,
        r#""target":20,"percent":0.25,"activities":5,"reached":0,"leads_reached":0,"share_reached":0.0,"#
    );
    assert!(json.contains(second), "{json}");
    let behind =
        r#""together":{"rank":null,"name":"Together","email":null,"team":null,"value":25,"#;
    assert!(json.contains(behind), "{json}");
    let absent =
        r#"{"rank":null,"name":"Ben Beck","email":"ben@example.com","team":"North","value":null,"#;
    assert!(json.contains(absent), "{json}");

    let ada = world.as_("ada");
    let csv = ada.get("/team?period=week&format=csv").ok().body.clone();
    // The page has the period before, as its last column.
    let shared: Vec<&str> = csv
        .lines()
        .filter_map(|line| Some(line.rsplit_once(',')?.0))
        .collect();
    let report_csv = made.csv().expect("a CSV");
    assert_eq!(shared, report_csv.lines().collect::<Vec<_>>());
    ada.get("/team?period=week")
        .says("Sue Sommer South 1 20 – – 0 0 % (0 of 20, likely 0 to 16 %)")
        .says("Ana Arndt North 2 5 20 25.0 % 0 Warming up (0 of 5)")
        .says("Ben Beck North – (off) – – – – –");
    let all = Filters {
        from: None,
        to: None,
        by: By::Team,
        ..this_week(&world)
    };
    let json = serde_json::to_string(&report(&world, &all)).expect("JSON");
    assert!(
        json.contains(r#""from":null,"to":null,"by":"team""#),
        "{json}"
    );
    let south = r#"{"rank":1,"name":"South","email":null,"team":"South","value":20,"#;
    assert!(json.contains(south), "{json}");
}

#[rstest]
fn a_wrong_filter_says_what_is_allowed(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let max = world.as_("max");
    for (query, sentence) in [
        ("metric=karma", "score or kind:NAME"),
        ("metric=kind:Yodel", "use one of Call, E-mail"),
        (
            "from=2026-03-05&to=2026-03-04",
            "the first day must not be after the last",
        ),
        ("from=2026-02-30", "Enter a date such as"),
    ] {
        max.get(&format!("/team?{query}")).is(422).says(sentence);
    }
    max.get("/team?from=1900-01-01&to=2200-12-31").ok();
    max.get("/team?period=quarter&by=team&rank=percent&metric=kind:Call")
        .ok();
    max.get("/team/entries?metric=karma").is(404);
}

#[rstest]
fn work_done_in_no_team_has_a_row_of_its_own(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    calls(&world, "ada", 2);
    let filters = Filters {
        by: By::Team,
        ..this_week(&world)
    };
    let rows = board(&world, &filters);
    assert_eq!(rows[0].name, "");
    assert_eq!(rows[0].value, Some(2.0));
    let page = world.as_("ada").get("/team?by=team");
    page.says("(none) 1 2");
    let link = page
        .links()
        .into_iter()
        .find(|link| link.contains("team=none"));
    world
        .as_("ada")
        .get(&link.expect("a link"))
        .ok()
        .says("Activities: 2")
        .says("Ada Adler");
    let as_person = board(&world, &this_week(&world));
    assert_eq!(row(&as_person, "Ada").team, None);
}

#[rstest]
fn a_volume_never_stands_alone_in_the_report(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    calls(&world, "ana", 12);
    counts(&world, "ana", ("Call", "Interested"), 3);
    let report = report(&world, &this_week(&world));
    let json = serde_json::to_string(&report).expect("JSON");
    let beside = r#""activities":15,"reached":3,"leads_reached":0,"share_reached":0.2,"share_reached_low":0."#;
    assert!(json.contains(beside), "{json}");
    let csv = report.csv().expect("CSV");
    let header = csv.lines().next().unwrap_or_default();
    assert!(
        header.ends_with(
            ",percent,activities,reached,leads_reached,share_reached,share_reached_low,share_reached_high,late,share_late"
        ),
        "{header}"
    );
    let text = report.text().replace('\u{a0}', " ");
    assert!(text.contains("20.0 % (3 of 15, likely "), "{text}");
}
