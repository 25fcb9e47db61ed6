//! The service level: what sales and marketing promise each other, and whether it was kept (PRODUCT.md 5, section 2.1).

mod volume;

use super::moves;
use super::rates::Rate;
use super::stage::EventKind;
use super::survival::End;
use super::wait::{Urgency, Verdict, Wait, judge};
use super::workday::{Ownership, WorkCalendar};
use crate::value::Instant;
use crate::words;
use std::collections::HashSet;
use std::fmt;
pub use volume::{Per, Volume, promised};

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;

/// A limit on the working clock. It is read and written as `15 min`, `4 h` or `2 working days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Microseconds of working time.
    Time(i64),
    /// The working time of the next full working days.
    WorkingDays(u32),
}

impl Limit {
    /// Longer ones are no limits: calendars look ahead just so far.
    pub const MOST_DAYS: u32 = 60;
    const MOST_MIN: i64 = Limit::MOST_DAYS as i64 * 24 * 60;

    /// Reads `15 min`, `4 h`, `2 d` or `2 working days`, in any case; at least a minute, at most 60 days.
    pub fn read(text: &str) -> Option<Limit> {
        let text = text.trim().to_lowercase();
        let end = text.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = text[..end].parse().ok().filter(|count| *count > 0)?;
        let minutes = |each: i64| {
            let minutes = count.checked_mul(each).filter(|m| *m <= Limit::MOST_MIN)?;
            Some(Limit::Time(minutes * MINUTE_US))
        };
        match text[end..].trim() {
            "m" | "min" | "minute" | "minutes" => minutes(1),
            "h" | "hour" | "hours" => minutes(60),
            "d" | "day" | "days" | "working day" | "working days" => {
                let days = u32::try_from(count).ok();
                days.filter(|days| *days <= Limit::MOST_DAYS)
                    .map(Limit::WorkingDays)
            }
            _ => None,
        }
    }

    /// The limit in microseconds of working time for a clock that starts at `start`; `None` where the calendar has not
    /// as many working days.
    pub fn working_us(self, calendar: &WorkCalendar, start: Instant) -> Option<i64> {
        match self {
            Limit::Time(us) => Some(us),
            Limit::WorkingDays(days) => calendar.working_days_us(start, days),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Time(us) if us % HOUR_US == 0 => write!(f, "{} h", us / HOUR_US),
            Limit::Time(us) => write!(f, "{} min", us / MINUTE_US),
            Limit::WorkingDays(1) => f.write_str("1 working day"),
            Limit::WorkingDays(days) => write!(f, "{days} working days"),
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
    pub contact_or_exit_by: Limit,
}

impl ServiceLevel {
    /// The house's own defaults, which are version 1 of the definitions. Source: the table of PRODUCT.md 5.
    pub fn of_house(urgency: Urgency) -> ServiceLevel {
        let (accept_by, first_attempt_by, least_attempts, contact_days) = match urgency {
            Urgency::Hot => (
                Limit::Time(15 * MINUTE_US),
                Limit::Time(15 * MINUTE_US),
                6,
                10,
            ),
            Urgency::Warm => (Limit::Time(4 * HOUR_US), Limit::Time(4 * HOUR_US), 5, 10),
            Urgency::Content => (Limit::WorkingDays(1), Limit::WorkingDays(2), 3, 15),
            Urgency::Referral => (Limit::Time(4 * HOUR_US), Limit::WorkingDays(1), 4, 10),
        };
        ServiceLevel {
            accept_by,
            first_attempt_by,
            least_attempts,
            least_kinds: if urgency == Urgency::Hot { 2 } else { 1 },
            contact_or_exit_by: Limit::WorkingDays(contact_days),
        }
    }
}

words! {
    /// A promise of sales for a hand-over.
    pub enum Clause {
        Accept = "accept",
        FirstAttempt = "first_attempt",
        LeastAttempts = "least_attempts",
        ContactOrExit = "contact_or_exit",
    }
}

impl Clause {
    /// The promises with a limit in time.
    pub const TIMED: [Clause; 3] = [Clause::Accept, Clause::FirstAttempt, Clause::ContactOrExit];

    /// What keeping it is called.
    pub fn label(self) -> &'static str {
        match self {
            Clause::Accept => "Accepted in time",
            Clause::FirstAttempt => "First attempt in time",
            Clause::LeastAttempts => "Least attempts kept",
            Clause::ContactOrExit => "Contact or exit in time",
        }
    }

    /// What is to be done by then.
    pub fn about(self) -> &'static str {
        match self {
            Clause::Accept => "Accept",
            Clause::FirstAttempt => "First attempt",
            Clause::LeastAttempts => "Least attempts",
            Clause::ContactOrExit => "Contact or exit",
        }
    }

