//! GET /team: the board in its frame, and as CSV.

use super::asked::{Asked, address, days_words, owned, period_links, tabs};
use super::best::Best;
use super::figure::Figure;
use super::report::{BESIDE, LeaderboardRow, header};
use super::trend::Trend;
use super::view::{Around, BarView, RowView, next_line, row_view};
use super::{Beside, Board, By, Filters, Rank, Who, before, best, board_with_beside, together};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::lists::{Kind, Lists};
use crate::page::{self, Answer, Frame, Late, Link};
use crate::rules::target::Metric;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "team/board.html")]
struct BoardPage {
    frame: Frame,
    sub: String,
    refused: String,
    tabs: Vec<Link>,
    periods: Vec<Link>,
    from: String,
    to: String,
    /// What each of the two forms keeps of the other.
    carry_filters: Vec<(String, String)>,
    carry_period: Vec<(String, String)>,
    metrics: Vec<Choice>,
    bys: Vec<Choice>,
    ranks: Vec<Choice>,
    /// Empty where there are no groups to choose.
    peers: Vec<Choice>,
    csv: String,
    /// The last weeks of each row as a file.
    weeks_csv: String,
    metric: String,
    is_by_person: bool,
    is_improved: bool,
    is_score: bool,
    /// Whether leads reached are the value itself, and stand beside nothing.
    is_leads: bool,
    made: MadeView,
}

/// The board in ready words.
#[derive(Default)]
struct MadeView {
    bars: Vec<BarView>,
    /// The Mondays of the trend.
    weeks: Vec<String>,
    rows: Vec<RowView>,
    /// Whether places go by what was due by now: by the share of the target, while the period runs.
    has_due: bool,
    /// What it is compared with; empty for nothing.
    compared: String,
    /// None of one row alone, and for who does not see everybody.
    together: Option<TogetherView>,
    /// One's own best.
    best: Option<Best>,
    /// How many of the activities were entered late; none of no activity.
    late: Option<Late>,
}

/// How an address asks for the file of the last weeks.
const WEEKS: &str = "weeks";

/// What the rows have together, and what explains each figure of it.
struct TogetherView {
    value: String,
    href: String,
    leads_reached: String,
    leads_reached_href: String,
    reached: String,
    /// Empty without an activity.
    reached_href: String,
    reached_of: String,
}

impl TogetherView {
    fn of(filters: &Filters, (value, beside): (f64, Beside)) -> TogetherView {
        let (reached, reached_of) = beside.reached_words();
        let of_leads = Filters {
            metric: Metric::LeadsReached,
            ..filters.clone()
        };
        TogetherView {
            value: page::amount(value),
            href: together::href(Figure::Together, filters, None),
            leads_reached: page::amount(beside.leads_reached),
            leads_reached_href: together::href(Figure::Together, &of_leads, None),
            reached_href: match reached_of.is_empty() {
                true => String::new(),
                false => together::href(Figure::TogetherReached, filters, None),
            },
            reached,
            reached_of,
        }
    }
}

/// What the page is made from.
struct Made {
    board: Board,
    beside: HashMap<Who, Beside>,
    trend: Trend,
    before: HashMap<Who, f64>,
    earlier: Option<Filters>,
    compared: String,
    best: Option<Best>,
}

pub fn page(cx: &Cx) -> Answer {
    let mut asked = Asked::read(cx)?;
    let mut view = MadeView::default();
    if asked.refused.is_empty() {
        match cx.snapshot(|conn| made(conn, cx, &asked)) {
            Ok(made) if asked.is_csv() && asked.query.value("table") == WEEKS => {
                return page::csv_file("leaderboard-weeks", made.trend.csv(&made.board.rows)?);
            }
            Ok(made) if asked.is_csv() => {
                let rank = asked.filters.rank;
                return page::csv_file("leaderboard", csv(made, rank)?);
            }
            Ok(made) => view = made_view(cx, &asked.filters, &made)?,
            Err(Error::Refused(why)) => asked.refused = why,
            Err(error) => return Err(error),
        }
    }
    let is_refused = !asked.refused.is_empty();
    let board = board_page(cx, asked, view)?;
    match is_refused {
        true => page::again(&board),
        false => page::show(&board),
    }
}

