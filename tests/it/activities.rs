//! Stories of the log: what a rep enters is counted once, stays, and can be mended.

use crate::world::{Database, Database::*, World, entry};
use rstest::rstest;
use touchline::activities::{self, Logged, store};
use touchline::error::Error;
use touchline::leads;
use touchline::lists;
use touchline::rules::stage::Stage;

/// A kind's id and the id of one of its outcomes.
fn ids(world: &World, kind: &str, outcome: &str) -> (i64, Option<i64>) {
    world.read(|conn| {
        let kinds = lists::store::kinds(conn)?;
        let kind = kinds.iter().find(|k| k.name == kind).expect("the kind").id;
        let outcomes = lists::store::outcomes(conn)?;
        let outcome = outcomes
            .iter()
            .find(|o| o.kind_id == kind && o.name == outcome);
        Ok((kind, outcome.map(|o| o.id)))
    })
}

fn stage(world: &World, lead: &str) -> Stage {
    let admin = world.me("ada");
    world.read(|conn| {
        Ok(leads::store::by_uid(conn, &admin, lead)?
            .expect("the lead")
            .stage)
    })
}

#[rstest]
fn a_call_is_logged_from_the_form_and_seen_on_today(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    let form = ana.get(&format!("/log?lead={lead}"));
    let (kind, outcome) = ids(&world, "Call", "Interested");
    let outcome = outcome.expect("an outcome").to_string();
    let saved = form.submit(
        "/log",
        &[
            ("kind", &kind.to_string()),
            ("outcome", &outcome),
            ("lead", &lead),
        ],
    );
    let today = saved.is(303).follow();
    today
        .ok()
        .says("Logged. Call: Acme")
        .says("1 logged, 1 reached")
        .says("Undo");
    assert_eq!(stage(&world, &lead), Stage::Contacted);
}

#[rstest]
fn an_entry_that_is_sent_twice_is_stored_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (kind, outcome) = ids(&world, "Call", "No answer");
    let call = activities::Entry {
        outcome_id: outcome,
        quantity: 12,
        ..entry(kind, world.now())
    };
    assert_eq!(
        world.write_as("ana", |tx| activities::log(tx, &call)),
        Logged::Stored
    );
    assert_eq!(
        world.write_as("ana", |tx| activities::log(tx, &call)),
        Logged::Known
    );
    world.as_("ana").get("/today").says("12 logged, 0 reached");
    // Somebody else's number is not theirs to use, and tells nothing of the entry.
    let taken = world.try_as("ben", |tx| activities::log(tx, &call));
    assert!(matches!(taken, Err(Error::Refused(_))), "{taken:?}");
}

#[rstest]
fn the_same_touch_within_ten_minutes_asks_whether_it_is_a_duplicate(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "No answer", Some(&lead));
    world.at("2026-03-04T09:10:00Z");
    let ana = world.as_("ana");
    let (kind, outcome) = ids(&world, "Call", "Left voicemail");
    let (kind, outcome) = (kind.to_string(), outcome.expect("an outcome").to_string());
    let fields = [
        ("kind", kind.as_str()),
        ("outcome", &outcome),
        ("lead", &lead),
    ];
    let asked = ana.get("/log").submit("/log", &fields);
    asked
        .is(422)
        .says("You logged the same with this lead at 10:00. Again, or a duplicate?");
    ana.get("/today").says("1 logged");
    let again = [fields.as_slice(), &[("again", "true")]].concat();
    asked
        .submit("/log", &again)
        .is(303)
        .follow()
        .says("2 logged");
    // Another kind, and eleven minutes later, are no duplicates.
    world.at("2026-03-04T09:21:00Z");
    let (email, sent) = ids(&world, "E-mail", "Sent");
    let touch = activities::Entry {
        outcome_id: sent,
        lead_uid: Some(lead.clone()),
        ..entry(email, world.now())
    };
    assert_eq!(
        world.write_as("ana", |tx| activities::log(tx, &touch)),
        Logged::Stored
    );
    let (call, no_answer) = ids(&world, "Call", "No answer");
    let touch = activities::Entry {
        outcome_id: no_answer,
        lead_uid: Some(lead),
        ..entry(call, world.now())
    };
    assert_eq!(
        world.write_as("ana", |tx| activities::log(tx, &touch)),
        Logged::Stored
    );
}