    /// What is due by then, as a countdown names it.
    pub fn noun(self) -> &'static str {
        match self {
            Clause::Accept => "Acceptance",
            other => other.about(),
        }
    }

    /// Its limit in time; the least attempts have none.
    pub fn limit(self, level: &ServiceLevel) -> Option<Limit> {
        match self {
            Clause::Accept => Some(level.accept_by),
            Clause::FirstAttempt => Some(level.first_attempt_by),
            Clause::LeastAttempts => None,
            Clause::ContactOrExit => Some(level.contact_or_exit_by),
        }
    }
}

/// The window of a promise: when three quarters of it are gone, and when all of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub soon_at: Instant,
    pub due_at: Instant,
    /// When more than all of it is gone: what is due as the day's work ends is late when the next begins. `None` where
    /// no more work is in sight.
    pub over_at: Option<Instant>,
}

/// How a promise that is not kept yet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Later,
    /// Three quarters of its working time are gone (PRODUCT.md 5).
    Soon,
    /// More than all of it is gone, as [`judge`] has it.
    Over,
}

impl Window {
    /// `None` where not as much work is in sight.
    pub fn new(ownership: &Ownership, start: Instant, limit: Limit) -> Option<Window> {
        let limit_us = limit.working_us(ownership.at(start), start)?;
        Some(Window {
            soon_at: ownership.due(start, limit_us / 4 * 3 + limit_us % 4 * 3 / 4)?,
            due_at: ownership.due(start, limit_us)?,
            over_at: ownership.due(start, limit_us.saturating_add(1)),
        })
    }

    pub fn due(&self, now: Instant) -> Due {
        match self.over_at {
            Some(over_at) if over_at <= now => Due::Over,
            _ if self.soon_at <= now => Due::Soon,
            _ => Due::Later,
        }
    }
}

/// How a hand-over ended, as far as the least attempts ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Disqualified, returned to nurture or lost: before a contact it had to be tried often enough.
    GivenUp,
    /// Rejected, a duplicate, won, or given up for what no attempt can mend.
    Otherwise,
}

/// Reasons for giving up that no further attempt would have mended.
const BEYOND_ATTEMPTS: [&str; 3] = [moves::BAD_DATA, moves::DO_NOT_CONTACT, moves::CONTENT_ONLY];

impl Ending {
    /// What a closing event makes of its hand-over.
    pub fn of(kind: EventKind, reason: &str) -> Ending {
        match kind {
            EventKind::Disqualified | EventKind::Nurture | EventKind::Lost
                if !BEYOND_ATTEMPTS.contains(&reason) =>
            {
                Ending::GivenUp
            }
            _ => Ending::Otherwise,
        }
    }
}

/// What became of a hand-over: the first of each, at or after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    pub start: Instant,
    pub accepted_at: Option<Instant>,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed: Option<(Instant, Ending)>,
}

impl Course {
    /// Of the standing events of its lead since the start, in order of time: each with its reason.
    pub fn of<'e>(
        start: Instant,
        first_attempt_at: Option<Instant>,
        first_contact_at: Option<Instant>,
        events: impl Iterator<Item = (Instant, EventKind, &'e str)>,
    ) -> Course {
        let mut course = Course {
            start,
            accepted_at: None,
            first_attempt_at,
            first_contact_at,
            closed: None,
        };
        for (at, kind, reason) in events {
            if kind == EventKind::Accepted {
                course.accepted_at.get_or_insert(at);
            }
            if kind.is_closing() {
                course.closed.get_or_insert((at, Ending::of(kind, reason)));
            }
        }
        course
    }

    /// How the waiting for a promise stands. An attempt and a contact accept too, since they take the lead up; an exit
    /// is as good as a contact. The least attempts wait until the hand-over ends.
    pub fn wait(&self, clause: Clause, as_of: Instant) -> Wait {
        let closed_at = self.closed.map(|(at, _)| at);
        let first = |instants: &[Option<Instant>]| -> Option<Instant> {
            instants.iter().flatten().min().copied()
        };
        let (event, closing) = match clause {
            Clause::Accept => {
                let taken = [
                    self.accepted_at,
                    self.first_attempt_at,
                    self.first_contact_at,
                ];
                (first(&taken), closed_at)
            }
            Clause::FirstAttempt => (self.first_attempt_at, closed_at),
            Clause::LeastAttempts => (None, closed_at),
            Clause::ContactOrExit => (first(&[self.first_contact_at, closed_at]), None),
        };
        Wait::new(self.start, event, closing, as_of)
    }

