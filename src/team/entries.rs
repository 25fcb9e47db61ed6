//! GET /team/entries: explains a figure of the board by the entries behind it.

use super::asked::{address, day_text, days_words, owned};
use super::behind::{Asked, Named, asked, counted, left_out, total};
use super::why::{self, KindSum};
use super::{Filters, Who};
use crate::activities::Activity;
use crate::activities::totals;
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::Card;
use crate::kept::Kept;
use crate::leads::cohort::bar::AS_OF;
use crate::lists::Lists;
use crate::page::{self, Answer, Frame, filters};
use crate::rules::access::Me;
use crate::rules::score::Line;
use crate::rules::target::Metric;
use crate::style;
use crate::urls;
use crate::value::Instant;
use askama::Template;
use std::collections::HashMap;

/// The `team` of entries that were made in none.
pub const NO_TEAM: &str = "none";

const ROWS_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "team/entries.html")]
struct EntriesPage {
    frame: Frame,
    title: String,
    sub: String,
    card: Card,
    csv: String,
    next: String,
    is_first: bool,
    has_people: bool,
    /// What each kind scored; empty where the figure is no score.
    sums: Vec<KindSum>,
    rows: Vec<EntryView>,
    /// Of the other entries of the same days, the newest, why they do not count, and how many more there are.
    left_out: Vec<EntryView>,
    more: u64,
}

struct EntryView {
    day: String,
    time: String,
    person: String,
    kind: String,
    outcome: String,
    lead: String,
    /// Empty where the lead is not the reader's to see.
    lead_href: String,
    quantity: i32,
    is_late: bool,
    /// What it scores and why; empty where the figure is no score.
    points: String,
    why: String,
}

/// What the page is made from.
struct Made {
    rows: Vec<Named>,
    left_out: Vec<Named>,
    counts: Counts,
    total: f64,
    lines: Option<HashMap<i64, Line>>,
    sums: Vec<KindSum>,
}

/// How many entries count, and how many of the same days do not.
struct Counts {
    counted: u64,
    left_out: u64,
}

pub fn page(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let query = cx.query();
    let asked = cx.read(|conn| asked(conn, cx, me, &query))?;
    if query.value("format") == "csv" {
        let (rows, others, lines) = cx.snapshot(|conn| {
            let rows = counted(conn, cx.kept, me, &asked, None, None)?;
            let others = left_out(conn, cx.kept, me, &asked, None)?;
            Ok((rows, others, lines(conn, cx.kept, &asked)?))
        })?;
        let metric = &asked.filters.metric;
        return page::csv_file("entries", csv(metric, rows, others, lines.as_ref())?);
    }
    let after = read_cursor(query.value("after"));
    let mut made = cx.snapshot(|conn| made(conn, cx, me, &asked, after))?;
    if made.rows.is_empty() && !asked.is_known {
        return Err(Error::NotFound);
    }
    let has_more = made.rows.len() > ROWS_A_PAGE;
    made.rows.truncate(ROWS_A_PAGE);
    let last = made.rows.last().filter(|_| has_more);
    let next = last
        .map(|row| link(cx, ("after", cursor(&row.entry))))
        .unwrap_or_default();
    let metric = &asked.filters.metric;
    let lines = made.lines;
    let row = |row: Named| {
        let line = lines.as_ref().and_then(|lines| lines.get(&row.entry.id));
        view(cx, row, line)
    };
    let other = |row: Named| EntryView {
        why: why_not(metric, &row.entry).to_owned(),
        ..view(cx, row, None)
    };
    page::show(&EntriesPage {
        frame: Frame::new(cx, format!("{}: {}", asked.name, metric.label())),
        title: format!("{}: {}", metric.label(), page::amount(made.total)),
        sub: format!(
            "{}, {}",
            asked.name,
            days_words(asked.filters.from, asked.filters.to)
        ),
        card: card(cx, &asked, &made.counts, made.total),
        csv: link(cx, ("format", "csv".to_owned())),
        next,
        is_first: after.is_none(),
        has_people: matches!(asked.who, Who::Team(_)),
        sums: made.sums,
        rows: made.rows.into_iter().map(row).collect(),
        more: made
            .counts
            .left_out
            .saturating_sub(made.left_out.len() as u64),
        left_out: made.left_out.into_iter().map(other).collect(),
    })
}

