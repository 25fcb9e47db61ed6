//! The beta distribution: what is known of a share (sections 4.1 and 5).

/// From here on Stirling's series has the precision of the type.
const SERIES_FROM: f64 = 10.0;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;

/// A beta distribution; a and b are above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    pub a: f64,
    pub b: f64,
}

impl Beta {
    /// Jeffreys' prior, for a share of which nothing is known.
    pub const JEFFREYS: Beta = Beta { a: 0.5, b: 0.5 };

    pub fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }

    pub fn variance(self) -> f64 {
        let total = self.a + self.b;
        self.a * self.b / (total * total * (total + 1.0))
    }

    /// The one with this mean and variance; `None` where there is none.
    pub fn of_moments(mean: f64, variance: f64) -> Option<Beta> {
        let total = mean * (1.0 - mean) / variance - 1.0;
        (total > 0.0 && total.is_finite()).then_some(Beta {
            a: mean * total,
            b: (1.0 - mean) * total,
        })
    }

    /// The chance of a share of at most `x` (DLMF 8.17).
    pub fn below(self, x: f64) -> f64 {
        if x <= 0.0 || x >= 1.0 {
            return if x > 0.0 { 1.0 } else { 0.0 };
        }
        self.below_ln(x.ln(), (-x).ln_1p())
    }

    /// The chance of a share of at most `log_odds`, ln(x / (1 - x)), also where the share itself is too small to write.
    pub fn below_log_odds(self, log_odds: f64) -> f64 {
        let (ln_x, ln_rest) = ln_share(log_odds);
        self.below_ln(ln_x, ln_rest)
    }

    /// By ln x and ln(1 - x).
    fn below_ln(self, ln_x: f64, ln_rest: f64) -> f64 {
        let Beta { a, b } = self;
        let front = (a * ln_x + b * ln_rest - ln_beta(a, b)).exp();
        match ln_x.exp() < (a + 1.0) / (a + b + 2.0) {
            true => front / a * fraction(a, b, ln_x.exp()),
            false => 1.0 - front / b * fraction(b, a, ln_rest.exp()),
        }
    }

    /// The density of the log-odds of the share: it is smooth, and 0 far out.
    fn density_of_log_odds(self, log_odds: f64) -> f64 {
        let (ln_x, ln_rest) = ln_share(log_odds);
        (self.a * ln_x + self.b * ln_rest - ln_beta(self.a, self.b)).exp()
    }

    /// That of the rest, 1 - x.
    fn mirrored(self) -> Beta {
        Beta {
            a: self.b,
            b: self.a,
        }
    }

    /// The chance that this share is above another: ∫ F(other) dF(this). By log-odds, since the density of the share itself
    /// has no bound at 0 where a is under 1.
    pub fn above(self, other: Beta) -> f64 {
        const STEPS: u32 = 2_000;
        let (rest, other_rest) = (self.mirrored(), other.mirrored());
        let (low, high) = (self.tail(other), -rest.tail(other_rest));
        let width = (high - low) / f64::from(STEPS);
        let value = |step: u32| {
            let log_odds = low + width * f64::from(step);
            self.density_of_log_odds(log_odds) * other.below_log_odds(log_odds)
        };
        let inner: f64 = (1..STEPS)
            .map(|step| value(step) * if step % 2 == 1 { 4.0 } else { 2.0 })
            .sum();
        let between = width / 3.0 * (value(0) + inner + value(STEPS));
        // In the tails both distributions are powers of the share, and of the rest.
        let both = |one: Beta, other: Beta, at| {
            one.below_log_odds(at) * other.below_log_odds(at) * one.a / (one.a + other.a)
        };
        let upper = rest.below_log_odds(-high) - both(rest, other_rest, -high);
        (both(self, other, low) + between + upper).clamp(0.0, 1.0)
    }

    /// Log-odds below which next to nothing of the distribution lies, or this one and the other are powers of the share.
    fn tail(self, other: Beta) -> f64 {
        const NOTHING: f64 = 1e-14;
        let ln_x = (f64::ln(NOTHING * self.a) + ln_beta(self.a, self.b)) / self.a;
        let log_odds = ln_x - f64::ln(-ln_x.min(-f64::EPSILON).exp_m1());
        log_odds.max(NOTHING.ln() - (1.0 + self.b + other.b).ln())
    }

    /// The share that lies above the share `q` of the distribution.
    pub fn quantile(self, q: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        // Each step halves what is left; there are as many as the type has bits.
        for _ in 0..f64::MANTISSA_DIGITS {
            let middle = (low + high) / 2.0;
            match self.below(middle) < q {
                true => low = middle,
                false => high = middle,
            }
        }
        (low + high) / 2.0
    }
}

