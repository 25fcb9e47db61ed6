//! What a team has together, what it is compared with, and one's own best.

use super::*;
use crate::reports::explained::value_of;
use crate::world::Page;

#[rstest]
fn one_hero_cannot_carry_the_team(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set(
        &world,
        Whose::Person(world.person("ana").id),
        2.0,
        Period::Day,
        "2026-03-02",
    );
    set(
        &world,
        Whose::Person(world.person("ben").id),
        2.0,
        Period::Day,
        "2026-03-02",
    );
    calls(&world, "ana", 40);
    calls(&world, "ben", 5);
    // Of Ana at most 1.25 times ten.
    let page = world.as_("max").get("/team?period=week");
    page.ok()
        .says("North 18 of 20")
        .says("88 % of the targets of 2 of 3 people; 27 more")
        .says("Together 45");
    world.as_("sue").get("/team").ok().says_nothing_of("North");
}

#[rstest]
fn who_changes_teams_counts_for_each_goal_and_once_together(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (north, south) = (world.team("North"), world.team("South"));
    set(&world, Whose::Team(north), 4.0, Period::Day, "2026-03-02");
    set(&world, Whose::Team(south), 2.0, Period::Day, "2026-03-02");
    let acme = world.lead("Acme", "ben");
    world.log("ben", "Call", "Interested", Some(&acme));
    let ben = world.person("ben").id;
    world.write(|tx| people::join(tx, ben, south, day("2026-03-05"), false));
    world.at("2026-03-05T09:00:00Z");
    world.log("ben", "Visit", "Spoke with other", Some(&acme));
    let page = world.as_("ada").get("/team?period=week");
    // Two members for five days and Ben for three; two for five and Ben for two.
    page.ok()
        .says("North 1 of 52")
        .says("South 1 of 24")
        .says("Together 2");
    let leads = world
        .as_("ada")
        .get("/team?period=week&metric=leads_reached");
    leads.ok().says("Together 1");
}

#[rstest]
fn a_period_is_compared_with_the_one_before_up_to_the_same_moment(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-02-25T08:00:00Z");
    calls(&world, "ana", 3);
    world.at("2026-02-25T10:00:00Z");
    calls(&world, "ana", 30);
    world.at("2026-03-04T08:30:00Z");
    calls(&world, "ana", 5);
    world.at("2026-03-04T09:00:00Z");
    let before = |path: &str| {
        let rows = file(&world, "max", path);
        let row = rows.into_iter().find(|row| row["name"] == "Ana Arndt");
        row.expect("Ana")["before"].clone()
    };
    assert_eq!(before("/team?period=week&format=csv"), "3");
    assert_eq!(before("/team?period=today&format=csv"), "3");
    assert_eq!(
        before("/team?from=2026-03-03&to=2026-03-03&format=csv"),
        "0"
    );
    assert_eq!(before("/team?from=2026-03-02&format=csv"), "");
    world
        .as_("max")
        .get("/team?period=week")
        .ok()
        .says("3 (+2)");
    // The week is over: now all of the one before counts.
    world.at("2026-03-09T09:00:00Z");
    assert_eq!(before("/team?period=last-week&format=csv"), "33");
}

#[rstest]
fn ones_own_best_is_told_to_oneself(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2026-01-13T10:00:00Z");
    calls(&world, "ana", 12);
    world.at("2026-03-04T10:00:00Z");
    calls(&world, "ana", 4);
    let anas = world.as_("ana").get("/team");
    anas.ok()
        .says("Your best week of the last year: 12 (activities), the week of Mon 12 Jan 2026.")
        .says("Leads reached 0, share reached 0 % (0 of 12, likely 0 to 24 %).");
    let best = |page: &Page, value: &str| {
        let mut links = page.anchors().into_iter();
        let week = links.find(|(href, said)| said == value && href.contains("from=2026-01-12"));
        week.map(|(href, _)| href)
    };
    let href = best(&anas, "12").expect("the best leads to its entries");
    assert_eq!(value_of(world.as_("ana").get(&href).ok()), "12");
    calls(&world, "ana", 9);
    let anas = world.as_("ana").get("/team");
    anas.ok()
        .says("This is your best week of the last year: 13 (activities).");
    world
        .as_("max")
        .get("/team")
        .ok()
        .says_nothing_of("best week");
}

#[rstest]
fn everybody_on_time_off_and_a_team_of_nobody_have_a_board(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for name in ["max", "ana", "ben"] {
        off(&world, name, "2026-03-02", "2026-03-06", Part::Full);
    }
    calls(&world, "ana", 3);
    for name in ["max", "ana"] {
        let rows = file(&world, name, "/team?period=week&format=csv");
        assert!(rows.iter().all(|row| row["rank"].is_empty()), "{rows:?}");
        world
            .as_(name)
            .get("/team/rates?period=week")
            .ok()
            .says("Away");
    }
    let mia = world.person("mia").id;
    let empty = world.write(|tx| people::add_team(tx, "East", None));
    world.write(|tx| people::join(tx, mia, empty, day("2026-03-02"), true));
    let page = world.as_("mia").get("/team?period=week");
    page.ok()
        .says("Mia Moser (you) East 1 0")
        .says_nothing_of("Sue Sommer");
    world
        .as_("mia")
        .get("/team?period=week&by=team")
        .ok()
        .says("East 1 0");
    world.as_("mia").get("/team/rates").ok().says("Nothing yet");
}

