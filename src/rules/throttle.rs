//! How often somebody may try: a budget that fills up again with time.

use crate::value::Instant;
use std::collections::HashMap;

/// So many tries at once, and one more after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    pub most: u32,
    pub refill_s: u32,
}

impl Budget {
    fn refill_us(self) -> i64 {
        i64::from(self.refill_s) * 1_000_000
    }

    /// Takes one try from a budget that is whole again at `whole_at`, and says when it then is. Refused with the seconds to
    /// wait. (The generic cell rate algorithm: one number for each budget.)
    fn take(self, whole_at: Instant, now: Instant) -> Result<Instant, i64> {
        let next = Instant(whole_at.0.max(now.0) + self.refill_us());
        let over = next.0 - now.0 - self.refill_us() * i64::from(self.most);
        match over > 0 {
            true => Err(over.div_euclid(1_000_000) + 1),
            false => Ok(next),
        }
    }
}

/// What a try is counted against: a word of its kind, and whose it is.
pub type Counted = (&'static str, String);

/// More than these are not remembered, so that strangers fill no memory: the least spent are forgotten first.
const MOST: usize = 50_000;

/// What was spent of all budgets: when each is whole again.
#[derive(Debug, Default)]
pub struct Tries {
    whole_at: HashMap<Counted, Instant>,
}

impl Tries {
    /// Takes one try of each budget, or none: refused with the seconds to wait for the slowest.
    pub fn take(&mut self, of: &[(Counted, Budget)], now: Instant) -> Result<(), i64> {
        let mut taken = Vec::new();
        let mut wait_s = 0;
        for (counted, budget) in of {
            let before = self.whole_at.get(counted).copied().unwrap_or(now);
            match budget.take(before, now) {
                Ok(whole_at) => taken.push((counted.clone(), whole_at)),
                Err(seconds) => wait_s = wait_s.max(seconds),
            }
        }
        if wait_s > 0 {
            return Err(wait_s);
        }
        if self.whole_at.len() >= MOST {
            self.whole_at.retain(|_, whole_at| *whole_at > now);
        }
        if self.whole_at.len() >= MOST {
            self.forget_the_least_spent();
        }
        self.whole_at.extend(taken);
        Ok(())
    }

    /// As [`Tries::take`], of all these and of the first of others that is not spent; returns what was taken. Refused with
    /// the seconds to wait for the soonest.
    pub fn take_first_of(
        &mut self,
        all: &[(Counted, Budget)],
        first_of: &[(Counted, Budget)],
        now: Instant,
    ) -> Result<Vec<(Counted, Budget)>, i64> {
        if first_of.is_empty() {
            return self.take(all, now).map(|()| all.to_vec());
        }
        let mut soonest = i64::MAX;
        for one in first_of {
            let these = [all, std::slice::from_ref(one)].concat();
            match self.take(&these, now) {
                Ok(()) => return Ok(these),
                Err(wait_s) => soonest = soonest.min(wait_s),
            }
        }
        Err(soonest)
    }

    /// Forgets a tenth: those that are whole again soonest, so that whoever was tried most stays counted.
    fn forget_the_least_spent(&mut self) {
        let most = MOST / 10;
        let mut soonest: Vec<Instant> = self.whole_at.values().copied().collect();
        let (_, limit, _) = soonest.select_nth_unstable(most - 1);
        let (limit, mut left) = (*limit, most);
        self.whole_at.retain(|_, whole_at| {
            let goes = *whole_at <= limit && left > 0;
            left -= usize::from(goes);
            !goes
        });
    }

    /// Gives back what [`Tries::take`] took: the try was a good one.
    pub fn give_back(&mut self, of: &[(Counted, Budget)]) {
        for (counted, budget) in of {
            if let Some(whole_at) = self.whole_at.get_mut(counted) {
                whole_at.0 -= budget.refill_us();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Budget = Budget {
        most: 3,
        refill_s: 60,
    };

    fn at(seconds: i64) -> Instant {
        Instant(1_700_000_000_000_000).plus_seconds(seconds)
    }

    fn of(whose: &str) -> Vec<(Counted, Budget)> {
        vec![(("account", whose.to_owned()), THREE)]
    }

    #[test]
    fn a_budget_is_spent_and_fills_up_one_try_at_a_time() {
        let mut tries = Tries::default();
        for _ in 0..3 {
            assert_eq!(tries.take(&of("ana"), at(0)), Ok(()));
        }
        assert_eq!(tries.take(&of("ana"), at(0)), Err(61));
        assert_eq!(tries.take(&of("ana"), at(59)), Err(2));
        assert_eq!(tries.take(&of("ana"), at(60)), Ok(()));
        assert_eq!(tries.take(&of("ana"), at(60)), Err(61));
        assert_eq!(tries.take(&of("ben"), at(60)), Ok(()));
    }

    #[test]
    fn a_good_try_costs_nothing_and_a_refused_one_neither() {
        let mut tries = Tries::default();
        for _ in 0..10 {
            assert_eq!(tries.take(&of("ana"), at(0)), Ok(()));
            tries.give_back(&of("ana"));
        }
        for _ in 0..3 {
            assert_eq!(tries.take(&of("ana"), at(0)), Ok(()));
        }
        for _ in 0..10 {
            assert!(tries.take(&of("ana"), at(0)).is_err());
        }
        assert_eq!(tries.take(&of("ana"), at(61)), Ok(()));
    }

    #[test]
    fn of_two_budgets_the_slower_one_says_no_and_the_other_is_not_spent() {
        let mut tries = Tries::default();
        let both = [of("ana"), of("here")].concat();
        for _ in 0..3 {
            assert_eq!(tries.take(&of("ana"), at(0)), Ok(()));
        }
        for _ in 0..9 {
            assert!(tries.take(&both, at(0)).is_err());
        }
        assert_eq!(tries.take(&of("here"), at(0)), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let mut tries = Tries::default();
        for number in 0..MOST + 10 {
            let _ = tries.take(&of(&number.to_string()), at(0));
        }
        assert!(tries.whole_at.len() <= MOST);
    }

    #[test]
    fn whoever_was_tried_most_stays_counted_when_memory_is_full() {
        let mut tries = Tries::default();
        for _ in 0..3 {
            assert_eq!(tries.take(&of("ana"), at(0)), Ok(()));
        }
        for number in 0..2 * MOST {
            let _ = tries.take(&of(&number.to_string()), at(0));
        }
        assert!(tries.whole_at.len() <= MOST);
        assert_eq!(tries.take(&of("ana"), at(0)), Err(61));
    }
}
