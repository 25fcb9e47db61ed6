//! Stories of the board: whose figures, and how they rank.

mod display;
mod explained;
mod fair;
mod goal;
mod pages;
mod peers;
mod rates;
mod score;
mod screens;
mod ways_round;

use crate::world::{Database, Database::*, World, entry, instant};
use chrono::NaiveDate;
use rstest::rstest;
use std::collections::HashMap;
use touchline::activities::{self, Entry, Logged};
use touchline::calendar::{self, Part};
use touchline::rules::target::{Metric, Period, Weekdays};
use touchline::targets::{self, NewTarget, Whose};
use touchline::team::{self, By, Filters, Rank, Row, Scope};
use touchline::{leads, lists, people};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Everybody's activities in the week of the story, by person.
fn this_week(world: &World) -> Filters {
    Filters {
        metric: Metric::Activities,
        from: Some(day("2026-03-02")),
        to: Some(day("2026-03-08")),
        by: By::Person,
        rank: Rank::Value,
        as_of: world.now(),
        scope: Scope::Everybody,
        peers: None,
    }
}

fn board(world: &World, filters: &Filters) -> Vec<Row> {
    world
        .read(|conn| {
            let kept = world.app().shelf.now(conn)?;
            team::board(conn, kept, filters)
        })
        .rows
}

fn report(world: &World, filters: &Filters) -> team::Leaderboard {
    world.read(|conn| {
        let kept = world.app().shelf.now(conn)?;
        team::report(conn, kept, filters)
    })
}

/// Place, first name and value of each row.
fn places(rows: &[Row]) -> Vec<(Option<usize>, &str, Option<f64>)> {
    rows.iter()
        .map(|row| (row.place, first_name(row), row.value))
        .collect()
}

fn first_name(row: &Row) -> &str {
    row.name.split(' ').next().unwrap_or_default()
}

fn row<'r>(rows: &'r [Row], name: &str) -> &'r Row {
    let row = rows.iter().find(|row| first_name(row) == name);
    row.unwrap_or_else(|| panic!("{name} is not on the board: {rows:?}"))
}

/// Logs a count of calls without a lead, now.
fn calls(world: &World, name: &str, quantity: i32) {
    world.write_as(name, |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let call = kinds
            .iter()
            .find(|kind| kind.name == "Call")
            .expect("calls");
        let entry = Entry {
            quantity,
            ..entry(call.id, tx.now)
        };
        assert_eq!(activities::log(tx, &entry)?, Logged::Stored);
        Ok(())
    });
}

/// Logs a count of a kind with an outcome, without a lead, now.
fn counts(world: &World, name: &str, (kind, outcome): (&str, &str), quantity: u64) {
    world.write_as(name, |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let kind_id = kinds.iter().find(|k| k.name == kind).expect("a kind").id;
        let outcomes = lists::store::outcomes(tx.conn)?.into_iter();
        let found = outcomes
            .filter(|o| o.kind_id == kind_id)
            .find(|o| o.name == outcome);
        let entry = Entry {
            quantity: quantity as i32,
            outcome_id: Some(found.expect("an outcome").id),
            is_again: true,
            ..entry(kind_id, tx.now)
        };
        assert_eq!(activities::log(tx, &entry)?, Logged::Stored);
        Ok(())
    });
}

/// The rows of a file, each by the names of its columns.
fn file(world: &World, name: &str, path: &str) -> Vec<HashMap<String, String>> {
    let page = world.as_(name).get(path);
    let mut reader = csv::Reader::from_reader(page.ok().body.as_bytes());
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

fn set(world: &World, whose: Whose, amount: f64, period: Period, valid_from: &str) {
    let new = NewTarget {
        whose,
        metric: Metric::Activities,
        amount,
        period,
        weekdays: Weekdays::ALL,
        valid_from: day(valid_from),
        reason: String::new(),
    };
    world.on(new.valid_from, || {
        world.write_as("ada", |tx| targets::set(tx, &new));
    });
}

fn off(world: &World, name: &str, from: &str, to: &str, part: Part) {
    let id = world.person(name).id;
    world.write(|tx| calendar::store::put_time_off(tx.conn, id, day(from), day(to), part));
}

#[rstest]
fn ties_share_a_place_and_present_with_nothing_logged_is_a_zero(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, quantity) in [("ben", 2), ("ana", 3), ("sue", 2), ("max", 1)] {
        calls(&world, name, quantity);
    }
    let rows = board(&world, &this_week(&world));
    let wanted = [
        (Some(1), "Ana", Some(3.0)),
        (Some(2), "Ben", Some(2.0)),
        (Some(2), "Sue", Some(2.0)),
        (Some(4), "Max", Some(1.0)),
        (Some(5), "Mia", Some(0.0)),
    ];
    assert_eq!(places(&rows), wanted);
    assert_eq!(row(&rows, "Sue").team.as_deref(), Some("South"));
}

