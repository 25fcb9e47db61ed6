//! Stories of the target ledger: who sets what for whom, and which row decides a day.

use crate::world::{Database, Database::*, World};
use chrono::NaiveDate;
use rstest::rstest;
use touchline::error::Error;
use touchline::kept::Keep;
use touchline::lists;
use touchline::people;
use touchline::rules::target::{DayShare, Metric, Period, Weekdays};
use touchline::targets::{self, Ledger, NewTarget, Whose};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Activities a day.
fn daily(whose: Whose, amount: f64, valid_from: &str) -> NewTarget {
    NewTarget {
        whose,
        metric: Metric::Activities,
        amount,
        period: Period::Day,
        weekdays: Weekdays::ALL,
        valid_from: day(valid_from),
        reason: String::new(),
    }
}

fn set(world: &World, name: &str, new: &NewTarget) {
    world.on(new.valid_from, || {
        world.write_as(name, |tx| targets::set(tx, new));
    });
}

fn ana(world: &World) -> Whose {
    Whose::Person(world.person("ana").id)
}

/// What is asked of somebody on a whole day.
fn asked(world: &World, name: &str, on: &str) -> Option<f64> {
    let id = world.person(name).id;
    let ledger = world.read(Ledger::load);
    ledger.for_day(id, &Metric::Activities, day(on), 1.0)
}

#[rstest]
fn a_target_set_mid_week_leaves_the_days_before_as_they_were(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(&world, "max", &daily(ana(&world), 20.0, "2026-03-02"));
    set(&world, "max", &daily(ana(&world), 30.0, "2026-03-05"));
    assert_eq!(asked(&world, "ana", "2026-03-01"), None);
    assert_eq!(asked(&world, "ana", "2026-03-04"), Some(20.0));
    assert_eq!(asked(&world, "ana", "2026-03-05"), Some(30.0));
}

#[rstest]
fn of_two_targets_from_one_day_the_one_entered_later_holds(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(&world, "max", &daily(ana(&world), 20.0, "2026-03-04"));
    set(&world, "max", &daily(ana(&world), 15.0, "2026-03-04"));
    assert_eq!(asked(&world, "ana", "2026-03-04"), Some(15.0));
}

#[rstest]
fn a_teams_target_is_each_members_and_ones_own_goes_before_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = Whose::Team(world.team("North"));
    set(&world, "max", &daily(ana(&world), 5.0, "2026-03-02"));
    set(&world, "max", &daily(north, 20.0, "2026-03-03"));
    assert_eq!(asked(&world, "ana", "2026-03-04"), Some(5.0));
    assert_eq!(asked(&world, "ben", "2026-03-04"), Some(20.0));
    assert_eq!(asked(&world, "sue", "2026-03-04"), None);
}

#[rstest]
fn a_teams_target_holds_on_the_days_of_membership(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (north, south) = (world.team("North"), world.team("South"));
    set(
        &world,
        "max",
        &daily(Whose::Team(north), 20.0, "2026-03-02"),
    );
    set(&world, "mia", &daily(Whose::Team(south), 8.0, "2026-03-02"));
    let ben = world.person("ben").id;
    world.write(|tx| people::join(tx, ben, south, day("2026-03-05"), true));
    assert_eq!(asked(&world, "ben", "2026-03-04"), Some(20.0));
    assert_eq!(asked(&world, "ben", "2026-03-05"), Some(8.0));
    let ledger = world.read(Ledger::load);
    let whole = |_| DayShare {
        fraction: 1.0,
        scheduled: 1.0,
    };
    let (from, to) = (day("2026-03-02"), day("2026-03-06"));
    let week = ledger.over(ben, &Metric::Activities, from, to, whole);
    assert_eq!(week, Some(3.0 * 20.0 + 2.0 * 8.0));
}

#[rstest]
fn an_amount_of_nothing_ends_a_target_from_that_day_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(&world, "max", &daily(ana(&world), 20.0, "2026-03-02"));
    set(&world, "max", &daily(ana(&world), 0.0, "2026-03-06"));
    assert_eq!(asked(&world, "ana", "2026-03-05"), Some(20.0));
    assert_eq!(asked(&world, "ana", "2026-03-06"), None);
    world.as_("ana").get("/targets").says("20 a day");
    world.at("2026-03-06T09:00:00Z");
    let page = world.as_("ana").get("/targets");
    page.says("no target").says("0 a day").says("Ended");
}

