//! What the rules of the habit promise for any history.

use chrono::{Days, NaiveDate};
use proptest::{collection::vec, prelude::*, sample::select};
use touchline::rules::habit::{Consistency, Part, Rhythm, Standing, State, Verdict};
use touchline::rules::target::{self, Metric, Period, TargetRow, Weekdays};

/// Nobody counts for more of the team's goal than this share of their own target (METRICS.md 4.2).
const TEAM_CAP: f64 = 1.25;

fn verdict() -> impl Strategy<Value = Verdict> {
    let part = (0..30u32, select(vec![0.0, 10.0, 20.0]));
    let part = part.prop_map(|(points, target)| Part {
        points: f64::from(points),
        target,
    });
    (vec(part, 0..3), any::<bool>()).prop_map(|(parts, is_over)| Verdict::of(parts, is_over))
}

fn rhythm() -> impl Strategy<Value = Rhythm> {
    select(vec![Rhythm::of_days(), Rhythm::of_weeks()])
}

fn after(rhythm: &Rhythm, start: Standing, verdicts: &[Verdict]) -> Standing {
    let mut standing = start;
    for verdict in verdicts {
        standing.add(rhythm, *verdict);
    }
    standing
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn row(id: i64, amount: u32, from: u64, personal: bool) -> TargetRow {
    TargetRow {
        id,
        metric: Metric::Activities,
        amount: f64::from(amount),
        period: Period::Day,
        weekdays: Weekdays::ALL,
        valid_from: date("2026-03-02") + Days::new(from),
        personal,
    }
}

/// The verdicts of four weeks in which somebody does eleven a day.
fn four_weeks(rows: &[TargetRow]) -> Vec<Verdict> {
    let days = date("2026-03-02").iter_days().take(28);
    let of_day = |day| {
        let row = target::in_force(rows, &Metric::Activities, Period::Day, day);
        let part = row.map(|row| Part {
            points: 11.0,
            target: row.for_day(day, 1.0),
        });
        Verdict::of(part, true)
    };
    days.map(of_day).collect()
}

proptest! {
    #[test]
    fn a_neutral_day_put_in_anywhere_changes_nothing(
        rhythm in rhythm(),
        mut history in vec(verdict(), 0..80),
        at in 0..80usize,
        days in 1..9usize,
    ) {
        let before = after(&rhythm, Standing::default(), &history);
        let consistency = Consistency::of(history.iter().rev());
        let at = at.min(history.len());
        history.splice(at..at, std::iter::repeat_n(Verdict::NEUTRAL, days));
        prop_assert_eq!(after(&rhythm, Standing::default(), &history), before);
        prop_assert_eq!(Consistency::of(history.iter().rev()), consistency);
    }

    #[test]
    fn strength_and_attainment_are_shares_and_only_so_many_freezes_are_held(
        rhythm in rhythm(),
        history in vec(verdict(), 0..120),
    ) {
        let mut standing = Standing::default();
        for verdict in history {
            standing.add(&rhythm, verdict);
            prop_assert!((0.0..=1.0).contains(&standing.strength));
            prop_assert!(verdict.attainment.is_none_or(|a| (0.0..=1.0).contains(&a)));
            prop_assert!(standing.freezes <= rhythm.freeze_most);
            prop_assert!(standing.towards < rhythm.freeze_every);
            prop_assert!(standing.streak <= standing.best && standing.best <= standing.expected);
        }
    }

    #[test]
    fn to_replay_all_history_is_to_go_on_from_any_day_of_it(
        rhythm in rhythm(),
        history in vec(verdict(), 0..120),
        at in 0..120usize,
    ) {
        let (known, new) = history.split_at(at.min(history.len()));
        let start = after(&rhythm, Standing::default(), known);
        let whole = after(&rhythm, Standing::default(), &history);
        prop_assert_eq!(after(&rhythm, start, new), whole);
    }

    #[test]
    fn a_target_set_later_changes_no_earlier_day(
        rows in vec((0..20u32, 0..28u64, any::<bool>()), 0..6),
        new in (0..20u32, 0..28u64),
    ) {
        let mut rows: Vec<TargetRow> = rows
            .into_iter()
            .zip(1..)
            .map(|((amount, from, personal), id)| row(id, amount, from, personal))
            .collect();
        let before = four_weeks(&rows);
        let (amount, from) = new;
        rows.push(row(99, amount, from, true));
        let now = four_weeks(&rows);
        prop_assert_eq!(&now[..from as usize], &before[..from as usize]);
    }

    #[test]
    fn a_day_is_hit_only_where_each_of_its_targets_is(
        parts in vec((0..30u32, 0..30u32), 0..5),
        is_over in any::<bool>(),
    ) {
        let parts: Vec<Part> = parts
            .into_iter()
            .map(|(points, target)| Part { points: f64::from(points), target: f64::from(target) })
            .collect();
        let verdict = Verdict::of(parts.iter().copied(), is_over);
        let asked: Vec<_> = parts.iter().filter(|part| part.target > 0.0).collect();
        let all_met = asked.iter().all(|part| part.points >= part.target);
        let state = match (asked.is_empty(), all_met, is_over) {
            (true, ..) => State::Neutral,
            (false, true, _) => State::Hit,
            (false, false, true) => State::Missed,
            (false, false, false) => State::Pending,
        };
        prop_assert_eq!(verdict.state, state);
        prop_assert_eq!(verdict.attainment.is_none(), asked.is_empty());
    }

    #[test]
    fn nobody_brings_a_team_more_than_a_quarter_above_their_own_target(
        others in vec((0..50u32, 1..50u32), 0..6),
        points in 0..5_000u32,
        target in 1..50u32,
    ) {
        let part = |(points, target): (u32, u32)| Part {
            points: f64::from(points),
            target: f64::from(target),
        };
        let team = |hero: Option<Part>| {
            touchline::rules::habit::team_goal(others.iter().copied().map(part).chain(hero))
        };
        let (without, with) = (team(None), team(Some(part((points, target)))));
        let share = (with.points - without.points) / f64::from(target);
        prop_assert!(share <= TEAM_CAP + 1e-9);
        prop_assert!((with.target - without.target - f64::from(target)).abs() < 1e-9);
    }
}
