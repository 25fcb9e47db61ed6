//! Properties of what is odd in a log.

use proptest::prelude::*;
use touchline::rules::watch::{
    ALIKE_LEADS, BURST_OVER, BURST_S, alike, alike_known, burst_known, bursts,
};
use touchline::value::Instant;

fn instants(mut seconds: Vec<i64>) -> Vec<Instant> {
    seconds.sort_unstable();
    seconds
        .into_iter()
        .map(|s| Instant(0).plus_seconds(s))
        .collect()
}

proptest! {
    /// A touch is in a burst where some ten minutes hold it and more than twenty of them, and nowhere else.
    #[test]
    fn bursts_hold_just_the_touches_that_more_than_twenty_surround(
        seconds in prop::collection::vec(0i64..4_000, 0..90)
    ) {
        let times = instants(seconds);
        let found = bursts(&times);
        for pair in found.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        for (at, _) in times.iter().enumerate() {
            let windows = (0..=at).filter(|start| {
                let last = times[*start].plus_seconds(BURST_S);
                let inside = times[*start..].iter().filter(|t| **t <= last).count();
                inside > BURST_OVER && times[at] <= last
            });
            let is_in = found.iter().any(|range| range.contains(&at));
            prop_assert_eq!(is_in, windows.count() > 0, "{}", at);
        }
    }

    /// The day on which a sign could be known stays, whatever is added later.
    #[test]
    fn what_is_added_later_does_not_put_off_when_a_sign_was_known(
        touches in prop::collection::vec((0i64..900, 0i64..5_000, 0i64..7), 0..60),
        later in prop::collection::vec((0i64..900, 0i64..7), 0..20),
    ) {
        let at = |s: i64| Instant(0).plus_seconds(s);
        let mut all = touches.clone();
        all.extend(later.iter().map(|(happened, lead)| (*happened, 5_000, *lead)));
        let burst = |touches: &[(i64, i64, i64)]| {
            let mut pairs: Vec<_> = touches.iter().map(|(h, k, _)| (at(*h), at(*k))).collect();
            pairs.sort_unstable();
            burst_known(&pairs)
        };
        let alike = |touches: &[(i64, i64, i64)]| {
            let pairs: Vec<_> = touches.iter().map(|(_, k, lead)| (*lead, at(*k))).collect();
            alike_known(&pairs)
        };
        if let Some(known) = burst(&touches) {
            prop_assert_eq!(burst(&all), Some(known));
        }
        if let Some(known) = alike(&touches) {
            prop_assert_eq!(alike(&all), Some(known));
        }
    }

    /// The order in which notes come changes nothing but their places.
    #[test]
    fn notes_alike_do_not_depend_on_their_order(
        notes in prop::collection::vec((0i64..8, 0usize..3), 0..40)
    ) {
        const WORDS: [&str; 3] = ["asked for the price", "Has a new site", "will call back soon"];
        let given: Vec<(i64, &str)> = notes.iter().map(|(lead, at)| (*lead, WORDS[*at])).collect();
        let turned: Vec<(i64, &str)> = given.iter().rev().copied().collect();
        let counts = |found: Vec<(String, Vec<usize>)>| {
            found.into_iter().map(|(words, at)| (words, at.len())).collect::<Vec<_>>()
        };
        let found = alike(&given);
        for (_, places) in &found {
            let leads: std::collections::BTreeSet<i64> =
                places.iter().map(|at| given[*at].0).collect();
            prop_assert!(leads.len() >= ALIKE_LEADS);
        }
        prop_assert_eq!(counts(found), counts(alike(&turned)));
    }
}
