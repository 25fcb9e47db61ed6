//! How often leads are tried, and what each further attempt brings (section 2.1).

use super::rates::{Rate, Z};

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
    /// Its 95 % band on the log-log scale (section 3.1); none where nobody or everybody is reached.
    pub band: Option<(f64, f64)>,
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
    let (mut not_reached, mut greenwood) = (1.0f64, 0.0);
    let each = counts.into_iter().enumerate();
    each.map(|(index, (tried, reached))| {
        let (had, all) = (reached as f64, tried as f64);
        not_reached *= 1.0 - had / all;
        greenwood += had / (all * (all - had));
        Attempt {
            attempt: index + 1,
            tried,
            reached,
            reached_by: 1.0 - not_reached,
            band: band(not_reached, greenwood),
        }
    })
    .collect()
}

/// The band of 1 - S by the exponential Greenwood formula; `greenwood` is the sum of d / (n (n - d)).
fn band(not_reached: f64, greenwood: f64) -> Option<(f64, f64)> {
    (not_reached > 0.0 && not_reached < 1.0).then(|| {
        let theta = Z * greenwood.sqrt() / not_reached.ln();
        let [low, high] = [theta, -theta].map(|theta| 1.0 - not_reached.powf(theta.exp()));
        (low, high)
    })
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
    fn the_share_reached_has_the_band_of_a_kaplan_meier() {
        // 10 of 40 by the first attempt; of 20 that got a second one 5: S = 0.75 * 0.75.
        let first: &[bool] = &[true];
        let second: [&[bool]; 3] = [&[false, true], &[false, false], &[false]];
        let leads = [
            (first, 10),
            (second[0], 5),
            (second[1], 15),
            (second[2], 10),
        ];
        let all = by_attempt(
            leads
                .iter()
                .flat_map(|(lead, n)| std::iter::repeat_n(*lead, *n)),
        );
        let (low, high) = all[1].band.unwrap();
        let (s, v) = (0.5625f64, 10.0 / (40.0 * 30.0) + 5.0 / (20.0 * 15.0));
        assert!((all[1].reached_by - (1.0 - s)).abs() < 1e-12);
        let theta = Z * f64::sqrt(v) / s.ln();
        assert!((low - (1.0 - s.powf(theta.exp()))).abs() < 1e-12);
        assert!(low < all[1].reached_by && all[1].reached_by < high && high < 1.0);
        assert_eq!(by_attempt([second[2]])[0].band, None);
        assert_eq!(by_attempt([first])[0].band, None);
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
