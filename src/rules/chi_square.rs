//! The chi-square distribution: how large a sum of squares chance makes.

use super::beta::ln_gamma;

/// The chance that a chi-square variable is above `x` (DLMF 8.2 and 8.11): the regularised upper incomplete gamma.
pub fn chi_square_above(x: f64, degrees: usize) -> f64 {
    const STEPS: u32 = 10_000;
    let (a, x) = (degrees as f64 / 2.0, x / 2.0);
    if x <= 0.0 {
        return 1.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in 1..STEPS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term < sum * f64::EPSILON {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    // The continued fraction by Lentz's method.
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / f64::MIN_POSITIVE, 1.0 / b);
    let mut fraction = d;
    for n in 1..STEPS {
        let n = f64::from(n);
        let an = -n * (n - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    front * fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chi_square_is_that_of_the_tables() {
        for (x, degrees, p) in [
            (3.841_458_820_694_124, 1, 0.05),
            (5.991_464_547_107_979, 2, 0.05),
            (18.307_038_053_275_146, 10, 0.05),
            (0.0, 3, 1.0),
        ] {
            assert!(
                (chi_square_above(x, degrees) - p).abs() < 1e-12,
                "{x} {degrees}"
            );
        }
        // Two degrees: e^(-x/2).
        assert!((chi_square_above(1.0, 2) - (-0.5f64).exp()).abs() < 1e-14);
    }
}
