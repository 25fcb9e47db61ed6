//! What was agreed: made on the newest pack, carried over until it is settled, settled once.

use super::*;

fn commit(world: &World, by: &str, text: &str, owner: &str) {
    let uid = world.person(owner).uid;
    let page = world.as_(by).get("/monday");
    let action = page
        .actions()
        .into_iter()
        .find(|a| a.ends_with("/commitments"));
    let fields = [
        ("text", text),
        ("owner", uid.as_str()),
        ("due_on", "2026-03-13"),
    ];
    page.submit(&action.expect("a form"), &fields).is(303);
}

/// The form that settles the only open commitment somebody sees.
fn settling(page: &Page) -> String {
    let mut actions = page.actions().into_iter();
    let found = actions.find(|action| action.starts_with("/commitments/"));
    found.expect("a form that settles")
}

#[rstest]
fn a_commitment_is_carried_over_until_it_is_settled(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    commit(&world, "mark", "Send the price list to everybody", "mark");
    commit(&world, "max", "Call Globex", "ben");
    let first = world.as_("max").get("/monday");
    first
        .ok()
        .says("Call Globex Ben Beck, by Fri 13 Mar 2026; agreed Mon 9 Mar 2026");
    // A rep sees what is theirs, and may say what became of it.
    let bens = world.as_("ben").get("/monday");
    bens.ok().says("Call Globex").says_nothing_of("price list");
    world.at("2026-03-16T08:00:00Z");
    made(&world);
    let second = world.as_("max").get("/monday");
    second
        .ok()
        .says("Call Globex")
        .says("Send the price list")
        .says("Open, overdue");
    let bens = world.as_("ben").get("/monday");
    let form = settling(&bens);
    bens.submit(&form, &[("verdict", "kept"), ("note", "On Thursday.")])
        .is(303);
    let after = world.as_("max").get("/monday");
    after
        .ok()
        .says("On Thursday. (said 16 Mar 2026, 09:00)")
        .says("Kept");
    // The pack itself still says that it was open then.
    let frozen = super::table_of(&world, "ada", "2026-03-16", "commitments");
    assert!(
        frozen.iter().all(|row| row["verdict"] == "open"),
        "{frozen:?}"
    );
    world.at("2026-03-23T08:00:00Z");
    made(&world);
    let third = super::table_of(&world, "ada", "2026-03-23", "commitments");
    let told: Vec<_> = third
        .iter()
        .map(|r| (r["owner"].as_str(), r["verdict"].as_str()))
        .collect();
    assert_eq!(told, [("Mark Marlow", "open"), ("Ben Beck", "kept")]);
    world.at("2026-03-30T08:00:00Z");
    made(&world);
    let fourth = super::table_of(&world, "ada", "2026-03-30", "commitments");
    assert_eq!(fourth.len(), 1, "what was settled is told once");
    // An older pack takes no more.
    let late = world.as_("max").get("/monday/2026-03-23");
    assert!(
        late.ok()
            .actions()
            .iter()
            .all(|action| !action.ends_with("/commitments"))
    );
    let uid = world.person("ben").uid;
    let fields = [
        ("text", "Late"),
        ("owner", uid.as_str()),
        ("due_on", "2026-04-03"),
    ];
    let path = "/monday/2026-03-23/commitments";
    let refused = world.as_("max").post(path, &fields);
    refused.is(422).says("There is a newer pack");
    assert_eq!(refused.field("text").as_deref(), Some("Late"));
    world
        .as_("ben")
        .post("/monday/2026-03-30/commitments", &fields)
        .is(403);
}

#[rstest]
fn nothing_is_agreed_for_a_day_that_was_over_before_the_meeting(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let uid = world.person("ben").uid;
    let due_on = |day| {
        [
            ("text", "Call Globex"),
            ("owner", uid.as_str()),
            ("due_on", day),
        ]
    };
    let post = |day| {
        world
            .as_("max")
            .post("/monday/2026-03-09/commitments", &due_on(day))
    };
    post("2020-01-01").is(422).says("none before this week");
    post("2026-03-08").is(422);
    post("2026-03-09").is(303);
}

#[rstest]
fn one_of_two_who_settle_at_once_is_told_and_a_drop_says_why(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    commit(&world, "max", "Call Globex", "ben");
    let (first, second) = (
        world.as_("max").get("/monday"),
        world.as_("mark").get("/monday"),
    );
    let form = settling(&first);
    let dropped = first.submit(&form, &[("verdict", "dropped"), ("note", "")]);
    dropped.is(422).says("Say why it is dropped.");
    first
        .submit(&form, &[("verdict", "dropped"), ("note", "They closed.")])
        .is(303);
    let late = second.submit(&form, &[("verdict", "kept"), ("note", "Done it.")]);
    late.is(409)
        .says("this commitment is dropped already")
        .says("You wrote: “Done it.”");
    world
        .as_("max")
        .get("/monday")
        .ok()
        .says("They closed.")
        .says("Dropped");
    // Who is not concerned does not find it.
    commit(&world, "max", "Call Initech", "ben");
    let form = settling(&world.as_("max").get("/monday"));
    world.as_("ana").post(&form, &[("verdict", "kept")]).is(404);
    world
        .as_("ben")
        .post(&form, &[("verdict", "karma")])
        .is(422);
    world
        .as_("ben")
        .post(&form, &[("verdict", "not_kept")])
        .is(303);
}

#[rstest]
fn a_commitment_that_names_who_is_erased_says_nothing_in_any_pack_and_still_counts(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    commit(&world, "max", "Coach Ana Arndt on prices", "ben");
    commit(&world, "max", "Call Globex", "ben");
    world.at("2026-03-16T08:00:00Z");
    made(&world);
    let bens = world.as_("ben").get("/monday");
    let form = settling(&bens);
    let note = [("verdict", "kept"), ("note", "Ana Arndt was glad.")];
    bens.submit(&form, &note).is(303);
    world.at("2026-03-23T08:00:00Z");
    made(&world);
    let ana = world.person("ana").id;
    let today = "2026-03-23".parse().expect("a day");
    world.write_as("ada", |tx| touchline::people::part(tx, ana, today));
    world.write_as("ada", |tx| touchline::erasure::erase(tx, ana));
    let max = world.as_("max");
    for pack in ["2026-03-09", "2026-03-16", "2026-03-23"] {
        let page = max.get(&format!("/monday/{pack}"));
        page.ok().says_nothing_of("Arndt").says_nothing_of("glad");
    }
    max.get("/monday/2026-03-16")
        .says("Call Globex")
        .says("erased");
}
