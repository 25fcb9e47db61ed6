//! Stories of the working clock: whose hours count for a lead, and what holidays, half days and clock changes do.

use super::followup::{filters, report};
use super::{group, import};
use crate::world::{Database, Database::*, World, instant};
use rstest::rstest;
use touchline::calendar::{self, Whose};
use touchline::followup::{Filters, WhichClock};

/// The waiting of the only lead there is, in working seconds.
fn worked_s(world: &World) -> f64 {
    let mut filters = Filters {
        clock: WhichClock::Working,
        ..filters()
    };
    filters.cohort.as_of = instant("2026-12-31T12:00:00Z");
    let report = report(world, &filters);
    let all = group(&report, "all");
    assert_eq!(all["n"], 1);
    all["median_s"].as_f64().expect("an event")
}

/// One lead from its hand-over to its first attempt by sue, owned by ana or whoever is named from the start.
fn one_lead(world: &World, owner: &str, handed_over: &str, attempted: &str) {
    let lead = format!(
        "external_id,name,created_at,owner_email\nx,X,{handed_over},{owner}{}\n",
        if owner.is_empty() { "" } else { "@example.com" }
    );
    let call = format!(
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
         1,sue@example.com,Call,No answer,{attempted},x\n"
    );
    import(world, &[("leads.csv", &lead), ("activities.csv", &call)]);
}

#[rstest]
fn a_change_of_owner_splits_the_time_between_two_calendars(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // South works Wednesdays from 13:00 to 17:00 UTC, ana from 8:00 to 16:00.
    let south = "team,time_zone,weekday,opens,closes\nSouth,America/New_York,3,08:00,12:00\n";
    let moved = "lead_external_id,at,event,owner_email\n\
                 x,2026-03-04T14:00:00Z,assigned,sue@example.com\n";
    import(&world, &[("calendar.csv", south)]);
    one_lead(
        &world,
        "ana",
        "2026-03-04T07:00:00Z",
        "2026-03-04T18:00:00Z",
    );
    assert_eq!(worked_s(&world), 8.0 * 3_600.0);
    import(&world, &[("lead_events.csv", moved)]);
    assert_eq!(worked_s(&world), (6.0 + 3.0) * 3_600.0);
}

#[rstest]
fn a_lead_that_nobody_owns_waits_by_the_workspaces_hours(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let holiday = "date,name\n2026-03-09,A day off\n";
    import(&world, &[("holidays.csv", holiday)]);
    // From Friday 16:30 in Berlin over a weekend and a holiday to Tuesday 9:10.
    one_lead(&world, "", "2026-03-06T15:30:00Z", "2026-03-10T08:10:00Z");
    assert_eq!(worked_s(&world), 40.0 * 60.0);
}

#[rstest]
fn a_holiday_of_one_person_stops_the_clock_of_their_leads_alone(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    one_lead(
        &world,
        "ana",
        "2026-03-03T07:00:00Z",
        "2026-03-04T13:00:00Z",
    );
    assert_eq!(worked_s(&world), 13.0 * 3_600.0);
    let holiday = |who: &str| {
        let whose = Whose::Person(world.person(who).id);
        let day = "2026-03-03".parse().expect("a day");
        world.write_as("ada", |tx| calendar::add_holiday(tx, day, "Feast", whose));
    };
    holiday("ben");
    assert_eq!(worked_s(&world), 13.0 * 3_600.0);
    holiday("ana");
    assert_eq!(worked_s(&world), 5.0 * 3_600.0);
}

#[rstest]
#[case("morning", 1.0)]
#[case("afternoon", 4.0)]
#[case("half", 4.0)]
#[case("full", 0.0)]
fn half_a_day_off_stops_half_a_days_clock(
    #[case] part: &str,
    #[case] hours: f64,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let off = format!("email,from,to,part\nana@example.com,2026-03-04,2026-03-04,{part}\n");
    import(&world, &[("time_off.csv", &off)]);
    one_lead(
        &world,
        "ana",
        "2026-03-04T07:00:00Z",
        "2026-03-04T13:00:00Z",
    );
    assert_eq!(worked_s(&world), hours * 3_600.0);
}

#[rstest]
#[case("2026-03-28T23:00:00Z", "2026-03-29T12:00:00Z", 5.0)]
#[case("2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z", 7.0)]
fn a_night_shift_is_as_long_as_the_night_when_the_clocks_change(
    #[case] handed_over: &str,
    #[case] attempted: &str,
    #[case] hours: f64,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let nights = "team,time_zone,weekday,opens,closes\nSouth,Europe/Berlin,7,00:00,06:00\n";
    import(&world, &[("calendar.csv", nights)]);
    one_lead(&world, "sue", handed_over, attempted);
    assert_eq!(worked_s(&world), hours * 3_600.0);
}
