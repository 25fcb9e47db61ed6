//! Stories of an admin who keeps the lists, the names of stages and how long data is kept.

use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use touchline::jobs;
use touchline::lists;

/// The id of a kind by name.
fn kind(world: &World, name: &str) -> i64 {
    let kinds = world.read(lists::store::kinds);
    let kind = kinds.into_iter().find(|kind| kind.name == name);
    kind.expect("a kind").id
}

/// The id of an outcome by the names of its kind and its own.
fn outcome(world: &World, kind_name: &str, name: &str) -> i64 {
    let kind_id = kind(world, kind_name);
    let outcomes = world.read(lists::store::outcomes);
    let mut outcomes = outcomes.into_iter();
    let outcome = outcomes.find(|o| o.kind_id == kind_id && o.name == name);
    outcome.expect("an outcome").id
}

fn change_outcome(world: &World, kind_name: &str, name: &str, fields: &[(&str, &str)]) -> Page {
    let (kind_id, id) = (kind(world, kind_name), outcome(world, kind_name, name));
    let path = format!("/kinds/{kind_id}/outcomes/{id}");
    world.as_("ada").post(&path, fields)
}

#[rstest]
fn one_page_leads_to_everything_that_an_admin_keeps(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let page = world.as_("ada").get("/admin");
    let links = page.ok().links();
    for path in [
        "/people",
        "/sign-in-rules",
        "/workspace",
        "/calendar",
        "/kinds",
        "/reasons",
        "/lists/source",
        "/lists/campaign",
        "/lists/asset",
        "/lists/territory",
        "/stages",
        "/territories",
        "/record",
        "/retention",
        "/import",
    ] {
        assert!(links.iter().any(|link| link == path), "no link to {path}");
    }
    for name in ["ana", "max", "mark"] {
        world.as_(name).get("/admin").is(403);
    }
}

#[rstest]
fn a_new_kind_with_an_outcome_is_logged(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let fields = [
        ("name", "Trade fair"),
        ("icon", "visit"),
        ("is_prospecting", "true"),
        ("is_attempt", "true"),
        ("without_lead", "true"),
    ];
    let page = ada.get("/kinds").submit("/kinds", &fields);
    page.is(303);
    let path = page.location.replace("?done=saved", "");
    let outcome = [("outcome", "Talked"), ("class", "reached")];
    ada.post(&format!("{path}/outcomes"), &outcome).is(303);
    ada.post("/kinds", &fields)
        .is(422)
        .says("There is one called Trade fair already");
    world.log("ana", "Trade fair", "Talked", None);
    world.as_("ana").get("/today").ok().says("Trade fair");
}

#[rstest]
fn a_class_that_was_used_stays(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let other = [("outcome", "Gatekeeper"), ("class", "reached")];
    change_outcome(&world, "Call", "Gatekeeper", &other).is(303);
    let back = [("outcome", "Gatekeeper"), ("class", "not_reached")];
    change_outcome(&world, "Call", "Gatekeeper", &back).is(303);
    world.log("ana", "Call", "Gatekeeper", None);
    change_outcome(&world, "Call", "Gatekeeper", &other)
        .is(422)
        .says("It was used already");
    // Its name may change.
    let renamed = [("outcome", "Front desk"), ("class", "not_reached")];
    change_outcome(&world, "Call", "Gatekeeper", &renamed).is(303);

    let path = format!("/kinds/{}", kind(&world, "Call"));
    let ada = world.as_("ada");
    let counts = [("name", "Call"), ("icon", "call")];
    ada.post(&path, &counts).is(422).says("It was used already");
    let free = format!("/kinds/{}", kind(&world, "Visit"));
    let counts = [("name", "Visit"), ("icon", "visit")];
    ada.post(&free, &counts).is(303);
}

#[rstest]
fn an_outcome_that_contradicts_itself_is_refused(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for (field, why) in [
        ("is_meeting", "A meeting booked is a contact"),
        ("never_arrived", "What never arrived is bad data"),
    ] {
        let fields = [
            ("outcome", "Odd"),
            ("class", "not_reached"),
            (field, "true"),
        ];
        let path = format!("/kinds/{}/outcomes", kind(&world, "Call"));
        let page = world.as_("ada").post(&path, &fields);
        page.is(422).says(why);
        assert_eq!(page.field("outcome").as_deref(), Some("Odd"));
    }
}

