//! Shares of a whole and how sure they are (section 4.1).

/// The normal quantile of a two-sided 95 % interval.
pub const Z: f64 = 1.959963984540054;

/// Wilson's 95 % interval for `k` of `n`: [0, 1] for none of none, exactly 0 and 1 at the ends.
pub fn wilson(k: u64, n: u64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (trials, p) = (n as f64, k as f64 / n as f64);
    let shrink = 1.0 + Z * Z / trials;
    let centre = (p + Z * Z / (2.0 * trials)) / shrink;
    let half = Z * (p * (1.0 - p) / trials + Z * Z / (4.0 * trials * trials)).sqrt() / shrink;
    let low = if k == 0 { 0.0 } else { centre - half };
    let high = if k == n { 1.0 } else { centre + half };
    (low, high)
}

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

    /// Wilson's interval; none where there is no share.
    pub fn interval(self) -> Option<(f64, f64)> {
        (self.n > 0).then(|| wilson(self.k, self.n))
    }
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
}