fn made(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    asked: &Asked,
    after: Option<(Instant, i64)>,
) -> Result<Made> {
    let most = ROWS_A_PAGE as i64;
    let lines = lines(conn, cx.kept, asked)?;
    let sums = match &lines {
        Some(lines) => {
            let all = totals::behind(conn, me, &asked.behind, None, None)?;
            why::sums(&all, lines, &*cx.kept.get::<Lists>(conn)?)
        }
        None => Vec::new(),
    };
    Ok(Made {
        rows: counted(conn, cx.kept, me, asked, after, Some(most + 1))?,
        left_out: left_out(conn, cx.kept, me, asked, Some(most))?,
        counts: Counts {
            counted: totals::count_behind(conn, me, &asked.behind)?,
            left_out: totals::count_left_out(conn, me, &asked.behind)?,
        },
        total: total(conn, cx.kept, asked)?,
        lines,
        sums,
    })
}

/// What the figure is, in the words of every explanation.
fn card(cx: &Cx, asked: &Asked, counts: &Counts, total: f64) -> Card {
    let metric = &asked.filters.metric;
    let value = page::amount(total);
    Card {
        meaning: meaning(metric),
        formula: match metric {
            Metric::LeadsReached => "the leads that these entries reached, each once",
            Metric::Score => "the sum of weight \u{d7} quality over what counts",
            _ => "the sum of the entries' counts",
        },
        filled: format!(
            "{} entries count: {value}; {} of the same days are left out",
            style::count(counts.counted),
            style::count(counts.left_out)
        ),
        filters: vec![
            format!(
                "{}, {}",
                asked.name,
                days_words(asked.filters.from, asked.filters.to)
            ),
            format!(
                "as of {}",
                page::time_and_zone(asked.filters.as_of, cx.zone())
            ),
        ],
        under: Vec::new(),
        value,
    }
}

/// What each entry scores, where the figure is a score.
fn lines(conn: &mut Conn, kept: Kept, asked: &Asked) -> Result<Option<HashMap<i64, Line>>> {
    let Asked { filters, who, .. } = asked;
    if filters.metric != Metric::Score {
        return Ok(None);
    }
    let is_counted = |person, team| filters.who(person, team).is_some_and(|found| found == *who);
    totals::score_lines(conn, kept, &asked.behind.span, is_counted).map(Some)
}

/// How the entries make up the figure.
fn meaning(metric: &Metric) -> &'static str {
    match metric {
        Metric::Activities => {
            "Activities of kinds that count as prospecting, by the local day of whoever made them. The counts of these \
             entries add up to the figure."
        }
        Metric::Reached => {
            "Prospecting activities that reached somebody. The counts of these entries add up to the figure."
        }
        Metric::LeadsReached => {
            "Leads that were reached in these days. A lead counts once, however many entries reached it."
        }
        Metric::MeetingsBooked => {
            "Activities by which a meeting was booked. The counts of these entries add up to the figure."
        }
        Metric::Score => {
            "The score weighs each entry: a lead counts once a day for each kind, some kinds only up to a \
             number a day, an entry that reached somebody twice, one that never arrived not at all."
        }
        Metric::Kind(_) => {
            "Activities of this kind. The counts of these entries add up to the figure."
        }
    }
}

/// Why an entry of the same days does not count.
pub fn why_not(metric: &Metric, entry: &Activity) -> &'static str {
    metric.why_not(entry.lead_id.is_some(), entry.is_reached)
}

