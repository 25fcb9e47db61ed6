//! Who has improved: attainment by week. Source: METRICS.md 4.2.

use super::Who;
use super::read::Reading;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{self, Ground};
use crate::kept::Kept;
use crate::rules::rank;
use std::collections::{HashMap, HashSet};

/// The improvement of each row, over the whole weeks that were over by the end of the period and before the as-of's
/// day. The week's attainment is its value by what its targets ask, at most 1; a week that asks nothing is neutral.
pub fn improvements(
    conn: &mut Conn,
    kept: Kept,
    reading: &Reading,
) -> Result<HashMap<Who, Option<f64>>> {
    let filters = reading.filters;
    let ahead = reading.to.succ_opt().unwrap_or(reading.to);
    let weeks = habit::whole_weeks(conn, ahead.min(reading.today), filters.as_of)?;
    let ground = Ground::kept(conn, kept)?;
    let of_weeks = (&weeks[..], filters.as_of);
    let who = |person, team| filters.who(person, team);
    let first = weeks.first().copied().unwrap_or(ahead);
    let people = reading.span_of(conn, (first, ahead))?.people;
    let attained = habit::attained(conn, kept, &ground, &filters.metric, of_weeks, people, who)?;
    let all: HashSet<Who> = attained.keys().map(|(who, _)| *who).collect();
    let improvement = |who| {
        let weeks = weeks
            .iter()
            .map(|week| attained.get(&(who, *week)).copied());
        (who, rank::improvement(&weeks.collect::<Vec<_>>()))
    };
    Ok(all.into_iter().map(improvement).collect())
}
