//! A score fitted to outcomes: a ridge logistic regression, and whether what it says may be shown (section 6.2).

use super::rates::{Rate, wilson_at};

/// How much large weights are held back.
pub const LAMBDA: f64 = 1.0;
const BINS: usize = 10;
/// A bin with fewer is not asked whether it is calibrated.
pub const LEAST_IN_BIN: u64 = 30;
/// The normal quantile of a two-sided 99.8 % interval.
const Z_99_8: f64 = 3.090_232_306_167_813;

/// The log-odds of a win as a sum of what is known of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub intercept: f64,
    pub weights: Vec<f64>,
}

/// Whether there are outcomes enough for a fitted score; `parameters` are the weights with the intercept.
pub fn is_enough(won: u64, lost: u64, parameters: u64) -> bool {
    won.min(lost) >= 50.max(10 * parameters) && won + lost >= 200
}

impl Model {
    /// Minimises -log-likelihood + lambda/2 * the squared weights by Newton's method; the intercept is free. `xs` has a
    /// row for each lead, all of one length. `None` where it finds no minimum.
    pub fn fit(xs: &[Vec<f64>], ys: &[bool], lambda: f64) -> Option<Model> {
        const STEPS: usize = 100;
        const TOLERANCE: f64 = 1e-12;
        let width = xs.first()?.len() + 1;
        let mut beta = vec![0.0; width];
        for _ in 0..STEPS {
            let (gradient, curvature) = derivatives(xs, ys, &beta, lambda);
            let step = solve(curvature, gradient)?;
            for (value, step) in beta.iter_mut().zip(&step) {
                *value -= step;
            }
            if step.iter().all(|step| step.abs() < TOLERANCE) {
                let weights = beta.split_off(1);
                let intercept = beta[0];
                return Some(Model { intercept, weights });
            }
        }
        None
    }

    /// The chance of a win, 0 to 1.
    pub fn chance(&self, x: &[f64]) -> f64 {
        let sum: f64 = self.weights.iter().zip(x).map(|(w, x)| w * x).sum();
        logistic(self.intercept + sum)
    }
}

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// The gradient and the matrix of second derivatives; the intercept stands first.
fn derivatives(
    xs: &[Vec<f64>],
    ys: &[bool],
    beta: &[f64],
    lambda: f64,
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let width = beta.len();
    let mut gradient = vec![0.0; width];
    let mut curvature = vec![vec![0.0; width]; width];
    for (x, y) in xs.iter().zip(ys) {
        let row: Vec<f64> = std::iter::once(1.0).chain(x.iter().copied()).collect();
        let p = logistic(row.iter().zip(beta).map(|(x, b)| x * b).sum());
        for (i, xi) in row.iter().enumerate() {
            gradient[i] += (p - f64::from(u8::from(*y))) * xi;
            for (j, xj) in row.iter().enumerate() {
                curvature[i][j] += p * (1.0 - p) * xi * xj;
            }
        }
    }
    for i in 1..width {
        gradient[i] += lambda * beta[i];
        curvature[i][i] += lambda;
    }
    (gradient, curvature)
}

/// x with A x = b, by elimination with pivots.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for i in 0..n {
        let pivot = (i..n).max_by(|x, y| a[*x][i].abs().total_cmp(&a[*y][i].abs()))?;
        a.swap(i, pivot);
        b.swap(i, pivot);
        if a[i][i].abs() < 1e-12 {
            return None;
        }
        for row in i + 1..n {
            let factor = a[row][i] / a[i][i];
            let above = a[i].clone();
            for (value, above) in a[row].iter_mut().zip(&above).skip(i) {
                *value -= factor * above;
            }
            b[row] -= factor * b[i];
        }
    }
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| a[i][j] * x[j]).sum();
        x[i] = (b[i] - known) / a[i][i];
    }
    Some(x)
}

/// How often what is larger belongs to a win, of all pairs of a win and a loss; half a point for equal ones. `None`
/// without both.
pub fn auc(values: &[f64], ys: &[bool]) -> Option<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let won = ys.iter().filter(|y| **y).count() as f64;
    let lost = ys.len() as f64 - won;
    let (mut ranks, mut before) = (0.0, 0.0);
    for same in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let count = same.len() as f64;
        let wins = same.iter().filter(|at| ys[**at]).count() as f64;
        ranks += wins * (before + (count + 1.0) / 2.0);
        before += count;
    }
    (won > 0.0 && lost > 0.0).then(|| (ranks - won * (won + 1.0) / 2.0) / (won * lost))
}

/// How good chances were, on leads that they were not fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    pub n: u64,
    pub base_rate: f64,
    pub auc: Option<f64>,
    /// The mean squared error, and how much less it is than that of the base rate alone.
    pub brier: f64,
    pub skill: f64,
    /// Ten of equal width; those with nobody in them are left out.
    pub bins: Vec<Bin>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// From 0: chances from a tenth of it on.
    pub index: usize,
    pub mean: f64,
    pub won: Rate,
}

