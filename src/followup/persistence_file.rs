//! How often leads are tried, as plain tables: CSV for programs, aligned text for people at a terminal.

use super::comparison::LEAST_LEADS;
use super::maturing;
use super::persistence::{ByAttempt, Group, MOST_ATTEMPTS, Report};
use super::persistence_page::by_range;
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page;
use crate::rules::persistence::MANY;
use crate::rules::rates::Rate;
use crate::text_out;

/// What is filed of each attempt besides its counts.
const INTERVALS: [&str; 5] = [
    "reached_by_low",
    "reached_by_high",
    "reached_share",
    "reached_share_low",
    "reached_share_high",
];

impl Report {
    /// One row a group. Columns: group, n, tried, attempts, attempts_per_lead, given_up, given_up_after_0 to
    /// given_up_after_6, six_or_more and after_one with their intervals; for each of ten attempts tried_N, reached_N,
    /// reached_by_N; late, of the attempts; for each attempt the interval of reached_by_N, and the share that it reached
    /// itself with its own; maturing (true or false of a week). What is not there is empty.
    pub fn csv(&self) -> Result<String> {
        let mut columns: Vec<String> = [
            "group",
            "n",
            "tried",
            "attempts",
            "attempts_per_lead",
            "given_up",
        ]
        .map(str::to_owned)
        .into();
        columns.extend((0..=MANY).map(|count| format!("given_up_after_{count}")));
        for share in ["six_or_more", "after_one"] {
            columns.extend(["", "_low", "_high"].map(|end| format!("{share}{end}")));
        }
        for attempt in 1..=MOST_ATTEMPTS {
            columns
                .extend(["tried", "reached", "reached_by"].map(|name| format!("{name}_{attempt}")));
        }
        columns.push("late".to_owned());
        for attempt in 1..=MOST_ATTEMPTS {
            columns.extend(INTERVALS.map(|name| format!("{name}_{attempt}")));
        }
        columns.push("maturing".to_owned());
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        csv_out::table(&header, self.groups.iter().map(Group::cells))
    }

    /// One line a group, rounded for reading.
    pub fn text(&self) -> String {
        let header = [
            "Group",
            "Handed over",
            "Tried",
            "Attempts a lead",
            "Given up",
            "After 1",
            "After 6 or more",
            "Reached by 1",
            "By 3",
            "By 6",
            "Note",
        ];
        let line = |group: &Group| {
            let figures = &group.figures;
            let by = |attempt: usize| {
                let one = figures.by_attempt.get(attempt - 1);
                one.map_or(page::DASH.to_owned(), in_full)
            };
            vec![
                page::group_name(&group.name).to_owned(),
                figures.n.to_string(),
                figures.tried.to_string(),
                figures
                    .attempts_per_lead
                    .map_or(page::DASH.to_owned(), page::amount),
                figures.given_up.to_string(),
                page::in_full(figures.given_up_after(1)),
                page::in_full(figures.given_up_after(MANY)),
                by(1),
                by(3),
                by(6),
                maturing::note(figures.n, group.maturing).to_owned(),
            ]
        };
        let table = text_out::aligned(&header, self.groups.iter().map(line));
        format!(
            "{table}Reached by: where fewer than {LEAST_LEADS} were tried so often, how many of these that attempt reached.\n"
        )
    }
}

/// The share reached by an attempt with what it rests on and where it likely lies; of fewer than ten that were tried so often
/// only how many of these it reached.
fn in_full(one: &ByAttempt) -> String {
    if one.tried < LEAST_LEADS {
        return page::of(Rate {
            k: one.reached,
            n: one.tried,
        });
    }
    let likely = match by_range(one) {
        nothing if nothing.is_empty() => nothing,
        range => format!(", likely {range}"),
    };
    let share = page::percent(one.reached_by);
    format!("{share} ({} tried{likely})", one.tried)
}

impl Group {
    fn cells(&self) -> Vec<Cell> {
        let figures = &self.figures;
        let count = |value: u64| Cell::count(value as i64);
        let mut cells = vec![Cell::from(self.name.as_str())];
        cells.extend([figures.n, figures.tried, figures.attempts].map(count));
        cells.push(Cell::number(figures.attempts_per_lead));
        cells.push(count(figures.given_up));
        cells.extend(figures.given_up_after.map(count));
        let shares = [
            figures.six_or_more,
            figures.six_or_more_low,
            figures.six_or_more_high,
            figures.after_one,
            figures.after_one_low,
            figures.after_one_high,
        ];
        cells.extend(shares.map(Cell::number));
        for at in 0..MOST_ATTEMPTS {
            let one = figures.by_attempt.get(at);
            cells.extend([
                Cell::number(one.map(|one| one.tried as f64)),
                Cell::number(one.map(|one| one.reached as f64)),
                Cell::number(one.map(|one| one.reached_by)),
            ]);
        }
        cells.push(count(figures.late));
        for at in 0..MOST_ATTEMPTS {
            let one = figures.by_attempt.get(at);
            let told = |of: fn(&ByAttempt) -> Option<f64>| Cell::number(one.and_then(of));
            cells.extend([
                told(|one| one.reached_by_low),
                told(|one| one.reached_by_high),
                told(|one| one.share),
                told(|one| one.low),
                told(|one| one.high),
            ]);
        }
        cells.push(maturing::cell(self.maturing));
        cells
    }
}
