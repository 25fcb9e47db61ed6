//! What comparisons, shares of credit, persistence and fitted scores promise for any input.

use proptest::{collection::vec, prelude::*, sample::select};
use touchline::rules::{
    attribution::{Model as Sharing, credits},
    comparison::{CLEAR_BELOW, compare, holm, log_rank},
    fitted::{Assessment, LAMBDA, Model, auc},
    persistence::{GivenUp, by_attempt},
    rates::{Prior, Rate, newcombe},
    resonance::{Lead, Touch, resonances, stand},
    speed::Band,
    stretches::Stretches,
    survival::{End, Obs, Observed},
    tiers::{Placed, placed},
};
use touchline::value::Instant;

/// Few distinct times, so that ties of every sort are common.
fn group() -> impl Strategy<Value = Vec<Obs>> {
    let end = select(vec![End::Event, End::Closed, End::Open]);
    let one = (0..12u32, end).prop_map(|(t, end)| Obs {
        t_s: f64::from(t),
        end,
    });
    vec(one, 0..30)
}

proptest! {
    // Chances that one is better are integrals: a few cases take as long as all others.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_tier_of_somebody_does_not_depend_on_who_comes_first(
        members in vec((0..30u64, 0..60u64), 2..5), turn in 0..5usize,
    ) {
        let members: Vec<Rate> = members.into_iter().map(|(k, more)| Rate { k, n: k + more }).collect();
        let mut turned = members.clone();
        turned.rotate_left(turn % members.len());
        turned.reverse();
        let prior = Prior { mean: 0.3, strength: 20.0 };
        let told = |members: &[Rate]| {
            let placed = placed(members, prior).into_iter();
            let of = |one: Placed| (members[one.index].k, members[one.index].n, one.tier, one.expected_rank.to_bits());
            placed.map(of).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(&members), told(&turned));
    }
}

