//! Explain this number: a pack's figures open what they were, whatever was entered since.

use super::*;
use crate::reports::explained::{open_figures, value_of};

const PLACES: &[&str] = &["/monday/2026-03-09/explain?"];

#[rstest]
fn every_figure_of_a_pack_opens_to_the_same_number(#[values(Sqlite, Postgres)] database: Database) {
    let world = week(database);
    let uid = world.lead("Hooli", "ben");
    world.as_("ben").post(
        &format!("/leads/{uid}/move"),
        &[("to", "rejected"), ("reason", "Wrong role")],
    );
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    for (name, least) in [("ada", 37), ("max", 21), ("mark", 24), ("ana", 6)] {
        let found = open_figures(&world.as_(name), "/monday/2026-03-09", PLACES);
        assert!(found >= least, "{name}: {found}");
    }
    let ana = world.person("ana").uid;
    let explain = |name: &str, query: &str| {
        world
            .as_(name)
            .get(&format!("/monday/2026-03-09/explain?{query}"))
    };
    explain("max", &format!("part=value&whose={ana}&figure=Activities"))
        .ok()
        .says("Counted: counts (4 rows)")
        .says("frozen when the pack was made, 9 Mar 2026, 09:00")
        .says("under version 1 of the definitions")
        .says_nothing_of("counted again");
    explain("mark", "part=promise&whose=all&figure=first_attempt")
        .ok()
        .says("1 met / (1 met +");
    explain("max", "part=late&whose=all")
        .ok()
        .says("None of 13")
        .says("In the whole, not counted: nothing of it entered late (2 rows)")
        .says("Ben Beck North 0 9");
    explain("mark", "part=late&whose=all").is(404);
    explain("max", "part=untouched&whose=nobody")
        .ok()
        .says("Counted: nobody had tried it (1 row)")
        .says("Initech");
    // What of a pack is not the reader's is not explained to them either.
    for (name, query) in [
        ("mark", format!("part=value&whose={ana}&figure=Activities")),
        ("mia", format!("part=value&whose={ana}&figure=Activities")),
        ("ben", format!("part=value&whose={ana}&figure=Activities")),
        ("ana", "part=promise&whose=all&figure=n".to_owned()),
        ("ana", "part=untouched&whose=nobody".to_owned()),
        ("ada", "part=smiles".to_owned()),
        ("ada", "part=promise&whose=all&figure=smiles".to_owned()),
        ("ada", "part=goal&whose=9".to_owned()),
    ] {
        explain(name, &query).is(404);
    }
    world
        .as_("ada")
        .get("/monday/2026-03-02/explain?part=open")
        .is(404);
}

#[rstest]
fn a_figure_stays_what_it_was_and_says_what_it_would_be_now(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let max = world.as_("max");
    let ana = world.person("ana").uid;
    let figure = format!("/monday/2026-03-09/explain?part=value&whose={ana}&figure=Activities");
    assert_eq!(value_of(max.get(&figure).ok()), "4");
    // Two calls of Tuesday, entered on Monday after the pack was made.
    world.at("2026-03-09T09:00:00Z");
    world.write_as("ana", |tx| {
        let kinds = touchline::lists::store::kinds(tx.conn)?;
        let call = kinds
            .iter()
            .find(|kind| kind.name == "Call")
            .expect("calls");
        let at = crate::world::instant("2026-03-03T09:00:00Z");
        let entry = touchline::activities::Entry {
            quantity: 2,
            ..crate::world::entry(call.id, at)
        };
        touchline::activities::log(tx, &entry)
    });
    let page = max.get(&figure);
    assert_eq!(value_of(page.ok()), "4");
    page.says("counted again as of then, of what you may see, it is 6");
    // The lead that waited goes to somebody else, and still waited then with whom it did.
    let ben = world.person("ben").uid;
    let waits = format!("/monday/2026-03-09/explain?part=untouched&whose={ben}");
    max.get(&waits).ok().says("Globex");
    let globex = max.get("/leads").ok().anchors();
    let globex = globex.into_iter().find(|(_, words)| words == "Globex");
    let uid = globex.expect("Globex").0.replace("/leads/", "");
    let ana_id = world.person("ana").id;
    world.write_as("max", |tx| {
        let id = touchline::leads::visible(tx, &uid)?.id;
        touchline::leads::assign(tx, id, ana_id)
    });
    let page = max.get(&waits);
    assert_eq!(value_of(page.ok()), "1");
    page.says("Globex").says_nothing_of("counted again");
}

#[rstest]
fn waits_and_places_of_a_pack_say_what_they_were_counted_from(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let (ana, ben) = (world.person("ana").uid, world.person("ben").uid);
    let explain = |name: &str, query: &str| {
        world
            .as_(name)
            .get(&format!("/monday/2026-03-09/explain?{query}"))
    };
    // Handed over on Tuesday at nine, looked at on Monday at nine.
    let waits = explain("max", &format!("part=waits&whose={ben}"));
    assert_eq!(value_of(waits.ok()), "6 d");
    waits
        .says("9 Mar 2026, 09:00 - 3 Mar 2026, 09:00 = 6 d")
        .says("Counted: waited longest (1 row)")
        .says("Globex");
    let oldest = explain("ada", "part=oldest");
    oldest
        .ok()
        .says("Counted: open longest (1 row)")
        .says("Left out: the oldest of its owner, and not open as long");
    // Ben did more of what was asked of him: Ana sees her own place, and nobody else's.
    let place = explain("max", &format!("part=place&whose={ana}"));
    place
        .ok()
        .says("Counted: their own place (1 row)")
        .says("as of");
    explain("ana", &format!("part=place&whose={ben}")).is(404);
    explain("mark", &format!("part=place&whose={ana}")).is(404);
    explain("ana", &format!("part=waits&whose={ben}")).is(404);
    explain("mia", &format!("part=waits&whose={ben}")).is(404);
    explain("ada", "part=pace&whose=9").is(404);
    // What is done later changes nothing of it.
    world.at("2026-03-10T08:00:00Z");
    let globex = world.as_("ben").get("/leads").ok().anchors();
    let globex = globex.into_iter().find(|(_, words)| words == "Globex");
    let uid = globex.expect("Globex").0.replace("/leads/", "");
    world.log("ben", "Call", "No answer", Some(&uid));
    let waits = explain("max", &format!("part=waits&whose={ben}"));
    assert_eq!(value_of(waits.ok()), "6 d");
    waits.says_nothing_of("counted again");
}

#[rstest]
fn a_shared_goal_of_a_pack_opens_and_so_does_its_pace(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    crate::shared_goals::make(&world, "mark", "Spring", &[]).is(303);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    for name in ["ada", "max", "mark"] {
        let parts = ["goal", "pace"].map(|part| format!("{}part={part}", PLACES[0]));
        let parts = parts.each_ref().map(String::as_str);
        let found = open_figures(&world.as_(name), "/monday/2026-03-09", &parts);
        assert_eq!(found, 2, "{name}");
    }
}
