//! Whether the verdicts that were written down stand against something on record, and what they would be otherwise.

use super::ground::{Ground, Written};
use super::points::Points;
use super::store::{self, Origin, WrittenVerdict};
use super::walk::{Tally, Walk};
use crate::activities::totals::{self, Span};
use crate::audit;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::day;
use crate::rules::habit::State;
use crate::rules::target::{Metric, Period};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The written verdicts, looked at one by one.
#[derive(Debug, Default)]
pub struct WrittenLook {
    /// Those that no entry of the record stands for: the change that turned them, or the correction.
    pub unexplained: Vec<WrittenVerdict>,
    /// Days and weeks with a verdict that was written down.
    pub all: usize,
    /// Those that would be something else if nothing had been written.
    pub differing: usize,
}

/// Works out every written verdict again, without what was written, and asks the record for each.
pub fn look_at_written(conn: &mut Conn, kept: Kept, now: Instant) -> Result<WrittenLook> {
    let rows = store::verdicts(conn)?;
    let mut look = WrittenLook::default();
    if rows.is_empty() {
        return Ok(look);
    }
    let newest: HashMap<(i64, Period, NaiveDate), State> = rows
        .iter()
        .map(|row| ((row.person_id, row.period, row.first_day), row.state))
        .collect();
    let would_be = worked_out(conn, kept, &rows, now)?;
    look.all = newest.len();
    let differs = |(key, state): &(&_, &State)| would_be.get(*key) != Some(state);
    look.differing = newest.iter().filter(differs).count();
    let at: Vec<Instant> = rows.iter().map(|row| row.at).collect();
    let told = audit::store::at_instants(conn, &at)?;
    let is_told = |row: &WrittenVerdict| {
        told.iter().any(|line| {
            let is_theirs = line.at == row.at && line.by_id == row.by_id;
            let is_correction = line.verb == "corrected" && line.subject_id == Some(row.person_id);
            is_theirs && (row.origin == Origin::Kept || is_correction)
        })
    };
    look.unexplained = rows.into_iter().filter(|row| !is_told(row)).collect();
    Ok(look)
}

/// What the days and weeks of these rows would be if nothing had been written down.
fn worked_out(
    conn: &mut Conn,
    kept: Kept,
    rows: &[WrittenVerdict],
    now: Instant,
) -> Result<HashMap<(i64, Period, NaiveDate), State>> {
    let ground = Ground {
        written: Arc::new(Written::default()),
        ..Ground::kept(conn, kept)?
    };
    let first_entry = totals::first_day(conn, now)?;
    let weeks: BTreeSet<(i64, NaiveDate)> = rows
        .iter()
        .map(|row| (row.person_id, day::week_of(row.first_day)))
        .collect();
    let mondays = || weeks.iter().map(|(_, monday)| *monday);
    let (Some(from), Some(last)) = (mondays().min(), mondays().max()) else {
        return Ok(HashMap::new());
    };
    let people: BTreeSet<i64> = weeks.iter().map(|(person, _)| *person).collect();
    let metrics: BTreeSet<Metric> = people.iter().flat_map(|id| ground.metrics(*id)).collect();
    let span = Span {
        from,
        to: last + Days::new(6),
        as_of: now,
        people: None,
    };
    let points = Points::read(conn, kept, metrics, &span)?;
    let mut found = HashMap::new();
    for (id, monday) in weeks {
        let Some(person) = ground.directory.person(id) else {
            continue;
        };
        let walk = Walk {
            ground: &ground,
            points: &points,
            person,
            begins: ground.begins(id, first_entry, now),
            as_of: now,
        };
        let (days, weeks) = walk.go(
            &mut Tally::default(),
            (monday, monday + Days::new(6)),
            monday,
        );
        let days = days
            .iter()
            .map(|day| ((id, Period::Day, day.day), day.verdict.state));
        let weeks = weeks
            .iter()
            .map(|week| ((id, Period::Week, week.monday), week.verdict.state));
        found.extend(days.chain(weeks));
    }
    Ok(found)
}
