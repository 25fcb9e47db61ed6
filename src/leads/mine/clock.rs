//! How long somebody still has for a lead, in their working time and in words.

use crate::page;
use crate::rules::workday::WorkCalendar;
use crate::rules::zone::Zone;
use crate::value::Instant;

const SECOND_US: f64 = 1e6;
const DAY_S: f64 = 86_400.0;
/// A clock that stands still for longer than this is told by its date.
const WEEK_S: f64 = 6.0 * DAY_S;

/// How long a promise is overdue. `calendar` is the owner's round now; what was due before `known_since`, or outside of
/// working hours just now, is told by its time.
pub fn overdue(
    calendar: &WorkCalendar,
    zone: &Zone,
    now: Instant,
    due: Instant,
    known_since: Instant,
) -> String {
    let by_s = calendar.working_us(due, now) as f64 / SECOND_US;
    match due < known_since || by_s < 60.0 {
        true => format!(
            "Overdue since {}",
            page::short_time(due, zone, zone.day_of(now))
        ),
        false => format!("Overdue by {} of working time", worked(by_s)),
    }
}

/// How long there still is until `due`; in the evening of a day whose work ended with it, no time at all.
pub fn countdown(calendar: &WorkCalendar, zone: &Zone, now: Instant, due: Instant) -> String {
    let left_s = calendar.working_us(now, due) as f64 / SECOND_US;
    let still = standing_still(calendar, zone, now).map(|until| format!(", {until}"));
    format!(
        "Due in {} of working time{}",
        worked(left_s),
        still.unwrap_or_default()
    )
}

/// Until when the working clock stands still; `None` while it runs, or where no work is in sight.
fn standing_still(calendar: &WorkCalendar, zone: &Zone, now: Instant) -> Option<String> {
    // The first microsecond of work from now on ends one later.
    let next = Instant(calendar.due(now, 1)?.0 - 1);
    if next <= now {
        return None;
    }
    let local = zone.local(next);
    let when = match next.seconds_since(now) {
        away_s if away_s > WEEK_S => page::short_time(next, zone, zone.day_of(now)),
        _ if local.date() == zone.day_of(now) => local.format("%H:%M").to_string(),
        _ => local.format("%a %H:%M").to_string(),
    };
    Some(format!("clock stands still until {when}"))
}

/// A length of working time: a day of it has as many hours as somebody works, so that hours are the largest unit.
pub fn worked(seconds: f64) -> String {
    match seconds < DAY_S {
        true => page::duration(seconds),
        false => format!("{} h", (seconds / 3_600.0).round()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::workday::{Day, Off, WeekHours};
    use chrono::{Datelike, NaiveDate};

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn spring() -> (WorkCalendar, Zone) {
        let week = WeekHours::nine_to_five();
        let date = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let zone = Zone::utc();
        let calendar =
            WorkCalendar::new(&zone, date("2026-03-01"), date("2026-03-31"), |day| Day {
                blocks: week.on(day.weekday()),
                off: Off::No,
            });
        (calendar, zone)
    }

    fn left(now: &str, due: &str) -> String {
        let (calendar, zone) = spring();
        countdown(&calendar, &zone, at(now), at(due))
    }

    fn late(now: &str, due: &str) -> String {
        let (calendar, zone) = spring();
        overdue(
            &calendar,
            &zone,
            at(now),
            at(due),
            at("2026-03-01T00:00:00Z"),
        )
    }

    #[test]
    fn a_promise_counts_down_in_working_time() {
        let due = "2026-03-04T13:00:00Z";
        for (now, said) in [
            ("2026-03-04T09:00:00Z", "Due in 4 h of working time"),
            ("2026-03-04T11:40:00Z", "Due in 1 h 20 min of working time"),
            (due, "Due in 0 s of working time"),
        ] {
            assert_eq!(left(now, due), said, "{now}");
        }
        for (now, said) in [
            ("2026-03-04T13:00:30Z", "Overdue since 13:00"),
            ("2026-03-04T15:00:00Z", "Overdue by 2 h of working time"),
            ("2026-03-05T10:00:00Z", "Overdue by 5 h of working time"),
            ("2026-03-16T09:00:00Z", "Overdue by 60 h of working time"),
        ] {
            assert_eq!(late(now, due), said, "{now}");
        }
    }

    #[test]
    fn outside_of_working_hours_the_clock_stands_still_and_says_until_when() {
        let due = "2026-03-09T12:00:00Z";
        assert_eq!(
            left("2026-03-06T17:00:00Z", due),
            "Due in 3 h of working time, clock stands still until Mon 09:00"
        );
        assert_eq!(
            left("2026-03-09T08:59:00Z", due),
            "Due in 3 h of working time, clock stands still until 09:00"
        );
        assert_eq!(
            left("2026-03-09T09:00:00Z", due),
            "Due in 3 h of working time"
        );
        assert_eq!(
            left("2026-03-04T20:00:00Z", "2026-03-04T17:00:00Z"),
            "Due in 0 s of working time, clock stands still until Thu 09:00"
        );
    }

    #[test]
    fn what_was_due_before_the_calendar_begins_is_told_by_its_time() {
        assert_eq!(
            late("2026-03-04T12:00:00Z", "2025-12-01T13:00:00Z"),
            "Overdue since 1 Dec 2025, 13:00"
        );
    }
}
