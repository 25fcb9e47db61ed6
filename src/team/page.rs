//! GET /team: the board in its frame, and as CSV.

use super::period::Period;
use super::report::{HEADER, LeaderboardRow};
use super::trend::Trend;
use super::{Beside, By, Filters, Rank, Row, Scope, TeamBar, Who, board_with_beside};
use crate::app::Cx;
use crate::charts::spark::Spark;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::lists::{Kind, Lists};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::rules::access::{Me, Role};
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::style;
use crate::urls;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

/// Fewer than these make no share worth printing. Source: PRODUCT.md 7, rule 1.
const LEAST_FOR_A_SHARE: u64 = 10;

#[derive(Template)]
#[template(path = "team/board.html")]
struct BoardPage {
    frame: Frame,
    sub: String,
    refused: String,
    periods: Vec<Link>,
    from: String,
    to: String,
    /// What each of the two forms keeps of the other.
    carry_filters: Vec<(String, String)>,
    carry_period: Vec<(String, String)>,
    metrics: Vec<Choice>,
    bys: Vec<Choice>,
    ranks: Vec<Choice>,
    csv: String,
    metric: String,
    is_by_person: bool,
    is_improved: bool,
    bars: Vec<BarView>,
    /// The Mondays of the trend.
    weeks: Vec<String>,
    rows: Vec<RowView>,
}

/// What a team has together.
struct BarView {
    team: String,
    text: String,
    percent: u32,
    note: String,
}

struct RowView {
    place: String,
    name: String,
    sub: String,
    is_mine: bool,
    value: String,
    /// The rows behind the figure; empty where they are not the reader's to see.
    href: String,
    target: String,
    percent: String,
    /// 0 to 100; `None` without a share.
    bar: Option<u32>,
    improvement: String,
    leads_reached: String,
    leads_reached_href: String,
    reached: String,
    reached_href: String,
    reached_of: String,
    trend: Spark,
    /// The same in words.
    weeks: Vec<String>,
}

/// What the address asks for.
struct Asked {
    query: Form,
    filters: Filters,
    /// The named period; none where the address names days.
    period: Option<Period>,
    /// What is wrong with it, in a sentence; empty when nothing is.
    refused: String,
}

pub fn page(cx: &Cx) -> Answer {
    let mut asked = asked(cx)?;
    let (mut rows, mut bars, mut weeks) = (Vec::new(), Vec::new(), Vec::new());
    if asked.refused.is_empty() {
        let made = cx.snapshot(|conn| {
            let (board, beside) = board_with_beside(conn, cx.kept, &asked.filters)?;
            Ok((board, beside, Trend::read(conn, cx.kept, &asked.filters)?))
        });
        match made {
            Ok((board, beside, _)) if asked.query.value("format") == "csv" => {
                return page::csv_file("leaderboard", csv(board.rows, &beside)?);
            }
            Ok((board, beside, trend)) => {
                bars = board.bars.iter().map(bar_view).collect();
                weeks = trend.names();
                for row in &board.rows {
                    let (spark, theirs) = match row.is_line {
                        true => Default::default(),
                        false => (trend.spark(row.who), trend.words(row.who)),
                    };
                    let beside = beside.get(&row.who);
                    rows.push(RowView {
                        weeks: theirs,
                        ..row_view(cx, &asked.filters, row, beside, spark)?
                    });
                }
            }
            Err(Error::Refused(why)) => asked.refused = why,
            Err(error) => return Err(error),
        }
    }
    let is_refused = !asked.refused.is_empty();
    let mut board = board_page(cx, asked, rows)?;
    board.bars = bars;
    board.weeks = weeks;
    match is_refused {
        true => page::again(&board),
        false => page::show(&board),
    }
}