#[rstest]
fn a_target_is_set_on_the_page_and_read_by_whom_it_is_for(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let whose = format!("person:{}", world.person("ana").uid);
    let page = world.as_("max").get("/targets");
    let fields = [
        ("whose", whose.as_str()),
        ("metric", "kind:Call"),
        ("amount", "12,5"),
        ("period", "week"),
        ("reason", "Fair season"),
    ];
    let done = page.submit("/targets", &fields);
    done.redirects_to("/targets?done=set");
    done.follow().says("Target set.").says("In force");
    let seen = world.as_("ana").get("/targets");
    seen.ok()
        .says("Call")
        .says("12.5 a week")
        .says("Max Maier")
        .says("Fair season")
        .says_nothing_of("Set a target")
        .says_nothing_of("Ben Beck");
    let csv = world
        .as_("ana")
        .get("/targets?format=csv")
        .ok()
        .body
        .clone();
    assert!(csv.contains("Ana Arndt,false,kind:Call,12.5,week,1234567,2026-03-04,Max Maier"));
    world
        .as_("sue")
        .get("/targets")
        .says_nothing_of("Fair season");
}

#[rstest]
fn only_a_manager_of_the_team_sets_its_targets(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let of_ana = daily(ana(&world), 20.0, "2026-03-04");
    let of_north = daily(Whose::Team(world.team("North")), 20.0, "2026-03-04");
    let of_nobody = daily(Whose::Person(9_999), 20.0, "2026-03-04");
    let of_marketing = daily(Whose::Person(world.person("mark").id), 20.0, "2026-03-04");
    for new in [&of_ana, &of_north, &of_nobody, &of_marketing] {
        let answer = world.try_as("mia", |tx| targets::set(tx, new));
        assert!(matches!(answer, Err(Error::NotFound)), "{new:?}");
    }
    set(&world, "max", &of_ana);
    set(&world, "ada", &of_north);
    let answer = world.try_as("ada", |tx| targets::set(tx, &of_marketing));
    assert!(matches!(answer, Err(Error::NotFound)));

    let uid = world.person("ana").uid;
    let whose = format!("person:{uid}");
    let fields = [
        ("whose", whose.as_str()),
        ("metric", "activities"),
        ("amount", "20"),
        ("period", "week"),
    ];
    world.as_("mia").post("/targets", &fields).is(404);
    world.as_("ana").post("/targets", &fields).is(403);
    world.as_("mark").get("/targets").is(403);
    let mias = world.as_("mia").get("/targets");
    mias.ok().says("Sue Sommer").says_nothing_of("Ana Arndt");
    world
        .as_("ada")
        .get("/targets")
        .says("Ana Arndt")
        .says("Sue Sommer");
}

#[rstest]
fn who_has_left_the_team_is_not_its_managers_to_set_targets_for(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ben, south) = (world.person("ben").id, world.team("South"));
    world.write(|tx| people::join(tx, ben, south, day("2026-03-04"), true));
    let new = daily(Whose::Person(ben), 20.0, "2026-03-04");
    let answer = world.try_as("max", |tx| targets::set(tx, &new));
    assert!(matches!(answer, Err(Error::NotFound)));
    set(&world, "mia", &new);
}

#[rstest]
fn a_new_target_leaves_the_days_before_it_as_they_are_and_the_form_comes_back_filled(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let whose = format!("team:{}", world.team("North"));
    let send = |valid_from: &str| {
        let fields = [
            ("whose", whose.as_str()),
            ("metric", "activities"),
            ("amount", "20"),
            ("valid_from", valid_from),
        ];
        world.as_("max").get("/targets").submit("/targets", &fields)
    };
    // Tuesday begins an hour before it does in UTC.
    world.at("2026-03-02T22:59:59Z");
    send("2026-03-02").is(303);
    world.at("2026-03-02T23:00:00Z");
    let refused = send("2026-03-02");
    refused
        .is(422)
        .says("leaves the days before it as they are: choose Tue 3 Mar 2026 or later");
    assert_eq!(refused.field("amount").as_deref(), Some("20"));
    assert_eq!(refused.field("valid_from").as_deref(), Some("2026-03-02"));
    send("2026-03-03").is(303);
}

