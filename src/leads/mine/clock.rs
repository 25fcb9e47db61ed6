//! How long somebody still has for a lead, in their working time and in words.

use crate::calendar::Calendars;
use crate::leads::cohort::Assigned;
use crate::page;
use crate::rules::access::Me;
use crate::rules::level::{Clause, Due, Window};
use crate::rules::workday::WorkCalendar;
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::Days;

const SECOND_US: f64 = 1e6;
const DAY_S: f64 = 86_400.0;
/// A clock that stands still for longer than this is told by its date.
const WEEK_S: f64 = 6.0 * DAY_S;

/// The calendar that countdowns are read from holds so many days before and after today.
const CALENDAR_DAYS: u64 = 60;

/// The clock of one owner, as somebody reads it now.
pub struct Clock<'m> {
    calendar: WorkCalendar,
    zone: &'m Zone,
    now: Instant,
    /// Its calendar begins then.
    known_since: Instant,
}

/// How the next promise to a lead stands.
pub struct Said {
    pub standing: Due,
    pub at: Instant,
    pub words: String,
}

impl<'m> Clock<'m> {
    pub fn of(calendars: &Calendars, owner_id: i64, me: &'m Me, now: Instant) -> Clock<'m> {
        let today = calendars.day_at(owner_id, now);
        let days = Days::new(CALENDAR_DAYS);
        let first = today.checked_sub_days(days).unwrap_or(today);
        let last = today.checked_add_days(days).unwrap_or(today);
        Clock {
            calendar: calendars.of_person(owner_id, first, last),
            zone: &me.zone,
            now,
            known_since: me.zone.midnight(first),
        }
    }

    /// What is due next of a lead with these assignments; `None` is no promise that could fall due.
    pub fn said(&self, next: Option<(Clause, Window)>, changes: &[Assigned]) -> Said {
        let Some((clause, window)) = next else {
            return Said {
                standing: Due::Later,
                at: Instant(i64::MAX),
                words: "Not due: no working time in sight".to_owned(),
            };
        };
        // Before the newest owner had it, other hours counted.
        let since = changes
            .last()
            .map_or(self.known_since, |c| c.at.max(self.known_since));
        let (due_at, standing) = (window.due_at, window.due(self.now));
        let words = match standing {
            Due::Over => overdue(&self.calendar, self.zone, self.now, due_at, since),
            _ => countdown(&self.calendar, self.zone, self.now, due_at),
        };
        Said {
            standing,
            at: due_at,
            words: format!("{} {words}", clause.noun()),
        }
    }
}

/// How long something is overdue. `calendar` is the owner's round now; what was due before `known_since`, or outside of
/// working hours just now, is told by its time.
fn overdue(
    calendar: &WorkCalendar,
    zone: &Zone,
    now: Instant,
    due: Instant,
    known_since: Instant,
) -> String {
    let by_s = calendar.working_us(due, now) as f64 / SECOND_US;
    match due < known_since || by_s < 60.0 {
        true => format!(
            "overdue since {}",
            page::short_time(due, zone, zone.day_of(now))
        ),
        false => format!("overdue by {} of working time", worked(by_s)),
    }
}

/// How long there still is until `due`; in the evening of a day whose work ended with it, no time at all.
fn countdown(calendar: &WorkCalendar, zone: &Zone, now: Instant, due: Instant) -> String {
    let left_s = calendar.working_us(now, due) as f64 / SECOND_US;
    let still = standing_still(calendar, zone, now).map(|until| format!(", {until}"));
    format!(
        "due in {} of working time{}",
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
            ("2026-03-04T09:00:00Z", "due in 4 h of working time"),
            ("2026-03-04T11:40:00Z", "due in 1 h 20 min of working time"),
            (due, "due in 0 s of working time"),
        ] {
            assert_eq!(left(now, due), said, "{now}");
        }
        for (now, said) in [
            ("2026-03-04T13:00:30Z", "overdue since 13:00"),
            ("2026-03-04T15:00:00Z", "overdue by 2 h of working time"),
            ("2026-03-05T10:00:00Z", "overdue by 5 h of working time"),
            ("2026-03-16T09:00:00Z", "overdue by 60 h of working time"),
        ] {
            assert_eq!(late(now, due), said, "{now}");
        }
    }

    #[test]
    fn outside_of_working_hours_the_clock_stands_still_and_says_until_when() {
        let due = "2026-03-09T12:00:00Z";
        assert_eq!(
            left("2026-03-06T17:00:00Z", due),
            "due in 3 h of working time, clock stands still until Mon 09:00"
        );
        assert_eq!(
            left("2026-03-09T08:59:00Z", due),
            "due in 3 h of working time, clock stands still until 09:00"
        );
        assert_eq!(
            left("2026-03-09T09:00:00Z", due),
            "due in 3 h of working time"
        );
        assert_eq!(
            left("2026-03-04T20:00:00Z", "2026-03-04T17:00:00Z"),
            "due in 0 s of working time, clock stands still until Thu 09:00"
        );
    }

    #[test]
    fn what_was_due_before_the_calendar_begins_is_told_by_its_time() {
        assert_eq!(
            late("2026-03-04T12:00:00Z", "2025-12-01T13:00:00Z"),
            "overdue since 1 Dec 2025, 13:00"
        );
    }
}
