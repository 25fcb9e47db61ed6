//! Stories of the definitions: who agrees on a version, what it promises, and which hand-overs are under it.

mod levels;
mod meanwhile;
mod reports;

use crate::world::{Database, Database::*, Page, World};
use diesel::connection::SimpleConnection;
use rstest::rstest;
use touchline::both;
use touchline::definitions::{self, Side, Version, store};
use touchline::error::Error;
use touchline::rules::level::ServiceLevel;
use touchline::rules::wait::Urgency;

/// Max signs for sales, mark for marketing.
pub fn name_heads(world: &World) {
    for (side, name) in [(Side::Sales, "max"), (Side::Marketing, "mark")] {
        let person = world.person(name).id;
        world.write_as("ada", |tx| definitions::name_head(tx, side, person));
    }
}

/// A draft as max changes it from the version in force.
pub fn draft(world: &World, change: impl FnOnce(&mut store::Content)) -> i64 {
    let number = world.write_as("max", |tx| definitions::begin(tx, &[]));
    let mut version = version(world, number);
    change(&mut version.content);
    let edited = world.write_as("max", |tx| {
        definitions::edit(tx, &version.content, version.revision)
    });
    assert_eq!(edited, definitions::Done::Stored);
    number
}

/// Puts a new version in force now, signed by both heads; returns its number.
pub fn agree(world: &World, change: impl FnOnce(&mut store::Content)) -> i64 {
    name_heads(world);
    let number = draft(world, change);
    for name in ["max", "mark"] {
        let revision = version(world, number).revision;
        world.write_as(name, |tx| definitions::sign(tx, revision));
    }
    assert!(version(world, number).from.is_some());
    number
}

pub fn version(world: &World, number: i64) -> Version {
    let versions = world.read(store::all);
    let found = versions.into_iter().find(|v| v.number == number);
    found.expect("the version")
}

fn sign(world: &World, name: &str, number: i64) -> Page {
    let page = world.as_(name).get(&format!("/definitions/{number}"));
    page.submit("/definitions/draft/sign", &[])
}

fn notices(world: &World, name: &str) -> Vec<String> {
    use diesel::prelude::*;
    use touchline::schema::notices;
    let person = world.person(name).id;
    world.read(|conn| {
        Ok(notices::table
            .filter(notices::person_id.eq(person))
            .filter(notices::kind.eq("definition"))
            .order(notices::id)
            .select(notices::text)
            .load(conn)?)
    })
}

#[rstest]
fn a_workspace_begins_with_the_houses_own_defaults(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let first = version(&world, 1);
    for urgency in Urgency::ALL {
        let mut levels = first.content.levels.iter();
        let level = levels.find(|l| l.urgency == *urgency).expect("a level");
        assert_eq!(level.promise, ServiceLevel::of_house(*urgency), "{urgency}");
        assert_eq!(level.source_id, None);
    }
    for name in ["ana", "max", "mark", "ada"] {
        let page = world.as_(name).get("/definitions");
        page.ok()
            .says("Version 1")
            .says("The house's own defaults, unsigned")
            .says("6 attempts of 2 kinds")
            .says("No number of leads is promised");
    }
}

#[rstest]
fn a_version_is_in_force_at_the_instant_at_which_both_heads_have_signed_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (max, mark) = (world.person("max").uid, world.person("mark").uid);
    let heads = [("sales", max.as_str()), ("marketing", mark.as_str())];
    let page = world.as_("ada").get("/definitions");
    page.submit("/definitions/heads", &heads)
        .is(303)
        .follow()
        .says("Saved who signs.");
    let mia = world.as_("mia");
    let form = mia
        .get("/definitions")
        .submit("/definitions", &[])
        .is(303)
        .follow();
    let changes = [
        ("qualified", "A need, a budget and a date.\r\nNothing less."),
        ("hot_first", "10 minutes"),
        ("volume", "120"),
        ("answer_by", "2 d"),
    ];
    form.submit("/definitions/draft", &changes)
        .is(303)
        .follow()
        .says("Draft, not signed")
        .says("Max Maier has not signed yet")
        .says("Leads handed over: 120 a month")
        .says("A rejection is answered within 2 working days");
    world.at("2026-03-05T09:00:00Z");
    sign(&world, "max", 2)
        .is(303)
        .follow()
        .says("signed by one side");
    assert_eq!(version(&world, 2).from, None);
    world.at("2026-03-06T09:30:00Z");
    sign(&world, "mark", 2).is(303);
    assert_eq!(version(&world, 2).from, Some(world.now()));
    let ana = world.as_("ana");
    let page = ana.get("/definitions");
    page.ok()
        .says("Version 2")
        .says("In force since 6 Mar 2026")
        .says("Nothing less.")
        .says("Mark Marlow, 6 Mar 2026");
    assert!(page.links().contains(&"/definitions/1".to_owned()));
    ana.get("/definitions/1").says("in force until 6 Mar 2026");
    assert!(
        notices(&world, "max")
            .iter()
            .any(|text| text.contains("is a draft"))
    );
    assert!(
        notices(&world, "mark")
            .iter()
            .any(|text| text.contains("Max Maier signed version 2"))
    );
    for name in ["ana", "sue", "mia", "ada", "max"] {
        let told = notices(&world, name);
        assert!(
            told.iter()
                .any(|text| text.contains("Version 2 of the definitions is in force")),
            "{name}: {told:?}"
        );
    }
}

