//! The first minutes of a fresh install.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, World};
use rstest::rstest;
use touchline::calendar;
use touchline::imports::{self, Source};
use touchline::people;
use touchline::rules::access::Role;

const CODE: &str = "ABCDE-12345";

fn fresh(database: Database) -> World {
    World::configured(database, |app| {
        app.setup_code = std::sync::Mutex::new(Some(CODE.to_owned()));
    })
}

fn set_up(world: &World, changes: &[(&str, &str)]) -> Page {
    let right = [
        ("code", CODE),
        ("workspace", "Nordlicht"),
        ("time_zone", "Europe/Berlin"),
        ("opens", "08:30"),
        ("closes", "16:30"),
        ("name", "Ada Adler"),
        ("email", "Ada@Example.com"),
        ("password", "a few good words"),
    ];
    let kept = right
        .iter()
        .filter(|(name, _)| changes.iter().all(|c| c.0 != *name));
    let fields: Vec<_> = kept.chain(changes).copied().collect();
    let page = world.anonymous().get("/setup");
    page.submit("/setup", &fields)
}

#[rstest]
fn a_fresh_install_leads_everybody_to_the_set_up_page(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = fresh(database);
    let stranger = world.anonymous();
    for path in ["/", "/today", "/people", "/sign-in"] {
        stranger.get(path).redirects_to("/setup");
    }
    stranger.get("/setup").ok().says("Set up Touchline");
}

#[rstest]
fn the_code_of_the_console_makes_the_first_admin(#[values(Sqlite, Postgres)] database: Database) {
    let world = fresh(database);
    let page = set_up(&world, &[]);
    page.redirects_to("/people").follow().ok().says("Ada Adler");

    let workspace = world.read(people::workspace);
    assert!(workspace.is_set_up);
    assert_eq!(workspace.name, "Nordlicht");
    assert_eq!(workspace.zone.name(), "Europe/Berlin");
    let ada = world.person("ada");
    assert_eq!(ada.role, Role::Admin);
    assert_eq!(ada.email, "ada@example.com");

    let page = world.anonymous().post(
        "/sign-in",
        &[
            ("email", "ada@example.com"),
            ("password", "a few good words"),
        ],
    );
    page.redirects_to("/");
}

#[rstest]
fn a_workspace_is_set_up_only_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = fresh(database);
    let second = world.anonymous().get("/setup");
    set_up(&world, &[]).redirects_to("/people");

    world.anonymous().get("/setup").is(404);
    let fields = [("email", "eve@example.com"), ("code", CODE)];
    second.submit("/setup", &fields).is(404);
    assert_eq!(world.read(people::store::all).len(), 1);
}

#[rstest]
#[case::of_another_console("AAAAA-00000")]
#[case::missing("")]
fn a_stranger_without_the_code_sets_nothing_up(
    #[case] code: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = fresh(database);
    let page = set_up(&world, &[("code", code)]);
    page.is(422).says("This is not the code.");
    assert!(!world.read(people::workspace).is_set_up);
    assert!(world.read(people::store::all).is_empty());
}

#[rstest]
fn no_code_opens_a_server_that_printed_none(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::empty(database);
    set_up(&world, &[("code", "")]).is(422);
    assert!(!world.read(people::workspace).is_set_up);
}

#[rstest]
#[case::a_short_password("password", "short", "10 to 200 characters")]
#[case::no_name("name", "", "Enter your name.")]
#[case::an_address_without_a_host("email", "ada", "Enter an e-mail address")]
#[case::an_unknown_zone("time_zone", "Mars/Olympus", "Enter a time zone from the list.")]
#[case::work_that_ends_before_it_begins("closes", "07:00", "Work must end after it begins.")]
#[case::an_impossible_time("opens", "25:61", "Enter a time such as 09:00.")]
fn a_form_with_a_fault_comes_back_filled(
    #[case] field: &str,
    #[case] value: &str,
    #[case] message: &str,
) {
    let world = fresh(Sqlite);
    let page = set_up(&world, &[(field, value)]);
    page.is(422).says(message);
    assert_eq!(page.field("workspace").as_deref(), Some("Nordlicht"));
    assert!(!page.body.contains("a few good words"), "the password");
    assert!(!world.read(people::workspace).is_set_up);
    set_up(&world, &[]).redirects_to("/people");
}

#[rstest]
fn zone_and_hours_that_an_import_brought_stay(#[values(Sqlite, Postgres)] database: Database) {
    let world = fresh(database);
    let calendar = "team,email,time_zone,weekday,opens,closes\n\
                    ,,Europe/Rome,1,08:00,12:00\n,,Europe/Rome,1,13:00,16:00\n";
    let files = [Source::new("calendar.csv", calendar.as_bytes())];
    world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    let form = world.anonymous().get("/setup");
    form.ok().says("Working hours were imported already");
    assert_eq!(form.field("time_zone").as_deref(), Some("Europe/Rome"));
    set_up(&world, &[("time_zone", "Europe/Rome")]).is(303);
    let weeks = world.read(calendar::store::weeks);
    let blocks = weeks.iter().flat_map(|(_, blocks)| blocks);
    let hours: Vec<_> = blocks.map(|(day, block)| (*day, block.opens_min)).collect();
    assert_eq!(hours, [(1, 480), (1, 780)]);
}
