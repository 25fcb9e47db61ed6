//! Stories of working hours, holidays and time off.

use crate::world::{Database, Database::*, Page, World};
use chrono::NaiveDate;
use rstest::rstest;
use touchline::calendar::Calendars;
use touchline::kept::Keep;

/// The working hours that somebody has on a day.
fn hours_on(world: &World, name: &str, day: &str) -> f64 {
    let id = world.person(name).id;
    let day: NaiveDate = day.parse().expect("a day");
    let calendars = world.read(Calendars::load);
    let calendar = calendars.of_person(id, day, day);
    let midnight = calendar.zone().midnight(day);
    let us = calendar.working_us(midnight, midnight.plus_seconds(86_400));
    us as f64 / 3600e6
}

fn set_hours(world: &World, whose: &str, monday: &str, tuesday: &str) -> Page {
    let fields = [("whose", whose), ("hours_1", monday), ("hours_2", tuesday)];
    world.as_("ada").post("/calendar/hours", &fields)
}

#[rstest]
fn hours_of_several_blocks_a_day_are_kept(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let hours = "09:00-12:30, 13:15-17:00";
    let page = set_hours(&world, "", hours, "10:00 - 24:00").follow();
    page.ok().says("Saved.");
    assert_eq!(page.field("hours_1").as_deref(), Some(hours));
    assert_eq!(page.field("hours_2").as_deref(), Some("10:00-24:00"));
    assert_eq!(hours_on(&world, "ana", "2026-03-09"), 7.25);
    assert_eq!(hours_on(&world, "ana", "2026-03-10"), 14.0);
    assert_eq!(hours_on(&world, "ana", "2026-03-11"), 0.0);
}

#[rstest]
fn hours_that_overlap_or_cannot_be_are_refused_at_their_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let page = set_hours(&world, "", "09:00-12:00, 11:00-17:00", "9 to 5");
    page.is(422)
        .says("Mon 09:00-12:00 and 11:00-17:00 overlap.");
    page.says("Enter hours such as 09:00-12:30");
    assert_eq!(page.field("hours_2").as_deref(), Some("9 to 5"));
    set_hours(&world, "", "17:00-09:00", "")
        .is(422)
        .says("open before they close");
    set_hours(&world, "", "", "")
        .is(422)
        .says("at least one day");
    assert_eq!(hours_on(&world, "ana", "2026-03-09"), 8.0);
}

#[rstest]
fn own_hours_go_before_the_teams_and_these_before_the_workspaces(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let team = format!("team-{}", world.team("North"));
    let person = format!("person-{}", world.person("ana").uid);
    set_hours(&world, &team, "08:00-14:00", "").is(303);
    set_hours(&world, &person, "09:00-12:00", "").is(303);
    let monday = "2026-03-09";
    assert_eq!(hours_on(&world, "ana", monday), 3.0);
    assert_eq!(hours_on(&world, "ben", monday), 6.0);
    assert_eq!(hours_on(&world, "sue", monday), 8.0);

    let ada = world.as_("ada");
    ada.post("/calendar/hours/reset", &[("whose", &person)])
        .is(303);
    assert_eq!(hours_on(&world, "ana", monday), 6.0);
    let page = ada.get(&format!("/calendar?whose={person}"));
    page.ok().says("They come from: their team's.");
    ada.get("/calendar?whose=person-nobody").is(404);
}

#[rstest]
fn a_day_that_is_a_holiday_already_is_not_quietly_called_otherwise(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let add = |name| {
        let fields = [("holiday_day", "2026-12-25"), ("holiday_name", name)];
        ada.post("/calendar/holidays", &fields)
    };
    add("Christmas Day").is(303);
    let again = add("Another name");
    again.is(422).says("That day is Christmas Day already");
    ada.get("/calendar").says("Christmas Day");
}

#[rstest]
fn a_holiday_is_for_everybody_or_for_one_team(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let north = format!("team-{}", world.team("North"));
    let add = |day, name, whose: &str| {
        let fields = [
            ("holiday_day", day),
            ("holiday_name", name),
            ("holiday_for", whose),
        ];
        ada.post("/calendar/holidays", &fields)
    };
    add("2026-03-09", "Carnival", "").is(303);
    add("2026-03-10", "Outing", &north).is(303);
    add("2026-02-30", "", "team-77")
        .is(422)
        .says("Enter a date")
        .says("Enter a team");
    assert_eq!(hours_on(&world, "sue", "2026-03-09"), 0.0);
    assert_eq!(hours_on(&world, "ana", "2026-03-10"), 0.0);
    assert_eq!(hours_on(&world, "sue", "2026-03-10"), 8.0);

    let page = ada.get("/calendar");
    let remove = page.actions().into_iter().find(|a| a.ends_with("/remove"));
    let remove = remove.expect("a way to remove a holiday");
    page.submit(&remove, &[]).is(303);
    ada.post(&remove, &[]).is(404);
    assert_eq!(hours_on(&world, "sue", "2026-03-09"), 8.0);
}

