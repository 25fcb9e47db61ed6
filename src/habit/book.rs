//! What closed weeks add up to, worked out once and kept in memory for as long as nothing can have changed them: an
//! entry of an open week cannot, and whatever can moves the version of reference data on.

use super::ground::Ground;
use super::memory;
use super::points::Points;
use super::walk::{Day, Tally, Walk, Week};
use crate::activities::totals;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::{self, Keep, Kept};
use crate::people::Person;
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many weeks are shown day by day: a year and the week that it begins in.
pub const WEEKS_SHOWN: u64 = 53;

/// The most of one day and of one week, with the day or the Monday.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bests {
    pub day: Option<(NaiveDate, f64)>,
    pub week: Option<(NaiveDate, f64)>,
}

/// A person's closed weeks.
pub struct Closed {
    /// The first Monday that is not closed.
    pub until: NaiveDate,
    /// The first day of the habit.
    pub begins: NaiveDate,
    pub tally: Tally,
    /// Those of the last year.
    pub days: Vec<Day>,
    pub weeks: Vec<Week>,
    /// Of prospecting activities.
    pub bests: Bests,
}

/// Everybody's closed weeks, as far as somebody has asked for them.
pub struct Book {
    version: i64,
    closed: Mutex<HashMap<i64, Arc<Closed>>>,
}

impl Keep for Book {
    fn load(conn: &mut Conn) -> Result<Book> {
        Ok(Book {
            version: kept::version(conn)?,
            closed: Mutex::default(),
        })
    }
}

impl Book {
    fn find(&self, person_id: i64, until: NaiveDate) -> Option<Arc<Closed>> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let found = closed.get(&person_id)?;
        (found.until == until).then(|| found.clone())
    }

    fn put(&self, person_id: i64, found: &Arc<Closed>) {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.insert(person_id, found.clone());
    }
}

/// The closed weeks of these people, in a fixed number of queries, and mostly none.
pub fn closed(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    people: &[&Person],
    now: Instant,
) -> Result<HashMap<i64, Arc<Closed>>> {
    let book: Arc<Book> = kept.get(conn)?;
    let mut found = HashMap::new();
    let mut missing = Vec::new();
    for person in people {
        let until = ground.closed_until(person.id, now);
        match book.find(person.id, until) {
            Some(closed) => drop(found.insert(person.id, closed)),
            None => missing.push((*person, until)),
        }
    }
    let Some(last) = missing.iter().map(|(_, until)| *until).max() else {
        return Ok(found);
    };
    let ids: Vec<i64> = missing.iter().map(|(person, _)| person.id).collect();
    let first_entry = totals::first_day(conn, now)?;
    let points = memory::points(conn, kept, ground, &ids, last, now)?;
    // Read after the figures: where it is still the book's own, so were they.
    let is_current = kept::version(conn)? == book.version;
    for (person, until) in &missing {
        let closed = Arc::new(add_up(ground, &points, person, *until, first_entry, now));
        if is_current {
            book.put(person.id, &closed);
        }
        found.insert(person.id, closed);
    }
    Ok(found)
}

fn add_up(
    ground: &Ground,
    points: &Points,
    person: &Person,
    until: NaiveDate,
    first_entry: Option<NaiveDate>,
    now: Instant,
) -> Closed {
    let begins = ground.begins(person.id, first_entry, now);
    let seen = until
        .checked_sub_days(Days::new(7 * WEEKS_SHOWN))
        .unwrap_or(until);
    let walk = Walk {
        ground,
        points,
        person,
        begins,
        as_of: now,
    };
    let mut tally = Tally::default();
    let last = until.pred_opt().unwrap_or(until);
    let (days, weeks) = walk.go(&mut tally, (begins.min(seen), last), seen);
    Closed {
        until,
        begins,
        tally,
        days,
        weeks,
        bests: Bests {
            day: points.best_day(&Metric::Activities, person.id, until),
            week: points.best_week(&Metric::Activities, person.id, until),
        },
    }
}
