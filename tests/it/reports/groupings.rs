//! What a view of a report can be grouped by: it never calls one thing by the name of another, and people are not ranked by a
//! raw share on any way out of it.

use super::followup::LIVELY;
use super::import;
use crate::world::{Database, Database::*, World};
use rstest::rstest;

/// A view, what it is not grouped by, and what the refusal names.
const REFUSED: &[(&str, &str, &str)] = &[
    ("value", "owner", "source, campaign, asset"),
    ("value", "week", "source, campaign, asset"),
    ("quality", "owner", "source, campaign, asset"),
    ("quality", "week", "source, campaign, asset"),
    ("scores", "source", "all leads at once"),
    ("content", "owner", "all leads at once"),
    ("speed", "week", "all leads at once"),
];

#[rstest]
fn a_view_that_is_not_grouped_so_says_by_what_it_is_instead_of_calling_sources_owners(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-04-30T12:00:00Z");
    for (view, by, takes) in REFUSED {
        for format in ["table", "csv", "json"] {
            let args = ["--view", view, "--by", by, "--format", format];
            let (code, printed, said) = world
                .home()
                .run(&[&["report", "outcomes"][..], &args].concat());
            assert_eq!((code, printed.as_str()), (Some(2), ""), "{view} by {by}");
            assert!(
                said.lines().count() == 1 && said.contains(takes),
                "{view} by {by}: {said}"
            );
        }
        for name in ["ada", "max", "mark"] {
            for file in ["", "&format=csv"] {
                let path = format!("/outcomes/{view}?by={by}{file}");
                let page = world.as_(name).get(&path);
                page.is(422)
                    .says("Please check what you entered")
                    .says(takes)
                    .says_nothing_of("Ana Arndt");
            }
        }
    }
    // What is not asked for, is as it was.
    for view in ["value", "quality", "scores", "content", "speed", "reasons"] {
        let args = ["report", "outcomes", "--view", view];
        assert_eq!(world.home().run(&args).0, Some(0), "{view}");
        world.as_("mark").get(&format!("/outcomes/{view}")).ok();
    }
}

#[rstest]
fn the_credit_of_a_win_is_nobodys_by_hand_made_addresses_either(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-04-30T12:00:00Z");
    let mark = world.as_("mark");
    let explain = |query: &str| mark.get(&format!("/outcomes/explain?{query}"));
    explain("figure=first-wins&by=source&group=web").ok();
    explain("figure=first-wins&by=owner&group=Ana+Arndt").is(404);
    explain("figure=last-value&by=week&group=2026-03-02").is(404);
    explain("figure=score-auc&by=owner").is(404);
}

#[rstest]
fn the_ways_from_one_view_to_another_drop_what_the_other_does_not_take(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-04-30T12:00:00Z");
    let mark = world.as_("mark");
    for path in [
        "/outcomes?by=owner",
        "/outcomes/reasons?by=week",
        "/outcomes/value?by=asset",
        "/outcomes/value?by=owner",
        "/outcomes/scores?by=source",
        "/follow-up?from=2026-03-04&to=2026-03-09&compare=before&by=owner",
        "/follow-up/legs?compare=before",
    ] {
        let links = mark.get(path).links().into_iter();
        let is_way = |link: &String| {
            let place = link.split('?').next().unwrap_or_default();
            (place.starts_with("/outcomes") || place.starts_with("/follow-up"))
                && !place.ends_with("explain")
        };
        let ways: Vec<String> = links.filter(is_way).collect();
        assert!(ways.len() >= 7, "{path}: {ways:?}");
        for way in ways {
            mark.get(&way).ok();
        }
    }
    // What the other does take is kept.
    let links = mark.get("/outcomes?by=campaign").links();
    for kept in [
        "/outcomes/quality?",
        "/outcomes/value?",
        "/outcomes/reasons?",
    ] {
        let mut ways = links.iter().filter(|link| link.starts_with(kept));
        assert!(ways.all(|way| way.contains("by=campaign")), "{links:?}");
    }
}
