//! The planner, for any rate and goal.

use proptest::prelude::*;
use touchline::rules::beta::Beta;
use touchline::rules::plan::{Belief, CHANCE, Lag};
use touchline::rules::survival::{End, Obs};

fn belief() -> impl Strategy<Value = Belief> {
    let likely = (0.5..60.0, 0.5..900.0).prop_map(|(a, b)| Belief::Likely(Beta { a, b }));
    prop_oneof![(0.01..0.95).prop_map(Belief::Known), likely]
}

/// G more failures than none: the least number of failures f with P(F ≤ f) ≥ chance, each summed anew.
fn negative_binomial(goal: u64, p: f64, chance: f64) -> u64 {
    let mut term = p.powi(goal as i32);
    let mut sum = term;
    let mut failures = 0;
    while sum < chance {
        failures += 1;
        term *= (1.0 - p) * (goal + failures - 1) as f64 / failures as f64;
        sum += term;
    }
    failures
}

proptest! {
    #[test]
    fn more_prospects_never_lower_the_chance_and_a_higher_goal_never_raises_it(
        belief in belief(), goal in 1..60u64, units in 0..900u64,
    ) {
        let chance = belief.at_least(goal, units);
        prop_assert!((0.0..=1.0).contains(&chance));
        prop_assert!(belief.at_least(goal, units + 1) >= chance - 1e-10);
        prop_assert!(belief.at_least(goal + 1, units) <= chance + 1e-10);
    }

    #[test]
    fn a_plan_is_the_least_that_is_enough(belief in belief(), goal in 1..40u64) {
        if let Some(units) = belief.needed(goal, CHANCE) {
            prop_assert!(belief.at_least(goal, units) >= CHANCE);
            prop_assert!(belief.at_least(goal, units - 1) < CHANCE);
            prop_assert!(belief.needed(goal + 1, CHANCE).is_none_or(|more| more >= units));
        }
    }

    #[test]
    fn a_known_rate_takes_the_goal_and_as_many_failures_as_the_negative_binomial(
        p in 0.02..0.9f64, goal in 1..30u64,
    ) {
        let wanted = goal + negative_binomial(goal, p, CHANCE);
        // Where the chance is 80 % to the last digit, one more or less is the same answer.
        let got = Belief::Known(p).needed(goal, CHANCE).unwrap();
        let at = Belief::Known(p).at_least(goal, wanted.min(got));
        prop_assert!(got == wanted || (at - CHANCE).abs() < 1e-9, "{got} {wanted}");
    }

    #[test]
    fn what_lands_late_never_raises_the_rate(
        belief in belief(), late in 10..60u32, days in 1..90u32,
    ) {
        let event = |day| Obs { t_s: f64::from(day), end: End::Event };
        let lag = Lag::of(&(0..late).map(event).collect::<Vec<_>>()).unwrap();
        let landed = lag.landed_of_days(f64::from(days));
        prop_assert!((0.0..=1.0 + 1e-9).contains(&landed));
        prop_assert!(lag.landed_of_days(f64::from(days + 1)) >= landed - 1e-9);
        prop_assert!(belief.landing(landed).mean() <= belief.mean() + 1e-9);
    }
}
