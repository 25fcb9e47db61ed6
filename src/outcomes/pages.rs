//! The page of how far hand-overs came.

use super::days::Days;
use super::face::{self, Head, ORIGINS};
use super::figures::{Figures, Step};
use super::{Face, Filters, Group, LEAST_LEADS, Report, report, tables};
use crate::app::Cx;
use crate::calendar;
use crate::charts::bars::{Bars, Row};
use crate::definitions::under;
use crate::leads::cohort::{Grouping, Key, Place, bar, in_order};
use crate::page::{self, Answer, Frame, Link, filters};
use crate::style;
use crate::urls;
use askama::Template;

#[derive(Template)]
#[template(path = "outcomes/page.html")]
struct OutcomesPage {
    frame: Frame,
    head: Head,
    /// None where the filters are wrong.
    view: Option<View>,
}

/// The report in ready words.
struct View {
    sub: String,
    under: Vec<Link>,
    n: u64,
    headline: String,
    tiles: Vec<Tile>,
    shares: Vec<Share>,
    funnel: Bars,
    grouping: String,
    order: &'static str,
    groups: Vec<GroupRow>,
    /// How many are maturing, and what explains it; empty where none is.
    maturing: String,
    maturing_href: String,
}

/// How many of all ever came so far.
struct Share {
    label: &'static str,
    href: String,
    count: u64,
    share_href: String,
    percent: f64,
    share: String,
    interval: String,
}

struct GroupRow {
    name: String,
    /// The same leads by the week of their hand-over; empty where that cannot be asked for.
    weeks_href: String,
    cells: Vec<Cell>,
    won: Cell,
    share: Cell,
    interval: String,
    /// The median of the days to a win, and the 90th percentile, each with where it likely lies.
    days: [(Cell, String); 2],
    value: Cell,
    note: &'static str,
    /// Of a group that is no week: how many of it are maturing.
    maturing: String,
    maturing_href: String,
}

/// A count and the address that explains it.
struct Cell {
    label: &'static str,
    words: String,
    href: String,
}

struct Tile {
    label: &'static str,
    value: String,
    sub: String,
    href: String,
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let frame = Frame::new(cx, "Lead outcomes");
    let Some(filters) = face::read(&mut form, cx, Face::Funnel) else {
        let head = Head::new(cx, form, Face::Funnel, None)?;
        let view = None;
        return page::again(&OutcomesPage { frame, head, view });
    };
    let report = cx.snapshot(|conn| report(conn, &filters, Some(me)))?;
    if form.value("format") == "csv" {
        return page::csv_file("outcomes", tables::csv(&report)?);
    }
    let head = Head::new(cx, form, Face::Funnel, Some(&filters))?;
    let view = Some(View::new(cx, &filters, &head, &report));
    let mut page = OutcomesPage { frame, head, view };
    if report.is_default_hours {
        page.frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
    }
    page::show(&page)
}

impl View {
    fn new(cx: &Cx, filters: &Filters, head: &Head, report: &Report) -> View {
        let total = &report.total;
        let (groups, order) = group_rows(filters, head, report);
        View {
            sub: bar::as_of(cx, &filters.cohort),
            under: under::links(&report.versions),
            n: total.n,
            headline: headline(total),
            tiles: tiles(head, total),
            shares: shares(head, total),
            funnel: funnel(total),
            grouping: filters
                .by
                .map(|by| by.label().to_lowercase())
                .unwrap_or_default(),
            order,
            groups,
            maturing: match total.maturing {
                0 => String::new(),
                n => style::count(n),
            },
            maturing_href: head.explain("maturing", ""),
        }
    }
}

/// "Of 214 leads, 61.2 % were taken up, 40.2 % reached and 5.6 % won so far. 88 are still open."
fn headline(total: &Figures) -> String {
    let share = |step| page::part(total.rate(step));
    let leads = if total.n == 1 { "lead" } else { "leads" };
    let open = match total.open {
        0 => "None is still open.".to_owned(),
        1 => "1 is still open.".to_owned(),
        n => format!("{} are still open.", style::count(n)),
    };
    format!(
        "Of {} {leads}, {} were taken up, {} reached and {} won so far. {open}",
        style::count(total.n),
        share(Step::TakenUp),
        share(Step::Contacted),
        share(Step::Won)
    )
}

fn tiles(head: &Head, total: &Figures) -> Vec<Tile> {
    let rated = |label, step: Step| {
        let rate = total.rate(step);
        Tile {
            label,
            value: page::share(rate),
            sub: page::rests_on(rate),
            href: head.explain(step.word(), ""),
        }
    };
    let days = |label, days: Days, figure| Tile {
        label,
        value: days.words(),
        sub: match days.range() {
            nothing if nothing.is_empty() => format!("n\u{a0}=\u{a0}{}", style::count(total.n)),
            range => format!("likely {range}, n\u{a0}=\u{a0}{}", style::count(total.n)),
        },
        href: head.explain(figure, ""),
    };
    vec![
        rated("Taken up", Step::TakenUp),
        rated("Won", Step::Won),
        Tile {
            label: "Value won",
            value: tables::money(&total.value_won),
            sub: "of the wins' amounts, else the leads'".to_owned(),
            href: head.explain("value", ""),
        },
        days("Median days to won", total.median_days(), "days"),
        days("90th percentile of the days", total.p90_days(), "days-p90"),
    ]
}

