//! Explain this number: one page for any figure of any report, with its definition in words, its formula, the filter, the
//! rows in it and those left out, each with the reason. Who builds an [`Explanation`] reads the rows as the report does,
//! so that nobody sees a row here that does not count for them there.

use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Link, filters};
use crate::urls;
use askama::Template;

/// Rows of a part that the page shows; the file has all of them.
const MOST_ROWS: usize = 50;

/// What a figure is and where it comes from, in ready words.
pub struct Explanation {
    /// "Attempted within an hour".
    pub figure: String,
    /// Which group of the report; empty for all.
    pub group: String,
    /// As the report prints it.
    pub value: String,
    pub meaning: &'static str,
    /// The formula in general, and with this figure's numbers.
    pub formula: &'static str,
    pub filled: String,
    /// What the report was asked for, a sentence each.
    pub filters: Vec<String>,
    /// The names of what a row says further, beside its own.
    pub columns: Vec<&'static str>,
    pub parts: Vec<Part>,
    /// The versions of the definitions that the rows were made under.
    pub under: Vec<Link>,
    pub back: Link,
}

/// Rows that count in the same way.
pub struct Part {
    pub how: How,
    /// Why they count so: "Attempted later".
    pub reason: String,
    pub rows: Vec<Row>,
}

/// How a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Above the line of the fraction, and below it.
    Counted,
    /// Below the line only.
    InWhole,
    /// Neither.
    LeftOut,
}

impl How {
    pub fn label(self) -> &'static str {
        match self {
            How::Counted => "Counted",
            How::InWhole => "In the whole, not counted",
            How::LeftOut => "Left out",
        }
    }
}

#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub sub: String,
    pub href: String,
    /// As many as there are columns.
    pub cells: Vec<String>,
}

/// The address that explains a figure of a group; `pairs` are the report's own filters. An empty group is all.
pub fn address(path: &str, pairs: &[(&str, &str)], figure: &str, group: &str) -> String {
    let mut all = vec![("figure", figure), ("group", group)];
    all.extend(pairs.iter().copied());
    urls::with_query(path, &all)
}

/// Puts rows that count alike together: the counted ones first, then by how many there are.
pub fn parts(rows: impl IntoIterator<Item = (How, String, Row)>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (how, reason, row) in rows {
        let known = parts
            .iter_mut()
            .find(|p| p.how == how && p.reason == reason);
        match known {
            Some(part) => part.rows.push(row),
            None => parts.push(Part {
                how,
                reason,
                rows: vec![row],
            }),
        }
    }
    parts.sort_by_key(|part| (part.how, std::cmp::Reverse(part.rows.len())));
    parts
}

#[derive(Template)]
#[template(path = "explain/page.html")]
struct ExplainPage {
    frame: Frame,
    explanation: Explanation,
    title: String,
    tellings: Vec<Telling>,
    csv_href: String,
}

/// A part as the page shows it.
struct Telling {
    label: &'static str,
    reason: String,
    count: usize,
    rows: Vec<Row>,
    more: usize,
}

/// The page; `?format=csv` for all rows as a file.
pub fn show(cx: &Cx, form: &Form, explanation: Explanation) -> Answer {
    if form.value("format") == "csv" {
        return page::csv_file("explained", csv(&explanation)?);
    }
    let title = match explanation.group.as_str() {
        "" => explanation.figure.clone(),
        group => format!("{}: {group}", explanation.figure),
    };
    let tell = |part: &Part| Telling {
        label: part.how.label(),
        reason: part.reason.clone(),
        count: part.rows.len(),
        rows: part.rows.iter().take(MOST_ROWS).cloned().collect(),
        more: part.rows.len().saturating_sub(MOST_ROWS),
    };
    let file = [("format", "csv")];
    let pairs: Vec<(&str, &str)> = form.pairs().chain(file).collect();
    page::show(&ExplainPage {
        frame: Frame::new(cx, title.clone()),
        tellings: explanation.parts.iter().map(tell).collect(),
        csv_href: urls::with_query(&cx.request.path, &pairs),
        title,
        explanation,
    })
}

fn csv(explanation: &Explanation) -> crate::error::Result<String> {
    let mut header = vec!["how", "reason", "name", "company", "address"];
    header.extend(explanation.columns.iter().copied());
    let rows = explanation.parts.iter().flat_map(|part| {
        part.rows.iter().map(move |row| {
            let own = [
                part.how.label(),
                &part.reason,
                &row.name,
                &row.sub,
                &row.href,
            ];
            let cells = own.into_iter().chain(row.cells.iter().map(String::as_str));
            cells.map(Cell::from).collect()
        })
    });
    csv_out::table(&header, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_count_alike_stand_together_and_the_counted_ones_first() {
        let row = |name: &str| Row {
            name: name.to_owned(),
            sub: String::new(),
            href: String::new(),
            cells: Vec::new(),
        };
        let all = [
            (How::LeftOut, "Closed", "a"),
            (How::InWhole, "Later", "b"),
            (How::Counted, "In time", "c"),
            (How::InWhole, "Waiting", "d"),
            (How::InWhole, "Waiting", "e"),
        ];
        let all = all.map(|(how, reason, name)| (how, reason.to_owned(), row(name)));
        let told: Vec<_> = parts(all)
            .into_iter()
            .map(|part| (part.reason, part.rows.len()))
            .collect();
        let expected = [("In time", 1), ("Waiting", 2), ("Later", 1), ("Closed", 1)];
        assert_eq!(told, expected.map(|(reason, n)| (reason.to_owned(), n)));
    }
}