#[rstest]
fn who_was_away_has_no_place_and_a_dash_unless_they_logged_something(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    off(&world, "ana", "2026-03-02", "2026-03-06", Part::Full);
    off(&world, "ben", "2026-03-02", "2026-03-08", Part::Full);
    off(&world, "sue", "2026-03-02", "2026-03-06", Part::Morning);
    calls(&world, "ben", 1);
    world.at("2026-03-08T20:00:00Z");
    let rows = board(&world, &this_week(&world));
    let wanted = [
        (Some(1), "Max", Some(0.0)),
        (Some(1), "Mia", Some(0.0)),
        (Some(1), "Sue", Some(0.0)),
        (None, "Ana", None),
        (None, "Ben", Some(1.0)),
    ];
    assert_eq!(places(&rows), wanted);
    let weekend = Filters {
        from: Some(day("2026-03-07")),
        ..this_week(&world)
    };
    assert!(
        board(&world, &weekend)
            .iter()
            .all(|row| row.value.is_none())
    );
    calls(&world, "max", 4);
    let rows = board(&world, &weekend);
    assert_eq!((rows[0].place, rows[0].value), (Some(1), Some(4.0)));
}

#[rstest]
fn a_zero_comes_with_the_persons_own_morning(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let sue = world.person("sue");
    world.write(|tx| {
        let changed = (sue.name.as_str(), sue.role, Some("Pacific/Auckland"));
        people::change(tx, sue.id, changed, None)
    });
    // Thursday has begun in Auckland, and not in Berlin.
    world.at("2026-03-04T20:00:00Z");
    let thursday = Filters {
        from: Some(day("2026-03-05")),
        to: Some(day("2026-03-05")),
        ..this_week(&world)
    };
    let rows = board(&world, &thursday);
    assert_eq!(
        (row(&rows, "Sue").value, row(&rows, "Ana").value),
        (Some(0.0), None)
    );
}

#[rstest]
fn a_holiday_of_the_team_is_nobodys_zero(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let north = world.team("North");
    let today = day("2026-03-04");
    world.write(|tx| {
        calendar::store::put_holiday(tx.conn, today, "Town fair", calendar::Whose::Team(north))
    });
    let filters = Filters {
        from: Some(today),
        to: Some(today),
        ..this_week(&world)
    };
    let rows = board(&world, &filters);
    assert_eq!(row(&rows, "Ana").value, None);
    assert_eq!(row(&rows, "Sue").value, Some(0.0));
    let by_team = board(
        &world,
        &Filters {
            by: By::Team,
            ..filters
        },
    );
    let wanted = [(Some(1), "South", Some(0.0)), (None, "North", None)];
    assert_eq!(places(&by_team), wanted);
}

#[rstest]
fn a_target_over_a_period_is_what_its_days_asked_for(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let person = |name: &str| Whose::Person(world.person(name).id);
    set(&world, person("ana"), 20.0, Period::Day, "2026-03-02");
    set(&world, person("ben"), 50.0, Period::Week, "2026-03-02");
    set(&world, person("sue"), 10.0, Period::Day, "2026-03-05");
    off(&world, "ana", "2026-03-05", "2026-03-05", Part::Afternoon);
    off(&world, "ben", "2026-03-06", "2026-03-06", Part::Full);
    calls(&world, "ana", 45);
    calls(&world, "ben", 30);
    calls(&world, "sue", 4);
    let by_percent = Filters {
        rank: Rank::Percent,
        ..this_week(&world)
    };
    let rows = board(&world, &by_percent);
    let figures: Vec<_> = rows
        .iter()
        .map(|r| (r.place, first_name(r), r.target, r.percent))
        .collect();
    // Of Sue nothing was due yet.
    let wanted = [
        (Some(1), "Ben", Some(40.0), Some(0.75)),
        (Some(2), "Ana", Some(90.0), Some(0.5)),
        (None, "Max", None, None),
        (None, "Mia", None, None),
        (None, "Sue", Some(20.0), Some(0.2)),
    ];
    assert_eq!(figures, wanted);
    let over = Filters {
        as_of: instant("2026-03-08T20:00:00Z"),
        ..by_percent
    };
    let rows = board(&world, &over);
    assert_eq!(row(&rows, "Sue").place, Some(3));
}

