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