proptest! {
    #[test]
    fn at_one_time_events_come_before_those_who_stop_being_followed(obs in vec((0..6u32, any::<bool>()), 1..40)) {
        let ends = |shift: f64| -> Vec<Obs> {
            obs.iter().map(|(t, is_event)| match is_event {
                true => Obs { t_s: f64::from(*t), end: End::Event },
                false => Obs { t_s: f64::from(*t) + shift, end: End::Open },
            }).collect()
        };
        let (tied, later) = (Observed::new(&ends(0.0)).curve(), Observed::new(&ends(0.5)).curve());
        for t in 0..7 {
            prop_assert_eq!(tied.at(f64::from(t)).value, later.at(f64::from(t)).value);
        }
    }

    #[test]
    fn a_test_of_groups_does_not_depend_on_their_order(groups in vec(group(), 2..5)) {
        let mut turned = groups.clone();
        turned.reverse();
        for one in &mut turned {
            one.reverse();
        }
        match (log_rank(&groups), log_rank(&turned)) {
            (Some(one), Some(other)) => {
                prop_assert!((one.chi2 - other.chi2).abs() < 1e-6 * one.chi2.max(1.0));
                prop_assert!((0.0..=1.0 + 1e-12).contains(&one.p));
                let off: f64 = one.observed.iter().sum::<f64>() - one.expected.iter().sum::<f64>();
                prop_assert!(off.abs() < 1e-9);
            }
            (one, other) => prop_assert_eq!(one.is_some(), other.is_some()),
        }
    }

    #[test]
    fn a_pair_is_told_only_where_all_together_and_itself_are_clear(groups in vec(group(), 2..5)) {
        let Some(found) = compare(&groups) else { return Ok(()) };
        prop_assert!(found.pairs.is_empty() || found.is_clear());
        for pair in found.pairs {
            prop_assert!(pair.p < CLEAR_BELOW && pair.faster != pair.slower);
            let two = [groups[pair.faster].clone(), groups[pair.slower].clone()];
            let alone = log_rank(&two).expect("a test");
            prop_assert!(alone.p <= pair.p + 1e-12);
            prop_assert!(alone.observed[0] >= alone.expected[0]);
        }
    }

    #[test]
    fn a_correction_makes_no_difference_clearer(ps in vec(0.0..1.0f64, 0..12)) {
        for (p, adjusted) in ps.iter().zip(holm(&ps)) {
            prop_assert!(*p <= adjusted && adjusted <= 1.0);
        }
    }

    #[test]
    fn credit_is_shared_whole(model in select(Sharing::ALL), days in vec(0.0..90.0f64, 1..12)) {
        let mut days = days;
        days.sort_by(|a, b| b.total_cmp(a));
        let shares = credits(model, &days);
        prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }

    #[test]
    fn who_was_given_up_is_in_one_place_and_the_share_reached_never_falls(
        efforts in vec(vec(any::<bool>(), 0..9), 0..30),
    ) {
        let given_up = GivenUp::of(efforts.iter().map(Vec::len));
        prop_assert_eq!(given_up.n(), efforts.len() as u64);
        let each = by_attempt(efforts.iter().map(Vec::as_slice));
        prop_assert!(each.windows(2).all(|two| two[0].reached_by <= two[1].reached_by + 1e-12));
        prop_assert!(each.iter().all(|one| one.reached <= one.tried && one.tried <= efforts.len() as u64));
    }

    #[test]
    fn a_difference_turned_round_is_its_own_opposite(k1 in 0..20u64, m1 in 1..20u64, k0 in 0..20u64, m0 in 1..20u64) {
        let (one, other) = (Rate { k: k1, n: k1 + m1 }, Rate { k: k0, n: k0 + m0 });
        let (there, back) = (newcombe(one, other).expect("one"), newcombe(other, one).expect("one"));
        prop_assert!((there.value + back.value).abs() < 1e-12 && (there.low + back.high).abs() < 1e-12);
        prop_assert!(there.low <= there.value && there.value <= there.high);
    }

    #[test]
    fn what_a_group_is_drawn_towards_does_not_depend_on_who_comes_first(
        members in vec((0..30u64, 1..40u64), 1..12),
    ) {
        let members: Vec<Rate> = members.into_iter().map(|(k, more)| Rate { k, n: k + more }).collect();
        let mut turned = members.clone();
        turned.reverse();
        let (one, other) = (Prior::of(&members).expect("one"), Prior::of(&turned).expect("other"));
        prop_assert_eq!(one.mean, other.mean);
        // Where the likelihood is flat its top may be found elsewhere, which moves nobody's rate.
        for rate in members {
            let drawn = |prior: Prior| {
                (prior.mean * prior.strength + rate.k as f64) / (prior.strength + rate.n as f64)
            };
            prop_assert!((drawn(one) - drawn(other)).abs() < 1e-3);
        }
    }

    #[test]
    fn a_fitted_score_does_not_depend_on_the_order_of_the_leads(
        leads in vec((0..2u8, 0..4u8, any::<bool>()), 12..60), turn in 0..60usize,
    ) {
        let row = |(one, more, _): &(u8, u8, bool)| vec![f64::from(*one), f64::from(*more).ln_1p()];
        let fit = |leads: &[(u8, u8, bool)]| {
            let xs: Vec<Vec<f64>> = leads.iter().map(row).collect();
            let ys: Vec<bool> = leads.iter().map(|(.., won)| *won).collect();
            Model::fit(&xs, &ys, LAMBDA)
        };
        let won = leads.iter().filter(|(.., won)| *won).count();
        prop_assume!(0 < won && won < leads.len());
        let mut turned = leads.clone();
        turned.rotate_left(turn % leads.len());
        turned.reverse();
        let (one, other) = (fit(&leads).expect("a score"), fit(&turned).expect("a score"));
        for lead in &leads {
            prop_assert!((one.chance(&row(lead)) - other.chance(&row(lead))).abs() < 1e-9);
        }
    }

    #[test]
    fn a_longer_wait_is_never_in_an_earlier_band(one in 0.0..1e6f64, more in 0.0..1e6f64) {
        prop_assert!(Band::of(Some(one)) <= Band::of(Some(one + more)));
        prop_assert!(Band::of(Some(one)) < Band::of(None));
    }

    #[test]
    fn the_reps_time_lies_within_the_waiting(
        changes in vec((0..60i64, proptest::option::of(1..4i64)), 0..8),
        start in 0..60i64,
        length in 0..60i64,
    ) {
        let mut owners: Vec<_> = changes.into_iter().map(|(at, owner)| (Instant(at), owner)).collect();
        owners.sort_by_key(|(at, _)| *at);
        let (from, until) = (Instant(start), Instant(start + length));
        let found = Stretches::of(from, until, &owners);
        for at in [found.assigned_at, found.rep_from].into_iter().flatten() {
            prop_assert!(from <= at && at <= until);
        }
        prop_assert!(found.rep_from.is_none() || found.assigned_at <= found.rep_from);
        prop_assert!(found.rep_from.is_none() || found.assigned_at.is_some());
    }

    #[test]
    fn chances_are_in_one_bin_each_and_turned_round_they_predict_the_opposite(
        leads in vec((0.0..=1.0f64, any::<bool>()), 1..80),
    ) {
        let (chances, ys): (Vec<f64>, Vec<bool>) = leads.into_iter().unzip();
        if let Some(found) = Assessment::of(&chances, &ys) {
            prop_assert_eq!(found.bins.iter().map(|bin| bin.won.n).sum::<u64>(), ys.len() as u64);
            prop_assert!(found.skill <= 1.0 && found.brier >= 0.0);
        }
        let turned: Vec<f64> = chances.iter().map(|p| -p).collect();
        if let (Some(one), Some(other)) = (auc(&chances, &ys), auc(&turned, &ys)) {
            prop_assert!((one + other - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn no_lead_is_counted_with_an_asset_and_without_it(
        leads in vec((1..3i64, vec((0..20u32, proptest::option::of(1..4i64), any::<bool>()), 0..5)), 0..20),
    ) {
        let count = leads.len() as u64;
        let leads: Vec<Lead> = leads.into_iter().map(|(source, mut touches)| {
            touches.sort();
            let touches = touches.into_iter().map(|(day, asset, is_reached)| Touch {
                day: f64::from(day), asset, is_attempt: true, is_reached, is_meeting: is_reached,
            });
            Lead { source: Some(source), touches: touches.collect() }
        }).collect();
        let mut turned = leads.clone();
        turned.reverse();
        prop_assert_eq!(resonances(&leads, 1_000.0), resonances(&turned, 1_000.0));
        for one in resonances(&leads, 1_000.0) {
            prop_assert_eq!(one.leads, one.reply.with.n);
            prop_assert!(one.leads <= count);
            // Who got it stands there once, and nobody is compared with themselves.
            for stands in stand(&leads, one.asset, 1_000.0) {
                let got_it = stands.iter().filter(|stands| stands.got_it).count();
                prop_assert!(got_it == 0 || stands.len() == 1);
                prop_assert!(stands.windows(2).all(|two| two[0].before < two[1].before));
            }
            prop_assert!(one.reply.with.k <= one.reply.with.n && one.reply.without.k <= one.reply.without.n);
        }
    }
}
