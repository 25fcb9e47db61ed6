//! The page of hand-overs: what waits for the asker, totals in words, and a table or a board.

use super::csv;
use super::fields::{self, FilterView};
use super::figures::{self, Totals};
use super::filter::{DAYS, Filter, Grouping};
use super::passed::{self, Passed};
use super::told::{self, GroupView, Tile, Told};
use super::waiting::{Waiting, waiting};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::definitions::Definitions;
use crate::form::Form;
use crate::leads::list::{Cursor, Place};
use crate::lists::Lists;
use crate::page::{self, Answer, Frame, Link, filters};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::stage::Stage;
use crate::rules::survival::End;
use crate::urls;
use askama::Template;
use chrono::{Days, NaiveDate};
use std::sync::Arc;

const PAGE_ROWS: usize = 50;
/// Cards in a column of the board; the rest stands in the table.
const CARDS: usize = 12;

#[derive(Template)]
#[template(path = "handovers/page.html")]
struct HandoversPage {
    frame: Frame,
    title: &'static str,
    form: Form,
    filters: Vec<FilterView>,
    more_filters: Vec<FilterView>,
    has_more_filters: bool,
    periods: Vec<Link>,
    views: Vec<Link>,
    /// What the form of days of one's own keeps.
    carry: Vec<(String, String)>,
    waits: Vec<Waiting>,
    /// How many more rejections wait than are listed, and where they stand.
    waits_more: usize,
    rejected_href: String,
    words: String,
    totals: Totals,
    rating: Told,
    tiles: Vec<Tile>,
    /// What came of disputes, and of the rejections besides; empty where nothing was rejected.
    disputes: Vec<Told>,
    answers: Vec<Told>,
    by: &'static str,
    groups: Vec<GroupView>,
    rows: Vec<Row>,
    board: Vec<Column>,
    previous: String,
    next: String,
    csv_href: String,
    groups_csv_href: String,
}

struct Row {
    href: String,
    name: String,
    company: String,
    when: String,
    origin: String,
    owner: String,
    status: &'static str,
    tone: &'static str,
    speed: String,
    reason: String,
    reply: &'static str,
    rating: String,
}

struct Column {
    title: &'static str,
    count: usize,
    cards: Vec<Row>,
    /// The table of all of the column, where not all are shown.
    href: String,
}

/// The filters, in the order of the page.
pub const KEPT: [&str; 14] = [
    "from", "to", "whose", "by", "view", "status", "came", "owner", "speed", "outcome", "reason",
    "source", "campaign", "asset",
];

pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let directory: Arc<Directory> = cx.reference()?;
    let lists: Arc<Lists> = cx.reference()?;
    let calendars: Arc<Calendars> = cx.reference()?;
    let definitions: Arc<Definitions> = cx.reference()?;
    let zone = &cx.workspace.zone;
    let today = zone.day_of(cx.now);
    let Some(filter) = Filter::read(&mut form, &directory, me, today) else {
        return page::again(&blank(cx, me, form, (&directory, &lists), &[]));
    };
    cx.snapshot(|conn| {
        let all = passed::passed(conn, me, filter.span(zone), cx.now)?;
        let shown = all
            .iter()
            .filter(|passed| filter.lets_through(passed, (me, &directory)));
        let shown: Vec<&Passed> = shown.collect();
        let groups = filter.by.map_or_else(Vec::new, |by| {
            let href = |id: &str| address(&form, &[("by", ""), (by.word(), id)]);
            figures::groups(&shown, by, &lists, href)
        });
        match (form.value("format"), form.value("table")) {
            ("csv", "groups") => return csv::groups(&groups),
            ("csv", _) => return csv::file(&shown, &lists, &directory),
            _ => {}
        }
        let place = Place::read(&form);
        let mut page = blank(cx, me, form, (&directory, &lists), &all);
        (page.waits, page.waits_more) =
            waiting(conn, me, (&directory, &calendars, &definitions), cx.now)?;
        page.totals = Totals::of(shown.iter().copied());
        page.words = page.totals.words();
        page.rating = told::rating(&page.form, &page.totals);
        page.tiles = told::tiles(&page.form, &page.totals);
        (page.disputes, page.answers) = told::replies(&page.form, &page.totals);
        page.by = filter.by.map_or("", Grouping::label);
        page.groups = groups
            .iter()
            .map(|group| told::group_view(&page.form, group))
            .collect();
        let row = |passed: &Passed| row(cx, passed, &lists, &directory);
        if filter.is_board {
            page.board = board(&page.form, &shown, row);
        } else {
            let (rows, previous, next) = turn(&page.form, &shown, place);
            page.rows = rows.iter().map(|passed| row(passed)).collect();
            (page.previous, page.next) = (previous, next);
        }
        page::show(&page)
    })
}

