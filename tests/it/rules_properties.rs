//! What the rules promise for any input: survival, stages, targets, ranks, plans.

mod estimates;
mod plans;
mod watch;

use chrono::{Datelike, Days, NaiveDate};
use proptest::{collection::vec, prelude::*, sample::select};
use touchline::rules::{
    rank::ranked,
    rates::wilson,
    stage::{self, EventKind, Happening, Stage, Touch},
    survival::{End, Obs, Observed},
    target::{self, DayShare, Metric, Period, TargetRow, Weekdays},
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

// ---- Survival ----

/// Few distinct times, so that ties of every sort are common.
fn observations() -> impl Strategy<Value = Vec<Obs>> {
    let end = select(vec![End::Event, End::Closed, End::Open]);
    let one = (0..30u32, end).prop_map(|(t, end)| Obs {
        t_s: f64::from(t),
        end,
    });
    vec(one, 1..80)
}

fn times() -> impl Iterator<Item = f64> {
    (0..62).map(|half| f64::from(half) / 2.0)
}

/// The variance as section 3.1 writes it, summed anew.
fn variance_by_definition(obs: &[Obs], cause: End, t_s: f64) -> f64 {
    let observed = Observed::new(obs).competing();
    let f = |t: f64| match cause {
        End::Event => observed.at(t).event.value,
        _ => observed.at(t).closed.value,
    };
    let mut s = 1.0;
    let mut sum = 0.0;
    for step in observed.steps.iter().filter(|step| step.t_s <= t_s) {
        let at = |end| {
            obs.iter()
                .filter(|o| o.t_s == step.t_s && o.end == end)
                .count() as f64
        };
        let n = obs.iter().filter(|o| o.t_s >= step.t_s).count() as f64;
        let (d, d_k) = (at(End::Event) + at(End::Closed), at(cause));
        let lag = f(t_s) - f(step.t_s);
        if d < n {
            sum += lag * lag * d / (n * (n - d));
        }
        sum += s * s * d_k * (n - d_k) / n.powi(3) - 2.0 * lag * s * d_k / (n * n);
        s = step.waiting;
    }
    sum
}

proptest! {
    #[test]
    fn the_share_still_untouched_never_rises(obs in observations()) {
        let curve = Observed::new(&obs).curve();
        let shares: Vec<f64> = times().map(|t| curve.at(t).value).collect();
        prop_assert!(shares.windows(2).all(|pair| pair[1] <= pair[0]));
        prop_assert!(shares.iter().all(|s| (0.0..=1.0).contains(s)));
    }

    #[test]
    fn with_nobody_waiting_or_closed_a_share_is_a_plain_count(obs in observations()) {
        let all: Vec<Obs> = obs.iter().map(|o| Obs { end: End::Event, ..*o }).collect();
        let observed = Observed::new(&all);
        for t in times() {
            let done = all.iter().filter(|o| o.t_s <= t).count() as f64 / all.len() as f64;
            prop_assert!((observed.curve().at(t).complement().value - done).abs() < 1e-9);
            prop_assert!((observed.competing().at(t).event.value - done).abs() < 1e-9);
        }
    }

    #[test]
    fn touched_closed_and_waiting_are_everybody(obs in observations()) {
        let observed = Observed::new(&obs);
        for t in times() {
            let shares = observed.competing().at(t);
            let sum = shares.event.value + shares.closed.value + shares.waiting;
            prop_assert!((sum - 1.0).abs() < 1e-12);
            let km = observed.curve().at(t).complement().value;
            prop_assert!(km >= shares.event.value - 1e-12);
        }
    }

    #[test]
    fn who_waits_has_the_band_of_a_plain_share_where_nobody_was_lost_from_sight(obs in observations()) {
        let all_end: Vec<Obs> = obs.iter().map(|o| match o.end {
            End::Open => Obs { t_s: 1e6, end: End::Open },
            _ => *o,
        }).collect();
        let (n, competing) = (obs.len() as f64, Observed::new(&all_end).competing());
        let either: Vec<Obs> = all_end.iter().map(|o| match o.end {
            End::Closed => Obs { end: End::Event, ..*o },
            _ => *o,
        }).collect();
        let either = Observed::new(&either).curve();
        for t in times() {
            let shares = competing.at(t);
            let still = all_end.iter().filter(|o| o.t_s > t).count() as f64;
            prop_assert!((shares.waiting - still / n).abs() < 1e-9);
            // Greenwood's variance of a plain share is p(1 - p)/n.
            if still > 0.0 {
                let variance = shares.waiting * shares.waiting * shares.greenwood;
                prop_assert!((variance - shares.waiting * (1.0 - shares.waiting) / n).abs() < 1e-9);
            }
            let known = either.at(t).band;
            prop_assert_eq!(shares.waiting_band().is_some(), known.is_some());
            if let (Some(one), Some(other)) = (shares.waiting_band(), known) {
                prop_assert!((one.0 - other.0).abs() < 1e-9 && (one.1 - other.1).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_band_holds_its_estimate(obs in observations(), k in 0..50u64, more in 0..50u64) {
        let observed = Observed::new(&obs);
        let (curve, competing) = (observed.curve(), observed.competing());
        for t in times() {
            let (s, shares) = (curve.at(t), competing.at(t));
            let causes = [shares.event, shares.closed].map(|cause| (cause.value, cause.band()));
            let waiting = (shares.waiting, shares.waiting_band());
            for (value, band) in causes.into_iter().chain([waiting, (s.value, s.band)]) {
                if let Some((low, high)) = band {
                    prop_assert!(0.0 <= low && low <= value && value <= high && high <= 1.0);
                }
            }
        }
        for p in [0.1, 0.5, 0.9] {
            let quantile = curve.quantile(p);
            if let (Some(value), Some(low)) = (quantile.value_s, quantile.low_s) {
                prop_assert!(low <= value);
            }
            if let Some(high) = quantile.high_s {
                prop_assert!(quantile.value_s.is_some_and(|value| value <= high));
            }
        }
        let (n, (low, high)) = (k + more, wilson(k, k + more));
        let share = if n == 0 { 0.5 } else { k as f64 / n as f64 };
        prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
    }

    #[test]
    fn the_order_of_the_leads_does_not_matter(obs in observations(), turn in 0..80usize) {
        let mut turned = obs.clone();
        turned.rotate_left(turn % obs.len());
        turned.reverse();
        let (one, other) = (Observed::new(&obs), Observed::new(&turned));
        prop_assert_eq!(format!("{:?}", one.curve()), format!("{:?}", other.curve()));
        prop_assert_eq!(format!("{:?}", one.competing()), format!("{:?}", other.competing()));
    }

    #[test]
    fn the_running_variance_is_the_written_one(obs in observations(), t in 0..31u32) {
        let t_s = f64::from(t);
        let shares = Observed::new(&obs).competing().at(t_s);
        for (cause, share) in [(End::Event, shares.event), (End::Closed, shares.closed)] {
            let want = variance_by_definition(&obs, cause, t_s);
            prop_assert!((share.variance - want).abs() < 1e-12, "{} {want}", share.variance);
        }
    }
}

// ---- Stages, targets, ranks ----

fn touch() -> impl Strategy<Value = Touch> {
    any::<[bool; 3]>().prop_map(|[attempt, reached, meeting_booked]| Touch {
        attempt,
        reached,
        meeting_booked,
    })
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        select(EventKind::ALL).prop_map(Happening::Event),
        touch().prop_map(Happening::Touch),
    ]
}

fn target_row() -> impl Strategy<Value = TargetRow> {
    let metric = select(vec![Metric::Activities, Metric::Kind("Call".to_string())]);
    let period = select(Period::ALL);
    (metric, 0..40u32, period, 0..20u64, any::<bool>()).prop_map(
        |(metric, amount, period, day, personal)| TargetRow {
            id: 0,
            metric,
            amount: f64::from(amount),
            period,
            weekdays: Weekdays::ALL,
            valid_from: date("2026-03-01") + Days::new(day),
            personal,
        },
    )
}

proptest! {
    #[test]
    fn an_activity_never_moves_a_lead_back_or_out_of_an_end(
        before in select(Stage::ALL),
        touches in vec(touch(), 0..6),
    ) {
        let history = touches.into_iter().map(Happening::Touch);
        let after = stage::fold(before, history);
        prop_assert!(after >= before);
        prop_assert_eq!(before.is_closed(), after.is_closed());
        prop_assert!(before.is_open() || after == before);
    }

    #[test]
    fn only_a_new_hand_over_opens_a_lead_again(
        end in select(Stage::ALL),
        history in vec(happening(), 0..8),
    ) {
        let reopens = history.contains(&Happening::Event(EventKind::HandedOver));
        let after = stage::fold(end, history);
        prop_assert!(end.is_open() || reopens || after.is_closed());
    }

    #[test]
    fn the_target_in_force_does_not_depend_on_the_order_of_the_ledger(
        mut rows in vec(target_row(), 1..12),
        day in 0..25u64,
        period in select(Period::ALL),
    ) {
        for (id, row) in rows.iter_mut().enumerate() {
            row.id = id as i64;
        }
        let day = date("2026-02-27") + Days::new(day);
        let in_force = |rows: &[TargetRow]| {
            target::in_force(rows, &Metric::Activities, period, day).cloned()
        };
        let forward = in_force(&rows);
        rows.reverse();
        prop_assert_eq!(&forward, &in_force(&rows));
        if let Some(row) = forward {
            let beats = |other: &TargetRow| {
                other.personal == row.personal
                    && other.metric == row.metric
                    && other.period == period
                    && (row.valid_from..=day).contains(&other.valid_from)
                    && (other.valid_from, other.id) > (row.valid_from, row.id)
            };
            prop_assert!(row.valid_from <= day && !rows.iter().any(beats));
        }
    }

    #[test]
    fn a_target_over_days_is_the_sum_of_its_parts(
        rows in vec(target_row(), 1..6),
        split in 0..20u64,
        off in 0..20u64,
    ) {
        let (from, to) = (date("2026-03-02"), date("2026-03-25"));
        let share = |day: NaiveDate| {
            let scheduled = if day.weekday().num_days_from_monday() < 5 { 1.0 } else { 0.0 };
            let away = day == from + Days::new(off);
            DayShare { fraction: if away { 0.0 } else { scheduled }, scheduled }
        };
        let over = |from, to| target::over(&rows, &Metric::Activities, from, to, share);
        let middle = from + Days::new(split);
        let parts = [over(from, middle), over(middle + Days::new(1), to)];
        let sum: f64 = parts.into_iter().flatten().sum();
        prop_assert!((over(from, to).unwrap_or(0.0) - sum).abs() < 1e-9);
    }

    #[test]
    fn a_place_is_one_more_than_the_number_of_better_rows(
        values in vec(proptest::option::of(0..6i32), 0..12),
    ) {
        let rows: Vec<_> = values.iter().copied().enumerate().collect();
        let board = ranked(rows, |(_, value)| value.map(f64::from), |(name, _)| *name);
        prop_assert_eq!(board.len(), values.len());
        for (place, (_, value)) in &board {
            let better = values.iter().flatten().filter(|other| Some(**other) > *value).count();
            prop_assert_eq!(*place, value.map(|_| better + 1));
        }
        let key = |row: &(Option<usize>, (usize, Option<i32>))| (row.0.unwrap_or(99), row.1.0);
        prop_assert!(board.is_sorted_by_key(key));
    }
}
