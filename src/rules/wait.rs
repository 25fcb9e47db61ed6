//! How long a lead waited, and whether that kept the service level (section 2.1).

use super::survival::End;
use super::workday::WorkCalendar;
use crate::{value::Instant, words};

const SECOND_US: i64 = 1_000_000;
const MINUTE_US: i64 = 60 * SECOND_US;
const HOUR_US: i64 = 60 * MINUTE_US;

/// How the waiting of one hand-over stands, and until when its clock ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub end: End,
    pub until: Instant,
}

impl Wait {
    /// `first_event` and `first_closing` are the first ones at or after `start`, the hand-over.
    /// What lies after `as_of` is hidden. At the same instant the event wins; otherwise the
    /// first closing stands, whatever comes later.
    pub fn new(
        start: Instant,
        first_event: Option<Instant>,
        first_closing: Option<Instant>,
        as_of: Instant,
    ) -> Wait {
        let seen = |at: &Instant| *at <= as_of;
        let (end, until) = match (first_event.filter(seen), first_closing.filter(seen)) {
            (Some(event), Some(closing)) if closing < event => (End::Closed, closing),
            (Some(event), _) => (End::Event, event),
            (None, Some(closing)) => (End::Closed, closing),
            (None, None) => (End::Open, as_of.max(start)),
        };
        Wait { end, until }
    }
}

words! {
    /// How warm a lead is at its hand-over; it decides the service level.
    pub enum Urgency {
        /// Asked for a demo, a price or a call.
        Hot = "hot",
        /// Event, webinar, trial; also where nothing is said.
        Warm = "warm",
        /// Whitepaper or list.
        Content = "content",
        /// Referral or partner.
        Referral = "referral",
    }
}

/// A limit on the working clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Microseconds of working time.
    Time(i64),
    /// The working time of the next full working days.
    WorkingDays(u32),
}

impl Limit {
    /// The limit in microseconds of working time for a clock that starts at `start`; `None` where
    /// the calendar has not as many working days.
    pub fn working_us(self, calendar: &WorkCalendar, start: Instant) -> Option<i64> {
        match self {
            Limit::Time(us) => Some(us),
            Limit::WorkingDays(days) => calendar.working_days_us(start, days),
        }
    }
}

/// What sales promises for a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLevel {
    pub accept_by: Limit,
    pub first_attempt_by: Limit,
    /// Attempts before a lead may be given up as out of reach, and of how many kinds.
    pub least_attempts: u32,
    pub least_kinds: u32,
}

impl Urgency {
    pub fn label(self) -> &'static str {
        match self {
            Urgency::Hot => "Hot",
            Urgency::Warm => "Warm",
            Urgency::Content => "Content",
            Urgency::Referral => "Referral",
        }
    }

    /// What makes a lead this urgent.
    pub fn about(self) -> &'static str {
        match self {
            Urgency::Hot => "asked for a demo, a price or a call",
            Urgency::Warm => "event, webinar or trial",
            Urgency::Content => "whitepaper or list",
            Urgency::Referral => "referral or partner",
        }
    }

    /// The service level of a workspace that has set none.
    pub fn service_level(self) -> ServiceLevel {
        let (accept_by, first_attempt_by, least_attempts) = match self {
            Urgency::Hot => (Limit::Time(15 * MINUTE_US), Limit::Time(15 * MINUTE_US), 6),
            Urgency::Warm => (Limit::Time(4 * HOUR_US), Limit::Time(4 * HOUR_US), 5),
            Urgency::Content => (Limit::WorkingDays(1), Limit::WorkingDays(2), 3),
            Urgency::Referral => (Limit::Time(4 * HOUR_US), Limit::WorkingDays(1), 4),
        };
        ServiceLevel {
            accept_by,
            first_attempt_by,
            least_attempts,
            least_kinds: if self == Urgency::Hot { 2 } else { 1 },
        }
    }
}

words! {
    /// Whether a hand-over kept a limit.
    pub enum Verdict {
        /// Touched within the limit.
        Met = "met",
        /// The clock passed the limit: touched late, closed late, or still open.
        Missed = "missed",
        /// Open, and the limit is not passed.
        Pending = "pending",
        /// Closed within the limit, untouched.
        NotApplicable = "not_applicable",
    }
}

/// Judges a waiting that took `elapsed_us` by a limit on the same clock; exactly at it is within.
pub fn judge(end: End, elapsed_us: i64, limit_us: i64) -> Verdict {
    match end {
        _ if elapsed_us > limit_us => Verdict::Missed,
        End::Event => Verdict::Met,
        End::Open => Verdict::Pending,
        End::Closed => Verdict::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{
        workday::{Day, Off, WeekHours},
        zone::Zone,
    };
    use chrono::{Datelike, NaiveDate};

    fn wait(event: Option<i64>, closing: Option<i64>, as_of: i64) -> (End, i64) {
        let wait = Wait::new(
            Instant(10),
            event.map(Instant),
            closing.map(Instant),
            Instant(as_of),
        );
        (wait.end, wait.until.0)
    }

    #[test]
    fn whatever_comes_first_ends_the_waiting_and_a_touch_wins_a_tie() {
        assert_eq!(wait(Some(20), Some(30), 99), (End::Event, 20));
        assert_eq!(wait(Some(30), Some(20), 99), (End::Closed, 20));
        assert_eq!(wait(Some(20), Some(20), 99), (End::Event, 20));
        assert_eq!(wait(None, None, 99), (End::Open, 99));
    }

    #[test]
    fn what_lies_after_the_report_is_hidden_and_what_lies_at_it_counts() {
        assert_eq!(wait(Some(50), Some(60), 49), (End::Open, 49));
        assert_eq!(wait(Some(50), Some(40), 45), (End::Closed, 40));
        assert_eq!(wait(Some(50), None, 50), (End::Event, 50));
        assert_eq!(wait(None, None, 5), (End::Open, 10));
    }

    #[test]
    fn exactly_at_the_limit_is_within_it() {
        for (end, within) in [
            (End::Event, Verdict::Met),
            (End::Open, Verdict::Pending),
            (End::Closed, Verdict::NotApplicable),
        ] {
            assert_eq!(judge(end, 100, 100), within);
            assert_eq!(judge(end, 101, 100), Verdict::Missed);
        }
    }

    #[test]
    fn each_urgency_has_the_promised_limits() {
        let week = WeekHours::nine_to_five();
        let date = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let calendar = WorkCalendar::new(
            &Zone::utc(),
            date("2026-03-02"),
            date("2026-03-13"),
            |day| Day {
                blocks: week.on(day.weekday()),
                off: Off::No,
            },
        );
        let friday = Instant::parse("2026-03-06T16:00:00Z").unwrap();
        let first_attempt_h = |urgency: Urgency| {
            let limit = urgency.service_level().first_attempt_by;
            limit
                .working_us(&calendar, friday)
                .map(|us| us as f64 / HOUR_US as f64)
        };
        let hours: Vec<_> = Urgency::ALL
            .iter()
            .map(|one| first_attempt_h(*one))
            .collect();
        assert_eq!(hours, [Some(0.25), Some(4.0), Some(16.0), Some(8.0)]);
        let at_the_end = Instant::parse("2026-03-12T16:00:00Z").unwrap();
        let two_days = Urgency::Content.service_level().first_attempt_by;
        assert_eq!(two_days.working_us(&calendar, at_the_end), None);
    }
}
