//! Explain this number: what a figure of the board or of the rates opens says the same number, to whoever may open it.

use super::*;
use crate::reports::explained::value_of;
use crate::world::Client;
use touchline::rules::display::DisplayMode;

/// Three of the North and one of the South with calls, e-mails, leads, a meeting, a note that counts for nothing, and targets.
fn lively(database: Database) -> World {
    let world = World::new(database);
    for (name, reached) in [("ana", 9), ("ben", 4), ("max", 2), ("sue", 6)] {
        calls(&world, name, 12);
        counts(&world, name, ("Call", "Interested"), reached);
        let lead = world.lead(&format!("Lead of {name}"), name);
        world.log(name, "Call", "Meeting booked", Some(&lead));
        let other = world.lead(&format!("Other of {name}"), name);
        world.log(name, "E-mail", "Sent", Some(&other));
        world.log(name, "Research note", "", Some(&other));
    }
    set(
        &world,
        Whose::Team(world.team("North")),
        4.0,
        Period::Day,
        "2026-03-02",
    );
    world
}

/// Opens what can be opened of a page; how many figures that are.
fn open_all(browser: &Client, path: &str) -> usize {
    let page = browser.get(path);
    let links = page.ok().anchors().into_iter();
    let figures: Vec<_> = links
        .filter(|(href, words)| {
            let is_figure =
                href.starts_with("/team/explain?") || href.starts_with("/team/entries?");
            is_figure && words != "Why?" && !href.contains("figure=trend")
        })
        .collect();
    for (href, printed) in &figures {
        assert_eq!(&value_of(browser.get(href).ok()), printed, "{href}");
    }
    figures.len()
}

#[rstest]
fn every_figure_of_the_board_opens_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    for (path, of_ana, of_max, of_ada) in [
        ("/team?period=week", 7, 20, 24),
        ("/team?period=week&metric=score", 4, 12, 15),
        ("/team?period=week&metric=leads_reached&by=team", 0, 3, 7),
        ("/team?period=week&metric=leads_reached", 2, 8, 10),
        ("/team/rates?period=week", 4, 12, 16),
        (
            "/team/rates?period=week&rate=meetings_per_prospect",
            3,
            9,
            12,
        ),
    ] {
        let opened = [("ana", of_ana), ("max", of_max), ("ada", of_ada)]
            .map(|(name, least)| (open_all(&world.as_(name), path), least));
        for (found, least) in opened {
            assert!(found >= least, "{path}: {opened:?}");
        }
    }
    let ana = world.person("ana").uid;
    let explain = |figure: &str| {
        let path = format!(
            "/team/explain?person={ana}&metric=activities&from=2026-03-02&to=2026-03-08&figure={figure}"
        );
        world.as_("max").get(&path)
    };
    explain("percent")
        .ok()
        .says("23 / 20 = 115.0 %")
        .says("Counted: what was done (1 row)")
        .says("In the whole, not counted: what was asked for (1 row)");
    explain("share_reached")
        .ok()
        .says("10 of 23")
        .says("Counted: reached somebody")
        .says("Left out: its kind does not count as prospecting (1 row)");
    explain("meetings_per_prospect")
        .ok()
        .says("1 of 2: fewer than 10, warming up")
        .says("Counted: a meeting was booked (1 row)");
    explain("smiles").is(404);
    let entries = format!("/team/entries?person={ana}&metric=meetings_booked&from=2026-03-02");
    let entries = world.as_("max").get(&entries);
    entries
        .ok()
        .says("With its numbers 1 entries count: 1; 4 of the same days are left out")
        .says("no meeting was booked");
}

#[rstest]
fn what_a_team_has_together_is_the_sum_of_what_its_people_bring(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    let figure = |name: &str, figure: &str| {
        let links = world.as_(name).get("/team?period=week").ok().links();
        let found = links.into_iter().find(|link| link.contains(figure));
        found.unwrap_or_else(|| panic!("{name} has no {figure}"))
    };
    // Twenty a week each; Ana 23, Ben 18 and Max 16, nobody for more than 25.
    let goal = figure("max", "figure=goal");
    world
        .as_("max")
        .get(&goal)
        .ok()
        .says("North: The team’s goal")
        .says("57 / 60")
        .says("Counted: up to 1.25 × the own target (3 rows)")
        .says("Ana Arndt 23 20 23");
    // A member reads the same number, and of the others what they have together.
    world
        .as_("ana")
        .get(&goal)
        .ok()
        .says("57 / 60")
        .says("2 others, together 34 40 34")
        .says_nothing_of("Ben Beck");
    world.as_("sue").get(&goal).is(404);
    let together = figure("max", "figure=together");
    world
        .as_("max")
        .get(&together)
        .ok()
        .says("= 57")
        .says("Counted: what was done (3 rows)");
    world.as_("ana").get(&together).is(404);
    // How much of it was entered late, of the rows that each is shown.
    let late = figure("max", "figure=late");
    world
        .as_("max")
        .get(&late)
        .ok()
        .says("None of 57")
        .says("In the whole, not counted: nothing of it entered late (3 rows)");
    let trend = figure("max", "figure=trend");
    world.as_("max").get(&trend).ok().says("The last 8 weeks");
}