#[rstest]
fn improvement_is_the_same_number_on_the_board_and_among_habits(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = Whose::Person(world.person("ana").id);
    world.at("2026-01-05T08:00:00Z");
    set(&world, ana, 10.0, Period::Day, "2026-01-05");
    let on = |day: &str, count| {
        world.at(&format!("{day}T09:00:00Z"));
        calls(&world, "ana", count);
    };
    // Four weeks with half of what was asked for, and four with all of it on one day.
    for monday in ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"] {
        on(monday, 25);
    }
    for monday in ["2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"] {
        on(monday, 50);
    }
    world.at("2026-03-04T09:00:00Z");
    let rows = file(&world, "max", "/team?rank=improved&format=csv");
    let row = rows
        .iter()
        .find(|row| row["name"] == "Ana Arndt")
        .expect("Ana");
    assert_eq!(
        (row["rank"].as_str(), row["improvement"].as_str()),
        ("1", "0.5")
    );
    let report = report(
        &world,
        &Filters {
            rank: Rank::Improved,
            ..this_week(&world)
        },
    );
    assert_eq!(report.rows[0].improvement, Some(0.5));
    assert!(report.text().contains("Improved by"), "{}", report.text());
    // There of all targets together: here she has but one.
    let habits = world.as_("max").get("/habits");
    habits
        .ok()
        .says("+50.0 points")
        .says("Since eight weeks, all targets together");
}

#[rstest]
fn the_goal_among_habits_is_that_of_the_board(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (north, south) = (world.team("North"), world.team("South"));
    set(&world, Whose::Team(north), 4.0, Period::Day, "2026-03-02");
    set(&world, Whose::Team(south), 2.0, Period::Day, "2026-03-02");
    calls(&world, "ben", 3);
    let ben = world.person("ben").id;
    world.write(|tx| people::join(tx, ben, south, day("2026-03-05"), true));
    world.at("2026-03-05T09:00:00Z");
    calls(&world, "ben", 1);
    for path in ["/team?period=week", "/habits"] {
        let page = world.as_("ada").get(path);
        page.ok().says("3 of 52").says("1 of 24");
    }
}

#[rstest]
fn what_several_have_together_never_stands_alone_on_page_file_and_report(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(
        &world,
        Whose::Team(world.team("North")),
        4.0,
        Period::Day,
        "2026-03-02",
    );
    let acme = world.lead("Acme", "");
    world.log("ana", "Call", "Interested", Some(&acme));
    world.log("ben", "Visit", "Spoke with other", Some(&acme));
    calls(&world, "ana", 12);
    calls(&world, "sue", 6);
    // Two reached one lead: it counts once. The team's bar has what was done in it.
    let page = world.as_("ada").get("/team?period=week");
    page.ok()
        .says("Together 20 1 10 % (2 of 20, likely 3 to 30 %)")
        .says("1 lead reached, share reached 14 % (2 of 14, likely 4 to 40 %)");
    let rows = file(&world, "ada", "/team?period=week&format=csv");
    let all = rows.last().expect("a row");
    let cells = [
        "name",
        "rank",
        "value",
        "activities",
        "reached",
        "leads_reached",
        "share_reached",
    ];
    let cells = cells.map(|column| all[column].as_str());
    assert_eq!(cells, ["Together", "", "20", "20", "2", "1", "0.1"]);
    let made = report(&world, &this_week(&world));
    let together = made.together.as_ref().expect("together");
    assert_eq!(
        (together.value, together.leads_reached),
        (Some(20.0), Some(1.0))
    );
    assert!(
        made.csv()
            .expect("CSV")
            .contains("\n,Together,,,20,,,20,2,1,0.1,")
    );
    let text = made.text().replace('\u{a0}', " ");
    assert!(
        text.contains("Together") && text.contains("10.0 % (2 of 20"),
        "{text}"
    );
    assert!(
        text.contains("None of 20 activities was entered late."),
        "{text}"
    );
    // A member reads of no sum, on no way out.
    let anas = file(&world, "ana", "/team?period=week&format=csv");
    assert!(anas.iter().all(|row| row["name"] != "Together"), "{anas:?}");
    world
        .as_("ana")
        .get("/team?period=week")
        .says_nothing_of("Together");
}

#[rstest]
fn a_week_off_is_a_gap_in_the_last_weeks_and_a_week_at_work_without_an_entry_is_a_zero(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // Ana logged three weeks ago, was off the week after, and did nothing last week.
    off(&world, "ana", "2026-02-16", "2026-02-20", Part::Full);
    world.at("2026-02-11T10:00:00Z");
    calls(&world, "ana", 3);
    world.at("2026-03-04T10:00:00Z");
    let uid = world.person("ana").uid;
    let path = format!(
        "/team/explain?person={uid}&metric=activities&from=2026-03-02&to=2026-03-08&figure=trend"
    );
    let trend = world.as_("max").get(&path);
    // Nobody logged before: of those weeks no log can say that she was there and did nothing.
    trend
        .ok()
        .says("\u{2013}, \u{2013}, \u{2013}, \u{2013}, \u{2013}, 3, \u{2013}, 0")
        .says("Left out: no working day in a team since anybody logs, and nothing logged (6 rows)");
    world
        .as_("max")
        .get("/team?period=week")
        .says("Ana Arndt \u{2013} \u{2013} \u{2013} \u{2013} \u{2013} 3 \u{2013} 0");
    // The file says the same, with nothing where the page has a dash.
    let links = world.as_("max").get("/team?period=week").links();
    let weeks = links.iter().find(|link| link.contains("table=weeks"));
    let rows = file(&world, "max", weeks.expect("the weeks as a file"));
    let ana = rows.iter().find(|row| row["email"] == "ana@example.com");
    let ana = ana.expect("her row");
    let said =
        ["2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"].map(|week| ana[week].as_str());
    assert_eq!(said, ["", "3", "", "0"]);
}
