//! The points of closed weeks, kept in memory whatever happens to reference data: only an import changes them.

use super::ground::Ground;
use super::points::{Course, Points};
use crate::activities::totals::Span;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::{self, Kept};
use crate::people;
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Who is entered into a team for the past may get another zone for the end of the last closed week, and open it again
/// for some hours, so that it is not kept.
const DAYS_UNKEPT: u64 = 7;

#[derive(Default)]
struct Memory(Mutex<HashMap<(i64, Metric), Known>>);

/// The points up to a Monday, as of a version of closed entries.
#[derive(Clone)]
struct Known {
    version: i64,
    until: NaiveDate,
    course: Arc<Course>,
}

impl Memory {
    fn find(&self, id: i64, metric: &Metric, version: i64, until: NaiveDate) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&(id, metric.clone()))?;
        (found.version == version && found.until <= until).then(|| found.clone())
    }

    fn put(&self, id: i64, metric: &Metric, found: Known) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((id, metric.clone()), found);
    }
}

/// The points of these people before a Monday, of all their targets' metrics and of activities: a query or two for each metric.
pub fn points(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    ids: &[i64],
    until: NaiveDate,
    now: Instant,
) -> Result<Points> {
    let memory: Arc<Memory> = kept.lasting();
    // Read before the figures: they are as new as it says, or newer.
    let version = kept::closed_entries(conn)?;
    let keep_until = until
        .checked_sub_days(Days::new(DAYS_UNKEPT))
        .unwrap_or(until);
    let mut metrics: BTreeSet<Metric> = ids.iter().flat_map(|id| ground.metrics(*id)).collect();
    metrics.insert(Metric::Activities);
    let mut points = Points::default();
    for metric in metrics {
        let known: Vec<Option<Known>> = ids
            .iter()
            .map(|id| memory.find(*id, &metric, version, keep_until))
            .collect();
        let first = |known: &Option<Known>| known.as_ref().map(|known| known.until);
        let span = Span {
            from: known
                .iter()
                .map(|known| first(known).unwrap_or(people::since_ever()))
                .min()
                .unwrap_or(people::since_ever()),
            to: until.pred_opt().unwrap_or(until),
            as_of: now,
            people: match ids {
                [only] => Some(vec![*only]),
                _ => None,
            },
        };
        points.add(Points::read(conn, kept, [metric.clone()], &span)?);
        for (id, known) in ids.iter().zip(known) {
            let is_whole = known
                .as_ref()
                .is_some_and(|known| known.until == keep_until);
            if let Some(known) = known {
                points.precede(&metric, *id, known.course);
            }
            if !is_whole {
                let course = points.keep(&metric, *id, keep_until);
                let known = Known {
                    version,
                    until: keep_until,
                    course,
                };
                memory.put(*id, &metric, known);
            }
        }
    }
    Ok(points)
}