fn asked(cx: &Cx) -> Result<Asked> {
    let mut query = cx.query();
    let metric = match query.value("metric") {
        "" => Ok(Metric::Activities),
        text => text.parse::<Metric>(),
    };
    let is_custom = ["from", "to"]
        .iter()
        .any(|name| !query.value(name).is_empty());
    let named = Period::from_word(query.value("period")).unwrap_or(Period::Week);
    let (from, to) = match is_custom {
        true => (query.day("from").flatten(), query.day("to").flatten()),
        false => {
            let (from, to) = named.days(cx.zone().day_of(cx.now));
            (Some(from), Some(to))
        }
    };
    let wrong_day = query.errors().first().map(|error| error.text.clone());
    let wrong_metric = metric.as_ref().err().map(ToString::to_string);
    Ok(Asked {
        filters: Filters {
            metric: metric.unwrap_or(Metric::Activities),
            from,
            to,
            by: By::from_word(query.value("by")).unwrap_or(By::Person),
            rank: Rank::from_word(query.value("rank")).unwrap_or(Rank::Value),
            as_of: cx.now,
            scope: Scope::of(cx.me()?),
        },
        query,
        period: (!is_custom).then_some(named),
        refused: wrong_metric.or(wrong_day).unwrap_or_default(),
    })
}

fn board_page(cx: &Cx, asked: Asked, rows: Vec<RowView>) -> Result<BoardPage> {
    let filters = &asked.filters;
    let lists: Arc<Lists> = cx.reference()?;
    let words = [
        ("metric", filters.metric.to_string()),
        ("by", filters.by.to_string()),
        ("rank", filters.rank.to_string()),
    ];
    let shown = Form::filled(words.clone());
    let day_text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let days = [
        ("from", day_text(filters.from)),
        ("to", day_text(filters.to)),
    ];
    let carry_period = match asked.period {
        Some(period) => vec![owned(("period", period.to_string()))],
        None => days.clone().map(owned).to_vec(),
    };
    let carry_filters = words.map(owned).to_vec();
    let all = [
        &carry_filters[..],
        &carry_period,
        &[owned(("format", "csv".to_owned()))],
    ]
    .concat();
    let [(_, from), (_, to)] = days;
    Ok(BoardPage {
        frame: Frame::new(cx, "Team").live(),
        sub: format!(
            "{}, {}",
            filters.metric.label(),
            days_words(filters.from, filters.to)
        ),
        refused: asked.refused,
        periods: period_links(&carry_filters, asked.period),
        from,
        to,
        csv: address("/team", &all),
        metrics: shown.choices("metric", metric_choices(&lists.kinds)),
        bys: shown.choices("by", [(By::Person, "Person"), (By::Team, "Team")]),
        ranks: shown.choices(
            "rank",
            [
                (Rank::Value, "Value"),
                (Rank::Percent, "% of own target"),
                (Rank::Improved, "Most improved"),
            ],
        ),
        metric: filters.metric.label().to_owned(),
        is_by_person: filters.by == By::Person,
        is_improved: filters.rank == Rank::Improved,
        bars: Vec::new(),
        weeks: Vec::new(),
        rows,
        carry_filters,
        carry_period,
    })
}

fn owned((name, value): (&str, String)) -> (String, String) {
    (name.to_owned(), value)
}

fn address(path: &str, pairs: &[(String, String)]) -> String {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    urls::with_query(path, &pairs)
}

fn period_links(carry: &[(String, String)], current: Option<Period>) -> Vec<Link> {
    let link = |period: &Period| {
        let pairs = [carry, &[owned(("period", period.to_string()))]].concat();
        Link {
            href: address("/team", &pairs),
            label: period.label().to_owned(),
            current: current == Some(*period),
        }
    };
    Period::ALL.iter().map(link).collect()
}

fn metric_choices(kinds: &[Kind]) -> Vec<(Metric, String)> {
    let kinds = kinds.iter().filter(|kind| !kind.is_retired);
    let kinds = kinds.map(|kind| Metric::Kind(kind.name.clone()));
    let all = Metric::GENERAL.into_iter().chain(kinds);
    all.map(|metric| (metric.clone(), metric.label().to_owned()))
        .collect()
}

/// `Mon 16 Nov 2026 to Sun 22 Nov 2026`.
pub fn days_words(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => page::day(from),
        (Some(from), Some(to)) => format!("{} to {}", page::day(from), page::day(to)),
        (Some(from), None) => format!("since {}", page::day(from)),
        (None, Some(to)) => format!("until {}", page::day(to)),
        (None, None) => "all days".to_owned(),
    }
}

