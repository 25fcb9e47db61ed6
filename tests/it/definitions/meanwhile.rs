//! Stories of definitions that somebody else changed, signed or dropped meanwhile.

use super::{draft, name_heads, sign, version};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use touchline::definitions::{self, store};
use touchline::leads::score;
use touchline::rules::lead_score::{BehaviourRule, Rules};

#[rstest]
fn what_was_typed_into_a_draft_that_was_dropped_is_given_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    draft(&world, |_| {});
    let form = world.as_("max").get("/definitions/draft");
    let drop = world.as_("mark").get("/definitions/draft");
    // What mark sees is what he drops.
    form.submit("/definitions/draft", &[("stages", "Saved.")])
        .is(303);
    let told = drop.submit("/definitions/draft/drop", &[]);
    told.is(409)
        .says("Max Maier saved this draft while you had it open.")
        .says("Saved.");
    let drop = world.as_("mark").get("/definitions/draft");
    drop.submit("/definitions/draft/drop", &[]).is(303);
    drop.submit("/definitions/draft/drop", &[]).is(303);
    let lost = form.submit("/definitions/draft", &[("stages", "My own words")]);
    lost.is(409)
        .says("Mark Marlow dropped the draft of version 2, 10:00.")
        .says("My own words")
        .says("Hot: accept within 15 min");
    assert!(lost.body.contains("readonly"));
    world
        .as_("mia")
        .post("/definitions/draft/drop", &[])
        .is(404);
    assert_eq!(world.read(store::all).len(), 1);
}

#[rstest]
fn what_was_typed_into_a_draft_that_came_into_force_is_given_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    name_heads(&world);
    let number = draft(&world, |_| {});
    let form = world.as_("ada").get("/definitions/draft");
    let unsigned = world.as_("max").get(&format!("/definitions/{number}"));
    for name in ["max", "mark"] {
        sign(&world, name, number).is(303);
    }
    let lost = form.submit("/definitions/draft", &[("stages", "My own words")]);
    lost.is(409)
        .says("Both sides have signed version 2")
        .says("My own words");
    assert_ne!(version(&world, number).content.stages, "My own words");
    // Pressed twice, it is signed once.
    unsigned
        .submit("/definitions/draft/sign", &[])
        .redirects_to("/definitions/2?done=signed");
    let late = world
        .as_("max")
        .post("/definitions/draft/sign", &[("seen", "1")]);
    late.is(409).says("it was dropped");
}

#[rstest]
fn who_names_the_heads_second_sees_whom_the_first_named(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    name_heads(&world);
    let (old, form) = (
        world.as_("ada").get("/definitions"),
        world.as_("ada").get("/definitions"),
    );
    let of = |name: &str| world.person(name).uid;
    let heads = |world: &World| world.read(store::heads);
    form.submit("/definitions/heads", &[("sales", &of("mia"))])
        .is(303);
    let told = old.submit("/definitions/heads", &[("sales", &of("ada"))]);
    told.is(409).says("the head of sales is Mia Moser");
    assert_eq!(told.field("sales"), Some(of("ada")));
    let before = heads(&world);
    // Who chose nobody else overwrites nothing.
    old.submit("/definitions/heads", &[]).is(303);
    assert_eq!(heads(&world), before);
    told.submit("/definitions/heads", &[]).is(303);
    assert!(heads(&world).contains(&(definitions::Side::Sales, world.person("ada").id)));
}

#[rstest]
fn a_draft_says_what_the_rules_of_the_score_are(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let agreed = version(&world, 1).content.score_rules;
    let rules = |points| Rules {
        line: 50.0,
        fit: Vec::new(),
        behaviour: vec![BehaviourRule { kind_id: 1, points }],
    };
    let save = |points, seen| {
        let rules = rules(points);
        world.write_as("mark", |tx| score::save(tx, &rules, "Agreed.", seen));
    };
    let begun = || {
        let form = world.as_("max").get("/definitions");
        form.submit("/definitions", &[]).is(303);
        // Pressed twice, it is begun once.
        form.submit("/definitions", &[]).is(303);
        version(&world, 2)
    };
    let first = begun();
    assert_eq!(first.content.score_rules, agreed, "without rules as it was");
    world.write_as("max", |tx| definitions::drop_draft(tx, first.revision));
    save(20.0, 0);
    let second = begun();
    let text = second.content.score_rules.clone();
    assert!(text.starts_with(&agreed), "{text}");
    assert!(
        text.contains("The rules in force, version 1:\nLine: 50\nAsked for a demo: +20"),
        "{text}"
    );
    name_heads(&world);
    for name in ["max", "mark"] {
        sign(&world, name, 2).is(303);
    }
    save(30.0, 1);
    world
        .as_("max")
        .get("/definitions")
        .submit("/definitions", &[])
        .is(303);
    let third = version(&world, 3).content.score_rules;
    assert!(
        third.contains("version 2:") && third.contains("+30") && !third.contains("+20"),
        "{third}"
    );
}

#[rstest]
fn a_notice_of_definitions_leads_to_the_version_that_it_is_about(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    name_heads(&world);
    let number = draft(&world, |_| {});
    let mark = world.as_("mark");
    let open = |page: &str| {
        let inbox = mark.get(page);
        let actions = inbox.actions().into_iter();
        let mut actions =
            actions.filter(|action| action.starts_with("/inbox/") && action != "/inbox/read");
        inbox.submit(&actions.next().expect("a notice"), &[])
    };
    open("/inbox")
        .redirects_to(&format!("/definitions/{number}"))
        .follow()
        .says("Draft");
    let seen = version(&world, number).revision;
    world.write_as("max", |tx| definitions::drop_draft(tx, seen));
    open("/inbox?show=all").redirects_to("/definitions");
}
