//! Entries that a device kept while there was no signal.

use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use touchline::activities::store;

const UID: &str = "019cb5d0-0000-7000-8000-000000000001";

/// Sends a waiting call of somebody's, made at `at`, from `client`.
fn send(world: &World, client: &Client, whose: &str, at: &str, more: &[(&str, &str)]) -> Page {
    let person = world.person(whose).uid;
    let fields = [
        ("uid", UID),
        ("kind", "1"),
        ("outcome", "1"),
        ("at", at),
        ("person", &person),
    ];
    let kept = fields
        .iter()
        .filter(|(name, _)| more.iter().all(|m| m.0 != *name));
    let fields: Vec<_> = kept.chain(more).copied().collect();
    client.post("/log/queued", &fields)
}

#[rstest]
fn an_entry_keeps_the_time_at_which_it_was_made_and_is_stored_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let made = "2026-03-03T14:30:15Z";
    send(&world, &ana, "ana", made, &[("next", "1")]).is(204);
    send(&world, &ana, "ana", made, &[]).is(204);
    let id = world.person("ana").id;
    let yesterday = "2026-03-03".parse().expect("a day");
    let entries = world.read(|conn| store::of_day(conn, id, yesterday));
    assert_eq!(entries.len(), 1);
    let entry = &entries[0].0;
    assert_eq!(entry.happened_at, crate::world::instant(made));
    assert_eq!(entry.entered_at, world.now());
    assert_eq!(entry.origin, "offline");
}

#[rstest]
fn a_refused_entry_comes_with_its_reason(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let long_ago = send(&world, &ana, "ana", "2026-02-02T10:00:00Z", &[]);
    long_ago.is(422);
    assert!(
        long_ago.body.starts_with("That week is closed"),
        "{}",
        long_ago.body
    );
    let no_outcome = send(
        &world,
        &ana,
        "ana",
        "2026-03-04T08:00:00Z",
        &[("outcome", "")],
    );
    no_outcome.is(422);
    assert_eq!(no_outcome.body, "Choose what came of it.");
    send(&world, &ana, "ana", "whenever", &[]).is(422);

    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "No answer", Some(&lead));
    let twice = send(
        &world,
        &ana,
        "ana",
        "2026-03-04T09:05:00Z",
        &[("lead", &lead)],
    );
    twice.is(409);
    assert!(
        twice.body.contains("Again, or a duplicate?"),
        "{}",
        twice.body
    );
}

#[rstest]
fn nobody_sends_what_somebody_else_made_on_the_same_device(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let made = "2026-03-04T08:00:00Z";
    send(&world, &world.as_("ben"), "ana", made, &[]).is(403);
    send(&world, &world.anonymous(), "ana", made, &[]).is(303);
    send(&world, &world.as_("ana"), "ana", made, &[]).is(204);
}

#[rstest]
fn looking_for_a_lead_keeps_what_was_typed(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.lead("Acme", "ana");
    let ana = world.as_("ana");
    let fields = [
        ("uid", UID),
        ("kind", "2"),
        ("note", "asked for a price"),
        ("next", "3"),
        ("q", "acm"),
        ("find", "true"),
    ];
    let found = ana.post("/log", &fields);
    found.ok().says("Acme");
    assert_eq!(found.field("note").as_deref(), Some("asked for a price"));
    assert_eq!(found.field("uid").as_deref(), Some(UID));
    assert_eq!(found.field("kind").as_deref(), Some("2"));
}
