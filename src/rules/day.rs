//! Local days: their week, how long they stay open for entries, and when an entry is late.

use super::{workday::WorkCalendar, zone::Zone};
use crate::value::Instant;
use chrono::{Datelike, Days, NaiveDate, Weekday};

const GRACE_S: i64 = 48 * 3600;
const LATE_AFTER_WORKING_DAYS: usize = 2;

/// The Monday of a day's ISO week.
pub fn week_of(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon)
        .checked_first_day()
        .unwrap_or(NaiveDate::MIN)
}

/// The first day of a day's month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The first day of the month after a day's.
pub fn next_month(day: NaiveDate) -> NaiveDate {
    month_of(day)
        .checked_add_months(chrono::Months::new(1))
        .unwrap_or(NaiveDate::MAX)
}

/// When entries for a day can no longer be made or changed: 48 hours after its ISO week ends.
pub fn open_until(day: NaiveDate, zone: &Zone) -> Instant {
    let monday = week_of(day)
        .checked_add_days(Days::new(7))
        .unwrap_or(NaiveDate::MAX);
    zone.midnight(monday).plus_seconds(GRACE_S)
}

pub fn is_open(day: NaiveDate, now: Instant, zone: &Zone) -> bool {
    now < open_until(day, zone)
}

/// Whether an entry came more than two working days late: after the end of the second day with
/// working time that follows the local day on which it happened. A calendar without two such
/// days calls nothing late.
pub fn is_late(happened_at: Instant, entered_at: Instant, calendar: &WorkCalendar) -> bool {
    let zone = calendar.zone();
    let last_day = calendar.expected_day_after(zone.day_of(happened_at), LATE_AFTER_WORKING_DAYS);
    last_day.is_some_and(|last_day| zone.day_of(entered_at) > last_day)
}