impl Bin {
    /// The 99.8 % interval of the share won, in which the mean chance must lie.
    pub fn limits(&self) -> (f64, f64) {
        wilson_at(self.won.k, self.won.n, Z_99_8)
    }

    /// Whether it does; none where fewer than [`LEAST_IN_BIN`] are too few to ask.
    pub fn comes_true(&self) -> Option<bool> {
        let (low, high) = self.limits();
        let is_within = (low..=high).contains(&self.mean);
        (self.won.n >= LEAST_IN_BIN).then_some(is_within)
    }
}

/// The place of a chance's bin.
pub fn bin_of(chance: f64) -> usize {
    ((chance * BINS as f64).floor() as usize).min(BINS - 1)
}

impl Assessment {
    /// `None` without a lead, or where all ended alike.
    pub fn of(chances: &[f64], ys: &[bool]) -> Option<Assessment> {
        let n = ys.len() as f64;
        let y = |y: bool| f64::from(u8::from(y));
        let base_rate = ys.iter().map(|one| y(*one)).sum::<f64>() / n;
        let spread = base_rate * (1.0 - base_rate);
        if ys.is_empty() || spread <= 0.0 {
            return None;
        }
        let pairs = || chances.iter().copied().zip(ys.iter().copied());
        let brier = pairs().map(|(p, one)| (p - y(one)).powi(2)).sum::<f64>() / n;
        let bin = |index: usize| {
            let theirs: Vec<(f64, bool)> = pairs().filter(|(p, _)| bin_of(*p) == index).collect();
            let won = Rate {
                k: theirs.iter().filter(|(_, won)| *won).count() as u64,
                n: theirs.len() as u64,
            };
            let mean = theirs.iter().map(|(p, _)| p).sum::<f64>() / theirs.len() as f64;
            (won.n > 0).then_some(Bin { index, mean, won })
        };
        Some(Assessment {
            n: ys.len() as u64,
            base_rate,
            auc: auc(chances, ys),
            brier,
            skill: 1.0 - brier / spread,
            bins: (0..BINS).filter_map(bin).collect(),
        })
    }

    /// Whether a percentage may be shown: it says more than the base rate, and no bin says what did not come.
    pub fn may_show_percentages(&self) -> bool {
        let mut asked = self.bins.iter().filter_map(Bin::comes_true);
        self.skill > 0.0 && asked.all(|comes_true| comes_true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_outcomes_are_no_score() {
        assert!(is_enough(50, 150, 5));
        assert!(!is_enough(49, 500, 4), "too few wins");
        assert!(!is_enough(60, 500, 7), "too many parameters");
        assert!(!is_enough(100, 99, 5), "too few in all");
    }

    #[test]
    fn pairs_in_order_are_a_sure_score_and_equal_ones_are_a_coin() {
        let ys = [false, false, true, true];
        assert_eq!(auc(&[1.0, 2.0, 3.0, 4.0], &ys), Some(1.0));
        assert_eq!(auc(&[4.0, 3.0, 2.0, 1.0], &ys), Some(0.0));
        assert_eq!(auc(&[1.0; 4], &ys), Some(0.5));
        assert_eq!(auc(&[1.0], &[true]), None);
    }

    #[test]
    fn chances_that_do_not_come_true_are_not_shown_as_percentages() {
        // Forty leads of which a quarter were won.
        let ys: Vec<bool> = (0..40).map(|at| at % 4 == 0).collect();
        let said = |p: f64| Assessment::of(&[p; 40], &ys).unwrap();
        assert!(said(0.25).skill.abs() < 1e-12, "as good as the base rate");
        assert!(!said(0.25).may_show_percentages());
        assert!(!said(0.9).may_show_percentages());
        let sure: Vec<f64> = ys.iter().map(|y| if *y { 0.95 } else { 0.05 }).collect();
        let sure = Assessment::of(&sure, &ys).unwrap();
        assert!(sure.may_show_percentages() && sure.auc == Some(1.0));
        assert_eq!(
            sure.bins.iter().map(|bin| bin.index).collect::<Vec<_>>(),
            [0, 9]
        );
        assert_eq!(Assessment::of(&[0.5], &[true]), None);
    }

    #[test]
    fn weights_of_what_tells_nothing_stay_at_none() {
        let xs: Vec<Vec<f64>> = (0..8).map(|at| vec![f64::from(at % 2)]).collect();
        let ys: Vec<bool> = (0..8).map(|at| at / 4 == 0).collect();
        let model = Model::fit(&xs, &ys, LAMBDA).unwrap();
        assert!(model.weights[0].abs() < 1e-12 && model.intercept.abs() < 1e-12);
        assert_eq!(Model::fit(&[], &[], LAMBDA), None);
    }
}
