//! Shares of a whole and how sure they are (section 4.1).

use super::beta::{Beta, ln_beta};
use super::chi_square::chi_square_above;

/// The normal quantile of a two-sided 95 % interval.
pub const Z: f64 = 1.959963984540054;

/// Wilson's 95 % interval for `k` of `n`: [0, 1] for none of none, exactly 0 and 1 at the ends.
pub fn wilson(k: u64, n: u64) -> (f64, f64) {
    wilson_at(k, n, Z)
}

/// As [`wilson`], with the normal quantile `z` of another interval.
pub fn wilson_at(k: u64, n: u64, z: f64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (trials, p) = (n as f64, k as f64 / n as f64);
    let shrink = 1.0 + z * z / trials;
    let centre = (p + z * z / (2.0 * trials)) / shrink;
    let half = z * (p * (1.0 - p) / trials + z * z / (4.0 * trials * trials)).sqrt() / shrink;
    let low = if k == 0 { 0.0 } else { centre - half };
    let high = if k == n { 1.0 } else { centre + half };
    (low, high)
}

/// A share of fewer is "warming up": nothing is concluded of it. Source: PRODUCT.md 7, rule 1.
pub const LEAST: u64 = 10;

/// `k` of `n`, never printed without both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    pub k: u64,
    pub n: u64,
}

impl Rate {
    /// k / n; none of none is no share.
    pub fn share(self) -> Option<f64> {
        (self.n > 0).then(|| self.k as f64 / self.n as f64)
    }

    /// Whether it rests on too few to be told as a share.
    pub fn is_warming_up(self) -> bool {
        self.n < LEAST
    }

    /// Wilson's interval; none where there is no share.
    pub fn interval(self) -> Option<(f64, f64)> {
        (self.n > 0).then(|| wilson(self.k, self.n))
    }
}

/// How much one share is above another, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Difference {
    /// Whether it is larger than chance would explain: above, below, or `None` for no clear difference.
    pub fn clear(self) -> Option<std::cmp::Ordering> {
        match self {
            _ if self.low > 0.0 => Some(std::cmp::Ordering::Greater),
            _ if self.high < 0.0 => Some(std::cmp::Ordering::Less),
            _ => None,
        }
    }
}

/// Newcombe's difference of two shares: the Wilson limits, squared and added. `None` where one is none of none.
pub fn newcombe(one: Rate, other: Rate) -> Option<Difference> {
    let (p1, p0) = (one.share()?, other.share()?);
    let ((low1, high1), (low0, high0)) = (wilson(one.k, one.n), wilson(other.k, other.n));
    let value = p1 - p0;
    Some(Difference {
        value,
        low: value - (p1 - low1).hypot(high0 - p0),
        high: value + (high1 - p1).hypot(p0 - low0),
    })
}

/// The shares of a group's members as a beta distribution: empirical Bayes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    pub mean: f64,
    /// M: how many trials of one's own weigh as much as the group's.
    pub strength: f64,
}

/// Between these M is looked for; the upper one says that the members do not measurably differ.
const STRENGTH: (f64, f64) = (2.0, 5_000.0);

impl Prior {
    /// M maximises the beta-binomial likelihood, on a grid and then by golden section. `None` without a trial.
    pub fn of(members: &[Rate]) -> Option<Prior> {
        let (k, n) = members
            .iter()
            .fold((0, 0), |(k, n), rate| (k + rate.k, n + rate.n));
        let mean = Rate { k, n }.share()?;
        let strength = match k == 0 || k == n {
            true => STRENGTH.1,
            false => strength(members, mean),
        };
        Some(Prior { mean, strength })
    }

    /// Whether the members differ by more than chance would make them.
    pub fn is_measurable(self) -> bool {
        self.strength < STRENGTH.1
    }

    /// How much better these members are told by rates of their own than by one that all share.
    pub fn spread(self, members: &[Rate]) -> Spread {
        let one_rate = |rate: &Rate| {
            let (k, others) = (rate.k as f64, (rate.n - rate.k) as f64);
            k * self.mean.ln() + others * (1.0 - self.mean).ln()
        };
        let ratio = match self.mean > 0.0 && self.mean < 1.0 {
            true => {
                let of_their_own = log_likelihood(members, self.mean, self.strength);
                2.0 * (of_their_own - members.iter().map(one_rate).sum::<f64>())
            }
            false => 0.0,
        };
        Spread {
            ratio,
            p: chi_square_above(ratio, 1) / 2.0,
        }
    }

