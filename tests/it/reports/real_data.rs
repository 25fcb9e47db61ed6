//! The figures that are known of real data, where `TOUCHLINE_TEST_DATA` names its folder.

use super::followup::{self, report};
use super::{group, import};
use crate::world::{Database, Database::*, World, instant};
use rstest::rstest;
use serde_json::Value;
use std::path::PathBuf;
use touchline::followup::{Filters, WhichClock};
use touchline::leads::cohort::Grouping;
use touchline::outcomes;

/// The files of one set of real data; none where there is no such folder.
fn files(set: &str) -> Option<Vec<(String, String)>> {
    let folder = PathBuf::from(option_env_at_run("TOUCHLINE_TEST_DATA")?).join(set);
    let entries = std::fs::read_dir(&folder).expect("the folder of real data");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        (name, std::fs::read_to_string(&path).expect("text"))
    };
    Some(entries.map(read).collect())
}

#[expect(clippy::disallowed_methods, reason = "a test asks where its data are")]
fn option_env_at_run(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn world_of(database: Database, set: &str) -> Option<World> {
    let files = files(set)?;
    let world = World::empty(database);
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    import(&world, &borrowed);
    Some(world)
}

#[track_caller]
fn is(value: &Value, expected: f64) {
    let value = value.as_f64().expect("a number");
    assert!(
        (value - expected).abs() < 5e-7 * expected.abs().max(1.0),
        "{value}, not {expected}"
    );
}

#[rstest]
fn the_bank_is_as_fast_as_is_known(#[values(Sqlite, Postgres)] database: Database) {
    let Some(world) = world_of(database, "bank") else {
        return;
    };
    let mut all = followup::filters();
    all.cohort.as_of = instant("2012-03-14T15:04:54.681Z");
    let calendar = report(&world, &all);
    let calendar = group(&calendar, "all");
    for (key, expected) in [
        ("n", 13_087.0),
        ("with_event", 9_657.0),
        ("closed", 3_430.0),
        ("waiting", 0.0),
        ("median_s", 4_172.548),
        ("median_low_s", 3_928.442),
        ("median_high_s", 4_470.362),
        ("p90_s", 65_085.615),
    ] {
        is(&calendar[key], expected);
    }
    is(&calendar["within"][3]["event"], 0.354245);
    is(&calendar["within"][3]["closed"], 0.262016);
    is(&calendar["within"][6]["event"], 0.701536);
    let working = Filters {
        by: Some(Grouping::Campaign),
        clock: WhichClock::Working,
        ..all
    };
    let working = report(&world, &working);
    for (name, n, median, within_an_hour) in [
        (
            "pre-accepted",
            4_852.0,
            [1_803.352, 1_647.737, 1_956.823],
            0.611294,
        ),
        (
            "incomplete submission",
            4_739.0,
            [718.333, 657.821, 777.219],
            0.840684,
        ),
    ] {
        let group = group(&working, name);
        is(&group["n"], n);
        for (key, expected) in ["median_s", "median_low_s", "median_high_s"]
            .iter()
            .zip(median)
        {
            is(&group[*key], expected);
        }
        is(&group["within"][3]["event"], within_an_hour);
    }
}

#[rstest]
fn the_bank_wins_at_each_speed_as_often_as_is_known(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(world) = world_of(database, "bank") else {
        return;
    };
    let mut filters = outcomes::Filters {
        cohort: followup::filters().cohort,
        by: None,
        only: None,
    };
    // Later than the log ends, so that nothing is maturing any more.
    filters.cohort.as_of = instant("2012-06-01T12:00:00Z");
    let report = world.read(|conn| outcomes::speed::report(conn, &filters, None));
    let report = serde_json::to_value(report).expect("JSON");
    assert_eq!(report["given_back"], 3_429);
    assert_eq!(report["maturing"], 0);
    for (at, never, k, n, low, high) in [
        (0, 0, 1_122.0, 4_636.0, 0.2299, 0.2546),
        (1, 0, 366.0, 1_644.0, 0.2032, 0.2434),
        (2, 0, 656.0, 2_901.0, 0.2113, 0.2417),
        (3, 1, 102.0, 477.0, 0.1794, 0.2528),
    ] {
        let row = &report["buckets"][at];
        assert_eq!(row["never"], never, "{row}");
        is(&row["won"]["k"], k);
        is(&row["n"], n);
        is(&row["won"]["share"], k / n);
        for (key, expected) in [("low", low), ("high", high)] {
            let value = row["won"][key].as_f64().expect("a number");
            assert!(
                (value - expected).abs() < 5e-5,
                "{key} {value}, not {expected}"
            );
        }
    }
    let nowhere = |_: &str, _: &str| String::new();
    let sheet = world
        .read(|conn| outcomes::sheet::read(conn, outcomes::Face::Speed, &filters, None, &nowhere));
    let says = sheet.headline.replace('\u{a0}', " ");
    assert!(
        says.contains("within 1 h 24.2 % were won (1,122 of 4,636, likely 23.0 to 25.5 %)"),
        "{says}"
    );
    assert!(
        says.contains("21.4 % were won (102 of 477, likely 17.9 to 25.3 %)"),
        "{says}"
    );
    assert!(says.ends_with("no clear difference."), "{says}");
    let beware = touchline::page::Said::words(&sheet.warnings[0]);
    assert!(
        beware.contains("Easy leads may also be called sooner."),
        "{beware}"
    );
}

#[rstest]
fn the_funnel_wins_as_often_as_is_known(#[values(Sqlite, Postgres)] database: Database) {
    let Some(world) = world_of(database, "funnel") else {
        return;
    };
    let mut filters = outcomes::Filters {
        cohort: followup::filters().cohort,
        by: None,
        only: None,
    };
    let print = |filters: &outcomes::Filters| {
        let report = world.read(|conn| outcomes::report(conn, filters, None));
        serde_json::to_value(report).expect("JSON")
    };
    let all = print(&filters);
    is(&group(&all, "all")["n"], 8_000.0);
    is(&group(&all, "all")["won_rate"], 0.105250);
    filters.by = Some(Grouping::Source);
    let sources = print(&filters);
    for (name, won, rate, low, high) in [
        ("organic_search", 271.0, 0.118031, 0.105468, 0.131871),
        ("social", 75.0, 0.055556, 0.044550, 0.069083),
    ] {
        let group = group(&sources, name);
        is(&group["won"], won);
        is(&group["won_rate"], rate);
        is(&group["won_low"], low);
        is(&group["won_high"], high);
    }
}
