//! How much prospecting a goal takes (section 5): the least number of prospects with which the goal is made with a
//! chance of 80 %, given what is known of the rate. Goal ÷ rate is a coin toss.

use super::beta::{Beta, ln_beta};
use super::rates::{Prior, Rate};
use super::survival::{Competing, Obs, Observed};

/// The chance that a plan is made for.
pub const CHANCE: f64 = 0.8;
/// Of so many units none is enough: "cannot be reached".
pub const UNITS_MOST: u64 = 5_000_000;
/// So many trials of one's own weigh as much as the team's at most.
const PRIOR_MOST: f64 = 100.0;
/// From so many outcomes of one's own on the rate is one's own.
const OWN_OUTCOMES: u64 = 5;
/// Fewer outcomes do not tell how late they land.
const LEAST_OUTCOMES: usize = 10;
/// A plan beyond so many times the best week is no plan.
const TIMES_BEST_WEEK: f64 = 3.0;
/// Prospects have matured when so many of the eventual outcomes have landed.
const MATURED: f64 = 0.8;
const TOLERANCE: f64 = 1e-12;

/// What is known of the rate at which prospects become outcomes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Belief {
    /// Taken as it is: "what if".
    Known(f64),
    Likely(Beta),
}

impl Belief {
    pub fn mean(self) -> f64 {
        match self {
            Belief::Known(p) => p,
            Belief::Likely(beta) => beta.mean(),
        }
    }

    /// The rate when only the share `landed` of the outcomes lands in time: mean times it, variance times its square.
    pub fn landing(self, landed: f64) -> Belief {
        match self {
            Belief::Known(p) => Belief::Known(p * landed),
            Belief::Likely(beta) => {
                let scaled =
                    Beta::of_moments(beta.mean() * landed, beta.variance() * landed * landed);
                scaled.map_or(Belief::Known(beta.mean() * landed), Belief::Likely)
            }
        }
    }

    /// P(X ≥ goal) among `units`: binomial of a known rate, beta-binomial of a likely one.
    pub fn at_least(self, goal: u64, units: u64) -> f64 {
        if goal == 0 || units < goal {
            return if goal == 0 { 1.0 } else { 0.0 };
        }
        let n = units as f64;
        let fewer = match self {
            Belief::Known(p) if p <= 0.0 || p >= 1.0 => f64::from(u8::from(p <= 0.0)),
            Belief::Known(p) => {
                let odds = p / (1.0 - p);
                sum_of(n * (-p).ln_1p(), goal, |x| (n - x) / (x + 1.0) * odds)
            }
            Belief::Likely(Beta { a, b }) => sum_of(ln_beta(a, n + b) - ln_beta(a, b), goal, |x| {
                (n - x) / (x + 1.0) * (x + a) / (n - x - 1.0 + b)
            }),
        };
        (1.0 - fewer).clamp(0.0, 1.0)
    }

    /// N*: the least number of units with P(X ≥ goal) ≥ `chance`; `None` where [`UNITS_MOST`] are too few.
    pub fn needed(self, goal: u64, chance: f64) -> Option<u64> {
        let is_enough = |units| self.at_least(goal, units) >= chance;
        if goal == 0 {
            return Some(0);
        }
        let mut enough = goal.min(UNITS_MOST);
        while !is_enough(enough) {
            if enough == UNITS_MOST {
                return None;
            }
            enough = (enough * 2).min(UNITS_MOST);
        }
        let mut too_few = enough / 2;
        // Half of a first guess of the goal itself is below the goal, and so too few.
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            match is_enough(middle) {
                true => enough = middle,
                false => too_few = middle,
            }
        }
        Some(enough)
    }
}

/// The sum of `count` chances from that of 0 on, whose logarithm is `first`; `next` is P(x + 1) / P(x). In
/// logarithms, since each of them may be too small for the type where their sum is not.
fn sum_of(first: f64, count: u64, next: impl Fn(f64) -> f64) -> f64 {
    let (mut term, mut largest, mut sum) = (first, first, 1.0);
    for x in 1..count {
        term += next((x - 1) as f64).ln();
        if term > largest {
            sum *= (largest - term).exp();
            largest = term;
        }
        sum += (term - largest).exp();
    }
    sum * largest.exp()
}

