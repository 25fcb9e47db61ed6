//! Stories of hours, zones and days off that change with time: the past stays as it was.

use crate::world::{Database, Database::*, Page, World, instant};
use chrono::NaiveDate;
use rstest::rstest;
use touchline::calendar::{self, Calendars, Part, Whose};
use touchline::imports::{self, Source};
use touchline::kept::Keep;
use touchline::people;
use touchline::rules::access::Role;
use touchline::rules::workday::Block;
use touchline::style::Style;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn calendars(world: &World) -> Calendars {
    world.read(Calendars::load)
}

/// Somebody's fraction of a day, and their working hours on it.
fn on(world: &World, name: &str, of: &str) -> (f64, f64) {
    let id = world.person(name).id;
    let of = day(of);
    let calendar = calendars(world).of_person(id, of, of);
    let start = calendar.zones().midnight(of);
    let us = calendar.working_us(start, start.plus_seconds(86_400));
    (calendar.fraction(of), us as f64 / 3600e6)
}

/// Somebody's working hours between two instants.
fn worked(world: &World, name: &str, from: &str, to: &str) -> f64 {
    let id = world.person(name).id;
    let calendar = calendars(world).of_person(id, day("2026-02-01"), day("2026-03-31"));
    calendar.working_us(instant(from), instant(to)) as f64 / 3600e6
}

/// What ada sends for Monday to Friday, to hold from a day on.
fn set_hours(world: &World, whose: &str, hours: [&str; 5], valid_from: &str) -> Page {
    let names = ["hours_1", "hours_2", "hours_3", "hours_4", "hours_5"];
    let days = names.into_iter().zip(hours);
    let fields: Vec<_> = [("whose", whose), ("valid_from", valid_from)]
        .into_iter()
        .chain(days)
        .collect();
    world.as_("ada").post("/calendar/hours", &fields)
}

fn person(world: &World, name: &str) -> String {
    format!("person-{}", world.person(name).uid)
}

/// As ada does on the person's page.
fn move_to(world: &World, name: &str, zone: &str) {
    let person = world.person(name);
    world.write_as("ada", |tx| {
        people::change(tx, person.id, (&person.name, Role::Rep, Some(zone)), None)
    });
}

#[rstest]
fn a_new_week_of_hours_leaves_the_days_before_it_as_they_were(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = person(&world, "ana");
    let clock = || {
        worked(
            &world,
            "ana",
            "2026-02-23T00:00:00Z",
            "2026-03-05T22:00:00Z",
        )
    };
    let before = clock();
    let mornings = [
        "08:00-12:00",
        "",
        "08:00-12:00",
        "",
        "08:00-10:00, 11:00-12:00",
    ];
    let page = set_hours(&world, &ana, mornings, "2026-03-06").follow();
    page.ok()
        .says("Mon 08:00-12:00; Wed 08:00-12:00; Fri 08:00-10:00, 11:00-12:00")
        .says("from Fri 6 Mar 2026")
        .says("Ada Adler")
        .says("To come");
    assert_eq!(clock(), before);
    assert_eq!(on(&world, "ana", "2026-03-05"), (1.0, 8.0));
    assert_eq!(on(&world, "ana", "2026-03-06"), (1.0, 3.0));
    assert_eq!(on(&world, "ana", "2026-03-10"), (0.0, 0.0));

    // Of two weeks from one day the one set later holds, and a third changes nothing before it.
    set_hours(&world, &ana, ["", "", "", "", "12:00-17:00"], "2026-03-06").is(303);
    set_hours(&world, &ana, ["10:00-11:00", "", "", "", ""], "2026-03-16").is(303);
    assert_eq!(on(&world, "ana", "2026-03-06"), (1.0, 5.0));
    assert_eq!(on(&world, "ana", "2026-03-13"), (1.0, 5.0));
    assert_eq!(on(&world, "ana", "2026-03-20"), (0.0, 0.0));
    assert_eq!(clock(), before);
}