#[rstest]
fn a_lead_reached_twice_is_one_lead_for_a_person_and_for_a_team(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (acme, globex) = (world.lead("Acme", ""), world.lead("Globex", ""));
    world.log("ana", "Call", "Interested", Some(&acme));
    world.log("ana", "Visit", "Spoke with other", Some(&acme));
    world.log("ben", "Call", "Interested", Some(&acme));
    world.log("ben", "Call", "No answer", Some(&globex));
    let filters = Filters {
        metric: Metric::LeadsReached,
        ..this_week(&world)
    };
    let rows = board(&world, &filters);
    assert_eq!(row(&rows, "Ana").value, Some(1.0));
    assert_eq!(row(&rows, "Ben").value, Some(1.0));
    let teams = board(
        &world,
        &Filters {
            by: By::Team,
            ..filters
        },
    );
    assert_eq!(row(&teams, "North").value, Some(1.0));
}

#[rstest]
fn every_metric_has_a_board(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let acme = world.lead("Acme", "ana");
    world.log("ana", "Call", "Meeting booked", Some(&acme));
    world.log("ana", "E-mail", "Bounced", Some(&acme));
    world.log("ana", "Research note", "", Some(&acme));
    calls(&world, "ana", 3);
    let value = |metric| {
        let filters = Filters {
            metric,
            ..this_week(&world)
        };
        row(&board(&world, &filters), "Ana").value
    };
    assert_eq!(value(Metric::Activities), Some(5.0));
    assert_eq!(value(Metric::Reached), Some(1.0));
    assert_eq!(value(Metric::LeadsReached), Some(1.0));
    assert_eq!(value(Metric::MeetingsBooked), Some(1.0));
    assert_eq!(value(Metric::Score), Some(4.0 + 3.0 * 2.0));
    assert_eq!(value(Metric::Kind("Call".into())), Some(4.0));
    assert_eq!(value(Metric::Kind("Research note".into())), Some(1.0));
}

#[rstest]
fn the_most_improved_are_ranked_by_their_last_weeks(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-05T09:00:00Z");
    set(
        &world,
        Whose::Team(world.team("North")),
        10.0,
        Period::Week,
        "2026-01-05",
    );
    for week in 0..8 {
        let at = instant("2026-01-07T09:00:00Z").plus_seconds(week * 7 * 86_400);
        world.at(&at.to_string());
        calls(&world, "ben", 20);
        calls(&world, "ana", if week < 4 { 5 } else { 10 });
    }
    world.at("2026-03-04T09:00:00Z");
    let improved = |as_of: &str| Filters {
        rank: Rank::Improved,
        as_of: instant(as_of),
        ..this_week(&world)
    };
    let rows = board(&world, &improved("2026-03-04T09:00:00Z"));
    let figures: Vec<_> = rows
        .iter()
        .map(|r| (r.place, first_name(r), r.value, r.improvement))
        .collect();
    let wanted = [
        (Some(1), "Ana", Some(0.0), Some(0.5)),
        (Some(2), "Ben", Some(0.0), Some(0.0)),
        (Some(2), "Max", Some(0.0), Some(0.0)),
        (None, "Mia", Some(0.0), None),
        (None, "Sue", Some(0.0), None),
    ];
    assert_eq!(figures, wanted);
    let early = board(&world, &improved("2026-02-11T09:00:00Z"));
    assert_eq!(row(&early, "Ana").improvement, None);
    world
        .as_("ada")
        .get("/team?rank=improved")
        .ok()
        .says("+50.0 points");
}

#[rstest]
fn what_happened_after_the_as_of_is_hidden_and_without_days_all_history_counts(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(
        &world,
        Whose::Person(world.person("ana").id),
        4.0,
        Period::Day,
        "2026-03-02",
    );
    world.at("2026-02-27T09:00:00Z");
    calls(&world, "ana", 1);
    world.at("2026-03-04T09:00:00Z");
    calls(&world, "ana", 2);
    let as_of = world.now();
    world.at("2026-03-04T09:00:01Z");
    calls(&world, "ana", 4);
    let all = Filters {
        from: None,
        to: None,
        as_of,
        ..this_week(&world)
    };
    let rows = board(&world, &all);
    let anas = row(&rows, "Ana");
    assert_eq!((anas.value, anas.target), (Some(3.0), Some(12.0)));
    assert_eq!(anas.percent, Some(0.25));
}

#[rstest]
fn a_leaver_stays_on_the_board_of_their_time(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set(
        &world,
        Whose::Team(world.team("North")),
        4.0,
        Period::Day,
        "2026-03-02",
    );
    calls(&world, "ben", 2);
    let ben = world.person("ben").id;
    world.write(|tx| people::part(tx, ben, day("2026-03-04")));
    let rows = board(&world, &this_week(&world));
    assert_eq!(
        (row(&rows, "Ben").value, row(&rows, "Ben").target),
        (Some(2.0), Some(12.0))
    );
    let next_week = Filters {
        from: Some(day("2026-03-09")),
        to: Some(day("2026-03-15")),
        ..this_week(&world)
    };
    assert!(
        board(&world, &next_week)
            .iter()
            .all(|row| first_name(row) != "Ben")
    );
}
