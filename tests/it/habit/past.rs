//! What is over stays as it was, whatever is changed afterwards; and today is the same day everywhere.

use super::*;
use rstest::rstest;
use touchline::{activities, lists, people};

/// Nothing happens after it.
const LATER: &str = "2026-12-31T12:00:00Z";

fn kind(world: &World, name: &str) -> i64 {
    let kinds = world.read(lists::store::kinds);
    kinds
        .iter()
        .find(|kind| kind.name == name)
        .expect("a kind")
        .id
}

fn lives_in(world: &World, name: &str, zone: &str) {
    let person = world.person(name);
    let now = (person.name.as_str(), person.role, Some(zone));
    world.write(|tx| people::change(tx, person.id, now, None));
}

#[rstest]
fn a_kind_that_was_logged_or_is_asked_for_keeps_its_name(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    calls(&world, "ana", &[("2026-03-03", 2)]);
    world.target("max", "ana", "kind:Visit", 1);
    let ada = world.as_("ada");
    for (name, other) in [("Call", "Phone call"), ("Visit", "Field trip")] {
        let address = format!("/kinds/{}", kind(&world, name));
        let refused = ada.get(&address).submit(&address, &[("name", other)]);
        refused.is(422).says("its name and what it counts as stay");
        assert_eq!(refused.field("name").as_deref(), Some(other));
    }
    let free = format!("/kinds/{}", kind(&world, "Referral asked"));
    let renamed = ada.get(&free).submit(&free, &[("name", "Introduction")]);
    renamed.is(303);
}

#[rstest]
#[case::to_come("2026-04-01", None)]
#[case::over("2026-03-02", Some("2026-03-03"))]
fn a_team_that_one_is_not_in_now_says_nothing_of_what_day_it_is(
    #[case] from: &str,
    #[case] until: Option<&str>,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,1,day,ana@example.com,,2026-03-02");
    calls(&world, "ana", &[("2026-03-02", 1), ("2026-03-03", 1)]);
    world.write_as("ada", |tx| {
        let tokyo = people::add_team(tx, "Tokyo", Some("Asia/Tokyo"))?;
        let ana = people::store::by_email(tx.conn, "ana@example.com")?
            .expect("ana")
            .id;
        people::join(tx, ana, tokyo, date(from), false)?;
        until.map_or(Ok(()), |until| people::leave(tx, ana, tokyo, date(until)))
    });
    // One in the morning of Thursday in Tokyo, five in the afternoon of Wednesday at home.
    world.at("2026-03-04T16:00:00Z");
    let ana = world.as_("ana");
    ana.get("/today")
        .ok()
        .says("Wed 4 Mar")
        .says("Activities today: 0 of 1");
    let now = habit_of(&world, "ana", "", "", "2026-03-04T16:00:00Z");
    assert_eq!((counts(&now), &now["streak"]), ([2, 2, 0, 0], &2.into()));
    world.log("ana", "Call", "No answer", None);
    ana.get("/today").ok().says("Activities today: 1 of 1");
}

#[rstest]
fn who_has_moved_logs_nothing_into_a_day_that_is_closed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-02-20T09:00:00Z");
    lives_in(&world, "ana", "America/Los_Angeles");
    target(&world, "activities,1,day,ana@example.com,,2026-02-23");
    world.at("2026-03-04T12:00:00Z");
    lives_in(&world, "ana", "Asia/Tokyo");
    // Sunday evening in Los Angeles, and Monday of the open week in Tokyo.
    let log = |at: &str| {
        let call = kind(&world, "Call");
        world.try_as("ana", |tx| {
            let entry = crate::world::entry(call, instant(at));
            activities::log(tx, &entry)
        })
    };
    let refused = log("2026-03-02T06:00:00Z").expect_err("a closed day");
    assert!(
        refused.to_string().contains("That week is closed"),
        "{refused}"
    );
    log("2026-03-02T16:00:00Z").expect("an open day");
}