#[rstest]
fn own_hours_end_from_a_day_on_and_those_of_the_team_hold_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ana, north) = (person(&world, "ana"), world.team("North"));
    let team = format!("team-{north}");
    set_hours(&world, &ana, ["09:00-10:00"; 5], "2026-03-02").is(303);
    set_hours(&world, &team, ["09:00-15:00"; 5], "2026-03-05").is(303);
    let reset = [("whose", ana.as_str()), ("valid_from", "2026-03-10")];
    let ada = world.as_("ada");
    ada.post("/calendar/hours/reset", &reset).is(303);
    let hours = |name, days: [&str; 4]| days.map(|day| on(&world, name, day).1);
    let days = ["2026-02-27", "2026-03-04", "2026-03-09", "2026-03-10"];
    assert_eq!(hours("ana", days), [8.0, 1.0, 1.0, 6.0]);
    assert_eq!(hours("ben", days), [8.0, 8.0, 6.0, 6.0]);
    assert_eq!(hours("sue", days), [8.0; 4]);
    let page = ada.get(&format!("/calendar?whose={ana}"));
    page.says("The shared hours").says("from Tue 10 Mar 2026");
    let faulty = [("whose", ana.as_str()), ("valid_from", "soon")];
    ada.post("/calendar/hours/reset", &faulty).is(422);
}

#[rstest]
fn part_time_makes_days_neutral_and_shrinks_no_other(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = person(&world, "ana");
    let three_days = ["09:00-13:00", "09:00-13:00", "", "", "09:00-12:00"];
    set_hours(&world, &ana, three_days, "2026-03-02").is(303);
    let id = world.person("ana").id;
    let book = calendars(&world);
    let shares = |of: &str| {
        let share = book.share_of(id, day(of));
        (share.fraction, share.scheduled)
    };
    assert_eq!(shares("2026-03-09"), (1.0, 1.0));
    assert_eq!(shares("2026-03-11"), (0.0, 0.0));
    assert_eq!(shares("2026-03-13"), (1.0, 1.0));
    assert_eq!(shares("2026-02-25"), (1.0, 1.0));
}

#[rstest]
fn half_a_day_off_is_half_of_the_hours_of_that_day(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = person(&world, "ana");
    set_hours(&world, &ana, ["09:00-12:00, 13:00-18:00"; 5], "2026-03-06").is(303);
    let id = world.person("ana").id;
    for (of, part) in [
        ("2026-03-05", Part::Morning),
        ("2026-03-06", Part::Morning),
        ("2026-03-09", Part::Afternoon),
    ] {
        world.write_as("ana", |tx| {
            calendar::time_off::enter(tx, id, day(of), day(of), part)
        });
    }
    assert_eq!(on(&world, "ana", "2026-03-05"), (0.5, 4.0));
    assert_eq!(on(&world, "ana", "2026-03-06"), (0.5, 4.0));
    let from_two = worked(
        &world,
        "ana",
        "2026-03-06T13:00:00Z",
        "2026-03-06T23:00:00Z",
    );
    assert_eq!(from_two, 4.0);
    let until_one = worked(
        &world,
        "ana",
        "2026-03-09T00:00:00Z",
        "2026-03-09T12:00:00Z",
    );
    assert_eq!(until_one, 3.0);
    assert_eq!(on(&world, "ana", "2026-03-09"), (0.5, 4.0));
}

#[rstest]
fn who_moves_from_los_angeles_to_tokyo_keeps_the_days_that_they_had(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.person("ana");
    world.write(|tx| {
        people::store::change(
            tx.conn,
            ana.id,
            &ana.name,
            Role::Rep,
            Some("America/Los_Angeles"),
        )
    });
    // Tuesday, 16:30 in Los Angeles, is Wednesday in Tokyo.
    world.at("2026-03-04T00:30:00Z");
    let early = world.log("ana", "Call", "Interested", None);
    let tuesday = || {
        worked(
            &world,
            "ana",
            "2026-03-03T17:00:00Z",
            "2026-03-04T01:00:00Z",
        )
    };
    assert_eq!(tuesday(), 8.0);
    world.at("2026-03-05T03:00:00Z");
    move_to(&world, "ana", "Asia/Tokyo");
    let late = world.log("ana", "Call", "Interested", None);

    assert_eq!(tuesday(), 8.0);
    let book = calendars(&world);
    let at = |text: &str| book.day_at(ana.id, instant(text)).to_string();
    assert_eq!(at("2026-03-04T00:30:00Z"), "2026-03-03");
    assert_eq!(at("2026-03-04T14:59:59Z"), "2026-03-04");
    assert_eq!(at("2026-03-05T03:00:00Z"), "2026-03-05");
    // Thursday is worked from nine to five in Tokyo.
    let thursday = worked(
        &world,
        "ana",
        "2026-03-05T01:00:00Z",
        "2026-03-05T23:00:00Z",
    );
    assert_eq!(thursday, 7.0);
    let local_day = |uid: &str| {
        let entry = world.read(|conn| touchline::activities::store::own(conn, ana.id, uid));
        entry.expect("the entry").local_day.to_string()
    };
    assert_eq!(local_day(&early), "2026-03-03");
    assert_eq!(local_day(&late), "2026-03-05");
}

