//! Two groups that wait, beside each other: the log-rank test where there are many pairs to compare (section 3.1). It is
//! that of `comparison::log_rank`, which takes any number of groups; here each is put in order once for all its pairs.

use super::survival::{End, Obs};

/// How a group ran out: at each time at which one of it was done or closed, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    of: usize,
    leavings: Vec<Leaving>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Leaving {
    t_s: f64,
    /// Those with the event, and all who leave.
    events: f64,
    all: f64,
}

/// What is told of the first of two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Of one degree of freedom.
    pub chi2: f64,
    /// Events, and those it would have if both were alike.
    pub observed: f64,
    pub expected: f64,
}

impl Course {
    pub fn of(group: &[Obs]) -> Course {
        let mut sorted = group.to_vec();
        sorted.sort_unstable_by(|a, b| a.t_s.total_cmp(&b.t_s));
        let leaving = |same: &[Obs]| Leaving {
            t_s: same[0].t_s,
            events: same.iter().filter(|o| o.end == End::Event).count() as f64,
            all: same.len() as f64,
        };
        Course {
            of: group.len(),
            leavings: sorted
                .chunk_by(|a, b| a.t_s == b.t_s)
                .map(leaving)
                .collect(),
        }
    }

    /// `None` where nothing happened while both had somebody waiting. O(n) for n times in both.
    pub fn beside(&self, other: &Course) -> Option<Beside> {
        let (mut mine, mut theirs) = (
            self.leavings.iter().peekable(),
            other.leavings.iter().peekable(),
        );
        let (mut at_risk, mut at_risk_there) = (self.of as f64, other.of as f64);
        let (mut observed, mut expected, mut spread) = (0.0, 0.0, 0.0);
        loop {
            let t_s = match (mine.peek(), theirs.peek()) {
                (Some(one), Some(two)) => one.t_s.min(two.t_s),
                (Some(one), None) => one.t_s,
                (None, Some(two)) => two.t_s,
                (None, None) => break,
            };
            let here = mine.next_if(|leaving| leaving.t_s == t_s);
            let there = theirs.next_if(|leaving| leaving.t_s == t_s);
            let events = |leaving: Option<&Leaving>| leaving.map_or(0.0, |leaving| leaving.events);
            let left = |leaving: Option<&Leaving>| leaving.map_or(0.0, |leaving| leaving.all);
            let (d, n) = (events(here) + events(there), at_risk + at_risk_there);
            if d > 0.0 {
                let share = at_risk / n;
                observed += events(here);
                expected += d * share;
                if n > 1.0 {
                    spread += d * share * (1.0 - share) * (n - d) / (n - 1.0);
                }
            }
            at_risk -= left(here);
            at_risk_there -= left(there);
        }
        let off = observed - expected;
        (spread > 1e-12).then(|| Beside {
            chi2: off * off / spread,
            observed,
            expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::comparison::log_rank;
    use proptest::prelude::*;

    fn group() -> impl Strategy<Value = Vec<Obs>> {
        let ends = prop_oneof![Just(End::Event), Just(End::Closed), Just(End::Open)];
        let obs = (0u32..40, ends).prop_map(|(t, end)| Obs {
            t_s: f64::from(t),
            end,
        });
        prop::collection::vec(obs, 0..60)
    }

    proptest! {
        /// Ties, groups that end early and such without an event among them.
        #[test]
        fn two_groups_are_told_what_the_test_of_any_number_tells(one in group(), other in group()) {
            let quick = Course::of(&one).beside(&Course::of(&other));
            let all = log_rank(&[one, other]);
            prop_assert_eq!(quick.is_some(), all.is_some());
            if let (Some(quick), Some(all)) = (quick, all) {
                prop_assert!((quick.chi2 - all.chi2).abs() < 1e-9 * (1.0 + all.chi2));
                prop_assert!((quick.observed - all.observed[0]).abs() < 1e-9);
                prop_assert!((quick.expected - all.expected[0]).abs() < 1e-9);
            }
        }

        #[test]
        fn turning_the_groups_round_changes_nothing_but_the_side(one in group(), other in group()) {
            let (one, other) = (Course::of(&one), Course::of(&other));
            match (one.beside(&other), other.beside(&one)) {
                (None, None) => {}
                (Some(a), Some(b)) => prop_assert!((a.chi2 - b.chi2).abs() < 1e-9 * (1.0 + a.chi2)),
                (a, b) => prop_assert!(false, "{:?} {:?}", a, b),
            }
        }
    }
}