#[rstest]
fn an_undone_touch_moves_its_lead_back_and_leaves_a_trail(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    let before = stage(&world, &lead);
    let uid = world.log("ana", "Call", "Meeting booked", Some(&lead));
    assert_eq!(stage(&world, &lead), Stage::MeetingBooked);
    let ana = world.as_("ana");
    ana.post(&format!("/activities/{uid}/remove"), &[])
        .redirects_to("/today?done=removed");
    ana.get("/today").says("Nothing logged yet");
    assert_eq!(stage(&world, &lead), before);
    let owner = world.read(|conn| store::owner_of(conn, &uid));
    assert_eq!(owner, Some(world.person("ana").id), "the row stays");
    // Taken back twice is not found, and breaks nothing.
    ana.post(&format!("/activities/{uid}/remove"), &[]).is(404);
}

#[rstest]
fn a_mended_entry_replaces_the_old_one_in_every_count(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    let uid = world.log("ana", "Call", "Meeting booked", Some(&lead));
    let ana = world.as_("ana");
    let path = format!("/activities/{uid}");
    let (_, no_answer) = ids(&world, "Call", "No answer");
    let form = ana.get(&path);
    form.ok().says("Change an entry");
    form.submit(
        &path,
        &[("outcome", &no_answer.expect("an outcome").to_string())],
    )
    .redirects_to("/today?done=changed");
    ana.get("/today").says("1 logged, 0 reached");
    assert_eq!(stage(&world, &lead), Stage::Attempting);
    ana.get(&path).is(404);
}

#[rstest]
fn nobody_mends_or_even_sees_the_entry_of_another(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.log("ana", "Call", "No answer", None);
    for other in ["ben", "max", "ada"] {
        let other = world.as_(other);
        other.get(&format!("/activities/{uid}")).is(404);
        other
            .post(
                &format!("/activities/{uid}"),
                &[("kind", "1"), ("outcome", "1")],
            )
            .is(404);
        other
            .post(&format!("/activities/{uid}/remove"), &[])
            .is(404);
    }
    world.as_("ana").get("/today").says("1 logged");
}

#[rstest]
fn a_closed_week_takes_no_entry_and_no_change(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.log("ana", "Call", "No answer", None);
    let happened = world.now();
    let (kind, outcome) = ids(&world, "Call", "No answer");
    let late = || activities::Entry {
        outcome_id: outcome,
        ..entry(kind, happened)
    };
    // Week end in Berlin is Sunday 24:00; two days later the week closes.
    world.at("2026-03-10T22:59:59Z");
    assert_eq!(
        world.write_as("ana", |tx| activities::log(tx, &late())),
        Logged::Stored
    );
    world.at("2026-03-10T23:00:00Z");
    assert!(matches!(
        world.try_as("ana", |tx| activities::log(tx, &late())),
        Err(Error::Refused(_))
    ));
    world
        .as_("ana")
        .post(&format!("/activities/{uid}/remove"), &[])
        .is(422)
        .says("week is closed");
}

#[rstest]
fn what_has_not_happened_yet_is_refused_and_the_form_comes_back_filled(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let fields = [
        ("kind", "1"),
        ("outcome", "1"),
        ("day", "2026-03-05"),
        ("time", "10:00"),
        ("note", "told me to call"),
    ];
    let back = ana.get("/log").submit("/log", &fields);
    back.is(422).says("This has not happened yet");
    assert_eq!(back.field("note").as_deref(), Some("told me to call"));
    ana.get("/today").says("Nothing logged yet");
}