/// ln x and ln(1 - x) of a share's log-odds.
fn ln_share(log_odds: f64) -> (f64, f64) {
    let ln_1p_exp = |value: f64| value.max(0.0) + (-value.abs()).exp().ln_1p();
    (-ln_1p_exp(-log_odds), -ln_1p_exp(log_odds))
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const STEPS: u32 = 10_000;
    let kept = |value: f64| match value.abs() < f64::MIN_POSITIVE {
        true => f64::MIN_POSITIVE,
        false => value,
    };
    let (mut c, mut d, mut f) = (1.0, 0.0, 1.0);
    for step in 0..STEPS {
        let m = f64::from(step / 2);
        let term = match (step, step % 2) {
            (0, _) => 1.0,
            (_, 0) => m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            _ => -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        };
        d = 1.0 / kept(1.0 + term * d);
        c = kept(1.0 + term / c);
        f *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    // The first step made 1 + 1/(...): what is wanted is 1/(...).
    f - 1.0
}

/// ln B(a, b).
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = (a.min(b), a.max(b));
    if large < SERIES_FROM {
        return ln_gamma(small) + ln_gamma(large) - ln_gamma(small + large);
    }
    // ln Γ(large) - ln Γ(small + large), whose large parts would take each other's digits away.
    let total = small + large;
    let difference =
        (large - 0.5) * (-small / total).ln_1p() - small * total.ln() + small + series(large)
            - series(total);
    ln_gamma(small) + difference
}

/// ln Γ(z) of z above 0.
pub fn ln_gamma(z: f64) -> f64 {
    let (mut z, mut product) = (z, 1.0);
    while z < SERIES_FROM {
        product *= z;
        z += 1.0;
    }
    (z - 0.5) * z.ln() - z + HALF_LN_TAU + series(z) - f64::ln(product)
}

/// What Stirling's formula leaves out (DLMF 5.11.1).
fn series(z: f64) -> f64 {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let square = z * z;
    TERMS
        .iter()
        .rev()
        .fold(0.0, |sum, term| sum / square + term)
        / z
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12, "{got} is not {want}");
    }

    #[test]
    fn the_gamma_function_is_the_factorial_and_has_a_half() {
        close(ln_gamma(5.0), 24f64.ln());
        close(ln_gamma(1.0), 0.0);
        close(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
        close(ln_gamma(12.0), 39_916_800f64.ln());
    }

    #[test]
    fn the_beta_function_keeps_its_digits_for_large_numbers() {
        close(ln_beta(1.0, 1_000_000.0), -(1_000_000f64.ln()));
        close(ln_beta(2.0, 3.0), -(12f64.ln()));
        close(ln_beta(2.0, 50.0), -(2_550f64.ln()));
    }

    #[test]
    fn chances_and_quantiles_are_each_others_inverse() {
        let even = Beta { a: 1.0, b: 1.0 };
        close(even.below(0.3), 0.3);
        close(even.quantile(0.95), 0.95);
        // The median of what has as much above as below.
        close(Beta { a: 7.5, b: 7.5 }.quantile(0.5), 0.5);
        // a = 2, b = 1: the square.
        close(Beta { a: 2.0, b: 1.0 }.below(0.6), 0.36);
        for beta in [
            Beta::JEFFREYS,
            Beta {
                a: 18.5,
                b: 4_000.0,
            },
        ] {
            close(beta.below(beta.quantile(0.05)), 0.05);
        }
        assert_eq!((even.below(-1.0), even.below(2.0)), (0.0, 1.0));
    }

    #[test]
    fn one_of_two_shares_is_above_the_other_whatever_their_shape() {
        let all = [0.002, 0.05, 0.15, 0.5, 1.0, 5.0, 300.0].map(|a| (a, 1.85));
        let all = all
            .into_iter()
            .chain([(0.15, 101.85), (30.15, 71.85), (2.0, 0.01)]);
        let all: Vec<Beta> = all.map(|(a, b)| Beta { a, b }).collect();
        for one in &all {
            assert!((one.above(*one) - 0.5).abs() < 1e-9, "{one:?}");
            for other in &all {
                let sum = one.above(*other) + other.above(*one);
                assert!((sum - 1.0).abs() < 1e-9, "{one:?} {other:?}: {sum}");
            }
        }
        // P(x² > y) of two even shares, and P(x > y) of densities 1 and 3y²: by hand.
        let even = Beta { a: 1.0, b: 1.0 };
        close(Beta { a: 0.5, b: 1.0 }.above(even), 1.0 / 3.0);
        close(even.above(Beta { a: 3.0, b: 1.0 }), 0.25);
    }

    #[test]
    fn mean_and_variance_give_the_distribution_back() {
        let beta = Beta { a: 20.0, b: 700.0 };
        let again = Beta::of_moments(beta.mean(), beta.variance()).unwrap();
        assert!((again.a - beta.a).abs() < 1e-9 && (again.b - beta.b).abs() < 1e-9);
        assert_eq!(Beta::of_moments(0.5, 1.0), None);
        assert_eq!(Beta::of_moments(0.0, 0.0), None);
    }
}
