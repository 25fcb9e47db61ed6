//! One row of a file: its cells as typed values, and what is wrong with them.

use super::columns::{Column, Layout};
use super::file::Table;
use super::report::{FileReport, Problem};
use crate::form::{read_currency, read_day, read_email, read_micros};
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};
use csv::StringRecord;

/// The longest cell that is taken, in characters.
const LONGEST: usize = 10_000;

/// What an instant looks like, for messages.
const AN_INSTANT: &str = "an instant such as 2026-03-31T09:30:00+02:00";
const A_DAY: &str = "a date such as 2026-03-31";
const AN_EMAIL: &str = "an e-mail address such as ana@example.com";

/// A file on its way in.
pub struct Incoming<'t> {
    pub table: &'t Table,
    pub layout: Layout,
    pub report: FileReport,
}

impl Incoming<'_> {
    pub fn column(&self, name: &'static str) -> Column {
        self.layout.column(name)
    }

    /// Reads each row by `read`, which gives nothing for a row with a problem; the problems go to the report.
    pub fn rows<T>(&mut self, zone: &Zone, mut read: impl FnMut(&mut Row) -> Option<T>) -> Vec<T> {
        let mut rows = Vec::new();
        let table = self.table;
        table.each(|line, record| {
            let mut row = Row {
                line,
                record,
                zone,
                report: &mut self.report,
                is_good: true,
            };
            if row.has_right_shape(self.layout.width)
                && let Some(value) = read(&mut row)
            {
                rows.push(value);
            }
        });
        rows
    }
}

/// One row. Each reader gives `None` for an empty cell and for a wrong one; a wrong one is reported.
pub struct Row<'r> {
    pub line: u64,
    record: &'r StringRecord,
    zone: &'r Zone,
    pub report: &'r mut FileReport,
    is_good: bool,
}

impl<'r> Row<'r> {
    fn has_right_shape(&mut self, width: usize) -> bool {
        let cells = self.record.len();
        if cells != width {
            let says = format!(
                "{cells} cells, where the header has {width}: check the quotes and separators"
            );
            self.refuse_row(says);
            return false;
        }
        for cell in self.record {
            // A cell has at most as many characters as bytes, so that most need no counting.
            if cell.len() > LONGEST && cell.chars().count() > LONGEST {
                let says = format!(
                    "a cell of {} characters: use at most {LONGEST}",
                    cell.chars().count()
                );
                self.report
                    .refuse(Problem::of_cell(self.line, "", cell, says));
                self.is_good = false;
            }
            if cell.as_bytes().contains(&0) {
                self.refuse_row("a NUL byte: the file is damaged, or not saved as UTF-8");
            }
        }
        self.is_good
    }

    pub fn is_good(&self) -> bool {
        self.is_good
    }

    /// Keeps a problem with the cell of a column.
    pub fn refuse(&mut self, column: Column, says: impl Into<String>) {
        let value = self.text(column);
        self.report
            .refuse(Problem::of_cell(self.line, column.name, value, says));
        self.is_good = false;
    }

    /// Keeps a problem with the row as a whole.
    pub fn refuse_row(&mut self, says: impl Into<String>) {
        self.report.refuse(Problem::of_line(self.line, says));
        self.is_good = false;
    }

    pub fn flag(&mut self, text: &'static str) {
        self.report.flag(self.line, text);
    }

    pub fn warn(&mut self, text: impl Into<String>) {
        self.report.warn(self.line, text);
    }