#[rstest]
fn kinds_change_places_and_a_retired_one_is_offered_no_more(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let names = || {
        let kinds = world.read(lists::store::kinds).into_iter();
        let kinds = kinds.filter(|kind| !kind.is_retired);
        kinds.map(|kind| kind.name).collect::<Vec<_>>()
    };
    let email = format!("/kinds/{}", kind(&world, "E-mail"));
    ada.post(&email, &[("change", "up")]).is(303);
    assert_eq!(names()[..2], ["E-mail", "Call"]);
    ada.post(&email, &[("change", "down")]).is(303);
    assert_eq!(names()[..2], ["Call", "E-mail"]);
    ada.post(&email, &[("change", "retire")]).is(303);
    assert!(!names().contains(&"E-mail".to_owned()));
    world.as_("ana").get("/log").ok().says_nothing_of("E-mail");
    ada.post(&email, &[("change", "bring-back")]).is(303);
    assert!(names().contains(&"E-mail".to_owned()));
    change_outcome(&world, "Call", "Referred on", &[("change", "retire")]).is(303);
    world
        .as_("ana")
        .post(&email, &[("change", "retire")])
        .is(403);
}

#[rstest]
fn a_source_is_renamed_on_every_lead_and_never_deleted(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let terms = touchline::handover::Terms {
        source: "Web form".to_owned(),
        ..crate::world::terms()
    };
    let uid = world.lead_on("Acme", &terms);
    let ada = world.as_("ada");
    let page = ada.get("/lists/source");
    let row = page.ok().actions();
    let row = row.iter().find(|a| a.starts_with("/lists/source/"));
    let row = row.expect("a source").clone();
    let rename = [("change", "rename"), ("new_name", "Website")];
    ada.post(&row, &rename).is(303);
    ada.get(&format!("/leads/{uid}")).ok().says("Website");
    ada.post("/lists/source", &[("name", "website")])
        .is(422)
        .says("There is one called Website already");
    ada.post(&row, &[("change", "retire")]).is(303);
    ada.get("/lists/source").ok().says("Retired (1)");
    ada.get(&format!("/leads/{uid}")).ok().says("Website");
    ada.post("/lists/source", &[("name", "Website")])
        .is(422)
        .says("bring it back");
    ada.post(&row.replace("source", "asset"), &rename).is(404);
    ada.get("/lists/nothing").is(404);
}

#[rstest]
fn a_territory_with_a_rule_is_not_retired(#[values(Sqlite, Postgres)] database: Database) {
    use touchline::territories::{self, NewRule};
    let world = World::new(database);
    let id = world.write(|tx| {
        let id = territories::add_territory(tx, "East")?;
        let rule = NewRule {
            territory_id: id,
            ..NewRule::default()
        };
        territories::add_rule(tx, &rule)?;
        Ok(id)
    });
    let path = format!("/lists/territory/{id}");
    let page = world.as_("ada").post(&path, &[("change", "retire")]);
    page.is(422).says("A rule still sends leads to East");
}

#[rstest]
fn a_stage_is_called_as_the_admin_says_and_means_what_it_meant(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let ada = world.as_("ada");
    let form = ada.get("/stages");
    form.ok()
        .submit("/stages", &[("handed_over", "Fresh")])
        .redirects_to("/stages?done=saved");
    let ana = world.as_("ana");
    ana.get(&format!("/leads/{uid}")).ok().says("Fresh");
    ana.get("/leads?view=all").ok().says("Fresh");
    let filter = ana.get("/leads?view=all&stage=handed_over");
    filter.ok().says("Acme");
    // Two stages of one name would be told apart by nobody.
    form.submit("/stages", &[("handed_over", "Won")])
        .is(422)
        .says("Two stages cannot have one name");
    form.submit("/stages", &[("handed_over", "")]).is(303);
    ana.get(&format!("/leads/{uid}")).ok().says("Handed over");
    ana.post("/stages", &[]).is(403);
}

#[rstest]
fn what_is_not_to_be_kept_goes_within_a_day(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    world.upload();
    ada.post("/retention", &[("uploads", "none")])
        .is(422)
        .says("a whole number of days");
    ada.post("/lists/source", &[("name", "Fair")]).is(303);
    let fields = [("notices", ""), ("uploads", "7"), ("addresses", "7")];
    ada.post("/retention", &fields).is(303);
    let count = || {
        use diesel::prelude::*;
        use touchline::schema::{audit_words, import_uploads};
        world.read(|conn| {
            let files: i64 = import_uploads::table.count().get_result(conn)?;
            let places = audit_words::table.filter(audit_words::address.ne(""));
            let places: i64 = places.count().get_result(conn)?;
            Ok((files, places))
        })
    };
    jobs::run(world.app());
    assert_eq!(count(), (1, 3));
    world.at("2026-03-11T09:00:01Z");
    jobs::run(world.app());
    assert_eq!(count(), (0, 0));
    // Where no days are said, files wait for one.
    let fields = [("notices", ""), ("uploads", ""), ("addresses", "")];
    ada.post("/retention", &fields).is(303);
    world.upload();
    world.at("2026-03-12T09:00:00Z");
    jobs::run(world.app());
    assert_eq!(count().0, 1);
    world.at("2026-03-13T09:00:02Z");
    jobs::run(world.app());
    assert_eq!(count().0, 0);
}