/// The page with its filters and nothing to show.
fn blank(
    cx: &Cx,
    me: &Me,
    form: Form,
    (directory, lists): (&Directory, &Lists),
    all: &[Passed],
) -> HandoversPage {
    let filters = fields::near(me, &form, directory, all);
    let more_filters = fields::far(&form, lists, all);
    let folded = [
        "came", "speed", "outcome", "reason", "source", "campaign", "asset",
    ];
    let title = match me.role {
        Role::Marketing => "My hand-overs",
        _ => "Hand-overs",
    };
    let today = cx.workspace.zone.day_of(cx.now);
    let view = |label: &str, word: &str| Link {
        href: address(&form, &[("view", word)]),
        label: label.to_owned(),
        current: form.value("view") == word,
    };
    HandoversPage {
        frame: Frame::new(cx, title),
        title,
        has_more_filters: folded.iter().any(|name| !form.value(name).is_empty()),
        periods: periods(&form, today),
        views: vec![view("Table", ""), view("Board", "board")],
        carry: KEPT
            .iter()
            .filter(|name| !["from", "to"].contains(*name) && !form.value(name).is_empty())
            .map(|name| ((*name).to_owned(), form.value(name).to_owned()))
            .collect(),
        filters,
        more_filters,
        waits: Vec::new(),
        waits_more: 0,
        rejected_href: rejected_href(&form, today),
        words: String::new(),
        totals: Totals::default(),
        rating: Told::default(),
        tiles: Vec::new(),
        disputes: Vec::new(),
        answers: Vec::new(),
        by: "",
        groups: Vec::new(),
        rows: Vec::new(),
        board: Vec::new(),
        previous: String::new(),
        next: String::new(),
        csv_href: address(&form, &[("format", "csv")]),
        groups_csv_href: address(&form, &[("format", "csv"), ("table", "groups")]),
        form,
    }
}

/// The rejected hand-overs of a year.
fn rejected_href(form: &Form, today: NaiveDate) -> String {
    let from = today.checked_sub_days(Days::new(364)).unwrap_or(today);
    let (from, to) = (from.to_string(), today.to_string());
    let year = [("outcome", "rejected"), ("from", &from), ("to", &to)];
    address(form, &year)
}

fn periods(form: &Form, today: NaiveDate) -> Vec<Link> {
    let link = |(label, days): (&str, u64)| {
        let from = today.checked_sub_days(Days::new(days - 1)).unwrap_or(today);
        let (from, to) = (from.to_string(), today.to_string());
        Link {
            href: address(form, &[("from", &from), ("to", &to)]),
            label: label.to_owned(),
            current: form.value("from") == from && form.value("to") == to,
        }
    };
    let named = [
        ("Last 7 days", 7),
        ("Last 30 days", 30),
        ("Last 90 days", DAYS),
        ("A year", 365),
    ];
    named.map(link).into()
}

/// The page with the filters of this request, some of them otherwise.
fn address(form: &Form, changes: &[(&str, &str)]) -> String {
    let kept = KEPT.iter().map(|name| (*name, form.value(name)));
    let kept = kept.filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let pairs: Vec<(&str, &str)> = kept.chain(changes.iter().copied()).collect();
    urls::with_query("/hand-overs", &pairs)
}