/// What a rate rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    Own,
    /// Fewer than five outcomes of one's own: the team's rate mostly.
    Team,
    /// Fewer than five outcomes of one's own, and no team to learn from.
    OwnFew,
}

/// The rate after one's own history, with the team's as prior, or Jeffreys' without a team. `None` without an
/// outcome and without a team: no number.
pub fn posterior(own: Rate, team: Option<Prior>) -> Option<(Beta, Basis)> {
    let prior = team.and_then(|team| team.beta(PRIOR_MOST));
    let basis = match (own.k, prior) {
        (OWN_OUTCOMES.., _) => Basis::Own,
        (_, Some(_)) => Basis::Team,
        (0, None) => return None,
        (_, None) => Basis::OwnFew,
    };
    let prior = prior.unwrap_or(Beta::JEFFREYS);
    let beta = Beta {
        a: prior.a + own.k as f64,
        b: prior.b + (own.n - own.k) as f64,
    };
    Some((beta, basis))
}

/// One rate of several in a row (touch, contact, meeting, win), matched by its first two moments. `None` without a
/// stage.
pub fn stages(stages: &[Beta]) -> Option<Beta> {
    let mean: f64 = stages.iter().map(|stage| stage.mean()).product();
    let square = |stage: &Beta| {
        let total = stage.a + stage.b;
        stage.a * (stage.a + 1.0) / (total * (total + 1.0))
    };
    let squares: f64 = stages.iter().map(square).product();
    Beta::of_moments(mean, squares - mean * mean)
}

/// How late outcomes land: F(r) is the share of the eventual ones that land within r working days of the first touch.
#[derive(Debug, Clone)]
pub struct Lag {
    competing: Competing,
    plateau: f64,
}

impl Lag {
    /// From prospects, their times in working days: Aalen-Johansen over its plateau. `None` where too few outcomes
    /// tell.
    pub fn of(prospects: &[Obs]) -> Option<Lag> {
        let outcomes = prospects
            .iter()
            .filter(|obs| obs.end == super::survival::End::Event)
            .count();
        let competing = Observed::new(prospects).competing();
        let plateau = competing.steps.last()?.event.value;
        (outcomes >= LEAST_OUTCOMES && plateau > 0.0).then_some(Lag { competing, plateau })
    }

    /// F(r).
    pub fn landed(&self, days: f64) -> f64 {
        self.competing.at(days).event.value / self.plateau
    }

    /// f̄: the mean share that lands in time, of prospects worked evenly over the days left.
    pub fn landed_of_days(&self, days_left: f64) -> f64 {
        let days = days_left.floor().max(1.0) as u32;
        let sum: f64 = (0..days).map(|left| self.landed(f64::from(left))).sum();
        sum / f64::from(days)
    }

    /// After how many working days most outcomes have landed: what was worked later is not counted yet.
    pub fn matured_days(&self) -> f64 {
        let mut steps = self.competing.steps.iter();
        let matured = steps.find(|step| step.event.value / self.plateau >= MATURED - TOLERANCE);
        matured.map_or(0.0, |step| step.t_s)
    }

    /// The outcomes still to come of prospects worked so many working days ago: Σ p (1 - F(age)).
    pub fn expected_late(&self, rate: f64, ages: impl IntoIterator<Item = f64>) -> f64 {
        ages.into_iter()
            .map(|age| rate * (1.0 - self.landed(age)))
            .sum()
    }
}

/// A goal as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub goal: u64,
    pub got: u64,
    /// D: the sum of the day fractions that are left.
    pub days_left: f64,
    /// Of the best week of one's own: units a working day; none where there is no week to compare with.
    pub best_per_day: Option<f64>,
}

/// What a goal takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Plan {
    /// The goal is made.
    Made,
    /// No working day is left.
    NoDays,
    /// More than three times the best week: it needs a better rate or more days, and no number.
    Beyond,
    Needs {
        units: u64,
        per_day: u64,
        /// The chance with just these units.
        chance: f64,
    },
}

