//! The card's pictures and the table with the same figures.

use super::beside::Beside;
use super::figures::day_words;
use super::page::DaysOfWeek;
use crate::calendar::WEEKDAYS;
use crate::charts::heat_map::{self, HeatMap, Mark, Square};
use crate::charts::line::{Axes, Scale};
use crate::charts::{Plot, Tick};
use crate::habit::{Day, Habit};
use crate::page;
use crate::rules::day;
use crate::rules::habit::{State, Verdict};
use chrono::{Datelike, NaiveDate};

fn mark(verdict: &Verdict) -> Mark {
    match (verdict.state, verdict.attainment) {
        (State::Hit, _) => Mark::Full,
        (State::Missed, Some(part)) if part > 0.0 => Mark::Part(part),
        (State::Missed, _) => Mark::Crossed,
        (State::Neutral, _) => Mark::Dot,
        (State::Pending, _) => Mark::Dashed,
    }
}

/// The last year as squares.
pub fn year(habit: &Habit, beside: &Beside) -> HeatMap {
    let title = |day: &Day| format!("{}: {}", page::day(day.day), day_words(day, beside));
    let squares = habit
        .days()
        .map(|day| (day.day, mark(&day.verdict), title(day)));
    let count = |state: State| {
        habit
            .days()
            .filter(|day| day.verdict.state == state)
            .count()
    };
    HeatMap {
        label: "The last year, day by day".to_owned(),
        about: format!(
            "{} days hit, {} not or partly met, {} on which nothing was asked. The table below says each.",
            count(State::Hit),
            count(State::Missed),
            count(State::Neutral),
        ),
        ..HeatMap::new(squares)
    }
}

/// What the squares mean.
pub fn samples() -> Vec<Square> {
    let verdict = |state, attainment| Verdict { state, attainment };
    let all = [
        verdict(State::Hit, Some(1.0)),
        verdict(State::Missed, Some(0.5)),
        verdict(State::Missed, Some(0.0)),
        verdict(State::Neutral, None),
        verdict(State::Pending, Some(0.0)),
    ];
    all.iter()
        .map(|verdict| heat_map::sample(mark(verdict), verdict.label()))
        .collect()
}

/// The same days as a table, the newest week first; without the weeks before the first target. `way` gives what explains
/// the days hit in the week of a Monday.
pub fn table(habit: &Habit, beside: &Beside, way: &dyn Fn(NaiveDate) -> String) -> Vec<DaysOfWeek> {
    let mut weeks: Vec<DaysOfWeek> = Vec::new();
    let mut monday = None;
    let begins = day::week_of(habit.begins());
    for day in habit.days().filter(|day| begins <= day.day) {
        let of = day::week_of(day.day);
        if monday != Some(of) {
            monday = Some(of);
            weeks.push(DaysOfWeek {
                name: page::day(of),
                hit: None,
                href: way(of),
                days: Vec::new(),
            });
        }
        let weekday = day.day.weekday().num_days_from_monday() as usize;
        if let (Some(week), Some(name)) = (weeks.last_mut(), WEEKDAYS.get(weekday)) {
            week.days.push((*name, day_words(day, beside)));
        }
        if let (Some(week), true) = (weeks.last_mut(), day.verdict.is_expected()) {
            let is_hit = day.verdict.state == State::Hit;
            week.hit = Some(week.hit.unwrap_or(0) + u32::from(is_hit));
        }
    }
    weeks.reverse();
    weeks
}

/// The strength after each day of the last year.
pub fn curve(habit: &Habit) -> Plot {
    let number = |day: NaiveDate| f64::from(day.num_days_from_ce());
    let points: Vec<(f64, f64)> = habit
        .days()
        .filter_map(|day| Some((number(day.day), day.strength?)))
        .collect();
    let (first, last) = match (points.first(), points.last()) {
        (Some(first), Some(last)) => (first.0, last.0),
        _ => (0.0, 0.0),
    };
    let axes = Axes::of_shares(Scale {
        from: first,
        to: last,
    });
    let now = points.last().map_or(0.0, |(_, strength)| *strength);
    let months = habit
        .days()
        .filter(|day| day.day.day() == 1 && first < number(day.day) && number(day.day) < last);
    let ticks: Vec<Tick> = months
        .map(|day| Tick {
            minor: !day.day.month0().is_multiple_of(3),
            ..axes.x_tick(number(day.day), day.day.format("%b").to_string())
        })
        .collect();
    let most = points
        .iter()
        .map(|(_, strength)| *strength)
        .fold(0.0, f64::max);
    Plot {
        label: "Strength over the last year".to_owned(),
        about: format!(
            "{} today, {} at its highest.",
            page::whole_percent(now),
            page::whole_percent(most)
        ),
        x: ticks,
        ..axes.plot(&[], &points)
    }
}
