//! What a score may be that was worked out at some instant between two, while what is known of the lead stayed the same: for
//! whoever looks whether a kept score is right. Source: METRICS.md 6.1, whose behaviour only fades.

use super::lead_score::{BehaviourRule, Happened, NEWEST_COUNTED, Rules, Traits, decayed, total};
use crate::value::Instant;

const DAY_S: f64 = 86_400.0;

/// The least and the most, both in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub least: f64,
    pub most: f64,
    /// Whether no rule knew anything of the lead at some of these instants, and at all of them.
    pub may_be_unknown: bool,
    pub is_unknown: bool,
}

impl Rules {
    /// Between `since` and `until`, in any order.
    pub fn span(
        &self,
        traits: &Traits,
        signals: &[Happened],
        (since, until): (Instant, Instant),
    ) -> Span {
        let (since, until) = (since.min(until), since.max(until));
        let fit = self.score(traits, &[], since).fit_points();
        let ends = self
            .behaviour
            .iter()
            .map(|rule| ends(rule, signals, (since, until)));
        let (least, most) = ends.fold((0.0, 0.0), |(least, most), (one, other)| {
            (least + f64::min(one, other), most + f64::max(one, other))
        });
        Span {
            least: total(fit, least),
            most: total(fit, most),
            may_be_unknown: self.score(traits, signals, since).is_empty(),
            is_unknown: self.score(traits, signals, until).is_empty(),
        }
    }
}

/// Nearest to nothing: only what had happened at first, faded to the last; farthest: all, faded no further than at first.
fn ends(
    rule: &BehaviourRule,
    signals: &[Happened],
    (since, until): (Instant, Instant),
) -> (f64, f64) {
    let theirs = signals
        .iter()
        .filter(|signal| signal.kind_id == rule.kind_id);
    let mut at: Vec<Instant> = theirs.map(|signal| signal.at).collect();
    at.sort_unstable_by(|a, b| b.cmp(a));
    let sum = |by: Instant, now: Instant| {
        let counted = at.iter().filter(|at| **at <= by).take(NEWEST_COUNTED);
        let points =
            counted.map(|at| decayed(rule.points, f64::max(0.0, now.seconds_since(*at)) / DAY_S));
        points.sum::<f64>()
    };
    (sum(since, until), sum(until, since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::profile::Profile;
    use crate::rules::wait::Urgency;
    use proptest::prelude::*;

    fn traits(profile: &Profile) -> Traits<'_> {
        Traits {
            profile,
            title: "",
            source: "",
            campaign: "",
            urgency: Urgency::Warm,
        }
    }

    proptest! {
        /// Whenever it was worked out, with points for and against.
        #[test]
        fn a_score_lies_in_the_span_of_the_time_in_which_it_was_worked_out(
            points in prop::collection::vec(-40.0f64..40.0, 1..4),
            happened in prop::collection::vec((0i64..3, 0i64..40), 0..20),
            since in 0i64..40,
            for_days in 0i64..20,
            part in 0.0f64..1.0,
        ) {
            let day = |days: i64| Instant(days * 86_400_000_000);
            let behaviour = points.iter().enumerate();
            let rules = Rules {
                line: 50.0,
                fit: Vec::new(),
                behaviour: behaviour
                    .map(|(kind_id, points)| BehaviourRule { kind_id: kind_id as i64, points: *points })
                    .collect(),
            };
            let signals: Vec<Happened> = happened
                .iter()
                .map(|(kind_id, at)| Happened { kind_id: *kind_id, at: day(*at) })
                .collect();
            let until = day(since + for_days);
            let between = day(since).0 + ((until.0 - day(since).0) as f64 * part) as i64;
            let profile = Profile::default();
            let scored = rules.score(&traits(&profile), &signals, Instant(between));
            let span = rules.span(&traits(&profile), &signals, (day(since), until));
            prop_assert!(span.least - 1e-9 <= scored.total() && scored.total() <= span.most + 1e-9);
            prop_assert!(!scored.is_empty() || span.may_be_unknown);
            prop_assert!(scored.is_empty() || !span.is_unknown);
            let exact = rules.span(&traits(&profile), &signals, (until, until));
            let now = rules.score(&traits(&profile), &signals, until).total();
            prop_assert!((exact.least - now).abs() < 1e-9 && (exact.most - now).abs() < 1e-9);
        }
    }
}
