//! The planner, shrunk rates, differences and techniques.

use super::{close, close_band, close_option, list, number, pair, vectors};
use serde_json::Value;
use std::cmp::Ordering;
use touchline::rules::{
    attribution::{self, Model},
    beta::Beta,
    plan::{self, Belief},
    rates::{Difference, Prior, Rate, Z, newcombe},
    technique::{Comparison, Stratum},
};

fn whole(value: &Value) -> u64 {
    value.as_u64().expect("a whole number")
}

fn rate(k: &Value, n: &Value) -> Rate {
    Rate {
        k: whole(k),
        n: whole(n),
    }
}

fn beta(a: &Value, b: &Value) -> Beta {
    Beta {
        a: number(a),
        b: number(b),
    }
}

#[test]
fn a_known_rate_takes_as_many_prospects_as_in_the_examples() {
    for row in list(&vectors("planner")["known_p"]) {
        let rate = Belief::Known(number(&row["p"]));
        let (goal, chance) = (whole(&row["G"]), number(&row["prob"]));
        let what = row.to_string();
        assert_eq!(rate.needed(goal, chance), Some(whole(&row["N"])), "{what}");
        let at_least = |key: &str| rate.at_least(goal, whole(&row[key]));
        close(&what, at_least("N"), number(&row["p_hit_at_N"]));
        close(&what, at_least("naive"), number(&row["p_hit_at_naive"]));
    }
}

#[test]
fn a_likely_rate_takes_as_many_prospects_as_in_the_examples() {
    for row in list(&vectors("planner")["predictive"]) {
        let what = row["label"].as_str().unwrap();
        let prior = beta(&row["prior_a"], &row["prior_b"]);
        let own = rate(&row["k"], &row["n"]);
        let likely = Beta {
            a: prior.a + own.k as f64,
            b: prior.b + (own.n - own.k) as f64,
        };
        close(what, likely.mean(), number(&row["rate"]));
        close(what, likely.quantile(0.05), number(&row["rate_p05"]));
        close(what, likely.quantile(0.95), number(&row["rate_p95"]));
        let missing = whole(&row["G"]) - whole(&row["already"]);
        let belief = Belief::Likely(likely);
        let needed = belief.needed(missing, number(&row["prob"])).unwrap();
        assert_eq!(needed, whole(&row["N"]), "{what}");
        let per_day = needed.div_ceil(whole(&row["days_left"]));
        assert_eq!(per_day, whole(&row["per_day"]), "{what}");
        let at_least = |units| belief.at_least(missing, units);
        close(what, at_least(needed), number(&row["p_hit"]));
        close(what, at_least(needed - 1), number(&row["p_hit_one_less"]));
        let naive = whole(&row["naive_N"]);
        close(what, at_least(naive), number(&row["p_hit_naive"]));
    }
}

#[test]
fn the_chance_at_a_pace_is_that_of_the_curve() {
    // 18 of 400 with the team's prior, 10 meetings in 21 days.
    let rate = Belief::Likely(Beta { a: 22.5, b: 477.5 });
    for row in list(&vectors("planner")["curve"]) {
        let units = plan::units_of(number(&row["per_day"]), 21.0);
        assert_eq!(units, whole(&row["N"]));
        close("curve", rate.at_least(10, units), number(&row["p_hit"]));
    }
}

#[test]
fn stages_in_a_row_are_one_rate_as_in_the_example() {
    for row in list(&vectors("planner")["multistage"]) {
        let stages = list(&row["stage_beta"]).iter();
        let stages: Vec<Beta> = stages.map(|stage| beta(&stage[0], &stage[1])).collect();
        let product = plan::stages(&stages).unwrap();
        close("mean", product.mean(), number(&row["product_mean"]));
        close("variance", product.variance(), number(&row["product_var"]));
        // These follow from a difference of nearly equal numbers, and keep fewer digits.
        let near = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-9, "{got} {want}");
        near(product.a, number(&row["beta_a"]));
        near(product.b, number(&row["beta_b"]));
        let (goal, chance) = (whole(&row["G"]), number(&row["prob"]));
        let belief = Belief::Likely(product);
        assert_eq!(belief.needed(goal, chance), Some(whole(&row["N"])));
        let hit = belief.at_least(goal, whole(&row["N"]));
        close("chance", hit, number(&row["p_hit"]));
    }
}