#[rstest]
fn a_holiday_may_be_one_persons_and_the_record_says_whose(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let uid = world.person("ana").uid;
    let whose = format!("person-{uid}");
    let fields = [
        ("holiday_day", "2026-03-10"),
        ("holiday_name", "Feast of Ana"),
        ("holiday_for", whose.as_str()),
    ];
    let page = ada.get("/calendar").submit("/calendar/holidays", &fields);
    let page = page.is(303).follow();
    page.ok()
        .says("Feast of Ana")
        .says("Ada Adler added a holiday of Ana Arndt: 2026-03-10 Feast of Ana");
    ada.post("/calendar/holidays", &fields)
        .is(422)
        .says("That day is Feast of Ana already");
    assert_eq!(hours_on(&world, "ana", "2026-03-10"), 0.0);
    assert_eq!(hours_on(&world, "ben", "2026-03-10"), 8.0);
    // Everybody's on the same day is another one.
    let shared = [("holiday_day", "2026-03-10"), ("holiday_name", "Fair")];
    ada.post("/calendar/holidays", &shared).is(303);
    ada.get("/record")
        .ok()
        .says("added a holiday of person Ana");
    let held = world.as_("ana").get("/me/data?format=json");
    assert!(held.ok().body.contains("Feast of Ana"));

    let page = ada.get("/calendar");
    let removes = page.actions().into_iter();
    for remove in removes.filter(|action| action.ends_with("/remove")) {
        page.submit(&remove, &[]).is(303);
    }
    assert_eq!(hours_on(&world, "ana", "2026-03-10"), 8.0);
}

#[rstest]
fn a_rep_enters_and_removes_their_own_time_off(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let enter =
        |from, to, part| ana.post("/time-off", &[("from", from), ("to", to), ("part", part)]);
    enter("2026-03-09", "2026-03-10", "full").is(303);
    enter("2026-03-11", "", "morning").is(303);
    enter("2026-03-11", "", "afternoon").is(303);
    enter("2026-03-12", "", "morning").is(303);
    let page = enter("2026-03-10", "2026-03-12", "full");
    page.is(422)
        .says("There is time off from 2026-03-09 to 2026-03-10 already.");
    assert_eq!(page.field("to").as_deref(), Some("2026-03-12"));
    enter("2026-03-20", "2026-03-19", "full")
        .is(422)
        .says("must not be before");
    enter("2026-03-20", "2027-03-21", "full")
        .is(422)
        .says("at most a year");
    enter("2026-02-20", "", "full")
        .is(422)
        .says("That week is closed");
    assert_eq!(hours_on(&world, "ana", "2026-03-10"), 0.0);
    assert_eq!(hours_on(&world, "ana", "2026-03-11"), 0.0);
    assert_eq!(hours_on(&world, "ana", "2026-03-12"), 4.0);

    let page = ana.get("/time-off");
    let removals = page.actions();
    let first = removals
        .iter()
        .find(|a| a.ends_with("/remove"))
        .expect("one");
    page.submit(first, &[]).is(303);
    assert_eq!(hours_on(&world, "ana", "2026-03-12"), 8.0);
}

#[rstest]
fn time_off_is_entered_for_oneself_ones_team_or_by_an_admin(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let enter = |who, whom: &str, day| {
        let uid = world.person(whom).uid;
        world.as_(who).post(
            "/time-off",
            &[("person", &uid), ("from", day), ("part", "full")],
        )
    };
    enter("ana", "ben", "2026-03-09").is(404);
    enter("max", "sue", "2026-03-09").is(404);
    enter("max", "ben", "2026-03-09").is(303);
    enter("ada", "sue", "2026-03-09").is(303);
    // A manager mends what is past; a rep asks them to.
    enter("max", "ben", "2026-02-09").is(303);
    world.as_("mark").get("/time-off").is(403);

    world
        .as_("max")
        .get("/time-off")
        .ok()
        .says("Ben Beck")
        .says_nothing_of("Sue");
    let own = world.as_("ana").get("/time-off");
    own.ok().says_nothing_of("Ben");
    let theirs = world.as_("ada").get("/time-off").actions();
    for remove in theirs.iter().filter(|action| action.ends_with("/remove")) {
        world.as_("ana").post(remove, &[]).is(404);
    }
    assert_eq!(hours_on(&world, "ben", "2026-03-09"), 0.0);
}

#[rstest]
fn only_an_admin_sets_the_hours(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for name in ["ana", "max", "mark"] {
        let client = world.as_(name);
        client.get("/calendar").is(403);
        client
            .post("/calendar/hours", &[("hours_1", "09:00-10:00")])
            .is(403);
        client.post("/calendar/holidays", &[]).is(403);
    }
}