#[rstest]
fn an_earlier_as_of_judges_a_mover_by_the_day_that_it_was_for_them(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-02-20T09:00:00Z");
    lives_in(&world, "ana", "America/Los_Angeles");
    target(&world, "activities,1,day,ana@example.com,,2026-03-02");
    world.at("2026-03-10T12:00:00Z");
    lives_in(&world, "ana", "Asia/Tokyo");
    // Noon of Monday where Ana was then.
    let then = habit_of(&world, "ana", "2026-03-02", "", "2026-03-02T20:00:00Z");
    assert_eq!(counts(&then), [0, 0, 0, 0]);
    let after = habit_of(&world, "ana", "2026-03-02", "", "2026-03-03T09:00:00Z");
    assert_eq!(counts(&after), [1, 0, 1, 0]);
}

#[rstest]
fn a_weekly_target_from_wednesday_is_the_same_on_today_the_card_and_the_board(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,50,week,ana@example.com,,2026-02-02");
    target(&world, "activities,80,week,ana@example.com,,2026-03-04");
    calls(&world, "ana", &[("2026-03-02", 68)]);
    world.at("2026-03-04T12:00:00Z");
    // Two days of 10 and three of 16.
    let ana = world.as_("ana");
    ana.get("/today")
        .ok()
        .says("Activities this week 68 of 68 Target met");
    world
        .as_("max")
        .get("/team?period=week")
        .ok()
        .says("68 100 %");
    let row = habit_of(&world, "ana", "", "2026-03-08", LATER);
    assert_eq!(row["weeks"]["streak"], 1);
}

#[rstest]
fn who_has_only_weekly_targets_is_reminded_of_what_is_left_of_the_week(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,2,week,ana@example.com,,2026-03-02");
    world.at("2026-03-04T15:00:00Z");
    let ana = world.as_("ana");
    ana.get("/card")
        .submit("/card", &[("remind_at", "15:30")])
        .is(303);
    ana.get("/today")
        .ok()
        .says("as you asked. Activities this week: 0 of 2.");
    world.log("ana", "Call", "No answer", None);
    world.log("ana", "Call", "No answer", None);
    ana.get("/today").ok().says_nothing_of("as you asked");
    // A new week, and a day off in it.
    away(&world, "ana", "2026-03-09", "2026-03-09", "full");
    world.at("2026-03-09T15:00:00Z");
    ana.get("/today").ok().says_nothing_of("as you asked");
    world.at("2026-03-10T15:00:00Z");
    ana.get("/today").ok().says("as you asked");
}

#[rstest]
fn a_week_that_asked_nothing_as_a_whole_is_not_corrected(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,2,day,ana@example.com,,2026-02-23");
    world.at("2026-03-10T12:00:00Z");
    let week = habit::Correction {
        person_id: world.person("ana").id,
        day: date("2026-02-25"),
        period: touchline::rules::target::Period::Week,
        state: touchline::rules::habit::State::Hit,
        reason: "A fair".to_owned(),
    };
    let refused = world.try_as("max", |tx| habit::correct(tx, &week));
    let refused = refused.expect_err("nothing to correct").to_string();
    assert!(refused.contains("correct its days"), "{refused}");
    // Of who has no weekly target there is no weekly habit, and of who has one there is from its first day.
    assert!(habit_of(&world, "ana", "", "", "2026-03-10T12:00:00Z")["weeks"].is_null());
    target(&world, "activities,9,week,ben@example.com,,2026-03-09");
    let weeks = &habit_of(&world, "ben", "", "", "2026-03-10T12:00:00Z")["weeks"];
    assert_eq!(
        (&weeks["strength"], &weeks["streak"]),
        (&Value::Null, &0.into())
    );
}

#[rstest]
fn what_is_suggested_rests_on_days_since_the_workspace_began(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    calls_daily(&world, "ana", "2026-02-09", 19, 10);
    world.at("2026-03-02T12:00:00Z");
    let page = world.as_("max").get("/targets/matrix?columns=all");
    page.ok().says("10 suggested, from 15 days");
}
