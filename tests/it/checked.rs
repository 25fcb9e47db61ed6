//! Stories of what check works out again: scores by the rules, and targets and places of Monday packs.

use crate::lead_score::{in_nurture, lead, set_rules};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Home, World, terms};
use diesel::connection::SimpleConnection;
use rstest::rstest;
use touchline::handover::Terms;
use touchline::jobs;

#[track_caller]
fn is_well(home: &Home) -> String {
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
    said
}

/// Changes a row behind the program's back, and finds it named.
#[track_caller]
fn names(home: &Home, change: &str, sentence: &str) {
    home.connect().batch_execute(change).expect("a change");
    says(home, sentence);
}

#[track_caller]
fn says(home: &Home, sentence: &str) {
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!(code, Some(1), "{sentence}: {printed}{said}");
    assert!(printed.contains(sentence), "{sentence}: {printed}");
}

#[rstest]
fn a_pack_that_was_made_within_a_second_is_well(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2026-03-09T08:00:00.345678Z");
    jobs::run(world.app());
    let home = world.leave();
    let said = is_well(&home);
    assert!(said.contains("1 Monday pack"), "{said}");
}

#[rstest]
fn a_score_that_no_rule_gives_is_named(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (hanna, otto) = (
        in_nurture(&world, "Hanna", "Germany"),
        in_nurture(&world, "Otto", "Austria"),
    );
    let given = Terms {
        score: Some(12.0),
        ..terms()
    };
    let given = world.lead_on("Given", &given);
    set_rules(&world, 60.0);
    let seen = uuid::Uuid::now_v7().to_string();
    let prices = [("uid", seen.as_str()), ("kind", "2"), ("what", "Prices")];
    let mark = world.as_("mark");
    mark.post(&format!("/leads/{hanna}/signals"), &prices)
        .is(303);
    let first = lead(&world, &hanna).score.expect("a score");
    // Three nights later behaviour has faded, and what is kept is right still.
    world.at("2026-03-07T09:00:00Z");
    jobs::run(world.app());
    let faded = lead(&world, &hanna).score.expect("a score");
    assert!(30.0 < faded && faded < first, "{first} {faded}");
    let ids = [&hanna, &otto, &given].map(|uid| lead(&world, uid).id);
    let home = world.leave();
    is_well(&home);
    let tampered =
        |id: i64, score: &str| format!("UPDATE leads SET score = {score} WHERE id = {id}");
    let [hanna, otto, given] = ids;
    names(
        &home,
        &tampered(otto, "40"),
        &format!("leads: the score of lead {otto} is 40.00, and the rules give 0.00"),
    );
    names(
        &home,
        &tampered(hanna, "51"),
        &format!("leads: the score of lead {hanna} is 51.00, and the rules give "),
    );
    names(
        &home,
        &tampered(given, "NULL"),
        &format!(
            "leads: the score of lead {given} is none, and no rule knows anything of it, and the given one is 12.00"
        ),
    );
}

#[rstest]
fn without_rules_a_score_is_the_one_that_was_given(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let given = Terms {
        score: Some(12.0),
        ..terms()
    };
    let uid = world.lead_on("Given", &given);
    let id = lead(&world, &uid).id;
    let home = world.leave();
    is_well(&home);
    names(
        &home,
        "UPDATE leads SET score = 13",
        &format!("leads: the score of lead {id} is 13.00, and the given one is 12.00"),
    );
}

/// Ana has 2 of 10 and ben 1 of 20, and the pack of the week is made.
fn with_a_pack(database: Database) -> World {
    let world = World::new(database);
    world.at("2026-03-02T08:00:00Z");
    world.target("max", "ana", "activities", 2);
    world.target("max", "ben", "activities", 4);
    world.at("2026-03-04T10:00:00Z");
    for name in ["ana", "ana", "ben"] {
        world.log(name, "Call", "No answer", None);
    }
    world.at("2026-03-09T08:00:00Z");
    jobs::run(world.app());
    world
}

fn forge(home: &Home, from: &str, to: &str) {
    home.forge(
        "packs",
        &format!("UPDATE packs SET content = replace(content, '{from}', '{to}')"),
    );
}

