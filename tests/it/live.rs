//! Pages that bring themselves up to date: what has not changed is not sent again, and what has changed is.

use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;

fn ask(client: &Client, path: &str, tag: &str) -> Page {
    client.send("GET", path, &[("If-None-Match", tag)], b"")
}

#[rstest]
fn a_page_on_which_nothing_changed_is_not_sent_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.target("max", "ana", "activities", 20);
    let ana = world.as_("ana");
    let tag = ana.get("/today").ok().says("0").header("etag").to_owned();
    assert_ne!(tag, "");
    let again = ask(&ana, "/today", &tag);
    again.is(304);
    assert_eq!(again.body, "");
    assert_eq!(again.header("etag"), tag);

    world.log("ana", "Call", "No answer", None);
    let changed = ask(&ana, "/today", &tag);
    changed.ok().says("1 logged");
    assert_ne!(changed.header("etag"), tag);
}

#[rstest]
fn a_page_is_never_that_of_somebody_else(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (ana, ben) = (world.as_("ana"), world.as_("ben"));
    world.log("ana", "Call", "No answer", None);
    let tag = ana
        .get("/today")
        .ok()
        .says("1 logged")
        .header("etag")
        .to_owned();
    ask(&ben, "/today", &tag).ok().says("Nothing logged yet");
    ana.get("/today").ok().says("1 logged");
    ana.post("/sign-out", &[]).is(303);
    ask(&ana, "/today", &tag).is(303);
}

#[rstest]
fn a_form_with_a_number_used_once_is_made_anew_each_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let (first, second) = (ana.get("/log"), ana.get("/log"));
    assert_eq!(first.header("etag"), "");
    assert_ne!(first.field("uid"), None);
    assert_ne!(first.field("uid"), second.field("uid"));
}

#[test]
fn what_time_alone_changes_shows_a_minute_later() {
    let world = World::new(Sqlite);
    let lead = "Waits since just now";
    world.lead(lead, "ana");
    let ana = world.as_("ana");
    ana.get("/leads?view=all").ok().says("Waiting 0 s");
    world.at("2026-03-04T10:01:30+01:00");
    ana.get("/leads?view=all").ok().says("Waiting 1 min 30 s");
}