    /// The cell, trimmed; empty where the file has no such column.
    pub fn text(&self, column: Column) -> &'r str {
        let cell = column.at.and_then(|at| self.record.get(at));
        cell.map_or("", str::trim)
    }

    /// A cell that must not be empty.
    pub fn needed(&mut self, column: Column) -> Option<&'r str> {
        let text = self.text(column);
        if text.is_empty() {
            self.refuse(column, "this must not be empty");
            return None;
        }
        Some(text)
    }

    /// A cell read by `read`; `expected` says what it takes.
    pub fn parsed<T>(
        &mut self,
        column: Column,
        expected: &str,
        read: impl FnOnce(&'r str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.refuse(column, format!("expected {expected}"));
        }
        value
    }

    /// Like [`Row::parsed`], for a cell that must not be empty.
    pub fn needed_parsed<T>(
        &mut self,
        column: Column,
        expected: &str,
        read: impl FnOnce(&'r str) -> Option<T>,
    ) -> Option<T> {
        if self.text(column).is_empty() {
            self.refuse(
                column,
                format!("this must not be empty: expected {expected}"),
            );
            return None;
        }
        self.parsed(column, expected, read)
    }

    pub fn instant(&mut self, column: Column) -> Option<Instant> {
        let zone = self.zone;
        let read = self.parsed(column, AN_INSTANT, |text| read_instant(text, zone));
        let (at, has_offset) = read?;
        if !has_offset {
            let text = format!(
                "{} has no offset and was read in {}",
                column.name,
                zone.name()
            );
            self.warn(text);
        }
        Some(at)
    }

    pub fn needed_instant(&mut self, column: Column) -> Option<Instant> {
        if self.text(column).is_empty() {
            self.refuse(
                column,
                format!("this must not be empty: expected {AN_INSTANT}"),
            );
            return None;
        }
        self.instant(column)
    }

    pub fn day(&mut self, column: Column) -> Option<NaiveDate> {
        self.parsed(column, A_DAY, read_day)
    }

    pub fn needed_day(&mut self, column: Column) -> Option<NaiveDate> {
        self.needed_parsed(column, A_DAY, read_day)
    }

    pub fn email(&mut self, column: Column) -> Option<String> {
        self.parsed(column, AN_EMAIL, read_email)
    }

    pub fn needed_email(&mut self, column: Column) -> Option<String> {
        self.needed_parsed(column, AN_EMAIL, read_email)
    }

    pub fn zone_name(&mut self, column: Column) -> Option<Zone> {
        self.parsed(column, "a time zone such as Europe/Berlin", Zone::named)
    }

    /// An amount of money in millionths.
    pub fn amount_micros(&mut self, column: Column) -> Option<i64> {
        self.parsed(column, "an amount such as 1234.50", read_micros)
    }

    pub fn currency(&mut self, column: Column) -> Option<String> {
        let expected = "a currency of three letters such as EUR";
        self.parsed(column, expected, read_currency)
    }
}

/// Reads a word of a closed list in any case.
pub fn any_case<T>(from_word: fn(&str) -> Option<T>) -> impl Fn(&str) -> Option<T> {
    move |text| from_word(text).or_else(|| from_word(&text.to_lowercase()))
}

/// An instant and whether it says its offset; without one it is read in `zone`, and without a time at midnight.
fn read_instant(text: &str, zone: &Zone) -> Option<(Instant, bool)> {
    let exact = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"));
    if let Ok(at) = exact {
        let is_known_year = (1900..=2200).contains(&at.year());
        return is_known_year.then_some((Instant(at.timestamp_micros()), true));
    }
    if let Some(day) = read_day(text) {
        return Some((zone.midnight(day), false));
    }
    let text = text.replacen(' ', "T", 1);
    let local = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M"))
        .ok()?;
    let is_known_year = (1900..=2200).contains(&local.year());
    is_known_year.then(|| (zone.instant_of(local), false))
}

/// A whole number that the database holds.
pub fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|n| *n <= i32::MAX as u32)
}

pub fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|score: &f64| score.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        Zone::named("Europe/Amsterdam").unwrap()
    }

    fn utc(text: &str) -> Option<String> {
        read_instant(text, &zone()).map(|(at, has_offset)| format!("{at} {has_offset}"))
    }

    #[test]
    fn instants_are_kept_to_the_microsecond_in_every_way_they_are_written() {
        let cases = [
            (
                "2011-10-01T00:38:44.546+02:00",
                "2011-09-30T22:38:44.546Z true",
            ),
            (
                "2011-10-01T00:38:44.1234567Z",
                "2011-10-01T00:38:44.123456Z true",
            ),
            ("2011-10-01T00:38:44+0200", "2011-09-30T22:38:44Z true"),
            ("2011-10-01T00:38+02:00", "2011-09-30T22:38:00Z true"),
            ("2011-10-01 00:38:44", "2011-09-30T22:38:44Z false"),
            ("2011-10-01T00:38", "2011-09-30T22:38:00Z false"),
            ("2011-12-01", "2011-11-30T23:00:00Z false"),
        ];
        for (text, read) in cases {
            assert_eq!(utc(text).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn an_instant_without_offset_on_a_night_when_the_clocks_change_is_read_as_the_clocks_show_it() {
        // Twice: the first is meant. Skipped: it moves on by the gap.
        assert_eq!(
            utc("2011-10-30T02:30:00").as_deref(),
            Some("2011-10-30T00:30:00Z false")
        );
        assert_eq!(
            utc("2012-03-25T02:30:00").as_deref(),
            Some("2012-03-25T01:30:00Z false")
        );
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "2011-13-01T00:00:00Z",
            "2011-02-30",
            "2011-10-01T25:00:00Z",
            "01.10.2011 10:00",
            "0011-10-01T00:00:00Z",
            "99999-10-01T00:00:00Z",
            "now",
            "1317422324",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
