//! The figures of techniques as rows, for the page and for the file.

use super::Report;
use super::figures::{Line, Outcome, Technique};
use crate::activities;
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::rules::rates::{Difference, Rate};
use std::cmp::Ordering;

/// A smaller group is warming up: it gets no conclusion.
pub const LEAST: u64 = 10;

/// A technique's name; what has none is not said.
pub fn name(word: &str) -> &'static str {
    activities::Technique::from_word(word).map_or("Not said", activities::Technique::label)
}

/// The techniques with leads, by the lower end of the outcome's interval; small groups last.
pub fn ordered(report: &Report) -> Vec<(&str, &Technique)> {
    let techniques = report.figures.techniques.iter();
    let mut rows: Vec<(&str, &Technique)> = techniques
        .filter(|(_, technique)| technique.total.n > 0)
        .map(|(word, technique)| (word.as_str(), technique))
        .collect();
    rows.sort_by(|a, b| by_lower_end(&a.1.total, &b.1.total, report.filters.outcome));
    rows
}

/// The kinds of a technique, in the same order.
pub fn kinds<'r>(report: &'r Report, technique: &'r Technique) -> Vec<(&'r str, &'r Line)> {
    let kinds = technique.kinds.iter();
    let mut rows: Vec<(&str, &Line)> = kinds
        .map(|(id, line)| (report.lists.kind(*id).map_or("", |kind| &kind.name), line))
        .collect();
    rows.sort_by(|a, b| by_lower_end(a.1, b.1, report.filters.outcome));
    rows
}

fn by_lower_end(a: &Line, b: &Line, outcome: Outcome) -> Ordering {
    let low = |line: &Line| line.rate(outcome).interval().map_or(-1.0, |(low, _)| low);
    let is_small = |line: &Line| line.n < LEAST;
    is_small(a)
        .cmp(&is_small(b))
        .then(low(b).total_cmp(&low(a)))
}

const HEADER: &[&str] = &[
    "technique",
    "kind",
    "leads",
    "reached",
    "reached_share",
    "reached_low",
    "reached_high",
    "booked",
    "booked_share",
    "booked_low",
    "booked_high",
    "held",
    "held_share",
    "held_low",
    "held_high",
    "won",
    "won_share",
    "won_low",
    "won_high",
    "crude_difference",
    "crude_low",
    "crude_high",
    "adjusted_difference",
    "adjusted_low",
    "adjusted_high",
    "adjusted_leads",
    "first_touch_credit",
    "last_touch_credit",
];

/// One line for each technique, with its difference from cold, and one for each of its kinds.
pub fn csv(report: &Report) -> Result<String> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (word, technique) in ordered(report) {
        let mut row = line(word, "", &technique.total);
        let comparison = technique.comparison;
        row.extend(difference(comparison.and_then(|c| c.crude)));
        row.extend(difference(comparison.and_then(|c| c.adjusted)));
        let counted = comparison.map(|c| c.adjusted_n as f64);
        row.push(Cell::number(counted));
        row.push(Cell::number(Some(technique.first_credit)));
        row.push(Cell::number(Some(technique.last_credit)));
        rows.push(row);
        for (kind, of_kind) in kinds(report, technique) {
            let mut row = line(word, kind, of_kind);
            row.extend((row.len()..HEADER.len()).map(|_| Cell::number(None)));
            rows.push(row);
        }
    }
    csv_out::table(HEADER, rows)
}

fn line(word: &str, kind: &str, line: &Line) -> Vec<Cell> {
    let mut row = vec![
        Cell::from(word),
        Cell::from(kind),
        Cell::count(line.n as i64),
    ];
    for outcome in Outcome::ALL {
        let rate: Rate = line.rate(*outcome);
        let (low, high) = rate.interval().unzip();
        row.push(Cell::count(rate.k as i64));
        row.extend([rate.share(), low, high].map(Cell::number));
    }
    row
}

fn difference(difference: Option<Difference>) -> [Cell; 3] {
    [
        difference.map(|d| d.value),
        difference.map(|d| d.low),
        difference.map(|d| d.high),
    ]
    .map(Cell::number)
}
