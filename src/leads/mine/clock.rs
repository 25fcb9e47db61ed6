//! How long somebody still has for a lead, in their working time and in words.

use crate::page;
use crate::rules::workday::WorkCalendar;
use crate::rules::zone::Zone;
use crate::value::Instant;

const SECOND_US: f64 = 1e6;
const DAY_S: f64 = 86_400.0;
/// A clock that stands still for longer than this is told by its date.
const WEEK_S: f64 = 6.0 * DAY_S;

/// How a promise stands at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Overdue,
    /// Three quarters of the time are gone (PRODUCT.md 5).
    Soon,
    Running,
}

/// A promise of a first attempt, as its owner reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countdown {
    pub state: State,
    pub words: String,
}

/// `start` is the hand-over and `due` the end of its limit, as the owner's calendar has it; `calendar` holds the days
/// around now.
pub fn countdown(
    calendar: &WorkCalendar,
    zone: &Zone,
    now: Instant,
    (start, due): (Instant, Instant),
    known_since: Instant,
) -> Countdown {
    let worked_s = |from, to| calendar.working_us(from, to) as f64 / SECOND_US;
    if due < now {
        let by_s = worked_s(due, now);
        // What lies before the calendar, or was due outside of working hours just now, is told by its time.
        let words = match due < known_since || by_s < 60.0 {
            true => format!(
                "Overdue since {}",
                page::short_time(due, zone, zone.day_of(now))
            ),
            false => format!("Overdue by {} of working time", worked(by_s)),
        };
        return Countdown {
            state: State::Overdue,
            words,
        };
    }
    let left_s = worked_s(now, due);
    let state = match left_s * 4.0 <= worked_s(start.max(known_since), due) {
        true => State::Soon,
        false => State::Running,
    };
    let still = standing_still(calendar, zone, now).map(|until| format!(", {until}"));
    Countdown {
        state,
        words: format!(
            "Due in {} of working time{}",
            worked(left_s),
            still.unwrap_or_default()
        ),
    }
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

    fn words(now: &str, start: &str, due: &str) -> (State, String) {
        let week = WeekHours::nine_to_five();
        let date = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let zone = Zone::utc();
        let calendar =
            WorkCalendar::new(&zone, date("2026-03-01"), date("2026-03-31"), |day| Day {
                blocks: week.on(day.weekday()),
                off: Off::No,
            });
        let known = at("2026-03-01T00:00:00Z");
        let found = countdown(&calendar, &zone, at(now), (at(start), at(due)), known);
        (found.state, found.words)
    }

    #[test]
    fn a_promise_counts_down_in_working_time_and_is_due_soon_in_its_last_quarter() {
        let start = "2026-03-04T09:00:00Z";
        let due = "2026-03-04T13:00:00Z";
        for (now, state, said) in [
            (start, State::Running, "Due in 4 h of working time"),
            (
                "2026-03-04T11:40:00Z",
                State::Running,
                "Due in 1 h 20 min of working time",
            ),
            (
                "2026-03-04T12:00:00Z",
                State::Soon,
                "Due in 1 h of working time",
            ),
            (due, State::Soon, "Due in 0 s of working time"),
            (
                "2026-03-04T13:00:30Z",
                State::Overdue,
                "Overdue since 13:00",
            ),
            (
                "2026-03-04T15:00:00Z",
                State::Overdue,
                "Overdue by 2 h of working time",
            ),
            (
                "2026-03-05T10:00:00Z",
                State::Overdue,
                "Overdue by 5 h of working time",
            ),
            (
                "2026-03-16T09:00:00Z",
                State::Overdue,
                "Overdue by 60 h of working time",
            ),
        ] {
            assert_eq!(words(now, start, due), (state, said.to_owned()), "{now}");
        }
    }

    #[test]
    fn outside_of_working_hours_the_clock_stands_still_and_says_until_when() {
        let (start, due) = ("2026-03-06T16:00:00Z", "2026-03-09T12:00:00Z");
        let said = |now| words(now, start, due).1;
        assert_eq!(
            said("2026-03-06T17:00:00Z"),
            "Due in 3 h of working time, clock stands still until Mon 09:00"
        );
        assert_eq!(
            said("2026-03-09T08:59:00Z"),
            "Due in 3 h of working time, clock stands still until 09:00"
        );
        assert_eq!(said("2026-03-09T09:00:00Z"), "Due in 3 h of working time");
    }

    #[test]
    fn what_was_due_before_the_calendar_begins_is_told_by_its_time() {
        let (state, said) = words(
            "2026-03-04T12:00:00Z",
            "2025-12-01T09:00:00Z",
            "2025-12-01T13:00:00Z",
        );
        assert_eq!(
            (state, said.as_str()),
            (State::Overdue, "Overdue since 1 Dec 2025, 13:00")
        );
    }
}
