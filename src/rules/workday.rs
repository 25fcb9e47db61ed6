//! The working time between two instants (section 2.2).
//!
//! A calendar is built once, day by day, as disjoint intervals of instants with a prefix sum;
//! after that every question is a binary search, and daylight saving needs no special care.

use super::{
    hours::Interval,
    zone::{Zone, Zones},
};
use crate::value::Instant;
use chrono::{NaiveDate, TimeDelta};

pub use super::{
    hours::{Block, Day, HoursError, Off, WeekHours},
    ownership::Ownership,
};

/// A question about working time has no answer beyond ten years.
const TEN_YEARS: TimeDelta = TimeDelta::days(3653);

/// Somebody's working time from one local day to another, both included. Outside of these days
/// there is none, so build it around every instant you ask about.
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    zones: Zones,
    from: NaiveDate,
    intervals: Vec<Interval>,
    /// Working microseconds before each interval.
    before: Vec<i64>,
    days: Vec<DayTotal>,
    /// Positions in `days` of the days with working time, and of the full ones among them.
    expected: Vec<usize>,
    full: Vec<usize>,
}

/// A day's fraction, and the calendar's working microseconds up to its start and to its end.
#[derive(Debug, Clone, Copy)]
struct DayTotal {
    fraction: f64,
    start_us: i64,
    end_us: i64,
}