fn row(cx: &Cx, passed: &Passed, lists: &Lists, directory: &Directory) -> Row {
    let handover = &passed.handover;
    let labels = [handover.source_id, handover.campaign_id, handover.asset_id];
    let labels = labels.map(|id| lists.label_name(id));
    let labels: Vec<&str> = labels.into_iter().filter(|name| !name.is_empty()).collect();
    let waited = passed.wait.until.seconds_since(handover.handed_over_at);
    Row {
        href: format!("/hand-overs/{}", handover.uid),
        name: passed.lead.name.title().to_owned(),
        company: passed.lead.name.company.clone(),
        when: page::short_time(handover.handed_over_at, cx.zone(), cx.zone().day_of(cx.now)),
        origin: labels.join(" · "),
        owner: directory.name(passed.owner_id).to_owned(),
        status: passed.status.label(),
        tone: passed.status.tone(),
        speed: match passed.wait.end {
            End::Event => format!("after {}", page::duration(waited)),
            End::Open => format!("waiting {}", page::duration(waited)),
            End::Closed => "none, closed before".to_owned(),
        },
        reason: passed.reason().to_owned(),
        reply: match reply_word(passed) {
            "unanswered" => "Not answered",
            "agreed" => "Agreed",
            "disputed" => "Disputed",
            "upheld" => "Disputed, stands",
            "withdrawn" => "Disputed, withdrawn",
            _ => "",
        },
        rating: passed
            .rating
            .as_ref()
            .map(|r| format!("{} of 5", r.stars))
            .unwrap_or_default(),
    }
}

/// How far the talk about its rejection has come; empty where it was not rejected, or by a file and nobody answered.
pub fn reply_word(passed: &Passed) -> &'static str {
    let Some(rejection) = &passed.rejection else {
        return "";
    };
    let newest = rejection.replies().last();
    match newest {
        Some(replied) => replied.reply.word(),
        None if rejection.waits_for_answer() => "unanswered",
        None => "",
    }
}

/// One page of the table, and the ways to the pages before and after it.
fn turn<'p>(form: &Form, shown: &[&'p Passed], place: Place) -> (Vec<&'p Passed>, String, String) {
    let key = |p: &Passed| (p.handover.handed_over_at, p.handover.id);
    let first = match place {
        Place::First => 0,
        Place::After(at) => shown.partition_point(|p| key(p) >= (at.at, at.id)),
        Place::Before(at) => {
            let before = shown.partition_point(|p| key(p) > (at.at, at.id));
            before.saturating_sub(PAGE_ROWS)
        }
    };
    let last = (first + PAGE_ROWS).min(shown.len());
    let way = |name: &str, passed: Option<&&Passed>| {
        let (at, id) = passed.map(|p| key(p)).unzip();
        let cursor = at.zip(id).map(|(at, id)| Cursor { at, id }.to_string());
        cursor.map_or(String::new(), |cursor| address(form, &[(name, &cursor)]))
    };
    let rows = shown.get(first..last).unwrap_or_default();
    let previous = if first > 0 {
        way("before", rows.first())
    } else {
        String::new()
    };
    let next = if last < shown.len() {
        way("after", rows.last())
    } else {
        String::new()
    };
    (rows.to_vec(), previous, next)
}

/// A column for each status that a hand-over is in.
fn board(form: &Form, shown: &[&Passed], row: impl Fn(&Passed) -> Row) -> Vec<Column> {
    let column = |stage: &Stage| {
        let theirs: Vec<&&Passed> = shown.iter().filter(|p| p.status == *stage).collect();
        Column {
            title: crate::style::stage(*stage),
            count: theirs.len(),
            cards: theirs
                .iter()
                .take(CARDS)
                .map(|passed| row(passed))
                .collect(),
            href: match theirs.len() > CARDS {
                true => address(form, &[("view", ""), ("status", stage.word())]),
                false => String::new(),
            },
        }
    };
    // In nurture stands last, as where a hand-over comes back to.
    let stages = Stage::ALL.iter().filter(|stage| **stage != Stage::Nurture);
    let columns = stages.chain(&[Stage::Nurture]).map(column);
    columns.filter(|column| column.count > 0).collect()
}
