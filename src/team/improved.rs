//! Who has improved: attainment by week. Source: METRICS.md 4.2.

use super::Who;
use super::read::Reading;
use crate::activities::totals;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::{day, rank};
use chrono::{Days, NaiveDate};
use std::collections::{HashMap, HashSet};

/// How far back weeks are looked at: neutral ones are skipped, so more than the twelve that count.
const WEEKS_BACK: u64 = 52;

/// The improvement of each row, over the whole weeks that were over by the end of the period and before the as-of's
/// day. The week's attainment is its value by what its targets ask, at most 1; a week that asks nothing is neutral.
pub fn improvements(
    conn: &mut Conn,
    kept: Kept,
    reading: &Reading,
) -> Result<HashMap<Who, Option<f64>>> {
    let filters = reading.filters;
    let Some(weeks) = weeks(conn, reading)? else {
        return Ok(HashMap::new());
    };
    let days = (weeks[0], sunday_of(weeks[weeks.len() - 1]));
    let span = reading.span_of(conn, days)?;
    let values = totals::by(
        conn,
        kept,
        &filters.metric,
        &span,
        |person, team, local_day| {
            let who = filters.who(person, team)?;
            Some((who, day::week_of(local_day)))
        },
    )?;
    let mut targets: HashMap<(Who, NaiveDate), f64> = HashMap::new();
    for person in reading.loggers() {
        for week in &weeks {
            for (first, last, _, who) in reading.stretches(person, *week, sunday_of(*week)) {
                if let Some(target) = reading.target(person, first, last) {
                    *targets.entry((who, *week)).or_insert(0.0) += target;
                }
            }
        }
    }
    let attained = |who: Who, week: NaiveDate| {
        let target = targets.get(&(who, week))?;
        let value = values.get(&(who, week)).copied().unwrap_or(0.0);
        Some((value / target).min(1.0))
    };
    let all: HashSet<Who> = targets.keys().map(|(who, _)| *who).collect();
    let improvement = |who| {
        let weeks: Vec<_> = weeks.iter().map(|week| attained(who, *week)).collect();
        (who, rank::improvement(&weeks))
    };
    Ok(all.into_iter().map(improvement).collect())
}

/// The Mondays of the weeks to look at; `None` where no week is over.
fn weeks(conn: &mut Conn, reading: &Reading) -> Result<Option<Vec<NaiveDate>>> {
    let Some(first) = totals::first_day(conn, reading.filters.as_of)? else {
        return Ok(None);
    };
    let ahead = reading.to.succ_opt().unwrap_or(reading.to);
    let end = day::week_of(ahead.min(reading.today));
    let start = day::week_of(first).max(end - Days::new(7 * WEEKS_BACK));
    let weeks: Vec<NaiveDate> = start.iter_weeks().take_while(|week| *week < end).collect();
    Ok((!weeks.is_empty()).then_some(weeks))
}

fn sunday_of(monday: NaiveDate) -> NaiveDate {
    monday + Days::new(6)
}
