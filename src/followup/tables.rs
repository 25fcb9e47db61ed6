//! The report as plain tables: CSV for programs, aligned text for people at a terminal.

use super::comparison::{OfDays, OfGroups};
use super::figures::{Of, Within};
use super::{Group, Report, legs_page, maturing};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page::{self, DASH};
use crate::rules::speed::Band;
use crate::text_out;
use chrono::NaiveDate;

/// One row a group. Columns: group, n, with_event, closed, waiting, median_s, median_low_s, median_high_s, p90_s; for each
/// time T of `within` (in seconds) at_risk_T, event_T, closed_T, waiting_T, km_T, km_low_T, km_high_T; limit_s, met,
/// missed, pending, not_applicable, attained, low, high, p90_low_s, p90_high_s; band_B for each band; in_conversation,
/// late; maturing (true or false of a week). Where days were compared with those before, on every row what they are
/// beside, and a sentence. Then for each time T the bands event_low_T, event_high_T, closed_low_T, closed_high_T,
/// waiting_low_T and waiting_high_T; and last group_p, of the test of all groups, on each group in it; faster_than, the names
/// of those that it is clearly faster than, and faster_p, the largest p among these after Holm. Figures are those of the
/// JSON; absent ones are empty.
pub fn csv(report: &Report) -> Result<String> {
    let before = report.comparison.as_ref();
    let before = before.and_then(|comparison| comparison.before.as_ref());
    let groups = report
        .comparison
        .as_ref()
        .and_then(|found| found.groups.as_ref());
    let faster = groups.map(OfGroups::by_faster).unwrap_or_default();
    let columns = header(before.is_some());
    let header: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows = report.groups.iter().map(|group| {
        let beside = before.map(|before| beside(report, before));
        let own = row(group).into_iter();
        let bands = group.figures.within.iter().flat_map(bands);
        own.chain(beside.unwrap_or_default())
            .chain(bands.map(Cell::number))
            .chain(compared(group, groups, &faster))
            .collect::<Vec<Cell>>()
    });
    csv_out::table(&header, rows)
}

/// What is filed of the days before.
const BEFORE: [&str; 6] = [
    "before_from",
    "before_to",
    "before_n",
    "before_median_s",
    "before_p",
    "beside_before",
];

fn beside(report: &Report, before: &OfDays) -> Vec<Cell> {
    let day = |day: Option<NaiveDate>| Cell::from(day.map_or(String::new(), |day| day.to_string()));
    vec![
        day(before.from),
        day(before.to),
        count(before.n),
        Cell::number(before.median_s),
        Cell::number(before.p),
        Cell::from(before.sentence(report.event, all(report)).to_string()),
    ]
}

/// How a group stands beside the others.
fn compared(
    group: &Group,
    groups: Option<&OfGroups>,
    faster: &[(&str, Vec<&str>, f64)],
) -> [Cell; 3] {
    let name = group.name.as_str();
    let p = groups.and_then(|found| found.p.filter(|_| found.compared.iter().any(|n| n == name)));
    let theirs = faster.iter().find(|(faster, ..)| *faster == name);
    let slower = theirs.map(|(_, slower, _)| {
        let names = slower.iter().map(|name| page::group_name(name));
        names.collect::<Vec<_>>().join("; ")
    });
    [
        Cell::number(p),
        Cell::from(slower.unwrap_or_default()),
        Cell::number(theirs.map(|(.., p)| *p)),
    ]
}

fn bands(within: &Within) -> [Option<f64>; 6] {
    [
        within.event_low,
        within.event_high,
        within.closed_low,
        within.closed_high,
        within.waiting_low,
        within.waiting_high,
    ]
}

/// How many hand-overs the report is about.
fn all(report: &Report) -> u64 {
    report.groups.iter().map(|group| group.figures.n).sum()
}

