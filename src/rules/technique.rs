//! Techniques beside each other (section 7): how leads that were first touched one way fared beside those first
//! touched another way. Association, not cause.

use super::rates::{Difference, Rate, Z, newcombe};

/// Of this many days after its first touch a lead must have been seen, and what comes later does not count.
pub const HORIZON_DAYS: i64 = 30;
/// A stratum counts where each side has as many leads.
const LEAST_IN_ARM: u64 = 5;

/// Leads of one sort: those of the technique, and those that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stratum {
    pub these: Rate,
    pub others: Rate,
}

impl Stratum {
    /// Whether each side has leads enough.
    pub fn is_counted(&self) -> bool {
        self.these.n.min(self.others.n) >= LEAST_IN_ARM
    }
}

/// Two techniques beside each other, as they are and adjusted for the sort of lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub crude: Option<Difference>,
    /// `None` where no stratum has leads enough on both sides.
    pub adjusted: Option<Difference>,
    /// The leads on both sides of the strata that counted.
    pub adjusted_n: u64,
    /// Of these leads, those with the outcome.
    pub adjusted_k: u64,
}

impl Comparison {
    pub fn of(strata: &[Stratum]) -> Comparison {
        let sum = |side: fn(&Stratum) -> Rate| {
            strata
                .iter()
                .map(side)
                .fold(Rate::default(), |sum, rate| Rate {
                    k: sum.k + rate.k,
                    n: sum.n + rate.n,
                })
        };
        let counted = || strata.iter().filter(|stratum| stratum.is_counted());
        Comparison {
            crude: newcombe(sum(|s| s.these), sum(|s| s.others)),
            adjusted: mantel_haenszel(strata),
            adjusted_n: counted().map(|s| s.these.n + s.others.n).sum(),
            adjusted_k: counted().map(|s| s.these.k + s.others.k).sum(),
        }
    }
}

/// Mantel and Haenszel's risk difference over the strata with leads enough, with Greenland and Robins' variance.
pub fn mantel_haenszel(strata: &[Stratum]) -> Option<Difference> {
    let (mut weights, mut risk, mut variance) = (0.0, 0.0, 0.0);
    for stratum in strata.iter().filter(|stratum| stratum.is_counted()) {
        let [k1, n1, k0, n0] = [
            stratum.these.k,
            stratum.these.n,
            stratum.others.k,
            stratum.others.n,
        ]
        .map(|count| count as f64);
        let n = n1 + n0;
        weights += n1 * n0 / n;
        risk += (k1 * n0 - k0 * n1) / n;
        variance += (k1 * (n1 - k1) * n0.powi(3) + k0 * (n0 - k0) * n1.powi(3)) / (n1 * n0 * n * n);
    }
    (weights > 0.0).then(|| {
        let (value, half) = (risk / weights, Z * variance.sqrt() / weights);
        Difference {
            value,
            low: value - half,
            high: value + half,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(these: (u64, u64), others: (u64, u64)) -> Stratum {
        let rate = |(k, n)| Rate { k, n };
        Stratum {
            these: rate(these),
            others: rate(others),
        }
    }

    #[test]
    fn a_sort_of_lead_with_too_few_on_one_side_is_left_out_of_the_adjusted_figure() {
        let strata = [stratum((4, 10), (1, 10)), stratum((4, 4), (0, 90))];
        let comparison = Comparison::of(&strata);
        assert_eq!((comparison.adjusted_n, comparison.adjusted_k), (20, 5));
        let adjusted = comparison.adjusted.unwrap();
        assert!((adjusted.value - 0.3).abs() < 1e-12);
        assert!(comparison.crude.unwrap().value > 0.5);
        let none = Comparison::of(&strata[1..]);
        assert!(none.adjusted.is_none() && none.crude.is_some());
        assert_eq!(Comparison::of(&[]).crude, None);
    }
}
