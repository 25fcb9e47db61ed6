//! Whose a waiting was: until somebody owned the lead, and from then on its owner's (section 2.1, PRODUCT.md 6).

use crate::value::Instant;

/// A waiting from a hand-over on, cut where the lead came to its first and to its last owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretches {
    /// When somebody first owned it: at once where somebody did already. `None` where nobody did before the end.
    pub assigned_at: Option<Instant>,
    /// From when on it was with whoever owned it at the end; `None` where that was nobody.
    pub rep_from: Option<Instant>,
    /// How often it went from one person to somebody else, or back to nobody, on the way.
    pub transfers: usize,
}

impl Stretches {
    /// Of the waiting from `start` to `until`; `owners` are who owned the lead from when on, in order of time.
    pub fn of(start: Instant, until: Instant, owners: &[(Instant, Option<i64>)]) -> Stretches {
        let begun = owners.partition_point(|(at, _)| *at <= start);
        let mut owner = begun.checked_sub(1).and_then(|last| owners[last].1);
        let mut stretches = Stretches {
            assigned_at: owner.map(|_| start),
            rep_from: owner.map(|_| start),
            transfers: 0,
        };
        for (at, next) in owners[begun..].iter().take_while(|(at, _)| *at <= until) {
            if *next == owner {
                continue;
            }
            stretches.transfers += usize::from(owner.is_some());
            stretches.assigned_at = stretches.assigned_at.or(next.map(|_| *at));
            stretches.rep_from = next.map(|_| *at);
            owner = *next;
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(owners: &[(i64, Option<i64>)]) -> (Option<i64>, Option<i64>, usize) {
        let owners: Vec<_> = owners
            .iter()
            .map(|(at, owner)| (Instant(*at), *owner))
            .collect();
        let found = Stretches::of(Instant(10), Instant(100), &owners);
        let plain = |at: Option<Instant>| at.map(|at| at.0);
        (
            plain(found.assigned_at),
            plain(found.rep_from),
            found.transfers,
        )
    }

    #[test]
    fn a_lead_that_somebody_owns_already_waits_for_nobody() {
        assert_eq!(of(&[(1, Some(7))]), (Some(10), Some(10), 0));
        assert_eq!(
            of(&[(1, Some(7)), (5, None), (40, Some(7))]),
            (Some(40), Some(40), 0)
        );
        assert_eq!(of(&[]), (None, None, 0));
        assert_eq!(of(&[(101, Some(7))]), (None, None, 0), "after the end");
    }

    #[test]
    fn somebody_elses_clock_begins_anew_and_the_first_assignment_stays() {
        let passed_on = [(20, Some(1)), (30, Some(1)), (60, Some(2))];
        assert_eq!(of(&passed_on), (Some(20), Some(60), 1));
        let back_in_the_queue = [(20, Some(1)), (60, None)];
        assert_eq!(of(&back_in_the_queue), (Some(20), None, 1));
    }
}
