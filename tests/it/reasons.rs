//! Stories of the list of reasons.

use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use touchline::lists::{self, Reason};

fn reason(world: &World, name: &str) -> Reason {
    let all = world.read(lists::store::all_reasons);
    let found = all
        .into_iter()
        .find(|r| r.event == "rejected" && r.name == name);
    found.unwrap_or_else(|| panic!("no reason {name}"))
}

fn change(world: &World, name: &str, change: &str) -> Page {
    let path = format!("/reasons/{}", reason(world, name).id);
    world
        .as_("ada")
        .post(&path, &[("change", change), ("new_name", "No buyer")])
}

fn offered(world: &World, uid: &str) -> Page {
    world.as_("ana").get(&format!("/leads/{uid}?do=rejected"))
}

#[rstest]
fn an_admin_adds_orders_and_retires_reasons(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let add = |fields: &[(&str, &str)]| {
        let page = world.as_("ada").get("/reasons");
        page.ok().submit("/reasons", fields)
    };
    let clerical = [
        ("name", "Left the company"),
        ("event", "rejected"),
        ("class", "clerical"),
    ];
    add(&clerical).is(303).follow().says("Left the company");
    offered(&world, &uid).says("Left the company");
    add(&clerical)
        .is(422)
        .says("There is a reason of this name already.");
    add(&[("name", ""), ("event", "rejected")])
        .is(422)
        .says("Enter the reason.");
    add(&[("name", "x"), ("event", "rejected"), ("class", "")])
        .is(422)
        .says("has a class");
    add(&[("name", "x"), ("event", "lost"), ("class", "clerical")])
        .is(422)
        .says("has a class");
    add(&[("name", "x"), ("event", "accepted"), ("class", "")])
        .is(422)
        .says("Choose what");
    change(&world, "Left the company", "up").is(303);
    let text = offered(&world, &uid).text();
    let place = |name: &str| text.find(name).unwrap_or_else(|| panic!("no {name}"));
    assert!(place("Left the company") < place("Spam or test"));
    change(&world, "Left the company", "retire").is(303);
    offered(&world, &uid).says_nothing_of("Left the company");
    add(&clerical).is(422).says("bring it back");
    change(&world, "Left the company", "bring-back").is(303);
    offered(&world, &uid).says("Left the company");
    change(&world, "Left the company", "burn").is(422);
    world
        .as_("ada")
        .post("/reasons/99999", &[("change", "up")])
        .is(404);
    for name in ["ana", "max", "mark"] {
        world.as_(name).get("/reasons").is(403);
        world.as_(name).post("/reasons", &clerical).is(403);
    }
}

#[rstest]
fn a_reason_that_was_given_keeps_its_name(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    change(&world, "Duplicate", "rename")
        .is(422)
        .says("A rule knows this reason");
    let form = offered(&world, &uid);
    let rejected = [("reason", "Wrong role")];
    form.submit(&format!("/leads/{uid}/events"), &rejected)
        .is(303);
    change(&world, "Wrong role", "rename")
        .is(422)
        .says("was given already");
    change(&world, "Competitor", "rename").is(303);
    world
        .as_("ada")
        .get("/reasons")
        .says("No buyer")
        .says_nothing_of("Competitor Up");
    change(&world, "Wrong role", "retire").is(303);
    world
        .as_("mark")
        .get(&format!("/leads/{uid}"))
        .says("Rejected: Wrong role");
}

#[rstest]
fn a_reason_that_a_rule_knows_keeps_its_name_from_the_first(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let all = world.read(lists::store::all_reasons);
    let known = all
        .iter()
        .filter(|reason| touchline::rules::moves::KNOWN_BY_NAME.contains(&reason.name.as_str()));
    let known: Vec<&Reason> = known.collect();
    assert_eq!(known.len(), 13, "{known:?}");
    for reason in known {
        let path = format!("/reasons/{}", reason.id);
        let fields = [("change", "rename"), ("new_name", "Other words")];
        let page = world.as_("ada").post(&path, &fields);
        page.is(422).says("A rule knows this reason by its name");
    }
}
