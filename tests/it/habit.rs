//! Stories of the habit: what becomes of days and weeks, what stays closed, and who sees it.

mod closing;
mod explained;
mod memory;
mod pages;
mod past;
mod report;
mod verdicts;

use crate::world::{Database, World, instant};
use chrono::{Days, NaiveDate};
use serde_json::Value;
use touchline::habit::{self, By, Filters};
use touchline::imports::{self, Source};

pub use Database::{Postgres, Sqlite};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Brings a file into a world, as `touchline import` does.
fn import(world: &World, name: &str, header: &str, rows: &[String]) {
    let text = format!("{header}\n{}\n", rows.join("\n"));
    let sources = [Source::new(name, text.as_bytes())];
    let report = world.write(|tx| imports::import(tx, &sources, false, &mut |_| {}));
    assert!(report.is_written, "{report:?}");
}

/// Calls that somebody made, so many at noon UTC of each day.
fn calls(world: &World, name: &str, days: &[(&str, u32)]) {
    let rows: Vec<String> = days
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(day, count)| {
            let id = uuid::Uuid::new_v4();
            format!("{id},{name}@example.com,Call,{day}T12:00:00Z,{count}")
        })
        .collect();
    if !rows.is_empty() {
        let header = "external_id,person_email,kind,happened_at,quantity";
        import(world, "activities.csv", header, &rows);
    }
}

/// The same number of calls on each of some days in a row.
fn calls_daily(world: &World, name: &str, first: &str, days: u64, count: u32) {
    let days: Vec<String> = (0..days)
        .map(|day| (date(first) + Days::new(day)).to_string())
        .collect();
    let days: Vec<(&str, u32)> = days.iter().map(|day| (day.as_str(), count)).collect();
    calls(world, name, &days);
}

/// A target as the import brings it: `activities,20,day,ana@example.com,,2026-03-02`.
fn target(world: &World, row: &str) {
    let header = "metric,amount,period,email,team,valid_from";
    import(world, "targets.csv", header, &[row.to_owned()]);
}

/// Time off as the import brings it.
fn away(world: &World, name: &str, from: &str, to: &str, part: &str) {
    let row = format!("{name}@example.com,{from},{to},{part}");
    import(world, "time_off.csv", "email,from,to,part", &[row]);
}

fn filters(from: &str, to: &str, as_of: &str) -> Filters {
    let day = |text: &str| (!text.is_empty()).then(|| date(text));
    Filters {
        by: By::Person,
        from: day(from),
        to: day(to),
        as_of: instant(as_of),
        teams: None,
    }
}

fn made(world: &World, filters: &Filters) -> habit::Habits {
    world.read(|conn| {
        let kept = world.app().shelf.now(conn)?;
        habit::report(conn, kept, filters)
    })
}

/// A person's row of the report, as JSON.
fn habit_of(world: &World, name: &str, from: &str, to: &str, as_of: &str) -> Value {
    let report = made(world, &filters(from, to, as_of));
    let report = serde_json::to_value(&report).expect("JSON");
    let rows = report["rows"].as_array().expect("rows");
    let email = format!("{name}@example.com");
    let row = rows.iter().find(|row| row["email"] == email.as_str());
    row.unwrap_or_else(|| panic!("{name} is not in {report:#}"))
        .clone()
}

/// (expected, hit, missed, neutral)
fn counts(row: &Value) -> [u64; 4] {
    ["expected", "hit", "missed", "neutral"].map(|key| row[key].as_u64().expect(key))
}

#[track_caller]
fn close(value: &Value, wanted: f64) {
    let value = value.as_f64().expect("a number");
    assert!((value - wanted).abs() < 1e-9, "{value} is not {wanted}");
}
