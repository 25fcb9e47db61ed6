//! The period before: what a board is compared with.

use super::read::Reading;
use super::{Filters, Who, values};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::period::Period;
use chrono::NaiveDate;
use std::collections::HashMap;

/// The same board one period earlier. While the period still runs, what came later than the same moment of the one
/// before is left out, so that a Wednesday is not compared with a whole week. `None` without a first and a last day.
pub fn filters(filters: &Filters, period: Option<Period>, today: NaiveDate) -> Option<Filters> {
    let (from, to) = (filters.from?, filters.to?);
    let (before_from, before_to) = match period {
        Some(period) => period.before(from, to)?,
        None => {
            let last = from.pred_opt()?;
            (last.checked_sub_signed(to - from)?, last)
        }
    };
    let shift_s = (from - before_from).num_seconds();
    Some(Filters {
        from: Some(before_from),
        to: Some(before_to),
        as_of: match today <= to {
            true => filters.as_of.plus_seconds(-shift_s),
            false => filters.as_of,
        },
        ..filters.clone()
    })
}

/// The value of each row in the period before; who was not there has none.
pub fn read(conn: &mut Conn, kept: Kept, before: &Filters) -> Result<HashMap<Who, f64>> {
    let reading = Reading::new(conn, kept, before)?;
    let mut found = values(conn, kept, &reading, &before.metric)?;
    for who in reading.asked().present {
        found.entry(who).or_insert(0.0);
    }
    Ok(found)
}
