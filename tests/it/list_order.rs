//! Stories of the order in which sources, campaigns, assets and territories stand.

use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use touchline::lists::{self, List};

fn add(world: &World, list: &str, names: &[&str]) {
    for name in names {
        let page = world
            .as_("ada")
            .post(&format!("/lists/{list}"), &[("name", name)]);
        page.is(303);
    }
}

fn change(world: &World, list: List, name: &str, change: &str) {
    let all = world.read(lists::store::all_labels);
    let label = all.iter().find(|l| l.list == list && l.name == name);
    let id = label.unwrap_or_else(|| panic!("no {name}")).id;
    let path = format!("/lists/{list}/{id}");
    world.as_("ada").post(&path, &[("change", change)]).is(303);
}

/// The names in the order in which a page offers them, after the field of a name.
#[track_caller]
fn order<'n>(page: &Page, field: &str, names: &[&'n str]) -> Vec<&'n str> {
    let body = &page.ok().body;
    let from = body.find(field).unwrap_or_else(|| panic!("no {field}"));
    let place = |name: &str| {
        let found = body[from..].find(name);
        found.unwrap_or_else(|| panic!("no {name} after {field}"))
    };
    let mut names = names.to_vec();
    names.sort_by_key(|name| place(name));
    names
}

#[rstest]
fn campaigns_stand_in_the_order_that_the_admin_gives_them_wherever_one_is_chosen(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let names = ["Autumn fair", "Bright web", "Cup final"];
    add(
        &world,
        "campaign",
        &["Bright web", "Cup final", "Autumn fair"],
    );
    let everywhere = |expected: [&str; 3]| {
        for (who, path, field) in [
            ("ada", "/lists/campaign", "Lists"),
            ("mark", "/leads", "name=\"campaign\""),
            ("mark", "/leads/new", "id=\"campaign"),
            ("max", "/hand-overs", "name=\"campaign\""),
        ] {
            let page = world.as_(who).get(path);
            assert_eq!(order(&page, field, &names), expected, "{path}");
        }
    };
    everywhere(["Autumn fair", "Bright web", "Cup final"]);
    change(&world, List::Campaign, "Cup final", "first");
    everywhere(["Cup final", "Autumn fair", "Bright web"]);
    change(&world, List::Campaign, "Bright web", "up");
    everywhere(["Cup final", "Bright web", "Autumn fair"]);
    change(&world, List::Campaign, "Cup final", "down");
    everywhere(["Bright web", "Cup final", "Autumn fair"]);
    // At the ends there is nowhere to go.
    change(&world, List::Campaign, "Bright web", "up");
    change(&world, List::Campaign, "Autumn fair", "down");
    everywhere(["Bright web", "Cup final", "Autumn fair"]);
    // What comes later stands behind what was placed.
    add(&world, "campaign", &["A late one"]);
    let page = world.as_("mark").get("/leads");
    let field = "name=\"campaign\"";
    let two = order(&page, field, &["A late one", "Autumn fair"]);
    assert_eq!(two, ["Autumn fair", "A late one"]);
    let record = world.as_("ada").get("/record");
    record.ok().says("moved").says("Cup final");

    let page = world.as_("ada").get("/lists/campaign");
    page.says("Order by name");
    let by_name = [("change", "by-name")];
    world.as_("ada").post("/lists/campaign", &by_name).is(303);
    everywhere(["Autumn fair", "Bright web", "Cup final"]);
    let page = world.as_("ada").get("/lists/campaign");
    page.ok().says_nothing_of("Order by name");
}

#[rstest]
fn assets_and_territories_are_ordered_too_and_other_lists_stay_as_they_were(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    add(&world, "asset", &["Guide to fit", "Price list"]);
    add(&world, "territory", &["East", "West"]);
    add(&world, "source", &["Fair", "Web form"]);
    change(&world, List::Asset, "Price list", "up");
    change(&world, List::Territory, "West", "up");
    let log = world.as_("ana").get("/log?kind=1&outcome=1");
    let two = ["Guide to fit", "Price list"];
    let asset = "name=\"asset\"";
    assert_eq!(order(&log, asset, &two), ["Price list", "Guide to fit"]);
    let rule = world.as_("max").get("/territories/rules/new");
    let territory = "name=\"territory\"";
    assert_eq!(order(&rule, territory, &["East", "West"]), ["West", "East"]);
    let leads = world.as_("mark").get("/leads");
    let two = ["Fair", "Web form"];
    assert_eq!(order(&leads, "name=\"source\"", &two), ["Fair", "Web form"]);
}

#[rstest]
fn a_retired_one_that_is_brought_back_stands_where_it_stood(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    add(&world, "source", &["Fair", "Phone", "Web form"]);
    change(&world, List::Source, "Web form", "first");
    change(&world, List::Source, "Web form", "retire");
    change(&world, List::Source, "Web form", "bring-back");
    let page = world.as_("ada").get("/lists/source");
    let names = ["Fair", "Phone", "Web form"];
    assert_eq!(order(&page, "Lists", &names), ["Web form", "Fair", "Phone"]);
    // And of somebody who keeps no lists nothing is moved.
    let id = world.read(lists::store::all_labels)[0].id;
    let path = format!("/lists/source/{id}");
    world.as_("max").post(&path, &[("change", "down")]).is(403);
}