#[rstest]
fn a_target_or_a_place_that_a_pack_never_had_is_named(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let home = with_a_pack(database).leave();
    is_well(&home);
    forge(&home, "\"target\":20.0", "\"target\":5.0");
    says(
        &home,
        "packs: the one of 2026-03-09 says a target of 5 for activities of Ben Beck, and 20 was asked for",
    );
    forge(&home, "\"target\":5.0", "\"target\":20.0");
    is_well(&home);
    forge(&home, "\"place\":2", "\"place\":1");
    says(
        &home,
        "packs: the one of 2026-03-09 puts Ben Beck in place 1 of their team, and its numbers put them in place 2",
    );
}

#[rstest]
fn a_target_that_another_calendar_would_make_is_told_and_is_no_fault(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = with_a_pack(database);
    world.at("2026-03-20T08:00:00Z");
    let fields = [
        ("holiday_day", "2026-03-05"),
        ("holiday_name", "Found late"),
    ];
    let page = world.as_("ada").get("/calendar");
    page.submit("/calendar/holidays", &fields).is(303);
    let said = is_well(&world.leave());
    assert!(
        said.contains("targets in Monday packs would be others now"),
        "{said}"
    );
}

#[rstest]
fn a_lead_that_no_search_finds_is_named(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.as_("ana").get("/leads?q=acme").ok().says("Acme");
    let home = world.leave();
    is_well(&home);
    let change = format!("UPDATE leads SET search = 'globex' WHERE uid = '{uid}'");
    names(
        &home,
        &change,
        &format!("does not look for the lead /leads/{uid}"),
    );
}

#[rstest]
fn a_lead_that_is_kept_on_the_wrong_side_of_the_line_is_named(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (hanna, otto) = (
        in_nurture(&world, "Hanna", "Germany"),
        in_nurture(&world, "Otto", "Austria"),
    );
    set_rules(&world, 10.0);
    let [hanna, otto] = [&hanna, &otto].map(|uid| lead(&world, uid));
    assert!(hanna.score > Some(10.0) && otto.score < Some(10.0));
    let home = world.leave();
    is_well(&home);
    names(
        &home,
        &format!(
            "INSERT INTO leads_above (lead_id, since) VALUES ({}, 1)",
            otto.id
        ),
        &format!(
            "leads_above: lead {} is kept as one above the line of the score, and its score is below it",
            otto.id
        ),
    );
    names(
        &home,
        "DELETE FROM leads_above",
        &format!(
            "leads_above: lead {} is kept as one below the line of the score, and its score is above it",
            hanna.id
        ),
    );
}

#[rstest]
fn a_row_that_says_what_none_may_say_is_named_with_what_to_do(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let id = lead(&world, &world.lead("Acme", "ana")).id;
    world.log("ana", "Call", "No answer", None);
    let home = world.leave();
    is_well(&home);
    names(
        &home,
        "UPDATE memberships SET until_day = from_day WHERE id = (SELECT min(id) FROM memberships)",
        "ends before it has begun",
    );
    names(
        &home,
        "UPDATE memberships SET until_day = NULL; \
         INSERT INTO memberships (person_id, team_id, from_day) SELECT person_id, team_id, '2027-01-01' FROM memberships \
         WHERE id = (SELECT min(id) FROM memberships)",
        "overlaps an earlier one of the same person in the same team: take them out",
    );
    names(
        &home,
        &format!("UPDATE leads SET amount_micros = -1 WHERE id = {id}"),
        &format!("leads: row {id} has an amount below nothing: change it"),
    );
    names(
        &home,
        &format!(
            "UPDATE leads SET erased_at = 1 WHERE id = {id}; INSERT INTO leads_above (lead_id, since) VALUES ({id}, 1)"
        ),
        &format!("leads_above: row {id} is of a lead that is erased: erase the lead once more"),
    );
    home.forge("activities", "UPDATE activities SET is_late = TRUE");
    says(
        &home,
        "says that it was entered late, and it was entered within two days",
    );
    home.forge(
        "lead_events",
        &format!("UPDATE lead_events SET amount_micros = -5 WHERE lead_id = {id}"),
    );
    says(
        &home,
        "has an amount below nothing: correct it on the page of its lead",
    );
}