fn bar_view(bar: &TeamBar) -> BarView {
    let share = bar.target.map(|target| bar.value / target);
    let share = share.filter(|share| share.is_finite());
    BarView {
        team: bar.team.clone(),
        text: match bar.target {
            Some(target) => format!("{} of {}", page::amount(bar.value), page::amount(target)),
            None => page::amount(bar.value),
        },
        percent: share.map_or(0, |share| (share * 100.0).round().clamp(0.0, 100.0) as u32),
        note: share.map_or("No target".to_owned(), |share| {
            format!("{} of the target", page::whole_percent(share))
        }),
    }
}

fn row_view(
    cx: &Cx,
    filters: &Filters,
    row: &Row,
    beside: Option<&Beside>,
    trend: Spark,
) -> Result<RowView> {
    let me = cx.me()?;
    let figure = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
    let beside = beside.copied().unwrap_or_default();
    let (reached, reached_of) = reached_words(&beside);
    let is_there = row.value.is_some() && !row.is_line;
    let open = |metric| match is_there && may_open(me, row.who) {
        true => behind(filters, row, metric),
        false => String::new(),
    };
    Ok(RowView {
        place: row.place.map_or(DASH.to_owned(), |place| place.to_string()),
        name: match row.name.as_str() {
            "" => "(none)".to_owned(),
            name => name.to_owned(),
        },
        sub: row.email.as_ref().and(row.team.clone()).unwrap_or_default(),
        is_mine: row.who == Who::Person(me.id),
        value: figure(row.value),
        href: open(&filters.metric),
        leads_reached_href: open(&Metric::LeadsReached),
        reached_href: open(&Metric::Reached),
        target: figure(row.target),
        percent: row.percent.map_or(DASH.to_owned(), page::percent),
        bar: row
            .percent
            .map(|share| (share * 100.0).round().clamp(0.0, 100.0) as u32),
        improvement: row.improvement.map_or(DASH.to_owned(), page::points),
        leads_reached: figure(is_there.then_some(beside.leads_reached)),
        reached,
        reached_of,
        trend,
        weeks: Vec::new(),
    })
}

/// The share reached, and what it rests on.
fn reached_words(beside: &Beside) -> (String, String) {
    let rate = Rate {
        k: beside.reached as u64,
        n: beside.activities as u64,
    };
    let of = page::of(rate);
    match (rate.share(), rate.interval()) {
        (Some(_), _) if rate.n < LEAST_FOR_A_SHARE => ("Warming up".to_owned(), of),
        (Some(share), Some((low, high))) => {
            let likely = format!(
                "{of}, likely {} to {}",
                style::decimal(low * 100.0, 0),
                page::whole_percent(high)
            );
            (page::whole_percent(share), likely)
        }
        _ => (DASH.to_owned(), String::new()),
    }
}

/// The entries behind a figure: one's own, and for a manager or an admin those of their board.
fn may_open(me: &Me, who: Who) -> bool {
    who == Who::Person(me.id) || matches!(me.role, Role::Manager | Role::Admin)
}

fn behind(filters: &Filters, row: &Row, metric: &Metric) -> String {
    let day_text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let team = match row.who {
        Who::Person(_) => String::new(),
        Who::Team(Some(team)) => team.to_string(),
        Who::Team(None) => super::entries::NO_TEAM.to_owned(),
    };
    let pairs = [
        ("person", row.uid.clone()),
        ("team", team),
        ("metric", metric.to_string()),
        ("from", day_text(filters.from)),
        ("to", day_text(filters.to)),
    ];
    address("/team/entries", &pairs.map(owned))
}

/// The report's columns, and what stands beside the volume.
fn csv(rows: Vec<Row>, beside: &HashMap<Who, Beside>) -> Result<String> {
    let header = [&HEADER[..], &["activities", "reached", "leads_reached"]].concat();
    let cells = rows.into_iter().map(|row| {
        let there = row
            .value
            .filter(|_| !row.is_line)
            .map(|_| beside.get(&row.who).copied().unwrap_or_default());
        let mut cells = LeaderboardRow::from(row).cells();
        cells.extend([
            Cell::number(there.map(|b| b.activities)),
            Cell::number(there.map(|b| b.reached)),
            Cell::number(there.map(|b| b.leads_reached)),
        ]);
        cells
    });
    csv_out::table(&header, cells)
}