impl WorkCalendar {
    /// Asks `day` once for each date from `from` to `to`.
    pub fn new<'a>(
        zones: impl Into<Zones>,
        from: NaiveDate,
        to: NaiveDate,
        mut day: impl FnMut(NaiveDate) -> Day<'a>,
    ) -> WorkCalendar {
        let mut calendar = WorkCalendar {
            zones: zones.into(),
            from,
            intervals: Vec::new(),
            before: Vec::new(),
            days: Vec::new(),
            expected: Vec::new(),
            full: Vec::new(),
        };
        for date in from.iter_days().take_while(|date| *date <= to) {
            calendar.add(date, day(date));
        }
        calendar
    }

    fn add(&mut self, date: NaiveDate, day: Day<'_>) {
        let start_us = self.total_us();
        for interval in day.intervals(self.zones.on(date), date) {
            let latest = self.intervals.last().map_or(i64::MIN, |last| last.end);
            let start = interval.start.max(latest);
            if start < interval.end {
                self.before.push(self.total_us());
                self.intervals.push(Interval { start, ..interval });
            }
        }
        let end_us = self.total_us();
        let fraction = day.fraction();
        if end_us > start_us {
            self.expected.push(self.days.len());
            if fraction == 1.0 {
                self.full.push(self.days.len());
            }
        }
        self.days.push(DayTotal {
            fraction,
            start_us,
            end_us,
        });
    }

    /// The zone of its first day.
    pub fn zone(&self) -> &Zone {
        self.zones.on(self.from)
    }

    pub fn zones(&self) -> &Zones {
        &self.zones
    }

    fn total_us(&self) -> i64 {
        match (self.before.last(), self.intervals.last()) {
            (Some(before), Some(last)) => before + last.length(),
            _ => 0,
        }
    }

    /// Working microseconds from the calendar's start to `at`.
    fn until_us(&self, at: Instant) -> i64 {
        let begun = self.intervals.partition_point(|i| i.start <= at.0);
        match begun.checked_sub(1) {
            None => 0,
            Some(last) => {
                let interval = self.intervals[last];
                self.before[last] + at.0.min(interval.end) - interval.start
            }
        }
    }

    /// Working microseconds in [from, to); 0 where `to` is not after `from`.
    pub fn working_us(&self, from: Instant, to: Instant) -> i64 {
        (self.until_us(to) - self.until_us(from)).max(0)
    }

    /// The first instant by which `working_us` of working time have passed since `from`; `None`
    /// where the calendar ends before.
    pub fn due(&self, from: Instant, working_us: i64) -> Option<Instant> {
        if working_us <= 0 {
            return Some(from);
        }
        let goal = self.until_us(from).checked_add(working_us)?;
        if goal > self.total_us() {
            return None;
        }
        // The last interval with less than the goal before it is the one that reaches it.
        let reaching = self.before.partition_point(|before| *before < goal) - 1;
        Some(Instant(
            self.intervals[reaching].start + goal - self.before[reaching],
        ))
    }

    /// "n working days" as microseconds of working time: the working time of the next `days` full
    /// working days after the local day of `from`. `None` where they are not in the calendar, or
    /// not within ten years.
    pub fn working_days_us(&self, from: Instant, days: u32) -> Option<i64> {
        let today = self.zones.day_of(from);
        let first = self.first_after(&self.full, today);
        let next = self.full.get(first..first.checked_add(days as usize)?)?;
        let in_time = next
            .last()
            .is_none_or(|last| self.date(*last) - today <= TEN_YEARS);
        in_time.then(|| {
            next.iter()
                .map(|day| self.days[*day].end_us - self.days[*day].start_us)
                .sum()
        })
    }

    /// The `nth` day with working time after `day` (1 is the next one).
    pub fn expected_day_after(&self, day: NaiveDate, nth: usize) -> Option<NaiveDate> {
        let next = self.first_after(&self.expected, day);
        let found = self.expected.get(next + nth.checked_sub(1)?)?;
        Some(self.date(*found))
    }

    /// f(d) of a date; 0 outside the calendar.
    pub fn fraction(&self, day: NaiveDate) -> f64 {
        self.total_of(day).map_or(0.0, |total| total.fraction)
    }

    /// The share of a local day's working time that is gone at an instant, 0 to 1, for the pace;
    /// `None` for a day without working time.
    pub fn share_gone(&self, day: NaiveDate, at: Instant) -> Option<f64> {
        let total = self.total_of(day)?;
        let length_us = total.end_us - total.start_us;
        let gone_us = (self.until_us(at) - total.start_us).clamp(0, length_us);
        (length_us > 0).then(|| gone_us as f64 / length_us as f64)
    }

    fn total_of(&self, day: NaiveDate) -> Option<&DayTotal> {
        let position = usize::try_from((day - self.from).num_days()).ok()?;
        self.days.get(position)
    }

    /// Where in `positions` (of days, in order) those after `day` begin.
    fn first_after(&self, positions: &[usize], day: NaiveDate) -> usize {
        let day = (day - self.from).num_days();
        positions.partition_point(|position| *position as i64 <= day)
    }

    fn date(&self, position: usize) -> NaiveDate {
        self.from + TimeDelta::days(position as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike;

    const HOUR_US: i64 = 3_600_000_000;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// The same blocks on each day from one to another, as opening and closing minutes.
    fn daily(zone: &str, from: &str, to: &str, hours: &[(u16, u16)], off: Off) -> WorkCalendar {
        let block = |(opens_min, closes_min): &(u16, u16)| Block {
            opens_min: *opens_min,
            closes_min: *closes_min,
        };
        let blocks: Vec<Block> = hours.iter().map(block).collect();
        let zone = Zone::named(zone).unwrap();
        WorkCalendar::new(&zone, date(from), date(to), |_| Day {
            blocks: &blocks,
            off,
        })
    }

    fn all_us(calendar: &WorkCalendar) -> i64 {
        calendar.working_us(Instant(i64::MIN), Instant(i64::MAX))
    }

    #[test]
    fn a_day_of_around_the_clock_work_is_as_long_as_the_day() {
        for (day, hours) in [("2026-03-08", 23), ("2026-11-01", 25), ("2026-06-01", 24)] {
            let calendar = daily("America/New_York", day, day, &[(0, 1440)], Off::No);
            assert_eq!(all_us(&calendar), hours * HOUR_US, "{day}");
        }
    }

    #[test]
    fn a_half_day_is_half_of_that_days_working_seconds() {
        let hours = [(540, 720), (780, 1080)];
        for (off, first, last) in [
            (Off::Morning, "2026-03-04T14:00:00Z", "2026-03-04T18:00:00Z"),
            (
                Off::Afternoon,
                "2026-03-04T09:00:00Z",
                "2026-03-04T14:00:00Z",
            ),
        ] {
            let calendar = daily("UTC", "2026-03-04", "2026-03-04", &hours, off);
            assert_eq!(all_us(&calendar), 4 * HOUR_US);
            assert_eq!(calendar.working_us(at(first), at(last)), 4 * HOUR_US);
            assert_eq!(calendar.fraction(date("2026-03-04")), 0.5);
        }
        let short = daily(
            "Europe/Berlin",
            "2026-03-29",
            "2026-03-29",
            &[(0, 1440)],
            Off::Morning,
        );
        assert_eq!(all_us(&short), 23 * HOUR_US / 2);
    }

    #[test]
    fn hours_that_the_clocks_skip_are_not_worked_twice() {
        let night = [(60, 165), (180, 300)];
        let calendar = daily("Europe/Berlin", "2026-03-29", "2026-03-29", &night, Off::No);
        assert_eq!(all_us(&calendar), 3 * HOUR_US);
        let skipped = daily(
            "Europe/Berlin",
            "2026-03-29",
            "2026-03-29",
            &[(150, 180)],
            Off::No,
        );
        assert_eq!(all_us(&skipped), 0);
    }

    #[test]
    fn a_day_that_a_country_skipped_is_not_worked() {
        let calendar = daily(
            "Pacific/Apia",
            "2011-12-29",
            "2011-12-31",
            &[(540, 1020)],
            Off::No,
        );
        assert_eq!(all_us(&calendar), 16 * HOUR_US);
    }

    #[test]
    fn nobody_works_means_no_time_and_nothing_ever_due() {
        let calendar = daily("UTC", "2026-01-01", "2046-01-01", &[], Off::No);
        let start = at("2026-03-04T10:00:00Z");
        assert_eq!(all_us(&calendar), 0);
        assert_eq!(calendar.due(start, 1), None);
        assert_eq!(calendar.due(start, 0), Some(start));
        assert_eq!(calendar.working_days_us(start, 1), None);
        assert_eq!(calendar.share_gone(date("2026-03-04"), start), None);
        assert_eq!(calendar.due(Instant(i64::MAX), i64::MAX), None);
    }

    #[test]
    fn a_limit_that_the_day_just_holds_is_due_at_closing_time() {
        let calendar = daily("UTC", "2026-03-04", "2026-03-05", &[(540, 1020)], Off::No);
        let start = at("2026-03-04T16:00:00Z");
        assert_eq!(
            calendar.due(start, HOUR_US),
            Some(at("2026-03-04T17:00:00Z"))
        );
        assert_eq!(
            calendar.due(start, HOUR_US + 1).map(|due| due.0),
            Some(at("2026-03-05T09:00:00Z").0 + 1)
        );
        assert_eq!(
            calendar.due(start, 9 * HOUR_US),
            Some(at("2026-03-05T17:00:00Z"))
        );
        assert_eq!(calendar.due(start, 9 * HOUR_US + 1), None);
    }

    #[test]
    fn a_limit_of_working_days_takes_full_days_only() {
        let week = WeekHours::nine_to_five();
        let zone = Zone::named("Europe/Berlin").unwrap();
        let calendar =
            WorkCalendar::new(&zone, date("2026-03-01"), date("2026-03-31"), |day| Day {
                blocks: match day.weekday() {
                    chrono::Weekday::Wed => &[Block {
                        opens_min: 540,
                        closes_min: 720,
                    }],
                    weekday => week.on(weekday),
                },
                off: match day.day() {
                    9 => Off::Full,
                    10 => Off::Afternoon,
                    _ => Off::No,
                },
            });
        let friday = at("2026-03-06T08:30:00Z");
        assert_eq!(calendar.working_days_us(friday, 0), Some(0));
        assert_eq!(calendar.working_days_us(friday, 1), Some(3 * HOUR_US));
        assert_eq!(calendar.working_days_us(friday, 2), Some(11 * HOUR_US));
        assert_eq!(calendar.working_days_us(friday, 99), None);
        // Half past eleven in the evening in Berlin is still that Thursday.
        assert_eq!(
            calendar.working_days_us(at("2026-03-05T22:30:00Z"), 1),
            Some(8 * HOUR_US)
        );
        assert_eq!(
            calendar.expected_day_after(date("2026-03-06"), 1),
            Some(date("2026-03-10"))
        );
        assert_eq!(
            calendar.expected_day_after(date("2020-01-01"), 1),
            Some(date("2026-03-02"))
        );
        assert_eq!(calendar.expected_day_after(date("2026-03-30"), 2), None);
    }

    #[test]
    fn a_working_day_more_than_ten_years_away_is_no_limit() {
        let zone = Zone::utc();
        let block = [Block {
            opens_min: 0,
            closes_min: 60,
        }];
        let far = date("2036-06-01");
        let calendar = WorkCalendar::new(&zone, date("2026-01-01"), far, |day| Day {
            blocks: if day == far { &block } else { &[] },
            off: Off::No,
        });
        assert_eq!(
            calendar.working_days_us(at("2026-01-01T00:00:00Z"), 1),
            None
        );
        assert_eq!(
            calendar.working_days_us(at("2027-01-01T00:00:00Z"), 1),
            Some(HOUR_US)
        );
    }

    #[test]
    fn the_share_of_the_day_that_is_gone_counts_working_time_only() {
        let hours = [(540, 720), (780, 1080)];
        let calendar = daily("UTC", "2026-03-04", "2026-03-05", &hours, Off::No);
        let gone = |time: &str| calendar.share_gone(date("2026-03-05"), at(time));
        assert_eq!(gone("2026-03-04T12:00:00Z"), Some(0.0));
        assert_eq!(gone("2026-03-05T12:30:00Z"), Some(0.375));
        assert_eq!(gone("2026-03-05T14:00:00Z"), Some(0.5));
        assert_eq!(gone("2026-03-09T14:00:00Z"), Some(1.0));
        assert_eq!(
            calendar.share_gone(date("2026-03-06"), at("2026-03-05T14:00:00Z")),
            None
        );
    }
}
