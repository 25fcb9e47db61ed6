//! Groups beside each other: log-rank, tiers of shrunk rates, funnel plot, persistence.

use super::{close, close_option, list, number, observations, vectors};
use touchline::rules::comparison::log_rank;
use touchline::rules::funnel_plot;
use touchline::rules::persistence::{GivenUp, by_attempt};
use touchline::rules::rates::{Prior, Rate, newcombe};
use touchline::rules::tiers;

#[test]
fn log_rank_gives_every_figure_of_the_examples() {
    let example = vectors("km");
    let case = |name: &serde_json::Value| {
        let mut cases = list(&example["cases"]).iter();
        let case = cases.find(|case| case["name"] == *name);
        observations(case.expect("the case"), "event")
    };
    for row in list(&example["logrank"]) {
        let groups: Vec<_> = list(&row["groups"]).iter().map(case).collect();
        let test = log_rank(&groups).expect("something to compare");
        close("chi2", test.chi2, number(&row["chi2"]));
        close("p", test.p, number(&row["p"]));
        assert_eq!(row["df"], test.degrees);
        for (got, want) in test.observed.iter().zip(list(&row["observed"])) {
            close("observed", *got, number(want));
        }
        for (got, want) in test.expected.iter().zip(list(&row["expected"])) {
            close("expected", *got, number(want));
        }
    }
}

#[test]
fn differences_of_two_rates_are_those_of_the_examples() {
    for row in list(&vectors("proportion")["newcombe"]) {
        let rate = |k: &str, n: &str| Rate {
            k: row[k].as_u64().expect("k"),
            n: row[n].as_u64().expect("n"),
        };
        let found = newcombe(rate("k1", "n1"), rate("k2", "n2")).expect("a difference");
        close("difference", found.value, number(&row["diff"]));
        close("low", found.low, number(&row["lo"]));
        close("high", found.high, number(&row["hi"]));
    }
}

#[test]
fn the_limits_of_the_funnel_are_those_of_the_examples() {
    for row in list(&vectors("proportion")["funnel"]) {
        let n = row["n"].as_u64().expect("n");
        let (low, high) = funnel_plot::limits(number(&row["p0"]), n, number(&row["alpha"]));
        close("low", low, number(&row["lo"]));
        close("high", high, number(&row["hi"]));
    }
}

#[test]
fn shrunk_rates_and_their_tiers_are_those_of_the_example() {
    let example = &vectors("proportion")["eb_example"];
    let board = list(&example["board"]);
    let members: Vec<Rate> = board
        .iter()
        .map(|row| Rate {
            k: row["k"].as_u64().expect("k"),
            n: row["n"].as_u64().expect("n"),
        })
        .collect();
    let prior = Prior::of(&members).expect("a prior");
    let beta = prior.beta(f64::INFINITY).expect("a distribution");
    let near = |what: &str, got: f64, want: f64| {
        // The strength is found by search: as exact as the top of a hill is.
        assert!(
            (got - want).abs() < 1e-6 * want.abs().max(1.0),
            "{what}: {got} is not {want}"
        );
    };
    near("alpha", beta.a, number(&example["fit"]["alpha"]));
    near("beta", beta.b, number(&example["fit"]["beta"]));
    assert_eq!(example["fit"]["at_bound"], !prior.is_measurable());
    let spread = prior.spread(&members);
    near(
        "likelihood ratio",
        spread.ratio,
        number(&example["fit"]["lr"]),
    );
    near("p", spread.p, number(&example["fit"]["p"]));
    for placed in tiers::placed(&members, prior) {
        let row = &board[placed.index];
        near("mean", placed.share.mean(), number(&row["post_mean"]));
        near("5 %", placed.share.quantile(0.05), number(&row["post_p05"]));
        near(
            "95 %",
            placed.share.quantile(0.95),
            number(&row["post_p95"]),
        );
        near("rank", placed.expected_rank, number(&row["expected_rank"]));
        let better = row["prob_tier_leader_is_better"].as_f64();
        if let (Some(got), Some(want)) = (placed.leader_is_better, better) {
            near("leader", got, want);
        }
        // Under ten trials the page shows no tier, whatever the example's is.
        if let Some(tier) = placed.tier {
            assert_eq!(row["tier"], tier, "{row}");
        }
    }
}

#[test]
fn what_each_attempt_brings_is_that_of_the_eight_leads() {
    let example = vectors("lead_response");
    let per_lead = list(&example["expected"]["per_lead"]);
    let touches: Vec<Vec<bool>> = list(&example["leads"])
        .iter()
        .map(|lead| {
            let by_people = list(&lead["touches"]).iter();
            let by_people = by_people.filter(|touch| touch["automated"] == false);
            let after = by_people
                .filter(|touch| super::instant(&touch["at"]) >= super::instant(&lead["created"]));
            after.map(|touch| touch["connected"] == true).collect()
        })
        .collect();
    for (attempts, want) in touches.iter().zip(per_lead) {
        let reached = attempts.iter().position(|is_reached| *is_reached);
        assert_eq!(want["attempts"], attempts.len(), "{want}");
        let nth = reached.map(|index| index as u64 + 1);
        assert_eq!(want["attempts_to_first_contact"].as_u64(), nth, "{want}");
    }
    let gave_up = touches.iter().zip(per_lead);
    let gave_up = gave_up.filter(|(_, lead)| lead["gave_up"] == true);
    let given_up = GivenUp::of(gave_up.map(|(attempts, _)| attempts.len()));
    let aggregate = &example["expected"]["aggregate"]["attempts"];
    let counts = list(&aggregate["give_ups"]);
    assert_eq!(given_up.n(), counts.len() as u64);
    for count in counts {
        let count = count.as_u64().expect("a count") as usize;
        assert_eq!(given_up.share_of(count).k, 1, "after {count}");
    }
    let expected = list(&aggregate["per_attempt"]);
    let found = by_attempt(touches.iter().map(Vec::as_slice));
    assert_eq!(found.len(), expected.len());
    for (got, want) in found.iter().zip(expected) {
        assert_eq!(want["attempt"], got.attempt);
        assert_eq!(
            (&want["tried"], &want["connected"]),
            (&got.tried.into(), &got.reached.into())
        );
        close(
            "reached by",
            got.reached_by,
            number(&want["contacted_by_attempt"]),
        );
        let rate = got.reached as f64 / got.tried as f64;
        close_option("rate", Some(rate), want["rate"].as_f64());
    }
}
