//! Explain this number: what a figure of a habit opens says the same number, to whoever may see the habit.

use super::*;
use crate::reports::explained::{open_figures, value_of};
use crate::world::Page;
use rstest::rstest;

const PLACES: &[&str] = &["/habit/explain?"];

/// Ten weeks of Ana's: hits, a miss by parts, a miss, days off, and a weekly target.
fn weeks(database: Database) -> World {
    let world = World::new(database);
    target(&world, "activities,4,day,ana@example.com,,2026-01-05");
    target(&world, "reached,1,week,ana@example.com,,2026-01-05");
    away(&world, "ana", "2026-02-02", "2026-02-03", "full");
    calls_daily(&world, "ana", "2026-01-05", 40, 4);
    calls(&world, "ana", &[("2026-02-16", 2), ("2026-02-18", 9)]);
    world.at("2026-03-04T09:00:00Z");
    world
}

/// The page behind a figure of Ana's.
fn figure(world: &World, name: &str, figure: &str) -> Page {
    let uid = world.person("ana").uid;
    let path = format!("/habit/explain?figure={figure}&person={uid}");
    world.as_(name).get(&path)
}

#[rstest]
fn every_figure_of_a_card_opens_to_the_same_number(#[values(Sqlite, Postgres)] database: Database) {
    let world = weeks(database);
    let uid = world.person("ana").uid;
    let theirs = format!("/people/{uid}/card");
    for (name, path) in [("ana", "/card"), ("max", &theirs), ("ada", &theirs)] {
        let found = open_figures(&world.as_(name), path, PLACES);
        assert!(found >= 8, "{name}: {found}");
    }
    figure(&world, "max", "strength")
        .ok()
        .says("Counted: hit (29 rows)")
        .says("Counted: met by parts (1 row)")
        .says("Left out: nothing was asked for");
    figure(&world, "ana", "smiles").is(404);
    // Whose habit it is not is told nothing, and neither is anybody of what is hidden.
    figure(&world, "mia", "strength").is(404);
    figure(&world, "ben", "strength").is(404);
    figure(&world, "mark", "strength").is(403);
    world
        .as_("ana")
        .get("/card")
        .submit("/card", &[("hides_streak", "true")])
        .is(303);
    for name in ["ana", "max"] {
        figure(&world, name, "streak").is(404);
        figure(&world, name, "weeks_streak").is(404);
        figure(&world, name, "strength").ok();
    }
}

#[rstest]
fn every_figure_of_the_teams_habits_opens_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = weeks(database);
    for (path, least) in [
        ("/habits", 12),
        ("/habits?period=all", 12),
        ("/habits?period=last-week&by=team", 5),
    ] {
        let max = world.as_("max");
        let links = max.get(path).ok().anchors().into_iter();
        let figures: Vec<_> = links
            .filter(|(href, _)| href.starts_with("/habit/explain?"))
            .collect();
        for (href, printed) in &figures {
            let value = value_of(max.get(href).ok());
            // The table counts the days in a row, and the explanation says that they are days.
            let is_same = &value == printed || value == format!("{printed} days");
            assert!(is_same, "{href}: {value} instead of {printed}");
        }
        assert!(figures.len() >= least, "{path}: {}", figures.len());
        open_figures(&max, path, &["/team/explain?"]);
    }
    world.as_("mia").get("/habits").ok();
    let team = format!(
        "/habit/explain?figure=strength&team={}",
        world.team("North")
    );
    world.as_("max").get(&team).ok().says("Ana Arndt");
    world.as_("mia").get(&team).is(404);
    world.as_("ana").get(&team).is(404);
}