#[rstest]
fn a_team_and_the_workspace_move_without_their_past(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = world.team("North");
    let wednesday = ["2026-02-25T08:00:00Z", "2026-02-25T16:00:00Z"];
    world.write_as("ada", |tx| {
        people::change_workspace(tx, "Nordlicht", "Europe/Lisbon", Style::USUAL)?;
        people::change_team(tx, north, "North", Some("America/New_York"))
    });
    for name in ["ana", "sue"] {
        assert_eq!(worked(&world, name, wednesday[0], wednesday[1]), 8.0);
    }
    let next = ["2026-03-11T09:00:00Z", "2026-03-11T17:00:00Z"];
    assert_eq!(worked(&world, "sue", next[0], next[1]), 8.0);
    // New York is four hours behind London in these weeks.
    assert_eq!(worked(&world, "ana", next[0], next[1]), 4.0);
    let book = calendars(&world);
    let nobodys = book.of_workspace(day("2026-02-25"), day("2026-02-25"));
    let us = nobodys.working_us(instant(wednesday[0]), instant(wednesday[1]));
    assert_eq!(us as f64 / 3600e6, 8.0);
}

#[rstest]
fn an_imported_week_holds_since_ever_and_leaves_dated_ones_alone(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let header = "team,email,time_zone,weekday,opens,closes\n";
    let import = |hours: &str| {
        let file = format!("{header},ana@example.com,Europe/Berlin,5,{hours}\n");
        let files = [Source::new("calendar.csv", file.as_bytes())];
        world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    };
    import("08:00,10:00");
    assert_eq!(on(&world, "ana", "2011-10-07"), (1.0, 2.0));
    let ana = person(&world, "ana");
    set_hours(&world, &ana, ["", "", "", "", "09:00-15:00"], "2026-03-06").is(303);
    import("08:00,10:00");
    assert_eq!(on(&world, "ana", "2026-03-06"), (1.0, 6.0));
    import("08:00,11:00");
    assert_eq!(on(&world, "ana", "2011-10-07"), (1.0, 3.0));
    assert_eq!(on(&world, "ana", "2026-02-27"), (1.0, 3.0));
    assert_eq!(on(&world, "ana", "2026-03-06"), (1.0, 6.0));
    let weeks = calendars(&world)
        .weeks(Whose::Person(world.person("ana").id))
        .len();
    assert_eq!(weeks, 3);
}

#[rstest]
fn what_is_removed_leaves_a_trail(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let fields = [("from", "2026-03-09"), ("part", "full")];
    ana.post("/time-off", &fields).is(303);
    let page = ana.get("/time-off");
    let remove = page.actions().into_iter().find(|a| a.ends_with("/remove"));
    ana.post(&remove.expect("a way to remove it"), &[]).is(303);
    let words = "Ana Arndt removed time off of Ana Arndt: 2026-03-09 to 2026-03-09, full";
    for name in ["ana", "max", "ada"] {
        world.as_(name).get("/time-off").says(words);
    }
    world.as_("mia").get("/time-off").says_nothing_of(words);

    let ada = world.as_("ada");
    let fields = [("holiday_day", "2026-05-01"), ("holiday_name", "May Day")];
    let page = ada.post("/calendar/holidays", &fields).follow();
    let remove = page.actions().into_iter().find(|a| a.ends_with("/remove"));
    let done = ada.post(&remove.expect("a way to remove it"), &[]);
    done.follow().says("Ada Adler removed 2026-05-01 May Day");
}

#[rstest]
fn ones_own_hours_for_a_night_across_the_clock_change_are_those_of_the_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let id = world.person("ana").id;
    let all_day = Block {
        opens_min: 0,
        closes_min: 1440,
    };
    world.write(|tx| {
        let by = (None, None);
        let whose = Whose::Person(id);
        calendar::store::add_week(tx.conn, whose, day("2026-03-29"), &[(7, all_day)], by)
    });
    let book = calendars(&world).of_person(id, day("2026-03-22"), day("2026-03-29"));
    let all = |from: &str, to: &str| book.working_us(instant(from), instant(to)) as f64 / 3600e6;
    assert_eq!(all("2026-03-28T23:00:00Z", "2026-03-30T12:00:00Z"), 23.0);
    assert_eq!(all("2026-03-21T23:00:00Z", "2026-03-22T22:59:59Z"), 0.0);
}
