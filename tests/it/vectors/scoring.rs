//! The points of the lead score, and the score fitted to outcomes.

use super::{close, list, number, vectors};
use touchline::rules::fitted::{Model, is_enough};
use touchline::rules::lead_score::{
    BehaviourRule, HALF_LIFE_DAYS, Happened, Rules, Traits, decayed, total,
};
use touchline::rules::profile::Profile;
use touchline::rules::wait::Urgency;
use touchline::value::Instant;

#[test]
fn points_fade_and_add_up_to_a_score() {
    let now = Instant(0).plus_seconds(1_000 * 86_400);
    for row in list(&vectors("scoring")["points"]) {
        close("half-life", HALF_LIFE_DAYS, number(&row["half_life_days"]));
        let events: Vec<(f64, f64)> = list(&row["events"])
            .iter()
            .map(|event| (number(&event["points"]), number(&event["days_ago"])))
            .collect();
        let all = events.iter().map(|(points, days)| decayed(*points, *days));
        let all: f64 = all.sum();
        close("behaviour", all, number(&row["behaviour"]));
        let fit = number(&row["fit"]);
        close("total", total(fit, all), number(&row["total_capped_100"]));

        // Events of the same points are of one rule.
        let mut rules = Rules::default();
        let mut happened = Vec::new();
        for (points, days) in &events {
            let known = rules.behaviour.iter().find(|rule| rule.points == *points);
            let kind_id = known.map_or(rules.behaviour.len() as i64, |rule| rule.kind_id);
            if known.is_none() {
                let points = *points;
                rules.behaviour.push(BehaviourRule { kind_id, points });
            }
            let at = now.plus_seconds(-(*days as i64) * 86_400);
            happened.push(Happened { kind_id, at });
        }
        let profile = Profile::default();
        let traits = Traits {
            profile: &profile,
            title: "",
            source: "",
            campaign: "",
            urgency: Urgency::Warm,
        };
        let newest = rules.score(&traits, &happened, now).behaviour_points();
        close(
            "the five newest",
            newest,
            number(&row["behaviour_top5_only"]),
        );
    }
}

#[test]
fn a_fitted_score_has_the_weights_and_chances_of_the_example() {
    let example = &vectors("scoring")["logistic_ridge"];
    let numbers = |value| list(value).iter().map(number).collect::<Vec<f64>>();
    let xs: Vec<Vec<f64>> = list(&example["X"]).iter().map(numbers).collect();
    let ys: Vec<bool> = list(&example["y"])
        .iter()
        .map(|y| number(y) == 1.0)
        .collect();
    let model = Model::fit(&xs, &ys, number(&example["lambda_"])).expect("a model");
    close("intercept", model.intercept, number(&example["intercept"]));
    for (got, want) in model.weights.iter().zip(list(&example["coef"])) {
        close("weight", *got, number(want));
    }
    for (x, want) in xs.iter().zip(list(&example["p"])) {
        close("chance", model.chance(x), number(want));
    }
}

#[test]
fn a_score_is_fitted_only_to_as_many_outcomes_as_the_examples_ask_for() {
    for row in list(&vectors("scoring")["minimum_data"]) {
        let [won, lost, parameters] =
            ["won", "lost", "params"].map(|key| row[key].as_u64().expect("a count"));
        assert_eq!(row["ok"], is_enough(won, lost, parameters), "{row}");
    }
}
