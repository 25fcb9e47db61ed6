//! The report of habits as plain tables: CSV for programs, aligned text for people at a terminal.

use super::report::{HabitRow, Habits};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page::{self, DASH};
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

impl Habits {
    /// The report as CSV, a column for each key of a row.
    pub fn csv(&self) -> Result<String> {
        self.csv_with(&[], |_| Vec::new())
    }

    /// The same with further columns, of which `cells` gives those of a row.
    pub fn csv_with(
        &self,
        columns: &[&str],
        cells: impl Fn(&HabitRow) -> Vec<Cell>,
    ) -> Result<String> {
        let header = [&HEADER[..], columns].concat();
        let row = |row: &HabitRow| {
            row.cells()
                .into_iter()
                .chain(cells(row))
                .collect::<Vec<Cell>>()
        };
        csv_out::table(&header, self.rows.iter().map(row))
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
        });
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
        let table = text_out::aligned(&header, rows);
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
        vec![
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
        ]
    }
}
