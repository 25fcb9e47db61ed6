//! How far from the team's rate somebody's may lie by chance alone (section 4.1, after Spiegelhalter 2005).

use super::rates::Rate;

/// The limits that are drawn: one in twenty lies outside of the first by chance, one in five hundred of the second.
pub const ALPHAS: [f64; 2] = [0.05, 0.002];

crate::words! {
    /// Where somebody's rate lies among what chance does round the team's. Only what is far out is worth a question.
    pub enum Standing {
        Within = "within",
        /// Outside of 95 %, and within 99.8 %.
        Edge = "edge",
        FarAbove = "far_above",
        FarBelow = "far_below",
    }
}

/// Where a rate lies round `p0`; `None` without a trial.
pub fn standing(p0: f64, rate: Rate) -> Option<Standing> {
    let share = rate.share()?;
    // A limit that lies on a whole number holds it.
    const TOLERANCE: f64 = 1e-9;
    let is_within = |(low, high): (f64, f64)| low - TOLERANCE <= share && share <= high + TOLERANCE;
    let [near, far] = ALPHAS.map(|alpha| limits(p0, rate.n, alpha));
    Some(match () {
        () if is_within(near) => Standing::Within,
        () if is_within(far) => Standing::Edge,
        () if share > far.1 => Standing::FarAbove,
        () => Standing::FarBelow,
    })
}

/// The shares of n trials between which a rate of `p0` stays with chance 1 - `alpha`, interpolated between whole
/// numbers, within [0, 1]. `n` above 0, `p0` in [0, 1].
pub fn limits(p0: f64, n: u64, alpha: f64) -> (f64, f64) {
    (limit(p0, n, alpha / 2.0), limit(p0, n, 1.0 - alpha / 2.0))
}

fn limit(p0: f64, n: u64, q: f64) -> f64 {
    if p0 <= 0.0 || p0 >= 1.0 {
        return p0.clamp(0.0, 1.0);
    }
    let odds = (p0 / (1.0 - p0)).ln();
    // In logarithms, so that thousands of trials do not underflow.
    let mut ln_chance = n as f64 * (-p0).ln_1p();
    let (mut r, mut below, mut up_to) = (0u64, 0.0, ln_chance.exp());
    while up_to < q && r < n {
        r += 1;
        ln_chance += ((n - r + 1) as f64 / r as f64).ln() + odds;
        below = up_to;
        up_to += ln_chance.exp();
    }
    let step = up_to - below;
    let past = if step > 0.0 { (up_to - q) / step } else { 0.0 };
    ((r as f64 - past) / n as f64).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_trials_draw_the_limits_closer_to_the_rate() {
        let mut last = (0.0, 1.0);
        for n in [20, 100, 1_000, 50_000] {
            let (low, high) = limits(0.1, n, 0.05);
            assert!(low >= last.0 && high <= last.1, "{n}");
            assert!(low < 0.1 && 0.1 < high, "{n}");
            last = (low, high);
        }
        assert!(last.1 - last.0 < 0.006);
    }

    #[test]
    fn wider_limits_leave_fewer_outside() {
        let (narrow, wide) = (limits(0.3, 200, 0.05), limits(0.3, 200, 0.002));
        assert!(wide.0 < narrow.0 && narrow.1 < wide.1);
    }

    #[test]
    fn a_rate_of_none_or_all_has_no_room() {
        assert_eq!(limits(0.0, 10, 0.05), (0.0, 0.0));
        assert_eq!(limits(1.0, 10, 0.05), (1.0, 1.0));
    }

    #[test]
    fn only_what_lies_outside_of_both_limits_is_far_out() {
        // Round 10 % of 100: [4.0, 15.8] % and [1.4, 19.8] %.
        let of = |k| standing(0.1, Rate { k, n: 100 });
        assert_eq!(of(10), Some(Standing::Within));
        assert_eq!(
            (of(17), of(3)),
            (Some(Standing::Edge), Some(Standing::Edge))
        );
        assert_eq!(of(20), Some(Standing::FarAbove));
        assert_eq!(of(1), Some(Standing::FarBelow));
        assert_eq!(standing(0.1, Rate { k: 0, n: 0 }), None);
        assert_eq!(standing(1.0, Rate { k: 5, n: 5 }), Some(Standing::Within));
    }
}