fn visit(conn: &mut touchline::db::Conn) -> touchline::error::Result<lists::store::Kind> {
    let kinds = lists::store::kinds(conn)?;
    let visit = kinds.into_iter().find(|kind| kind.name == "Visit");
    Ok(visit.expect("a kind"))
}

#[rstest]
fn a_kind_that_a_target_asks_for_is_not_retired(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.target("max", "ana", "kind:Visit", 4);
    world.target("max", "ben", "kind:Visit", 2);
    let path = format!("/kinds/{}", world.read(visit).id);
    let retire = || world.as_("ada").post(&path, &[("change", "retire")]);
    retire()
        .is(422)
        .says("Visit is still asked for by targets of Ana Arndt, Ben Beck.");
    world.as_("ana").get("/log").ok().says("Visit");
    world.target("max", "ana", "kind:Visit", 0);
    // Who has left is asked for nothing.
    let ben = world.person("ben").id;
    let today = "2026-03-04".parse().expect("a day");
    world.write_as("ada", |tx| touchline::people::part(tx, ben, today));
    retire().is(303);
}

#[rstest]
fn the_target_of_a_retired_kind_can_be_ended_and_nothing_else(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.target("max", "ana", "kind:Visit", 4);
    // As a program did that let a kind be retired while it was asked for.
    world.write_as("ada", |tx| {
        let visit = visit(tx.conn)?;
        lists::store::retire_kind(tx.conn, visit.id, true)
    });
    let ana = format!("person:{}", world.person("ana").uid);
    let send = |amount: &str, metric: &str| {
        let fields = [
            ("whose", ana.as_str()),
            ("metric", metric),
            ("amount", amount),
        ];
        world.as_("max").get("/targets").submit("/targets", &fields)
    };
    send("5", "kind:Visit").is(422).says("This kind is retired");
    send("0", "kind:Visit").is(303);
    world
        .as_("ana")
        .get("/today")
        .ok()
        .says_nothing_of("Visit today");
    // Nobody is asked for it any more, so it is offered no more.
    send("0", "kind:Visit")
        .is(422)
        .says("Enter a metric from the list.");
}

#[rstest]
fn what_is_no_target_is_refused_field_by_field(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let max = world.as_("max");
    let page = max.post(
        "/targets",
        &[
            ("whose", ""),
            ("metric", "kind:Yodel"),
            ("amount", "NaN"),
            ("period", "day"),
            ("valid_from", "2026-02-30"),
        ],
    );
    page.is(422)
        .says("Choose a person or a team.")
        .says("Enter a metric from the list.")
        .says("Enter an amount from 0 to 1,000,000.")
        .says("Choose at least one weekday.")
        .says("Enter a date such as 2026-03-31.");
    for amount in ["-1", "1e9", "inf", "twenty", ""] {
        let whose = format!("team:{}", world.team("North"));
        let fields = [
            ("whose", whose.as_str()),
            ("metric", "activities"),
            ("amount", amount),
            ("period", "week"),
        ];
        max.post("/targets", &fields)
            .is(422)
            .says("Enter an amount");
    }
    max.get("/targets").says("No target yet");
}

#[rstest]
fn weekdays_are_those_of_a_daily_target(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let whose = format!("team:{}", world.team("North"));
    let fields = [
        ("whose", whose.as_str()),
        ("metric", "activities"),
        ("amount", "7"),
        ("period", "day"),
        ("weekday", "2"),
        ("weekday", "4"),
    ];
    world.as_("max").post("/targets", &fields).is(303);
    assert_eq!(asked(&world, "ana", "2026-03-05"), Some(7.0));
    assert_eq!(asked(&world, "ana", "2026-03-06"), None);
    world.as_("ana").get("/targets").says("7 a day, Tue, Thu");
}
