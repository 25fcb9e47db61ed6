//! The period before: what a board is compared with.

use super::read::Reading;
use super::{Filters, Who, values};
use crate::activities::totals;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::period::Period;
use crate::rules::zone::Zone;
use std::collections::HashMap;

/// The same board one period earlier. While the period still runs, what came later than the same moment of the one
/// before is left out, so that a Wednesday is not compared with a whole week. `None` without a first and a last day.
pub fn filters(filters: &Filters, period: Option<Period>, zone: &Zone) -> Option<Filters> {
    let today = zone.day_of(filters.as_of);
    let (from, to) = (filters.from?, filters.to?);
    let (before_from, before_to) = match period {
        Some(period) => period.before(from, to)?,
        None => {
            let last = from.pred_opt()?;
            (last.checked_sub_signed(to - from)?, last)
        }
    };
    // By the clock on the wall, so that a week in which clocks change has no hour more or less before the same moment.
    let same_moment = zone.local(filters.as_of) - (from - before_from);
    Some(Filters {
        from: Some(before_from),
        to: Some(before_to),
        as_of: match today <= to {
            true => zone.instant_of(same_moment),
            false => filters.as_of,
        },
        ..filters.clone()
    })
}

/// The value of each row in the period before; who was not there has none.
pub fn read(conn: &mut Conn, kept: Kept, before: &Filters) -> Result<HashMap<Who, f64>> {
    let reading = Reading::new(conn, kept, before)?;
    let mut found = values(conn, kept, &reading, &before.metric)?;
    // By then nobody had logged anything: of no row a log can say that it was there and did nothing.
    if totals::first_day(conn, before.as_of)?.is_none() {
        return Ok(found);
    }
    for who in reading.asked(conn)?.present {
        found.entry(who).or_insert(0.0);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::target::Metric;
    use crate::team::{By, Rank, Scope};
    use crate::value::Instant;
    use chrono::NaiveDate;

    #[test]
    fn the_same_moment_is_by_the_clock_on_the_wall_also_after_clocks_changed() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        // A Wednesday at ten; clocks went forward on Sunday.
        let as_of = Instant::parse("2026-04-01T08:00:00Z").unwrap();
        let filters = Filters {
            metric: Metric::Activities,
            from: NaiveDate::from_ymd_opt(2026, 3, 30),
            to: NaiveDate::from_ymd_opt(2026, 4, 5),
            by: By::Person,
            rank: Rank::Value,
            as_of,
            scope: Scope::Everybody,
            peers: None,
        };
        let before = super::filters(&filters, Some(Period::Week), &zone).unwrap();
        assert_eq!(
            before.as_of,
            Instant::parse("2026-03-25T09:00:00Z").unwrap()
        );
    }
}
