//! Local days: their week, how long they stay open for entries, and when an entry is late.

use super::{
    workday::WorkCalendar,
    zone::{Zone, Zones},
};
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

/// When entries for a day can no longer be made or changed: 48 hours after its ISO week ends, by the clock of where that
/// was. Who moves afterwards opens nothing again.
pub fn open_until(day: NaiveDate, zones: &Zones) -> Instant {
    let monday = week_of(day)
        .checked_add_days(Days::new(7))
        .unwrap_or(NaiveDate::MAX);
    zones.midnight(monday).plus_seconds(GRACE_S)
}

/// The newest local day that was over by then in every zone of the world.
pub fn over_everywhere(at: Instant) -> NaiveDate {
    let day = Zone::utc().day_of(at);
    day.checked_sub_days(Days::new(2)).unwrap_or(day)
}

pub fn is_open(day: NaiveDate, now: Instant, zones: &Zones) -> bool {
    now < open_until(day, zones)
}

/// Whether an entry came more than two working days late: after the end of the second day with
/// working time that follows the local day on which it happened. A calendar without two such
/// days calls nothing late.
pub fn is_late(happened_at: Instant, entered_at: Instant, calendar: &WorkCalendar) -> bool {
    let happened_on = calendar.zones().day_of(happened_at);
    let last_day = calendar.expected_day_after(happened_on, LATE_AFTER_WORKING_DAYS);
    last_day.is_some_and(|last_day| calendar.zones().day_of(entered_at) > last_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::workday::{Day, Off, WeekHours};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_day_is_over_everywhere_when_the_last_zone_has_left_it() {
        let last = |text| over_everywhere(at(text)).to_string();
        assert_eq!(last("2026-03-04T00:00:00Z"), "2026-03-02");
        assert_eq!(last("2026-03-04T23:59:59Z"), "2026-03-02");
    }

    #[test]
    fn a_week_begins_on_monday_also_across_the_year() {
        assert_eq!(week_of(date("2027-01-03")), date("2026-12-28"));
        assert_eq!(week_of(date("2026-12-28")), date("2026-12-28"));
        assert_eq!(next_month(date("2026-12-31")), date("2027-01-01"));
    }

    #[test]
    fn no_date_is_too_far_away_for_a_week() {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            assert!(week_of(day) <= day && month_of(day) <= day && next_month(day) >= day);
            is_open(day, Instant(0), &Zones::from(&Zone::utc()));
        }
    }

    #[test]
    fn a_day_stays_open_until_two_days_after_its_week_by_the_local_clock() {
        let berlin = Zones::from(&Zone::named("Europe/Berlin").unwrap());
        let day = date("2026-03-25");
        assert_eq!(open_until(day, &berlin), at("2026-03-31T22:00:00Z"));
        assert!(is_open(day, at("2026-03-31T21:59:59Z"), &berlin));
        assert!(!is_open(day, at("2026-03-31T22:00:00Z"), &berlin));
    }

    #[test]
    fn an_entry_is_late_from_the_third_working_day_on() {
        let week = WeekHours::nine_to_five();
        let holiday = date("2026-03-09");
        let calendar = WorkCalendar::new(
            &Zone::utc(),
            date("2026-03-01"),
            date("2026-03-31"),
            |day| Day {
                blocks: week.on(day.weekday()),
                off: if day == holiday { Off::Full } else { Off::No },
            },
        );
        let friday = at("2026-03-06T10:00:00Z");
        assert!(!is_late(friday, at("2026-03-11T23:59:59Z"), &calendar));
        assert!(is_late(friday, at("2026-03-12T00:00:00Z"), &calendar));
        assert!(!is_late(
            at("2026-03-31T10:00:00Z"),
            at("2026-05-01T00:00:00Z"),
            &calendar
        ));
    }
}
