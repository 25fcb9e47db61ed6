//! Stories of the workspace's page: its name, its zone, and how it writes numbers and days.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use rstest::rstest;

const SETTINGS: [(&str, &str); 4] = [
    ("workspace", "Südlicht"),
    ("time_zone", "europe/lisbon"),
    ("numbers", "1.234,5"),
    ("days", "21.11.2026"),
];

#[rstest]
fn an_admin_changes_the_workspaces_name_and_zone(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let page = ada
        .get("/workspace")
        .submit("/workspace", &SETTINGS)
        .follow();
    page.ok().says("Südlicht").says("Europe/Lisbon");
    let wrong = [
        ("workspace", ""),
        ("time_zone", "Mars"),
        ("numbers", "1'000"),
    ];
    let page = ada.get("/workspace").submit("/workspace", &wrong);
    page.is(422)
        .says("Enter a time zone from the list.")
        .says("Enter one of these ways.");
}

#[rstest]
fn numbers_and_days_are_written_as_the_workspace_chose_on_pages_and_plainly_in_files(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.target("max", "ana", "activities", 1200);
    let before = world.as_("ana").get("/today");
    before.says("0 of 1,200").says("Wed 4 Mar 2026");

    let ada = world.as_("ada");
    ada.get("/workspace")
        .submit("/workspace", &SETTINGS)
        .is(303);
    let after = world.as_("ana").get("/today");
    after.says("0 of 1.200").says("Wed 4.3.2026");
    let file = world.as_("max").get("/targets?format=csv");
    assert!(file.body.contains(",1200,"), "{}", file.body);
    assert!(file.body.contains("2026-03-04"), "{}", file.body);
}

#[rstest]
fn an_amount_is_read_as_the_workspace_writes_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    ada.get("/workspace")
        .submit("/workspace", &SETTINGS)
        .is(303);
    let lead = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    let won = [("amount", "1.200,50"), ("currency", "EUR")];
    let form = ana.get(&format!("/leads/{lead}?do=won"));
    form.submit(&format!("/leads/{lead}/events"), &won).is(303);
    let page = ana.get(&format!("/leads/{lead}"));
    page.says("1.200,5 EUR");
}
