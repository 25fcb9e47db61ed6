//! Tables as CSV downloads, safe to open in a spreadsheet.

use crate::error::{Error, Result};
use crate::page::DASH;

/// Writes a header and rows; text that a spreadsheet would run as a formula gets a leading apostrophe.
pub fn table<R, C>(header: &[&str], rows: R) -> Result<String>
where
    R: IntoIterator<Item = Vec<C>>,
    C: Into<Cell>,
{
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(header).map_err(Error::internal)?;
    for row in rows {
        out.write_record(row.into_iter().map(|cell| cell.into().0))
            .map_err(Error::internal)?;
    }
    let bytes = out.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}

/// One cell, ready to be written.
pub struct Cell(String);

impl Cell {
    /// A number of ours, or nothing: written as it is.
    pub fn number(value: Option<f64>) -> Cell {
        Cell(value.map(|v| v.to_string()).unwrap_or_default())
    }

    /// Ready words of a page, whose dash for nothing is an empty cell.
    pub fn known(words: &str) -> Cell {
        match words {
            DASH => Cell(String::new()),
            words => Cell::from(words),
        }
    }

    pub fn count(value: i64) -> Cell {
        Cell(value.to_string())
    }
}

/// Whether a spreadsheet would take a cell for a formula.
fn runs(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r'])
}

/// A cell that is read back: an apostrophe stands before what would run, and one more where apostrophes stand there already,
/// so that [`as_it_was`] gives every text back.
pub fn made_safe(text: &str) -> String {
    match runs(text.trim_start_matches('\'')) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The text that [`made_safe`] was given.
pub fn as_it_was(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if runs(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        let mut safe = String::with_capacity(text.len());
        // Where semicolons part cells, as in much of Europe, a spreadsheet begins a cell behind each of them.
        for (place, part) in text.split_inclusive(';').enumerate() {
            if place == 0 && runs(part) || place > 0 && part.starts_with(['=', '+', '-', '@']) {
                safe.push('\'');
            }
            safe.push_str(part);
        }
        Cell(safe)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::from(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_no_formula_that_somebody_typed_as_a_name() {
        let rows = [
            "=HYPERLINK(\"x\")",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            " =1",
            "plain",
        ]
        .map(|text| vec![text]);
        let out = table(&["name"], rows).expect("a table");
        let safe: Vec<_> = out
            .lines()
            .skip(1)
            .map(|line| line.trim_start_matches('"'))
            .collect();
        assert!(
            safe[..6].iter().all(|line| line.starts_with('\'')),
            "{safe:?}"
        );
        assert_eq!(safe[6], "plain");
    }

    #[test]
    fn where_semicolons_part_cells_none_behind_one_is_a_formula() {
        let cell = |text: &str| Cell::from(text).0;
        assert_eq!(cell("Acme;=1+1;-2;@x"), "Acme;'=1+1;'-2;'@x");
        assert_eq!(cell("=1;+2"), "'=1;'+2");
        assert_eq!(cell("a; b;c-d"), "a; b;c-d");
    }

    #[test]
    fn a_negative_number_of_ours_stays_a_number() {
        let out = table(&["n"], [vec![Cell::number(Some(-1.5))]]).expect("a table");
        assert_eq!(out, "n\n-1.5\n");
    }
}