#[test]
fn a_groups_rates_are_shrunk_as_in_the_example() {
    let example = &vectors("proportion")["eb_example"];
    let board = list(&example["board"]);
    let members: Vec<Rate> = board.iter().map(|row| rate(&row["k"], &row["n"])).collect();
    let prior = Prior::of(&members).unwrap();
    close("mean", prior.mean, number(&example["fit"]["m"]));
    // A maximum is known to half the digits of the function whose maximum it is.
    let strength = number(&example["fit"]["M"]);
    assert!((prior.strength / strength - 1.0).abs() < 1e-6, "{prior:?}");
    let exact = Prior { strength, ..prior };
    for row in board {
        let prior = exact.beta(f64::INFINITY).unwrap();
        let own = rate(&row["k"], &row["n"]);
        let shrunk = Beta {
            a: prior.a + own.k as f64,
            b: prior.b + (own.n - own.k) as f64,
        };
        let what = row["rep"].as_str().unwrap();
        close(what, shrunk.a, number(&row["a"]));
        close(what, shrunk.mean(), number(&row["post_mean"]));
        close(what, shrunk.quantile(0.05), number(&row["post_p05"]));
        close(what, shrunk.quantile(0.95), number(&row["post_p95"]));
    }
}

fn is_difference(what: &str, got: Option<Difference>, want: &Value, value: &str, band: [&str; 2]) {
    let got = got.expect(what);
    close(what, got.value, number(&want[value]));
    close_band(what, Some((got.low, got.high)), {
        Some((number(&want[band[0]]), number(&want[band[1]])))
    });
}

#[test]
fn differences_of_shares_are_those_of_the_examples() {
    let proportion = vectors("proportion");
    let attribution = vectors("attribution");
    let rows = list(&proportion["newcombe"]).iter();
    let rows = rows.map(|row| (row, ["diff", "lo", "hi"]));
    let resonance = list(&attribution["resonance"]).iter();
    let resonance = resonance.map(|row| (row, ["diff", "diff_lo", "diff_hi"]));
    for (row, [value, low, high]) in rows.chain(resonance) {
        let one = rate(&row["k1"], &row["n1"]);
        let other = rate(&row["k2"], &row["n2"]);
        let got = newcombe(one, other);
        is_difference("newcombe", got, row, value, [low, high]);
        for (rate, share, ci) in [(one, "rate1", "ci1"), (other, "rate2", "ci2")] {
            if let Some(want) = row.get(share) {
                close_option(share, rate.share(), want.as_f64());
                close_band(ci, rate.interval(), pair(&row[ci]));
            }
        }
        if let Some(verdict) = row.get("verdict") {
            let clear = got.and_then(Difference::clear);
            let word = match clear {
                Some(Ordering::Greater) => "higher",
                Some(_) => "lower",
                None => "no clear difference",
            };
            assert_eq!(verdict, word, "{row}");
        }
    }
}

#[test]
fn techniques_are_compared_as_in_the_example() {
    for row in list(&vectors("attribution")["stratified"]) {
        let stratum = |s: &Value| Stratum {
            these: rate(&s["k_trigger"], &s["n_trigger"]),
            others: rate(&s["k_cold"], &s["n_cold"]),
        };
        let strata: Vec<Stratum> = list(&row["strata"]).iter().map(stratum).collect();
        let got = Comparison::of(&strata);
        is_difference("crude", got.crude, &row["crude"], "diff", ["lo", "hi"]);
        let want = &row["mantel_haenszel"];
        is_difference("adjusted", got.adjusted, want, "rd", ["lo", "hi"]);
        let adjusted = got.adjusted.expect("a difference");
        let half_width = (adjusted.high - adjusted.low) / 2.0;
        close("standard error", half_width / Z, number(&want["se"]));
        assert_eq!(got.adjusted_n, 800);
    }
}

#[test]
fn credit_is_shared_as_in_the_examples() {
    for row in list(&vectors("attribution")["models"]) {
        let model = Model::from_word(row["model"].as_str().unwrap()).unwrap();
        let days: Vec<f64> = list(&row["days_before_outcome"])
            .iter()
            .map(number)
            .collect();
        let got = attribution::credits(model, &days);
        let want = list(&row["credit"]);
        assert_eq!(got.len(), want.len(), "{row}");
        for (got, want) in got.into_iter().zip(want) {
            close(model.word(), got, number(want));
        }
    }
}