#[rstest]
fn a_day_and_a_week_open_to_what_was_done_of_their_targets(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = weeks(database);
    let uid = world.person("ana").uid;
    let of = |name: &str, figure: &str, day: &str| {
        let path = format!("/habit/explain?figure={figure}&person={uid}&from={day}&to={day}");
        world.as_(name).get(&path)
    };
    let partly = of("max", "day", "2026-02-16");
    assert_eq!(value_of(partly.ok()), "50.0\u{a0}%");
    partly
        .says("(50.0 %) / 1: Partly met")
        .says("Counted: met by parts (1 row)")
        .says("Activities 2 4 50.0 %");
    // What stands behind it opens from there.
    let links = partly.links().into_iter();
    let mut entries = links.filter(|link| link.starts_with("/team/entries?"));
    let entries = entries.next().expect("the entries of the day");
    world.as_("max").get(&entries).ok().says("16 Feb");
    let week = of("ana", "week", "2026-02-18");
    assert_eq!(value_of(week.ok()), "0.0\u{a0}%");
    week.says("Counted: nothing of it done (1 row)");
    of("ana", "day", "2026-02-02")
        .ok()
        .says("Nothing asked")
        .says_nothing_of("Counted");
    // No day that is to come, none without a day, and nobody else's.
    of("ana", "day", "2026-03-05").is(404);
    of("ana", "day", "").is(404);
    of("ben", "day", "2026-02-16").is(404);
    of("mia", "week", "2026-02-16").is(404);
    of("mark", "week", "2026-02-16").is(403);
    // Each row of a course opens, and says the same there.
    let strength = figure(&world, "ana", "strength");
    let days = strength.ok().anchors().into_iter();
    let days: Vec<_> = days
        .filter(|(href, _)| href.contains("figure=day"))
        .collect();
    assert!(days.len() > 30, "{}", days.len());
    for (href, day) in &days {
        let attained = value_of(world.as_("ana").get(href).ok()).replace('\u{a0}', " ");
        let became = [
            "Hit",
            "Partly met",
            "Missed",
            "Nothing asked",
            "Not over yet",
        ];
        let mut rows = became
            .iter()
            .map(|became| format!("{day} {became} {attained} "));
        assert!(rows.any(|row| strength.has(&row)), "{href}: {attained}");
    }
}

#[rstest]
fn what_a_manager_corrected_stands_above_the_targets_of_the_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = weeks(database);
    let uid = world.person("ana").uid;
    let card = format!("/people/{uid}/card");
    let fields = [
        ("day", "2026-02-16"),
        ("period", "day"),
        ("state", "hit"),
        ("reason", "At the fair all day"),
    ];
    world.as_("max").get(&card).submit(&card, &fields).is(303);
    let path = format!("/habit/explain?figure=day&person={uid}&from=2026-02-16&to=2026-02-16");
    world
        .as_("ana")
        .get(&path)
        .ok()
        .says("written down: Hit")
        .says("Left out: what was written down holds instead (1 row)");
}

#[rstest]
fn the_strength_of_each_month_on_a_card_opens_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = weeks(database);
    let ana = world.as_("ana");
    let links = ana.get("/card").ok().anchors().into_iter();
    // January, February, and March so far.
    let months =
        links.filter(|(href, _)| href.contains("figure=strength") && href.contains("&to="));
    let months: Vec<_> = months.collect();
    assert_eq!(months.len(), 3, "{months:?}");
    for (href, printed) in &months {
        let page = ana.get(href);
        assert_eq!(&value_of(page.ok()), printed, "{href}");
        page.says("over all history up to");
    }
}

#[rstest]
fn the_address_asks_for_the_number_of_its_time_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = weeks(database);
    let links = world.as_("ana").get("/card").ok().anchors();
    let is_strength = |href: &str| href.contains("figure=strength");
    let (href, printed) = links
        .into_iter()
        .find(|(href, _)| is_strength(href))
        .expect("a strength");
    world.at("2026-03-20T09:00:00Z");
    calls_daily(&world, "ana", "2026-03-05", 10, 4);
    let ana = world.as_("ana");
    assert_eq!(value_of(ana.get(&href).ok()), printed);
    assert_ne!(value_of(figure(&world, "ana", "strength").ok()), printed);
}

#[rstest]
fn the_course_who_is_on_track_and_the_teams_goal_open_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = weeks(database);
    let max = world.as_("max");
    let links = max.get("/habits").ok().anchors();
    let is_new = |href: &str| {
        [
            "figure=course",
            "figure=on_track",
            "figure=goal",
            "metric=leads_reached",
        ]
        .iter()
        .any(|figure| href.contains(figure))
    };
    let figures: Vec<_> = links.iter().filter(|(href, _)| is_new(href)).collect();
    let of = |figure: &str| {
        figures
            .iter()
            .filter(|(href, _)| href.contains(figure))
            .count()
    };
    // Of two metrics a goal and its pace; one course each of those who are in the team.
    assert_eq!((of("figure=goal&"), of("figure=goal_pace")), (2, 2));
    assert_eq!((of("figure=on_track"), of("metric=leads_reached")), (1, 1));
    assert!(of("figure=course") >= 2);
    for (href, printed) in figures {
        assert_eq!(&value_of(max.get(href).ok()), printed, "{href}");
    }
    figure(&world, "max", "course")
        .ok()
        .says("Counted: one of the last two")
        .says("Left out: before the last two that asked for something");
    figure(&world, "ana", "course").ok();
    // Who leads nobody, or others, is told nothing of it.
    for name in ["ana", "ben"] {
        world
            .as_(name)
            .get("/habit/explain?figure=on_track")
            .is(404);
    }
    figure(&world, "mia", "course").is(404);
}