#[rstest]
fn only_the_heads_sign_and_nobody_signs_for_both_sides(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let number = draft(&world, |_| {});
    let revision = version(&world, number).revision;
    for name in ["max", "mark", "ada", "ana"] {
        let page = world.as_(name).get("/definitions");
        assert!(
            !page
                .actions()
                .contains(&"/definitions/draft/sign".to_owned())
        );
        let signed = world.try_as(name, |tx| definitions::sign(tx, revision));
        assert!(matches!(signed, Err(Error::Forbidden)), "{name}");
    }
    name_heads(&world);
    let signed = world.try_as("mia", |tx| definitions::sign(tx, revision));
    assert!(matches!(signed, Err(Error::Forbidden)));
    for _ in 0..2 {
        world.write_as("max", |tx| definitions::sign(tx, revision));
    }
    assert_eq!(version(&world, number).signatures.len(), 1);
    assert_eq!(version(&world, number).from, None);
    let ada = world.as_("ada").get("/definitions");
    let of = |name| world.person(name).uid;
    for (side, name, why) in [
        ("sales", "ana", "Ana Arndt cannot be the head of sales"),
        ("marketing", "max", "cannot be the head of marketing"),
        ("sales", "nobody", "Enter somebody from the list."),
    ] {
        let uid = if name == "nobody" {
            name.to_owned()
        } else {
            of(name)
        };
        ada.submit("/definitions/heads", &[(side, &uid)])
            .is(422)
            .says(why);
    }
    // Another head of sales has not signed yet.
    ada.submit("/definitions/heads", &[("sales", &of("ada"))])
        .is(303);
    assert!(version(&world, number).signatures.is_empty());
    let both = world.as_("ada").get("/definitions");
    both.submit("/definitions/heads", &[("marketing", &of("ada"))])
        .is(422)
        .says("nobody signs for both sides");
    world.as_("max").post("/definitions/heads", &[]).is(403);
}

#[rstest]
fn an_edit_takes_signatures_away_and_who_signed_is_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    name_heads(&world);
    let number = draft(&world, |_| {});
    sign(&world, "mark", number).is(303);
    let max = world.as_("max");
    let form = max.get("/definitions/draft");
    form.ok().says("This draft is signed.");
    // Saved as it stands, it stays signed.
    form.submit("/definitions/draft", &[]).is(303);
    assert_eq!(version(&world, number).signatures.len(), 1);
    form.submit("/definitions/draft", &[("reasons", "Fewer.")])
        .is(303);
    assert!(version(&world, number).signatures.is_empty());
    let told = notices(&world, "mark");
    assert!(
        told.last()
            .is_some_and(|text| text.contains("changed after you signed"))
    );
    // What mark has open is no longer what stands there.
    let mark = world.as_("mark");
    let stale = ("seen", "1");
    mark.post("/definitions/draft/sign", &[stale])
        .is(409)
        .says("Read it again, then sign.");
    sign(&world, "mark", number).is(303);
}

#[rstest]
fn who_saves_a_draft_second_sees_what_changed_and_keeps_what_they_typed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let number = draft(&world, |_| {});
    let (max, mark) = (world.as_("max"), world.as_("mark"));
    let (of_max, of_mark) = (
        max.get("/definitions/draft"),
        mark.get("/definitions/draft"),
    );
    of_max
        .submit("/definitions/draft", &[("warm_accept", "2 h")])
        .is(303);
    let again = of_mark.submit("/definitions/draft", &[("stages", "Mark's own words")]);
    again
        .is(409)
        .says("Max Maier saved this draft")
        .says("accept within 2 h")
        .says("Mark's own words");
    assert_eq!(again.field("stages").as_deref(), Some("Mark's own words"));
    again
        .submit("/definitions/draft", &[("warm_accept", "2 h")])
        .is(303);
    let content = version(&world, number).content;
    assert_eq!(content.stages, "Mark's own words");
    let lists = [Urgency::Warm];
    let warm = content.levels.iter().find(|l| lists.contains(&l.urgency));
    assert_eq!(warm.expect("a level").promise.accept_by.to_string(), "2 h");
}