#[rstest]
fn the_rate_of_everybody_together_is_explained_by_those_who_are_shown_and_the_others(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    let north = world.team("North");
    let path = "/team/rates?period=week";
    let together = |name: &str| {
        let browser = world.as_(name);
        let links = browser.get(path).ok().anchors().into_iter();
        let mut links = links.filter(|(href, _)| href.contains("figure=together_share_reached"));
        let (href, printed) = links.next().expect("a way to explain it");
        let page = browser.get(&href);
        assert_eq!(value_of(page.ok()), printed);
        page
    };
    together("max")
        .says("Counted: what was done (3 rows)")
        .says("Ana Arndt North 10 23")
        .says_nothing_of("Others");
    // Who is shown nobody else reads what the others have together.
    world.write_as("ada", |tx| {
        people::choose_display_mode(tx, north, DisplayMode::OwnPlace)
    });
    together("ana")
        .says("Ana Arndt")
        .says("Others, together 8 34")
        .says_nothing_of("Ben Beck");
    world.write_as("ada", |tx| {
        people::choose_display_mode(tx, north, DisplayMode::Off)
    });
    let explain = "/team/explain?figure=together_share_reached&metric=activities&from=2026-03-02&to=2026-03-08";
    world.as_("ana").get(path).ok().says_nothing_of("Together");
    world.as_("ana").get(explain).is(404);
    world.as_("mark").get(explain).is(403);
}

#[rstest]
fn who_improved_is_explained_by_the_weeks_that_asked_for_something(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-05T09:00:00Z");
    let whose = Whose::Team(world.team("North"));
    set(&world, whose, 4.0, Period::Day, "2026-01-05");
    for week in 0..7_u64 {
        let monday = day("2026-01-12") + chrono::Days::new(7 * week);
        world.at(&format!("{monday}T09:00:00Z"));
        counts(
            &world,
            "ana",
            ("Call", "No answer"),
            if week < 3 { 10 } else { 20 },
        );
    }
    world.at("2026-03-04T09:00:00Z");
    let path = "/team?period=week&rank=improved";
    let max = world.as_("max");
    let links = max.get(path).ok().anchors();
    let anas = world.person("ana").uid;
    let is_it = |href: &str| href.contains("figure=improved") && href.contains(&anas);
    let (href, printed) = links.iter().find(|(href, _)| is_it(href)).expect("a link");
    let page = max.get(href);
    assert_eq!(&value_of(page.ok()), printed);
    page.says("Counted: of the last four (4 rows)")
        .says("In the whole, not counted: of the eight before (3 rows)");
}

#[rstest]
fn a_rate_is_drawn_towards_those_whom_the_display_mode_shows(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    let north = world.team("North");
    let ana = world.person("ana").uid;
    let path = format!(
        "/team/explain?person={ana}&metric=activities&from=2026-03-02&to=2026-03-08&figure=shrunk_share_reached"
    );
    let under = |mode| {
        world.write_as("ada", |tx| people::choose_display_mode(tx, north, mode));
        world.as_("ana").get(&path)
    };
    under(DisplayMode::AllNamed).ok().says("Ben Beck");
    under(DisplayMode::OwnPlace)
        .ok()
        .says("Ana Arndt")
        .says_nothing_of("Ben Beck");
    for mode in [DisplayMode::Off, DisplayMode::TeamBar] {
        under(mode).is(404);
    }
    world.as_("max").get(&path).ok().says("Ben Beck");
}

#[rstest]
fn the_way_to_a_figure_asks_for_the_same_number_later(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    calls(&world, "ana", 3);
    let board = world.as_("max").get("/team?period=week");
    let links = board.ok().links();
    let uid = world.person("ana").uid;
    let is_anas = |link: &&String| link.starts_with("/team/entries") && link.contains(&uid);
    let link = links
        .iter()
        .find(is_anas)
        .expect("a way to Ana's entries")
        .clone();
    world.at("2026-03-04T15:00:00Z");
    calls(&world, "ana", 5);
    let max = world.as_("max");
    max.get(&link)
        .ok()
        .says("Activities: 3")
        .says("4 Mar 2026, 10:00");
    let value = |query: &str| {
        let rows = file(
            &world,
            "max",
            &format!("/team?period=week&format=csv{query}"),
        );
        let row = rows.into_iter().find(|row| row["name"] == "Ana Arndt");
        row.expect("Ana")["value"].clone()
    };
    assert_eq!(value("&as_of=2026-03-04T09:00:00Z"), "3");
    // Nobody sees what is to come.
    assert_eq!(
        (value(""), value("&as_of=2036-01-01T00:00:00Z")),
        ("8".to_owned(), "8".to_owned())
    );
    max.get("/team?as_of=yesterday").is(422);
    max.get(&link.replace("as_of=2026", "as_of=soon2026"))
        .is(404);
}

#[rstest]
fn what_stands_beside_a_teams_bar_opens_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    calls(&world, "ana", 60);
    let of = |name: &str| {
        let browser = world.as_(name);
        let links = browser.get("/team?period=week").ok().anchors();
        let north = format!("team={}", world.team("North"));
        let figures = links.into_iter().filter(|(href, _)| href.contains(&north));
        let figures: Vec<_> = figures.collect();
        for (href, printed) in &figures {
            assert_eq!(&value_of(browser.get(href).ok()), printed, "{name}: {href}");
        }
        figures
    };
    // The goal, its share, and what counts for nobody; for who leads them also the leads and the share reached.
    let max = of("max");
    assert_eq!(max.len(), 5, "{max:?}");
    assert_eq!(of("ana").len(), 3);
    let open = |figure: &str| {
        let found = max.iter().find(|(href, _)| href.contains(figure));
        let (href, _) = found.expect("the figure");
        world.as_("max").get(href)
    };
    open("figure=goal_share")
        .ok()
        .says("Of the team\u{2019}s goal");
    open("figure=goal_beyond").ok().says("done - sum of min");
    let (share, _) = &max[1];
    world.as_("sue").get(share).is(404);
    world.as_("mark").get(share).is(403);
}