    /// As a distribution that weighs at most `most` trials; `None` where nobody, or everybody, ever succeeded.
    pub fn beta(self, most: f64) -> Option<Beta> {
        let strength = self.strength.min(most);
        (self.mean > 0.0 && self.mean < 1.0).then_some(Beta {
            a: self.mean * strength,
            b: (1.0 - self.mean) * strength,
        })
    }
}

/// Whether the members of a group differ. Source: METRICS.md 4.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Twice the log likelihood of the group's beta-binomial over that of one binomial for all.
    pub ratio: f64,
    /// The chance that members who are alike would differ as much. Half of the chi-square's, since that all are alike is
    /// the edge of what a spread can be.
    pub p: f64,
}

fn strength(members: &[Rate], mean: f64) -> f64 {
    const GRID: u32 = 201;
    let (low, high) = (STRENGTH.0.ln(), STRENGTH.1.ln());
    let at = |index: u32| low + (high - low) * f64::from(index) / f64::from(GRID - 1);
    let likelihood = |ln_m: f64| log_likelihood(members, mean, ln_m.exp());
    let best = (0..GRID).max_by(|a, b| likelihood(at(*a)).total_cmp(&likelihood(at(*b))));
    let best = best.unwrap_or(GRID - 1);
    if best == GRID - 1 {
        return STRENGTH.1;
    }
    golden(likelihood, at(best.saturating_sub(1)), at(best + 1)).exp()
}

/// Where a function with one hill between `low` and `high` is highest.
fn golden(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    const STEPS: u32 = 80;
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    for _ in 0..STEPS {
        let width = ratio * (high - low);
        let (left, right) = (high - width, low + width);
        match f(left) > f(right) {
            true => high = right,
            false => low = left,
        }
    }
    (low + high) / 2.0
}

fn log_likelihood(members: &[Rate], mean: f64, strength: f64) -> f64 {
    let (a, b) = (mean * strength, (1.0 - mean) * strength);
    let term = |rate: &Rate| ln_beta(rate.k as f64 + a, (rate.n - rate.k) as f64 + b);
    members.iter().map(term).sum::<f64>() - members.len() as f64 * ln_beta(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_and_all_have_an_exact_end() {
        assert_eq!(wilson(0, 5).0, 0.0);
        assert_eq!(wilson(5, 5).1, 1.0);
        assert!(wilson(0, 5).1 > 0.43 && wilson(5, 5).0 < 0.57);
    }

    #[test]
    fn none_of_none_is_no_share() {
        let none = Rate { k: 0, n: 0 };
        assert_eq!((none.share(), none.interval()), (None, None));
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn a_difference_is_clear_when_its_interval_leaves_out_none() {
        let clear = |k1, n1, k0, n0| {
            let difference = newcombe(Rate { k: k1, n: n1 }, Rate { k: k0, n: n0 });
            difference.and_then(Difference::clear)
        };
        assert_eq!(clear(12, 80, 30, 400), Some(std::cmp::Ordering::Greater));
        assert_eq!(clear(30, 400, 12, 80), Some(std::cmp::Ordering::Less));
        assert_eq!(clear(5, 40, 2, 60), None);
        assert_eq!(newcombe(Rate { k: 1, n: 2 }, Rate::default()), None);
    }

    #[test]
    fn a_group_in_which_nobody_or_everybody_succeeded_is_no_prior() {
        let prior = |k, n| Prior::of(&[Rate { k, n }]).and_then(|prior| prior.beta(100.0));
        assert_eq!(
            (prior(0, 50), prior(50, 50), prior(0, 0)),
            (None, None, None)
        );
        let most = prior(18, 400).map(|beta| beta.a + beta.b);
        assert!(most.is_some_and(|most| (most - 100.0).abs() < 1e-9));
    }
}
