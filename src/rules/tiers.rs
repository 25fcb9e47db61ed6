//! People by a rate, without ranks: shrunk towards the team's, in tiers that chance would not make (section 4.1).

use super::beta::Beta;
use super::rates::{Prior, Rate};

/// Under so many trials a rate is warming up: no tier.
pub const LEAST_TRIALS: u64 = 10;

/// The leader of a tier is better than who begins the next with at least this chance.
const CLEARLY: f64 = 0.90;

/// One member's rate as the team's prior sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// The member's place in what was given.
    pub index: usize,
    /// What is known of their share.
    pub share: Beta,
    /// From 1; `None` while they are warming up.
    pub tier: Option<usize>,
    /// 1 + the chances that each other one is better.
    pub expected_rank: f64,
    /// The chance that the leader of their tier is better; `None` for a leader.
    pub leader_is_better: Option<f64>,
}

/// The order of members by shrunk rate, the highest first; those warming up stand last. Empty without a prior.
/// Where members do not measurably differ, all are in one tier.
pub fn placed(members: &[Rate], prior: Prior) -> Vec<Placed> {
    let Some(beta) = prior.beta(f64::INFINITY) else {
        return Vec::new();
    };
    let mut all: Vec<Placed> = members
        .iter()
        .enumerate()
        .map(|(index, rate)| Placed {
            index,
            share: Beta {
                a: beta.a + rate.k as f64,
                b: beta.b + (rate.n - rate.k) as f64,
            },
            tier: None,
            expected_rank: 1.0,
            leader_is_better: None,
        })
        .collect();
    let is_warm = |placed: &Placed| members[placed.index].n >= LEAST_TRIALS;
    all.sort_by(|a, b| {
        let warm = is_warm(b).cmp(&is_warm(a));
        // Of two alike the one of more trials, so that the order of what was given does not decide.
        warm.then(b.share.mean().total_cmp(&a.share.mean()))
            .then(b.share.b.total_cmp(&a.share.b))
    });
    let shares: Vec<Beta> = all.iter().map(|placed| placed.share).collect();
    let (mut tier, mut leader) = (0, None);
    for (place, placed) in all.iter_mut().enumerate() {
        let others = shares
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        placed.expected_rank += others
            .map(|(_, other)| other.above(placed.share))
            .sum::<f64>();
        if members[placed.index].n < LEAST_TRIALS {
            continue;
        }
        let better = leader.map(|leader: Beta| leader.above(placed.share));
        if better.is_none_or(|better| better >= CLEARLY && prior.is_measurable()) {
            tier += 1;
            leader = Some(placed.share);
        }
        placed.leader_is_better = better;
        placed.tier = Some(tier);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(all: &[(u64, u64)]) -> Vec<Rate> {
        all.iter().map(|(k, n)| Rate { k: *k, n: *n }).collect()
    }

    #[test]
    fn members_who_are_alike_share_a_tier_also_without_a_success() {
        let members = rates(&[(30, 100), (30, 100), (0, 100), (0, 100), (0, 100), (0, 100)]);
        let prior = Prior::of(&members).unwrap();
        assert!(prior.is_measurable());
        let all = placed(&members, prior);
        let tiers: Vec<_> = all.iter().map(|p| p.tier).collect();
        assert_eq!(tiers, [1, 1, 2, 2, 2, 2].map(Some));
        // Of four alike behind two, each is expected in the middle of places 3 to 6.
        assert!((all[5].expected_rank - 4.5).abs() < 1e-3, "{all:?}");
    }

    #[test]
    fn who_is_warming_up_has_no_tier_and_stands_last() {
        let members = rates(&[(3, 4), (10, 40), (30, 60), (2, 50)]);
        let prior = Prior::of(&members).unwrap();
        let all = placed(&members, prior);
        assert_eq!(all.last().map(|p| (p.index, p.tier)), Some((0, None)));
        assert_eq!(all.first().map(|p| (p.index, p.tier)), Some((2, Some(1))));
    }

    #[test]
    fn members_who_do_not_measurably_differ_share_one_tier() {
        let members = rates(&[(10, 100), (11, 100), (9, 100), (10, 100)]);
        let prior = Prior::of(&members).unwrap();
        assert!(!prior.is_measurable());
        assert!(placed(&members, prior).iter().all(|p| p.tier == Some(1)));
    }
}
