//! The report of habits as plain tables: CSV for programs, aligned text for people at a terminal.

use super::lately::Lately;
use super::report::{By, HabitRow, Habits};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page::{self, DASH};
use crate::rules::habit::Course;
use crate::rules::rates::Rate;
use crate::text_out;

/// The columns of a row.
const HEADER: [&str; 17] = [
    "email",
    "name",
    "team",
    "expected",
    "hit",
    "missed",
    "neutral",
    "strength",
    "streak",
    "best",
    "freezes",
    "consistency_hit",
    "consistency_of",
    "consistency_partial",
    "weeks_strength",
    "weeks_streak",
    "weeks_best",
];

/// What is filed of a person's last weeks, where it was asked for.
const LATELY: [&str; 2] = ["course", "improvement"];

impl Habits {
    /// The report as CSV, a column for each key of a row.
    pub fn csv(&self) -> Result<String> {
        let lately: &[&str] = if self.has_lately() { &LATELY } else { &[] };
        let header = [&HEADER[..], lately].concat();
        csv_out::table(&header, self.rows.iter().map(HabitRow::cells))
    }

    /// Whether it says how people's last weeks went.
    fn has_lately(&self) -> bool {
        self.by == By::Person && self.rows.iter().any(|row| row.lately.is_some())
    }

    /// The report for people at a terminal.
    pub fn text(&self) -> String {
        let share = |share: Option<f64>| share.map_or(DASH.to_owned(), page::percent);
        let count = |count: Option<u32>| count.map_or(DASH.to_owned(), |count| count.to_string());
        let rows = self.rows.iter().map(|row| {
            let weeks = row.weeks.clone().unwrap_or_default();
            let of_days = |days: u32| match row.expected {
                0 => DASH.to_owned(),
                _ => days.to_string(),
            };
            vec![
                page::group_name(&row.name).to_owned(),
                of_days(row.hit),
                of_days(row.missed),
                row.neutral.to_string(),
                share(row.strength),
                count(row.streak),
                count(row.best),
                count(row.freezes),
                row.consistency_words(),
                share(weeks.strength),
                count(weeks.streak),
            ]
            .into_iter()
            .chain(row.lately.map(lately_words).into_iter().flatten())
            .collect()
        });
        let lately: &[&str] = match self.has_lately() {
            true => &["Course", "Since eight weeks, all targets together"],
            false => &[],
        };
        let header = [
            "Name",
            "Hit",
            "Missed",
            "Neutral",
            "Strength",
            "In a row",
            "Best",
            "Freezes",
            "Consistency",
            "Of weeks",
            "In a row",
        ];
        let table = text_out::aligned(&[&header[..], lately].concat(), rows);
        match page::late(self.late_rate(), "activities") {
            nothing if nothing.is_empty() => table,
            late => format!("{table}{late}\n"),
        }
    }

    /// Of the activities, those that were entered late.
    pub fn late_rate(&self) -> Rate {
        Rate {
            k: self.late,
            n: self.activities,
        }
    }
}

impl HabitRow {
    fn cells(&self) -> Vec<Cell> {
        let number = |count: Option<u32>| Cell::number(count.map(f64::from));
        let weeks = self.weeks.clone().unwrap_or_default();
        let mut cells = vec![
            Cell::from(self.email.as_str()),
            Cell::from(self.name.as_str()),
            Cell::from(self.team.as_str()),
            Cell::count(self.expected.into()),
            Cell::count(self.hit.into()),
            Cell::count(self.missed.into()),
            Cell::count(self.neutral.into()),
            Cell::number(self.strength),
            number(self.streak),
            number(self.best),
            number(self.freezes),
            Cell::count(self.consistency_hit as i64),
            Cell::count(self.consistency_of as i64),
            Cell::number(self.consistency_partial),
            Cell::number(weeks.strength),
            number(weeks.streak),
            number(weeks.best),
        ];
        if let Some(lately) = self.lately {
            cells.push(Cell::from(lately.course.map_or("", Course::word)));
            cells.push(Cell::number(lately.improvement));
        }
        cells
    }
}

/// How somebody's last weeks went, and how much they improved.
fn lately_words(lately: Lately) -> [String; 2] {
    let improvement = lately.improvement.map(page::points);
    [
        lately
            .course
            .map_or("Not in a team", Course::label)
            .to_owned(),
        improvement.map_or(DASH.to_owned(), |points| points.replace('-', "\u{2212}")),
    ]
}