/// The figure that counts a step; all of them are one already.
fn counted(step: Step) -> String {
    match step {
        Step::HandedOver => step.word().to_owned(),
        step => format!("count-{step}"),
    }
}

/// How far they came, and how they ended.
fn shares(head: &Head, total: &Figures) -> Vec<Share> {
    let share = |step: &Step| {
        let rate = total.rate(*step);
        Share {
            label: step.label(),
            href: head.explain(&counted(*step), ""),
            count: rate.k,
            // All of them are all: that share is nothing to explain.
            share_href: match step {
                Step::HandedOver => String::new(),
                step => head.explain(step.word(), ""),
            },
            percent: rate.share().unwrap_or(0.0) * 100.0,
            share: page::share(rate),
            interval: page::interval(rate),
        }
    };
    Step::ALL.iter().map(share).collect()
}

/// The way to a win as a picture, each step as its share of all that were handed over.
fn funnel(total: &Figures) -> Bars {
    let rows = Step::WAY.iter().map(|step| {
        let rate = total.rate(*step);
        let figure = page::counted(rate);
        Row::step(step.label().to_owned(), figure, rate.share().unwrap_or(0.0))
    });
    Bars {
        label: "How far hand-overs came".to_owned(),
        about:
            "A bar for each step, as wide as its share of all hand-overs. A lead may skip a step; \
                the table below has the same figures."
                .to_owned(),
        rows: rows.collect(),
    }
}

fn group_rows(filters: &Filters, head: &Head, report: &Report) -> (Vec<GroupRow>, &'static str) {
    let Some(by) = filters.by else {
        return (Vec::new(), "");
    };
    let place = |group: &Group| Place {
        is_small: group.figures.n < LEAST_LEADS,
        low: group.figures.won_low,
    };
    let said = "Ordered by the lower end of the share won; small groups last";
    let (groups, order) = in_order(by, &report.groups, place, said);
    let row = |group: &Group| group_row(by, head, group);
    (groups.into_iter().map(row).collect(), order)
}

/// What a group is counted by, beside its wins.
const NOT_WON: [Step; 11] = [
    Step::HandedOver,
    Step::TakenUp,
    Step::Accepted,
    Step::Contacted,
    Step::Meeting,
    Step::Qualified,
    Step::Lost,
    Step::Rejected,
    Step::Disqualified,
    Step::Nurture,
    Step::Open,
];

fn group_row(by: Grouping, head: &Head, group: &Group) -> GroupRow {
    let figures = &group.figures;
    let name = page::group_name(&group.name);
    let cell = |step: Step| Cell {
        label: step.label(),
        words: style::count(figures.rate(step).k),
        href: head.explain(&counted(step), name),
    };
    let won = figures.rate(Step::Won);
    let days = |label, days: Days, figure| {
        let cell = Cell {
            label,
            words: days.words(),
            href: head.explain(figure, name),
        };
        (cell, days.range())
    };
    GroupRow {
        name: by.words(&group.name),
        weeks_href: weeks_href(by, head, group.key),
        cells: NOT_WON.map(cell).into(),
        won: cell(Step::Won),
        share: Cell {
            label: "Share won",
            words: page::share(won),
            href: head.explain(Step::Won.word(), name),
        },
        interval: page::interval(won),
        days: [
            days("Median days to won", figures.median_days(), "days"),
            days("90 % of the days", figures.p90_days(), "days-p90"),
        ],
        value: Cell {
            label: "Value won",
            words: tables::money(&figures.value_won),
            href: head.explain("value", name),
        },
        note: match figures.n < LEAST_LEADS {
            true => "Warming up",
            false if figures.maturing > 0 && by.is_of_time() => "Maturing",
            false => "",
        },
        maturing: match figures.maturing {
            0 => String::new(),
            n => style::count(n),
        },
        maturing_href: head.explain("maturing", name),
    }
}

/// The leads of one source, campaign or asset by the week of their hand-over; empty where the page is narrowed to one of
/// another kind, since a report is narrowed to one only.
fn weeks_href(by: Grouping, head: &Head, key: Key) -> String {
    let (Key::Id(Some(id)), true) = (key, ORIGINS.contains(&by)) else {
        return String::new();
    };
    let mut others = ORIGINS.iter().filter(|origin| **origin != by);
    if others.any(|origin| !head.form.value(origin.word()).is_empty()) {
        return String::new();
    }
    let id = id.to_string();
    let kept = face::pairs(&head.form).into_iter();
    let kept = kept.filter(|(name, _)| !["by", by.word()].contains(name));
    let pairs: Vec<(&str, &str)> = kept
        .chain([("by", Grouping::Week.word()), (by.word(), id.as_str())])
        .collect();
    urls::with_query("/outcomes", &pairs)
}