#[rstest]
fn wrong_fields_are_named_and_nothing_is_stored(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let foreign = world.lead("Hers", "sue");
    let ana = world.as_("ana");
    let long = "x".repeat(4_001);
    let wrong: [&[(&str, &str)]; 9] = [
        &[("kind", "")],
        &[("kind", "99999"), ("outcome", "1")],
        &[("kind", "1"), ("outcome", "")],
        &[("kind", "2"), ("outcome", "1")],
        &[("kind", "1"), ("outcome", "1"), ("quantity", "0")],
        &[("kind", "1"), ("outcome", "1"), ("quantity", "-5")],
        &[("kind", "1"), ("outcome", "1"), ("technique", "hypnosis")],
        &[("kind", "8")],
        &[("kind", "1"), ("outcome", "1"), ("note", &long)],
    ];
    for fields in wrong {
        ana.post("/log", fields).is(422);
    }
    let hers = ana.post(
        "/log",
        &[("kind", "1"), ("outcome", "1"), ("lead", &foreign)],
    );
    hers.is(404);
    ana.post(
        "/log",
        &[("kind", "1"), ("outcome", "1"), ("lead", "no-such-lead")],
    )
    .is(404);
    ana.get("/today").says("Nothing logged yet");
}

#[rstest]
fn a_day_is_the_persons_own_and_stays_when_they_move(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // 23:30 UTC on the 4th is already the 5th in Berlin.
    world.at("2026-03-04T23:30:00Z");
    let uid = world.log("ana", "Call", "No answer", None);
    let ana = world.person("ana").id;
    let day = |world: &World| {
        world
            .read(|conn| Ok(store::own(conn, ana, &uid)?.expect("the entry").local_day))
            .to_string()
    };
    assert_eq!(day(&world), "2026-03-05");
    world.write(|tx| {
        touchline::people::change(
            tx,
            ana,
            (
                "Ana",
                touchline::rules::access::Role::Rep,
                Some("America/Los_Angeles"),
            ),
            None,
        )
    });
    assert_eq!(day(&world), "2026-03-05");
    let moved = world.log("ana", "Call", "No answer", None);
    let day = world.read(|conn| Ok(store::own(conn, ana, &moved)?.expect("the entry").local_day));
    assert_eq!(day.to_string(), "2026-03-04");
}

#[rstest]
fn do_not_contact_stops_every_further_prompt_until_it_is_undone(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    ana.get("/today").says("Acme").says("Next leads to touch");
    let uid = world.log("ana", "Call", "Do not contact", Some(&lead));
    ana.get("/today").says("No lead waits for you");
    ana.post(&format!("/activities/{uid}/remove"), &[]).is(303);
    ana.get("/today").says_nothing_of("No lead waits for you");
}

#[rstest]
fn what_never_arrived_is_no_attempt(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "E-mail", "Bounced", Some(&lead));
    assert_eq!(stage(&world, &lead), Stage::HandedOver);
    world.log("ana", "Call", "Wrong number", Some(&lead));
    assert_eq!(stage(&world, &lead), Stage::Attempting);
}

#[rstest]
fn an_entry_made_more_than_two_working_days_late_is_marked(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // Monday 2 March; Wednesday is the second working day after it.
    world.at("2026-03-02T09:00:00Z");
    let happened = world.now();
    let (kind, outcome) = ids(&world, "Call", "No answer");
    let is_late = |when: &str| {
        world.at(when);
        let late = activities::Entry {
            outcome_id: outcome,
            ..entry(kind, happened)
        };
        world.write_as("ana", |tx| activities::log(tx, &late));
        let ana = world.person("ana").id;
        world.read(|conn| {
            Ok(store::own(conn, ana, &late.uid)?
                .expect("the entry")
                .is_late)
        })
    };
    assert!(!is_late("2026-03-04T22:59:00Z"));
    assert!(is_late("2026-03-04T23:00:00Z"));
}