fn view(cx: &Cx, row: Named, line: Option<&Line>) -> EntryView {
    let entry = &row.entry;
    let local = cx.zone().local(entry.happened_at);
    EntryView {
        day: page::day(entry.local_day),
        // The day is that of whoever made the entry; a reader elsewhere may have another.
        time: match local.date() == entry.local_day {
            true => local.format("%H:%M").to_string(),
            false => page::time(entry.happened_at, cx.zone()),
        },
        quantity: entry.quantity,
        is_late: entry.is_late,
        points: line
            .map(|line| page::amount(line.points))
            .unwrap_or_default(),
        why: line.map(why::words).unwrap_or_default(),
        person: row.person,
        kind: row.kind,
        outcome: row.outcome,
        lead: row.lead,
        lead_href: row.lead_href,
    }
}

/// The entries that count, then the others with why they do not.
fn csv(
    metric: &Metric,
    rows: Vec<Named>,
    others: Vec<Named>,
    lines: Option<&HashMap<i64, Line>>,
) -> Result<String> {
    let mut header = vec![
        "person",
        "email",
        "day",
        "happened_at",
        "kind",
        "outcome",
        "lead",
        "quantity",
        "late",
    ];
    if lines.is_some() {
        header.extend(["points", "why"]);
    }
    header.push("left_out");
    let counted = rows.into_iter().map(|row| (row, ""));
    let others = others.into_iter().map(|row| {
        let why = why_not(metric, &row.entry);
        (row, why)
    });
    let cells = counted.chain(others).map(|(row, left_out)| {
        let line = lines.map(|lines| lines.get(&row.entry.id));
        let mut cells = vec![
            Cell::from(row.person),
            Cell::from(row.email),
            Cell::from(row.entry.local_day.to_string()),
            Cell::from(row.entry.happened_at.to_string()),
            Cell::from(row.kind),
            Cell::from(row.outcome),
            Cell::from(row.lead),
            Cell::count(row.entry.quantity.into()),
            Cell::from(if row.entry.is_late { "true" } else { "false" }),
        ];
        if let Some(line) = line {
            cells.push(Cell::number(line.map(|line| line.points)));
            cells.push(Cell::from(line.map_or("", |line| line.fate.word())));
        }
        cells.push(Cell::from(left_out));
        cells
    });
    csv_out::table(&header, cells)
}

/// What in an address names the figure of a person or team on a board with these filters, as of its instant.
pub fn pairs(filters: &Filters, who: Who, uid: &str) -> [(String, String); 6] {
    let team = match who {
        Who::Person(_) => String::new(),
        Who::Team(Some(team)) => team.to_string(),
        Who::Team(None) => NO_TEAM.to_owned(),
    };
    let pairs = [
        ("person", uid.to_owned()),
        ("team", team),
        ("metric", filters.metric.to_string()),
        ("from", day_text(filters.from)),
        ("to", day_text(filters.to)),
        (AS_OF, filters.as_of.to_string()),
    ];
    pairs.map(owned)
}

/// The address of the entries behind such a figure.
pub fn href(filters: &Filters, who: Who, uid: &str) -> String {
    address("/team/entries", &pairs(filters, who, uid))
}

/// This page's address with one more field.
fn link(cx: &Cx, (name, value): (&str, String)) -> String {
    let query = cx.query();
    let kept = ["person", "team", "metric", "from", "to", AS_OF];
    let mut pairs: Vec<(&str, &str)> = kept.iter().map(|kept| (*kept, query.value(kept))).collect();
    pairs.push((name, &value));
    urls::with_query("/team/entries", &pairs)
}

/// Where the next page goes on: after an instant and an id.
fn cursor(entry: &Activity) -> String {
    format!("{}.{}", entry.happened_at.0, entry.id)
}

fn read_cursor(text: &str) -> Option<(Instant, i64)> {
    let (at, id) = text.split_once('.')?;
    Some((Instant(at.parse().ok()?), id.parse().ok()?))
}