#[rstest]
fn a_draft_is_written_by_managers_marketing_and_admins_one_at_a_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    ana.post("/definitions", &[]).is(403);
    world.as_("mark").post("/definitions", &[]).is(303);
    world
        .as_("max")
        .post("/definitions", &[])
        .is(422)
        .says("There is a draft already");
    // A rep reads what is in force.
    ana.get("/definitions").says_nothing_of("Version 2");
    ana.get("/definitions/2").is(404);
    ana.get("/definitions/compare?from=1&to=2").is(404);
    for path in [
        "/definitions/draft",
        "/definitions/draft/sign",
        "/definitions/draft/drop",
    ] {
        ana.post(path, &[]).is(403);
    }
    let begun = world.try_as("ana", |tx| definitions::begin(tx, &[]));
    assert!(matches!(begun, Err(Error::Forbidden)));
    let ada = world.as_("ada");
    ada.get("/definitions/draft")
        .submit("/definitions/draft/drop", &[])
        .is(303)
        .follow()
        .says("The draft is dropped.");
    ada.get("/definitions/draft").is(404);
    ada.get("/definitions/9").is(404);
}

#[rstest]
fn what_is_no_limit_is_said_beside_its_field_and_nothing_is_lost(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.as_("max").post("/definitions", &[]).is(303);
    let form = world.as_("max").get("/definitions/draft");
    let again = form.submit(
        "/definitions/draft",
        &[
            ("hot_accept", "soon"),
            ("content_attempts", "many"),
            ("volume", "-3"),
            ("answer_by", "99 days"),
            ("own1_source", "999999"),
            ("stages", "Kept words"),
        ],
    );
    again
        .is(422)
        .says("Enter a limit such as 15 min, 4 h or 2 working days.")
        .says("Enter a whole number, at most 50.")
        .says("Enter a whole number of leads.")
        .says("Enter a source from the list.");
    assert_eq!(again.field("hot_accept").as_deref(), Some("soon"));
    assert_eq!(again.field("stages").as_deref(), Some("Kept words"));
    assert_eq!(version(&world, 2).content, version(&world, 1).content);
}

#[rstest]
fn what_changed_between_two_versions_is_marked_word_by_word(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    agree(&world, |content| {
        content.qualified = "Somebody decides by a day.".to_owned();
        content.levels[0].promise.least_attempts = 7;
    });
    let ana = world.as_("ana");
    let compare = "/definitions/compare?from=1&to=2";
    assert!(
        ana.get("/definitions")
            .links()
            .contains(&compare.to_owned())
    );
    let page = ana.get(compare);
    page.ok()
        .says("2 lines gone, 2 lines new.")
        .says("New: Somebody decides by a day.")
        .says("Gone: Hot: accept within 15 min")
        .says("at least 7 attempts of 2 kinds");
    assert!(page.body.contains("<strong>6</strong>") && page.body.contains("<strong>7</strong>"));
    assert!(page.body.contains("<ins>") && page.body.contains("<del>"));
    let same = world.as_("ana").get("/definitions/compare?from=2&to=2");
    same.says("Nothing changed.");
}

#[rstest]
fn a_version_in_force_refuses_every_change_in_the_database_itself(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    agree(&world, |content| content.stages = "Signed.".to_owned());
    for statement in [
        "UPDATE definitions SET stages = 'other' WHERE id = 2",
        "DELETE FROM definitions WHERE id = 1",
        "UPDATE definition_levels SET least_attempts = 0 WHERE definition_id = 2",
        "DELETE FROM definition_levels WHERE definition_id = 1",
        "INSERT INTO definition_levels (definition_id, urgency, accept_by, first_attempt_by, least_attempts, least_kinds,
            contact_or_exit_by) VALUES (2, 'hot', '1 h', '1 h', 1, 1, '1 h')",
        "UPDATE definition_signatures SET at = 0 WHERE definition_id = 2",
        "DELETE FROM definition_signatures WHERE definition_id = 2",
        "UPDATE definitions_in_force SET from_at = 0 WHERE definition_id = 2",
        "DELETE FROM definitions_in_force WHERE definition_id = 2",
        "UPDATE handovers SET definition_id = 2 WHERE definition_id = 1",
    ] {
        let done = world
            .app()
            .db
            .write(|conn| Ok(both!(conn, |c| c.batch_execute(statement))?));
        assert!(done.is_err(), "{statement}");
    }
    assert_eq!(version(&world, 2).content.stages, "Signed.");
    // What is no version of it changes as ever.
    world.log("ana", "Call", "No answer", Some(&lead));
    draft(&world, |content| content.stages = "Next.".to_owned());
    assert_eq!(version(&world, 3).content.stages, "Next.");
}

#[rstest]
fn another_process_reads_a_new_version_at_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let counted = |world: &World| world.read(touchline::kept::version);
    let before = counted(&world);
    draft(&world, |content| content.stages = "Draft.".to_owned());
    assert_eq!(counted(&world), before, "a draft is no reference data");
    let seen = version(&world, 2).revision;
    world.write_as("ada", |tx| definitions::drop_draft(tx, seen));
    agree(&world, |_| {});
    assert!(counted(&world) > before);
}
