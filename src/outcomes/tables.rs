//! The report as plain tables: CSV for programs, aligned text for people at a terminal.

use super::figures::Step;
use super::{Group, Report};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page::{self, DASH};
use crate::text_out;
use std::collections::{BTreeMap, BTreeSet};

/// One row a group. Columns: group, n, accepted, rejected, disqualified, nurture, contacted, meetings, qualified, won,
/// lost, open, won_rate, won_low, won_high, median_days_to_won, maturing, value_won_CURRENCY for each currency in which
/// something was won, rate, low and high of accepted, contacted, meetings and qualified, and the interval of the median
/// with the 90th percentile and its own; last taken_up with its rate, low and high. Figures are those of the JSON; absent
/// ones are empty.
pub fn csv(report: &Report) -> Result<String> {
    csv_with(report, &[], |_| Vec::new())
}

/// The same with further columns before taken_up, of which `cells` gives those of a group.
pub fn csv_with(
    report: &Report,
    columns: &[String],
    cells: impl Fn(&Group) -> Vec<Cell>,
) -> Result<String> {
    const COLUMNS: [&str; 17] = [
        "group",
        "n",
        "accepted",
        "rejected",
        "disqualified",
        "nurture",
        "contacted",
        "meetings",
        "qualified",
        "won",
        "lost",
        "open",
        "won_rate",
        "won_low",
        "won_high",
        "median_days_to_won",
        "maturing",
    ];
    let currencies = currencies(report);
    let values: Vec<String> = currencies
        .iter()
        .map(|currency| format!("value_won_{currency}"))
        .collect();
    let shares = SHARES
        .iter()
        .flat_map(|step| ["rate", "low", "high"].map(|end| format!("{step}_{end}")));
    let shares: Vec<String> = shares.collect();
    let header: Vec<&str> = COLUMNS
        .into_iter()
        .chain(values.iter().map(String::as_str))
        .chain(shares.iter().map(String::as_str))
        .chain(DAYS)
        .chain(columns.iter().map(String::as_str))
        .chain(TAKEN_UP)
        .collect();
    let rows = report.groups.iter().map(|group| {
        let own = row(group, &currencies).into_iter();
        own.chain(cells(group))
            .chain(taken_up(group))
            .collect::<Vec<Cell>>()
    });
    csv_out::table(&header, rows)
}

/// What is filed of the days to a win besides their median.
const DAYS: [&str; 5] = [
    "median_days_low",
    "median_days_high",
    "p90_days_to_won",
    "p90_days_low",
    "p90_days_high",
];

const TAKEN_UP: [&str; 4] = ["taken_up", "taken_up_rate", "taken_up_low", "taken_up_high"];

fn taken_up(group: &Group) -> [Cell; 4] {
    let rate = group.figures.rate(Step::TakenUp);
    let (low, high) = rate.interval().unzip();
    [Some(rate.k as f64), rate.share(), low, high].map(Cell::number)
}

/// The shares that are filed with their intervals besides that of the won ones.
const SHARES: [Step; 4] = [
    Step::Accepted,
    Step::Contacted,
    Step::Meeting,
    Step::Qualified,
];

fn currencies(report: &Report) -> BTreeSet<&str> {
    let groups = report.groups.iter();
    groups
        .flat_map(|group| group.figures.value_won.keys().map(String::as_str))
        .collect()
}

fn row(group: &Group, currencies: &BTreeSet<&str>) -> Vec<Cell> {
    let figures = &group.figures;
    let mut cells = vec![Cell::from(group.name.as_str())];
    cells.extend(
        [
            figures.n,
            figures.accepted,
            figures.rejected,
            figures.disqualified,
            figures.nurture,
            figures.contacted,
            figures.meetings,
            figures.qualified,
            figures.won,
            figures.lost,
            figures.open,
        ]
        .map(|count| Cell::count(count as i64)),
    );
    cells.extend(
        [
            figures.won_rate,
            figures.won_low,
            figures.won_high,
            figures.median_days_to_won,
        ]
        .map(Cell::number),
    );
    cells.push(Cell::count(figures.maturing as i64));
    let values = currencies
        .iter()
        .map(|currency| figures.value_won.get(*currency).copied());
    cells.extend(values.map(Cell::number));
    for step in SHARES {
        let rate = figures.rate(step);
        let (low, high) = rate.interval().unzip();
        cells.extend([rate.share(), low, high].map(Cell::number));
    }
    let (median, p90) = (figures.median_days(), figures.p90_days());
    let days = [median.low, median.high, p90.value, p90.low, p90.high];
    cells.extend(days.map(Cell::number));
    cells
}

/// One line a group, rounded for reading.
pub fn text(report: &Report) -> String {
    let header = [
        "Group",
        "Handed over",
        "Taken up",
        "Accepted",
        "Contacted",
        "Meetings",
        "Qualified",
        "Won",
        "Lost",
        "Rejected",
        "Disqualified",
        "Nurture",
        "Open",
        "Maturing",
        "Share won",
        "Median days to won",
        "90th percentile",
        "Value won",
    ];
    let line = |group: &Group| {
        let figures = &group.figures;
        let counts = [
            figures.n,
            figures.taken_up,
            figures.accepted,
            figures.contacted,
            figures.meetings,
            figures.qualified,
            figures.won,
            figures.lost,
            figures.rejected,
            figures.disqualified,
            figures.nurture,
            figures.open,
            figures.maturing,
        ];
        let share = page::in_full(figures.rate(Step::Won));
        let mut cells = vec![page::group_name(&group.name).to_owned()];
        cells.extend(counts.map(|count| count.to_string()));
        cells.push(share);
        cells.push(figures.median_days().in_full());
        cells.push(figures.p90_days().in_full());
        cells.push(money(&figures.value_won));
        cells
    };
    text_out::aligned(&header, report.groups.iter().map(line))
}

/// `EUR 1200.5, USD 300`; a dash where nothing was won.
pub fn money(value_won: &BTreeMap<String, f64>) -> String {
    let amount = |(currency, value): (&String, &f64)| {
        let words = format!("{currency}\u{a0}{}", page::amount(*value));
        words.trim_start().to_owned()
    };
    match value_won.iter().map(amount).collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => DASH.to_owned(),
        amounts => amounts,
    }
}
