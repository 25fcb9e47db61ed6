//! What a board says is so of everybody: of leads that several reached, of who is off later, of days before anybody logged.

use super::*;
use crate::reports::explained::value_of;
use crate::world::Page;
use touchline::people::NewPerson;
use touchline::rules::access::Role;

/// Opens the first way of a page to a figure, which says what stood there.
fn opened(world: &World, name: &str, page: &Page, figure: &str) -> Page {
    let links = page.ok().anchors().into_iter();
    let mut links = links.filter(|(href, _)| href.contains(figure));
    let (href, printed) = links
        .next()
        .unwrap_or_else(|| panic!("no way to {figure}: {}", page.text()));
    let opened = world.as_(name).get(&href);
    assert_eq!(value_of(opened.ok()), printed, "{href}");
    opened
}

#[rstest]
fn a_lead_that_two_reached_counts_once_for_the_teams_goal(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = ["Acme", "Globex", "Initech"].map(|name| world.lead(name, ""));
    for (name, at) in [("ana", 0), ("ana", 1), ("ben", 0), ("ben", 2)] {
        world.log(name, "Call", "Interested", Some(&leads[at]));
    }
    for name in ["ana", "ben"] {
        world.target("max", name, "leads_reached", 1);
    }
    // From today to Friday each of them is to reach three.
    let path = "/team?period=week&metric=leads_reached";
    let page = world.as_("max").get(path);
    page.ok()
        .says("North 3 of 6")
        .says("50 % of the targets of 2 of 3 people")
        .says_nothing_of("more that count for nobody");
    opened(&world, "max", &page, "figure=goal")
        .says("3, each lead once / 6; targets of 2 of 3 people")
        .says("Ana Arndt 2 3 2");
    world.as_("max").get("/habits").ok().says("3 of 6");
    let by_team = Filters {
        metric: Metric::LeadsReached,
        by: By::Team,
        ..this_week(&world)
    };
    let rows = board(&world, &by_team);
    let north = row(&rows, "North");
    assert_eq!((north.value, north.target), (Some(3.0), Some(6.0)));
    // The value is what elsewhere stands beside it: once is enough.
    page.says("Place Leads reached Target Of target Share reached");
    let text = report(&world, &by_team).text();
    assert_eq!(text.matches("Leads reached").count(), 1, "{text}");
}

#[rstest]
fn a_teams_bar_without_a_target_is_explained_by_the_plain_sum(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    calls(&world, "ana", 3);
    calls(&world, "ben", 2);
    for metric in ["activities", "score"] {
        let path = format!("/team?period=week&metric={metric}");
        let page = world.as_("max").get(&path);
        opened(&world, "max", &page, "figure=goal")
            .says("sum over people")
            .says("Counted: what was done (2 rows)")
            .says_nothing_of("without a target")
            .says_nothing_of("1.25");
    }
    let page = world.as_("max").get("/team?period=week");
    page.ok().says("North 5");
    opened(&world, "max", &page, "figure=goal").says("3 + 2 = 5");
}

#[rstest]
fn a_best_day_is_above_all_others_of_the_year(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2026-03-03T09:00:00Z");
    calls(&world, "ana", 4);
    world.at("2026-03-04T09:00:00Z");
    calls(&world, "ana", 4);
    let today = || world.as_("ana").get("/team?period=today");
    today()
        .ok()
        .says("This is as good as your best day of the last year: 4 (activities).")
        .says_nothing_of("This is your best");
    calls(&world, "ana", 1);
    today()
        .ok()
        .says("This is your best day of the last year: 5 (activities).");
}

#[rstest]
fn who_is_off_later_in_the_week_is_not_first_for_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(
        &world,
        Whose::Team(world.team("North")),
        20.0,
        Period::Day,
        "2026-03-02",
    );
    off(&world, "ana", "2026-03-04", "2026-03-06", Part::Full);
    world.at("2026-03-02T09:00:00Z");
    counts(&world, "ana", ("Call", "No answer"), 41);
    counts(&world, "ben", ("Call", "No answer"), 61);
    // Seven hours of Wednesday's eight are gone. Of Ana 40 were due, and of Ben 57.5 of a hundred.
    world.at("2026-03-04T15:00:00Z");
    let path = "/team?period=week&rank=percent";
    let rows = file(&world, "max", &format!("{path}&format=csv"));
    let figures = |rows: &[HashMap<String, String>], name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).expect("a row");
        ["rank", "percent", "due"].map(|column| row[column].clone())
    };
    assert_eq!(figures(&rows, "Ben Beck"), ["1", "0.61", "57.5"]);
    assert_eq!(figures(&rows, "Ana Arndt"), ["2", "1.025", "40"]);
    let page = world.as_("max").get(path);
    page.ok()
        .says("Of target Of what was due")
        .says("Ben Beck North 1 61 100 61.0 % 106.1 % (of 57.5)")
        .says("Ana Arndt North 2 41 40 102.5 % 102.5 % (of 40)")
        .says("places go by what was done of what was due by now");
    opened(&world, "max", &page, "figure=of_due").says("61 / 57.5 = 106.1 %");
    let by_percent = Filters {
        rank: Rank::Percent,
        ..this_week(&world)
    };
    let made = report(&world, &by_percent);
    assert_eq!(made.rows[0].name, "Ben Beck");
    assert!(made.text().contains("Due by now"), "{}", made.text());
    // Once the week is over all of it was due, and the shares are the same.
    world.at("2026-03-09T09:00:00Z");
    let over = "/team?period=last-week&rank=percent";
    let rows = file(&world, "max", &format!("{over}&format=csv"));
    assert_eq!(figures(&rows, "Ana Arndt"), ["1", "1.025", "40"]);
    assert_eq!(figures(&rows, "Ben Beck"), ["2", "0.61", "100"]);
    let page = world.as_("max").get(over);
    page.ok().says_nothing_of("Of what was due");
}

#[rstest]
fn days_before_anybody_logged_are_a_dash_and_no_zero(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = world.team("North");
    let new = NewPerson {
        email: "old@example.com".to_owned(),
        name: "Old Hand".to_owned(),
        role: Role::Rep,
        time_zone: None,
        password_hash: None,
    };
    // An imported membership reaches back to before any log.
    world.write(|tx| {
        let id = people::add(tx, new)?;
        people::join(tx, id, north, people::since_ever(), false)
    });
    calls(&world, "ana", 3);
    let figures = |path: &str, name: &str| {
        let rows = file(&world, "max", path);
        let row = rows.into_iter().find(|row| row["name"] == name);
        let row = row.expect("a row");
        [row["value"].clone(), row["before"].clone()]
    };
    let week = "/team?period=week&format=csv";
    assert_eq!(figures(week, "Ana Arndt"), ["3", ""]);
    assert_eq!(figures(week, "Old Hand"), ["0", ""]);
    let quarter = "/team?from=2025-10-01&to=2025-12-31&format=csv";
    assert_eq!(figures(quarter, "Old Hand"), ["", ""]);
    let page = world.as_("max").get("/team?period=week");
    page.ok()
        .says_nothing_of("(+3)")
        .says_nothing_of("as many")
        .says(&format!("Old Hand{}", " \u{2013}".repeat(8)));
    // A week of which the log tells is one with nothing in it.
    world.at("2026-03-11T09:00:00Z");
    assert_eq!(figures(week, "Old Hand"), ["0", "0"]);
}