fn made(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Made> {
    let me = cx.me()?;
    let filters = &asked.filters;
    let (board, beside) = board_with_beside(conn, cx.kept, filters)?;
    let earlier = before::filters(filters, asked.period, cx.zone());
    let is_mine = board.rows.iter().any(|row| row.who == Who::Person(me.id));
    Ok(Made {
        trend: Trend::read(conn, cx.kept, filters)?,
        before: match &earlier {
            Some(earlier) => before::read(conn, cx.kept, earlier)?,
            None => HashMap::new(),
        },
        compared: earlier.as_ref().map_or_else(String::new, |earlier| {
            let until = match earlier.as_of < filters.as_of {
                true => ", up to the same moment",
                false => "",
            };
            format!("{}{until}", days_words(earlier.from, earlier.to))
        }),
        best: match is_mine {
            true => best::best(conn, cx.kept, filters, (me.id, &me.uid))?,
            false => None,
        },
        board,
        beside,
        earlier,
    })
}

fn made_view(cx: &Cx, filters: &Filters, made: &Made) -> Result<MadeView> {
    let next_line = next_line(&made.board.rows, filters);
    let around = Around {
        filters,
        beside: &made.beside,
        before: &made.before,
        earlier: made.earlier.as_ref(),
        next_line: &next_line,
    };
    let mut rows = Vec::new();
    for row in &made.board.rows {
        let (spark, weeks) = match row.is_line {
            true => Default::default(),
            false => (made.trend.spark(row.who), made.trend.words(row.who)),
        };
        rows.push(RowView {
            weeks,
            ..row_view(cx, &around, row, spark)?
        });
    }
    Ok(MadeView {
        bars: (made.board.bars.iter())
            .map(|bar| BarView::of(bar, filters, filters.scope.leads()))
            .collect(),
        weeks: made.trend.names(),
        rows,
        has_due: filters.rank == Rank::Percent && made.board.is_running,
        compared: made.compared.clone(),
        together: made.board.all().map(|all| TogetherView::of(filters, all)),
        best: made.best.clone(),
        late: Late::new(
            together::late_rate(&made.board, &made.beside),
            "activities",
            together::href(Figure::Late, filters, None),
        ),
    })
}

fn board_page(cx: &Cx, asked: Asked, made: MadeView) -> Result<BoardPage> {
    let filters = &asked.filters;
    let lists: Arc<Lists> = cx.reference()?;
    let words = [
        ("metric", filters.metric.to_string()),
        ("by", filters.by.to_string()),
        ("rank", filters.rank.to_string()),
        ("peers", asked.peers_word()),
    ];
    let shown = Form::filled(words.clone());
    let carry_period = asked.carry_period();
    let carry_filters = words.map(owned).to_vec();
    let all = [
        &carry_filters[..],
        &carry_period,
        &[owned(("format", "csv".to_owned()))],
    ]
    .concat();
    let [(_, from), (_, to)] = asked.days();
    let ranks = [
        (Rank::Value, "Value"),
        (Rank::Percent, "% of own target"),
        (Rank::Improved, "Most improved"),
    ];
    Ok(BoardPage {
        frame: Frame::new(cx, "Team").live(),
        sub: format!(
            "{}, {}{}",
            filters.metric.label(),
            days_words(filters.from, filters.to),
            asked.as_of_words(cx)
        ),
        tabs: tabs(cx, "/team")?,
        periods: period_links("/team", &carry_filters, asked.period),
        from,
        to,
        weeks_csv: address(
            "/team",
            &[&all[..], &[owned(("table", WEEKS.to_owned()))]].concat(),
        ),
        csv: address("/team", &all),
        metrics: shown.choices("metric", metric_choices(&lists.kinds)),
        bys: shown.choices("by", [(By::Person, "Person"), (By::Team, "Team")]),
        ranks: shown.choices("rank", ranks),
        peers: asked.peer_choices(cx)?,
        metric: filters.metric.label().to_owned(),
        is_by_person: filters.by == By::Person,
        is_improved: filters.rank == Rank::Improved,
        is_score: filters.metric == Metric::Score,
        is_leads: filters.metric == Metric::LeadsReached,
        made,
        refused: asked.refused,
        carry_filters,
        carry_period,
    })
}

/// What a board can be asked for.
pub fn metric_choices(kinds: &[Kind]) -> Vec<(Metric, String)> {
    let kinds = kinds.iter().filter(|kind| !kind.is_retired);
    let kinds = kinds.map(|kind| Metric::Kind(kind.name.clone()));
    let all = Metric::GENERAL.into_iter().chain(kinds);
    all.map(|metric| (metric.clone(), metric.label().to_owned()))
        .collect()
}

/// The report's columns, what stands beside the volume, and the period before.
fn csv(made: Made, rank: Rank) -> Result<String> {
    let header = [&header(rank)[..], &BESIDE[..], &["before"]].concat();
    let together = LeaderboardRow::together(&made.board);
    let row = |(row, before): (LeaderboardRow, Option<f64>)| {
        let mut cells = row.cells(rank);
        cells.extend(row.beside());
        cells.push(Cell::number(before));
        cells
    };
    let rows = made.board.rows.into_iter().map(|row| {
        let who = Some(row.who).filter(|_| !row.is_line);
        let before = who.and_then(|who| made.before.get(&who).copied());
        (LeaderboardRow::of(row, &made.beside), before)
    });
    let all = rows.chain(together.map(|row| (row, None)));
    csv_out::table(&header, all.map(row))
}
