//! How long a lead waited, and whether that kept the service level (section 2.1).

use super::survival::End;
use crate::{value::Instant, words};

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
}
