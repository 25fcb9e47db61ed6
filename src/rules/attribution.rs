//! How the credit for an outcome is shared among the touches before it (section 7). It says how credit is shared, not
//! what caused the outcome.

use crate::words;

/// Touches earlier than so many days before an outcome have no part in it.
pub const WITHIN_DAYS: f64 = 90.0;
const HALF_LIFE_DAYS: f64 = 7.0;
const ENDS: f64 = 0.4;

words! {
    /// A way to share credit.
    pub enum Model {
        First = "first",
        Last = "last",
        Linear = "linear",
        /// 40 % for the first and for the last, the rest for those between.
        Position = "position",
        /// Half as much for each week earlier.
        TimeDecay = "time_decay",
    }
}

/// The share of each touch, which add up to 1; `days_before` are the days from each touch to the outcome, the earliest
/// touch first. No touch, no shares.
pub fn credits(model: Model, days_before: &[f64]) -> Vec<f64> {
    let count = days_before.len();
    let only = |place: usize| {
        (0..count)
            .map(|at| f64::from(u8::from(at == place)))
            .collect()
    };
    match (model, count) {
        (_, 0) => Vec::new(),
        (Model::First, _) => only(0),
        (Model::Last, _) => only(count - 1),
        (Model::Position, 3..) => {
            let between = (1.0 - 2.0 * ENDS) / (count - 2) as f64;
            let mut shares = vec![between; count];
            (shares[0], shares[count - 1]) = (ENDS, ENDS);
            shares
        }
        (Model::Linear | Model::Position, _) => vec![1.0 / count as f64; count],
        (Model::TimeDecay, _) => {
            // Counted from the last touch, so that none is too small for the type.
            let last = days_before.iter().copied().fold(f64::INFINITY, f64::min);
            let weight = |days: &f64| 0.5f64.powf((days - last) / HALF_LIFE_DAYS);
            let sum: f64 = days_before.iter().map(weight).sum();
            days_before.iter().map(|days| weight(days) / sum).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_every_model_add_up_to_one() {
        for model in Model::ALL {
            assert!(credits(*model, &[]).is_empty());
            for count in 1..6 {
                let days: Vec<f64> = (0..count).rev().map(|at| f64::from(at) * 9_000.0).collect();
                let sum: f64 = credits(*model, &days).iter().sum();
                assert!((sum - 1.0).abs() < 1e-12, "{model} of {count}");
            }
        }
    }
}