/// The plan for a goal, given the rate of what lands in time.
pub fn plan(ask: Ask, rate: Belief) -> Plan {
    let missing = ask.goal.saturating_sub(ask.got);
    if missing == 0 {
        return Plan::Made;
    }
    if ask.days_left <= 0.0 {
        return Plan::NoDays;
    }
    let Some(units) = rate.needed(missing, CHANCE) else {
        return Plan::Beyond;
    };
    let per_day = (units as f64 / ask.days_left - TOLERANCE).ceil();
    match ask.best_per_day {
        Some(best) if per_day > TIMES_BEST_WEEK * best => Plan::Beyond,
        _ => Plan::Needs {
            units,
            per_day: per_day as u64,
            chance: rate.at_least(missing, units),
        },
    }
}

/// How many units so many a day make over the days left.
pub fn units_of(per_day: f64, days_left: f64) -> u64 {
    (per_day * days_left + TOLERANCE).max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::super::survival::End;
    use super::*;

    const RATE: Belief = Belief::Likely(Beta { a: 22.5, b: 477.5 });

    fn ask(goal: u64, got: u64, days_left: f64, best: f64) -> Ask {
        Ask {
            goal,
            got,
            days_left,
            best_per_day: Some(best),
        }
    }

    #[test]
    fn the_first_row_of_the_worked_table_takes_15_prospects_a_day() {
        let plan = plan(ask(10, 0, 21.0, 12.0), RATE);
        assert!(matches!(plan, Plan::Needs { units: 297, per_day: 15, chance } if chance >= 0.8));
        assert!((RATE.at_least(10, 223) - 0.527).abs() < 5e-4);
    }

    #[test]
    fn a_goal_beyond_three_times_the_best_week_is_refused() {
        assert!(matches!(
            plan(ask(10, 0, 21.0, 5.0), RATE),
            Plan::Needs { .. }
        ));
        assert_eq!(plan(ask(10, 0, 21.0, 4.9), RATE), Plan::Beyond);
        assert_eq!(
            plan(ask(10, 0, 21.0, 9.0), Belief::Known(0.0)),
            Plan::Beyond
        );
        assert_eq!(plan(ask(10, 10, 21.0, 9.0), RATE), Plan::Made);
        assert_eq!(plan(ask(10, 0, 0.0, 9.0), RATE), Plan::NoDays);
    }

    #[test]
    fn without_an_outcome_and_without_a_team_there_is_no_number() {
        let team = Some(Prior {
            mean: 0.045,
            strength: 300.0,
        });
        let basis = |k, team| posterior(Rate { k, n: 60 }, team).map(|(_, basis)| basis);
        assert_eq!(basis(0, None), None);
        assert_eq!(basis(4, None), Some(Basis::OwnFew));
        assert_eq!(basis(0, team), Some(Basis::Team));
        assert_eq!(basis(5, team), Some(Basis::Own));
        let none = Some(Prior {
            mean: 0.0,
            strength: 5_000.0,
        });
        assert_eq!(basis(0, none), None);
        let (beta, _) = posterior(Rate { k: 18, n: 400 }, team).unwrap();
        assert_eq!((beta.a, beta.b), (22.5, 477.5));
    }

    #[test]
    fn outcomes_that_land_late_take_more_prospects() {
        let needed = RATE.landing(0.652).needed(10, CHANCE);
        assert_eq!(needed.map(|units| units.div_ceil(21)), Some(22));
        assert!((450..465).contains(&needed.unwrap()), "{needed:?}");
    }

    #[test]
    fn the_lag_is_that_of_outcomes_among_all_prospects() {
        let obs = |t_s, end| Obs { t_s, end };
        let mut prospects: Vec<Obs> = (0..10).map(|day| obs(f64::from(day), End::Event)).collect();
        assert!(Lag::of(&prospects[..9]).is_none() && Lag::of(&[]).is_none());
        prospects.push(obs(20.0, End::Open));
        let lag = Lag::of(&prospects).unwrap();
        assert!((lag.landed(4.0) - 0.5).abs() < 1e-12);
        assert_eq!(lag.landed(-1.0), 0.0);
        assert!((lag.landed(99.0) - 1.0).abs() < 1e-12);
        assert_eq!(lag.matured_days(), 7.0);
        assert!((lag.landed_of_days(2.5) - 0.15).abs() < 1e-12);
        let late = lag.expected_late(0.1, [4.0, 9.0]);
        assert!((late - 0.05).abs() < 1e-12);
    }
}
