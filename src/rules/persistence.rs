//! How often leads are tried, and what each further attempt brings (section 2.1).

use super::rates::Rate;

/// What the attempts numbered `attempt` came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// From 1.
    pub attempt: usize,
    /// Leads that got it while nobody had been reached.
    pub tried: u64,
    /// Those of them that it reached.
    pub reached: u64,
    /// The share that is reached by then, leads still being worked not left out (a discrete Kaplan-Meier).
    pub reached_by: f64,
}

/// What each attempt brought, over leads given as their attempts in order of time: whether each reached somebody.
/// Attempts after the first that did are not counted.
pub fn by_attempt<'a>(leads: impl IntoIterator<Item = &'a [bool]>) -> Vec<Attempt> {
    let mut counts: Vec<(u64, u64)> = Vec::new();
    for attempts in leads {
        for (index, is_reached) in attempts.iter().enumerate() {
            if counts.len() == index {
                counts.push((0, 0));
            }
            counts[index].0 += 1;
            if *is_reached {
                counts[index].1 += 1;
                break;
            }
        }
    }
    let mut not_reached = 1.0;
    let each = counts.into_iter().enumerate();
    each.map(|(index, (tried, reached))| {
        not_reached *= 1.0 - reached as f64 / tried as f64;
        Attempt {
            attempt: index + 1,
            tried,
            reached,
            reached_by: 1.0 - not_reached,
        }
    })
    .collect()
}

/// Whoever tried so often was persistent.
pub const MANY: usize = 6;
/// A lead that nobody has tried for so many days has been given up.
pub const QUIET_DAYS: i64 = 14;

/// How often leads were tried before they were given up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenUp {
    /// Leads given up after 0, 1, 2, ... attempts; the last place is "MANY or more".
    pub after: [u64; MANY + 1],
}

impl GivenUp {
    /// Of the attempts of each lead that was given up.
    pub fn of(attempts: impl IntoIterator<Item = usize>) -> GivenUp {
        let mut given_up = GivenUp::default();
        for count in attempts {
            given_up.after[count.min(MANY)] += 1;
        }
        given_up
    }

    pub fn n(&self) -> u64 {
        self.after.iter().sum()
    }

    /// Those tried `MANY` times or more.
    pub fn many(&self) -> Rate {
        self.share_of(MANY)
    }

    /// "Gave up after 1".
    pub fn after_one(&self) -> Rate {
        self.share_of(1)
    }

    /// The share given up after so many attempts.
    pub fn share_of(&self, attempts: usize) -> Rate {
        Rate {
            k: self.after[attempts.min(MANY)],
            n: self.n(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_first_contact_is_no_attempt_to_reach() {
        let leads: [&[bool]; 3] = [&[false, true, false], &[false], &[]];
        let all = by_attempt(leads);
        let counts: Vec<_> = all
            .iter()
            .map(|a| (a.attempt, a.tried, a.reached))
            .collect();
        assert_eq!(counts, [(1, 2, 0), (2, 1, 1)]);
        assert_eq!(all[1].reached_by, 1.0);
    }

    #[test]
    fn the_share_reached_never_falls() {
        let leads: [&[bool]; 4] = [&[true], &[false, false], &[false, true], &[false]];
        let all = by_attempt(leads);
        assert!(
            all.windows(2)
                .all(|pair| pair[0].reached_by <= pair[1].reached_by)
        );
    }

    #[test]
    fn six_attempts_and_more_are_one_place() {
        let given_up = GivenUp::of([1, 1, 2, 6, 9, 0]);
        assert_eq!(given_up.after, [1, 2, 1, 0, 0, 0, 2]);
        assert_eq!(given_up.after_one(), Rate { k: 2, n: 6 });
        assert_eq!(given_up.many(), Rate { k: 2, n: 6 });
        assert_eq!(GivenUp::of([]).many().share(), None);
    }
}