    /// The timed promise that is to be kept next, with its window: of those that end together the last, since keeping it
    /// keeps the others. `None` where all are kept, or no work is in sight.
    pub fn next(
        &self,
        level: &ServiceLevel,
        now: Instant,
        mut window: impl FnMut(Limit) -> Option<Window>,
    ) -> Option<(Clause, Window)> {
        let open = |clause: &Clause| self.wait(*clause, now).end == End::Open;
        let clauses = Clause::TIMED.into_iter().rev().filter(open);
        let windows = clauses.filter_map(|c| Some((c, window(c.limit(level)?)?)));
        windows.min_by_key(|(_, window)| window.due_at)
    }

    /// What was tried before the contact or the end, of attempts in any order: when, and of which kind.
    pub fn tried(&self, attempts: impl Iterator<Item = (Instant, i64)>, as_of: Instant) -> Tried {
        let closed_at = self.closed.map(|(at, _)| at);
        let end = [self.first_contact_at, closed_at, Some(as_of)];
        let end = end.into_iter().flatten().min().unwrap_or(as_of);
        let counted = attempts.filter(|(at, _)| self.start <= *at && *at <= end);
        let kinds: Vec<i64> = counted.map(|(_, kind)| kind).collect();
        Tried {
            attempts: kinds.len() as u32,
            kinds: kinds.iter().collect::<HashSet<_>>().len() as u32,
        }
    }

    /// Whether a promise was kept, on the working clock of whoever had the lead.
    pub fn judge(
        &self,
        clause: Clause,
        level: &ServiceLevel,
        ownership: &Ownership,
        tried: Tried,
        as_of: Instant,
    ) -> Verdict {
        let Some(limit) = clause.limit(level) else {
            return self.judge_attempts(level, tried.attempts, tried.kinds, as_of);
        };
        let wait = self.wait(clause, as_of);
        // Where the calendar never has so many working days, the limit is never passed.
        let most_us = limit.working_us(ownership.at(self.start), self.start);
        let elapsed_us = ownership.working_us(self.start, wait.until);
        judge(wait.end, elapsed_us, most_us.unwrap_or(i64::MAX))
    }

    /// Whether the lead had its least attempts, by `attempts` of `kinds` before its contact or end. A lead that was
    /// reached needs no more, nor does one that was not given up; one that is worked on has time.
    pub fn judge_attempts(
        &self,
        level: &ServiceLevel,
        attempts: u32,
        kinds: u32,
        as_of: Instant,
    ) -> Verdict {
        let ended = self.closed.filter(|(at, _)| *at <= as_of);
        let contact = self.first_contact_at.filter(|at| *at <= as_of);
        let is_reached = contact.is_some_and(|at| ended.is_none_or(|(end, _)| at <= end));
        let is_kept = attempts >= level.least_attempts && kinds >= level.least_kinds;
        match ended {
            _ if is_reached => Verdict::NotApplicable,
            Some((_, Ending::Otherwise)) => Verdict::NotApplicable,
            _ if is_kept => Verdict::Met,
            Some((_, Ending::GivenUp)) => Verdict::Missed,
            None => Verdict::Pending,
        }
    }
}

/// How often a lead was tried, and in how many kinds of ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    pub attempts: u32,
    pub kinds: u32,
}

/// How often a promise was kept; the share is of those that are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub met: u64,
    pub missed: u64,
    pub pending: u64,
    pub not_applicable: u64,
}

impl Tally {
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Tally {
        let mut tally = Tally::default();
        for verdict in verdicts {
            match verdict {
                Verdict::Met => tally.met += 1,
                Verdict::Missed => tally.missed += 1,
                Verdict::Pending => tally.pending += 1,
                Verdict::NotApplicable => tally.not_applicable += 1,
            }
        }
        tally
    }

    /// Met of met and missed.
    pub fn rate(&self) -> Rate {
        Rate {
            k: self.met,
            n: self.met + self.missed,
        }
    }
}

#[cfg(test)]
mod tests;