fn header(has_before: bool) -> Vec<String> {
    let before = [
        "group",
        "n",
        "with_event",
        "closed",
        "waiting",
        "median_s",
        "median_low_s",
        "median_high_s",
        "p90_s",
    ];
    let each = [
        "at_risk", "event", "closed", "waiting", "km", "km_low", "km_high",
    ];
    let after = [
        "limit_s",
        "met",
        "missed",
        "pending",
        "not_applicable",
        "attained",
        "low",
        "high",
        "p90_low_s",
        "p90_high_s",
    ];
    let bands = Band::ALL.iter().map(|band| format!("band_{band}"));
    let within = super::figures::TIMES_S
        .iter()
        .flat_map(|t_s| each.map(|name| format!("{name}_{t_s}")));
    let last = ["in_conversation", "late", "maturing"];
    let beside = BEFORE.into_iter().filter(|_| has_before);
    let ends = [
        "event_low",
        "event_high",
        "closed_low",
        "closed_high",
        "waiting_low",
        "waiting_high",
    ];
    let ends = super::figures::TIMES_S
        .iter()
        .flat_map(|t_s| ends.map(|name| format!("{name}_{t_s}")));
    let compared = ["group_p", "faster_than", "faster_p"];
    let plain = |name: &str| name.to_owned();
    before
        .iter()
        .copied()
        .map(plain)
        .chain(within)
        .chain(after.iter().copied().map(plain))
        .chain(bands)
        .chain(last.map(plain))
        .chain(beside.map(plain))
        .chain(ends)
        .chain(compared.map(plain))
        .collect()
}

fn row(group: &Group) -> Vec<Cell> {
    let figures = &group.figures;
    let level = &figures.service_level;
    let mut cells = vec![Cell::from(group.name.as_str())];
    cells.extend(
        [
            figures.n,
            figures.with_event,
            figures.closed,
            figures.waiting,
        ]
        .map(count),
    );
    cells.extend(
        [
            figures.median_s,
            figures.median_low_s,
            figures.median_high_s,
            figures.p90_s,
        ]
        .map(Cell::number),
    );
    for within in &figures.within {
        cells.push(count(within.at_risk));
        cells.extend(shares(within).map(Cell::number));
    }
    cells.push(Cell::number(level.limit_s));
    cells.extend([level.met, level.missed, level.pending, level.not_applicable].map(count));
    let last = [
        level.attained,
        level.low,
        level.high,
        figures.p90_low_s,
        figures.p90_high_s,
    ];
    cells.extend(last.map(Cell::number));
    cells.extend(figures.bands.iter().map(|band| count(band.n)));
    cells.extend([figures.in_conversation, figures.late].map(count));
    cells.push(maturing::cell(group.maturing));
    cells
}

fn shares(within: &Within) -> [Option<f64>; 6] {
    [
        Some(within.event),
        Some(within.closed),
        Some(within.waiting),
        Some(within.km),
        within.km_low,
        within.km_high,
    ]
}

fn count(value: u64) -> Cell {
    Cell::count(value as i64)
}

/// A share with how many had it and where it likely lies.
fn in_full(within: &Within) -> String {
    match (within.rate.n, within.is_told) {
        (0, _) => DASH.to_owned(),
        (_, true) if !within.rate.is_warming_up() => format!(
            "{} ({}, likely {})",
            within.words(),
            page::of(within.rate),
            within.range_of(Of::Event)
        ),
        _ => format!("{} ({})", within.words(), page::of(within.rate)),
    }
}

/// One line a group, rounded for reading, and what is said of their differences.
pub fn text(report: &Report) -> String {
    let header = [
        "Group",
        "Handed over",
        "With event",
        "Closed before",
        "Waiting",
        "Median",
        "90th percentile",
        "Within 1 h",
        "Within 24 h",
        "Service level",
        "Pending",
        "Not applicable",
        "Note",
    ];
    let line = |group: &Group| {
        let figures = &group.figures;
        let time = |seconds, range| legs_page::in_full(figures.n, seconds, range, page::duration);
        let share = |t_s| {
            let within = figures.within.iter().find(|w| w.t_s == t_s);
            within.map_or(DASH.to_owned(), in_full)
        };
        let level = &figures.service_level;
        vec![
            page::group_name(&group.name).to_owned(),
            figures.n.to_string(),
            figures.with_event.to_string(),
            figures.closed.to_string(),
            figures.waiting.to_string(),
            time(
                figures.median_s,
                (figures.median_low_s, figures.median_high_s),
            ),
            time(figures.p90_s, (figures.p90_low_s, figures.p90_high_s)),
            share(3_600),
            share(86_400),
            page::in_full(level.rate()),
            level.pending.to_string(),
            level.not_applicable.to_string(),
            maturing::note(figures.n, group.maturing).to_owned(),
        ]
    };
    let mut text = text_out::aligned(&header, report.groups.iter().map(line));
    if let Some(comparison) = &report.comparison {
        for sentence in comparison.sentences(report.by, report.event, all(report)) {
            text.push_str(&format!("{sentence}\n"));
        }
    }
    text
}
