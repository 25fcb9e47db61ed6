//! Explain this number: one page for any figure of any report, with its definition in words, its formula, the filter, the
//! rows in it and those left out, each with the reason. Who builds an [`Explanation`] reads the rows as the report does,
//! so that nobody sees a row here that does not count for them there.

use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Link, filters};
use crate::rules::rates::Rate;
use crate::rules::wait::Verdict;
use crate::style;
use crate::urls;
use crate::value::Instant;
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
    /// What a row is: "Lead".
    pub first: &'static str,
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

#[derive(Debug, Clone, Default)]
pub struct Row {
    pub name: String,
    pub sub: String,
    pub href: String,
    /// As many as there are columns.
    pub cells: Vec<String>,
}

/// A figure that a report explains. The report says these of each, and what it is asked for; the rest is the same for all.
pub trait Figure {
    /// What it is counted over.
    type Of;

    fn label(&self) -> String;
    /// Its definition in words.
    fn meaning(&self) -> &'static str;

    /// Its formula in general.
    fn formula(&self) -> &'static str {
        "counted / (counted + in the whole), with Wilson's 95 % interval"
    }

    /// Reads what it has to know of all rows before one of them can be placed.
    fn among(&mut self, _rows: &[&Self::Of]) {}

    /// How a row counts, and why.
    fn place(&self, row: &Self::Of) -> (How, String);

    /// The figure as the report prints it, and its formula with its own numbers.
    fn worked_out(&self, rows: &[&Self::Of]) -> (String, String) {
        share(self.rate(rows))
    }

    /// The rows that count, of those that are in the whole too.
    fn rate(&self, rows: &[&Self::Of]) -> Rate {
        let places: Vec<How> = rows.iter().map(|row| self.place(row).0).collect();
        Rate {
            k: places.iter().filter(|how| **how == How::Counted).count() as u64,
            n: places.iter().filter(|how| **how != How::LeftOut).count() as u64,
        }
    }
}

/// What is said of a share that rests on too few.
const TOO_FEW: &str = "fewer than 10, warming up";

/// A share as it is printed, and how it comes about.
pub fn share(rate: Rate) -> (String, String) {
    let value = page::share(rate);
    let filled = match rate.n {
        0 => page::of(rate),
        _ if rate.is_warming_up() => format!("{}: {TOO_FEW}", page::of(rate)),
        _ => format!("{} = {value} ({})", page::of(rate), page::interval(rate)),
    };
    (value, filled)
}

/// A count as it is printed, and which share of its whole it is.
pub fn count(rate: Rate) -> (String, String) {
    (style::count(rate.k), share(rate).1)
}

/// How a row counts for a promise; those that nothing is promised for say why themselves.
pub fn judged(verdict: Verdict, not_applicable: &str) -> (How, String) {
    let (how, reason) = match verdict {
        Verdict::Met => (How::Counted, "within the limit"),
        Verdict::Missed => (How::InWhole, "the clock passed the limit"),
        Verdict::Pending => (How::LeftOut, "pending: open, and the limit is not passed"),
        Verdict::NotApplicable => (How::LeftOut, not_applicable),
    };
    (how, reason.to_owned())
}

/// A promise that was kept so often as it is printed, and how it comes about.
pub fn kept(met: u64, missed: u64) -> (String, String) {
    let rate = Rate {
        k: met,
        n: met + missed,
    };
    let value = page::share(rate);
    let said = match rate.is_warming_up() {
        true => format!(": {TOO_FEW}"),
        false => format!(" = {value} ({})", page::interval(rate)),
    };
    let filled = format!(
        "{} met / ({} met + {} missed){said}",
        style::count(met),
        style::count(met),
        style::count(missed)
    );
    (value, filled)
}

/// The field of an address that says as of which instant a page is asked for.
pub const AS_OF: &str = "as_of";

/// The address that explains a figure of a group as of an instant, so that it asks for the same number later; `pairs`
/// are the report's own filters. An empty group is all.
pub fn address(
    path: &str,
    pairs: &[(&str, &str)],
    as_of: Instant,
    (figure, group): (&str, &str),
) -> String {
    let as_of = as_of.to_string();
    let mut all = vec![("figure", figure), ("group", group)];
    all.extend(pairs.iter().copied().filter(|(name, _)| *name != AS_OF));
    all.push((AS_OF, &as_of));
    urls::with_query(path, &all)
}

/// The way back to the report, as it is now.
pub fn way_back(path: &str, pairs: Vec<(&str, &str)>, label: String) -> Link {
    let pairs: Vec<_> = pairs
        .into_iter()
        .filter(|(name, _)| *name != AS_OF)
        .collect();
    Link {
        href: urls::with_query(path, &pairs),
        label,
        current: false,
    }
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

/// What stands above the rows of every explanation.
pub struct Card {
    pub value: String,
    pub meaning: &'static str,
    pub formula: &'static str,
    pub filled: String,
    pub filters: Vec<String>,
    pub under: Vec<Link>,
}

#[derive(Template)]
#[template(path = "explain/page.html")]
struct ExplainPage {
    frame: Frame,
    title: String,
    back: Link,
    card: Card,
    first: &'static str,
    columns: Vec<&'static str>,
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
        title,
        back: explanation.back,
        tellings: explanation.parts.iter().map(tell).collect(),
        csv_href: urls::with_query(&cx.request.path, &pairs),
        first: explanation.first,
        columns: explanation.columns,
        card: Card {
            value: explanation.value,
            meaning: explanation.meaning,
            formula: explanation.formula,
            filled: explanation.filled,
            filters: explanation.filters,
            under: explanation.under,
        },
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
