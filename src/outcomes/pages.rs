//! The lead outcomes page.

use super::figures::Figures;
use super::{Filters, GROUPINGS, Group, Report, report, tables};
use crate::app::Cx;
use crate::calendar;
use crate::charts::bars::{Bars, Row};
use crate::definitions::{Definitions, under};
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::leads::cohort::Grouping;
use crate::leads::cohort::bar::{self, Bar};
use crate::page::{self, Answer, Frame, Link, filters};
use crate::rules::rates::Rate;
use crate::style;
use askama::Template;
use std::sync::Arc;

/// A group with fewer is "warming up": no conclusion, listed last. Source: PRODUCT.md 7.
const LEAST_LEADS: u64 = 10;

#[derive(Template)]
#[template(path = "outcomes/page.html")]
struct OutcomesPage {
    frame: Frame,
    form: Form,
    bar: Bar,
    groupings: Vec<Choice>,
    versions: Vec<Choice>,
    /// None where the filters are wrong.
    view: Option<View>,
}

/// The report in ready words.
struct View {
    sub: String,
    under: Vec<Link>,
    n: u64,
    won: String,
    won_about: String,
    value: String,
    days: String,
    shares: Vec<Share>,
    funnel: Bars,
    grouping: String,
    order: &'static str,
    groups: Vec<GroupRow>,
}

/// How many of all ever came so far.
struct Share {
    label: &'static str,
    count: u64,
    percent: f64,
    share: String,
    interval: String,
}

struct GroupRow {
    name: String,
    href: String,
    figures: Figures,
    share: String,
    interval: String,
    days: String,
    /// What was won, a currency each.
    values: Vec<String>,
    is_small: bool,
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let Some(filters) = read(&mut form, cx) else {
        return page::again(&outcomes_page(cx, form, None)?);
    };
    let report = cx.snapshot(|conn| report(conn, &filters, Some(me)))?;
    if form.value("format") == "csv" {
        return page::csv_file("outcomes", tables::csv(&report)?);
    }
    let mut page = outcomes_page(cx, form, Some(View::new(cx, &filters, &report)))?;
    if report.is_default_hours {
        page.frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
    }
    page::show(&page)
}

fn read(form: &mut Form, cx: &Cx) -> Option<Filters> {
    let cohort = bar::cohort(form, cx.now);
    let by = form.optional("by", "a grouping from the list", |word| {
        Grouping::from_word(word).filter(|by| GROUPINGS.contains(by))
    });
    Some(Filters {
        cohort: cohort?,
        by: by?,
    })
}

fn outcomes_page(cx: &Cx, form: Form, view: Option<View>) -> Result<OutcomesPage> {
    let definitions: Arc<Definitions> = cx.reference()?;
    let zone = &cx.workspace.zone;
    let groupings = GROUPINGS.iter().map(|by| (by.word(), by.label()));
    Ok(OutcomesPage {
        frame: Frame::new(cx, "Lead outcomes"),
        bar: Bar::new("/outcomes", &form, &["by", "definition"], cx.now, zone),
        groupings: form.choices("by", [("", "Nothing")].into_iter().chain(groupings)),
        versions: under::choices(&form, &definitions),
        form,
        view,
    })
}

impl View {
    fn new(cx: &Cx, filters: &Filters, report: &Report) -> View {
        let total = &report.total;
        let (groups, order) = group_rows(filters, report);
        View {
            sub: format!(
                "{}, as of {}",
                bar::days(&filters.cohort),
                page::time_and_zone(cx.now, cx.zone())
            ),
            under: under::links(&report.versions),
            n: total.n,
            won: page::share(total.won_rate()),
            won_about: format!(
                "{}, likely {}",
                page::of(total.won_rate()),
                page::interval(total.won_rate())
            ),
            value: tables::money(&total.value_won),
            days: tables::days(total.median_days_to_won),
            shares: shares(total),
            funnel: funnel(total),
            grouping: filters
                .by
                .map(|by| by.label().to_lowercase())
                .unwrap_or_default(),
            order,
            groups,
        }
    }
}

fn part(label: &'static str, count: u64, n: u64) -> Share {
    let rate = Rate { k: count, n };
    Share {
        label,
        count,
        percent: rate.share().unwrap_or(0.0) * 100.0,
        share: page::share(rate),
        interval: page::interval(rate),
    }
}

/// The way to a win.
fn way(total: &Figures) -> [(&'static str, u64); 6] {
    [
        ("Handed over", total.n),
        ("Accepted", total.accepted),
        ("Contacted", total.contacted),
        ("Meeting booked", total.meetings),
        ("Qualified", total.qualified),
        ("Won", total.won),
    ]
}

/// How far they came, and how they ended.
fn shares(total: &Figures) -> Vec<Share> {
    let ends = [
        ("Lost", total.lost),
        ("Rejected", total.rejected),
        ("Disqualified", total.disqualified),
        ("Returned to nurture", total.nurture),
        ("Still open", total.open),
    ];
    let all = way(total).into_iter().chain(ends);
    all.map(|(label, count)| part(label, count, total.n))
        .collect()
}

/// The way to a win as a picture, each step as its share of all that were handed over.
fn funnel(total: &Figures) -> Bars {
    let steps = way(total);
    let rows = steps.iter().map(|(label, count)| {
        let rate = Rate {
            k: *count,
            n: total.n,
        };
        let figure = format!("{}, {}", style::count(*count), page::share(rate));
        Row::step((*label).to_owned(), figure, rate.share().unwrap_or(0.0))
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

fn group_rows(filters: &Filters, report: &Report) -> (Vec<GroupRow>, &'static str) {
    let Some(by) = filters.by else {
        return (Vec::new(), "");
    };
    let mut groups: Vec<&Group> = report.groups.iter().collect();
    let is_small = |group: &Group| group.figures.n < LEAST_LEADS;
    let order = if by == Grouping::Week {
        "In order of time"
    } else {
        let low = |group: &Group| group.figures.won_low.unwrap_or(-1.0);
        groups.sort_by(|a, b| {
            is_small(a)
                .cmp(&is_small(b))
                .then(low(b).total_cmp(&low(a)))
        });
        "Ordered by the lower end of the share won; small groups last"
    };
    let row = |group: &Group| {
        let figures = &group.figures;
        GroupRow {
            name: page::group_name(&group.name).to_owned(),
            href: report
                .names
                .leads_href(&filters.cohort, filters.by, group.key),
            share: page::share(figures.won_rate()),
            interval: page::interval(figures.won_rate()),
            days: tables::days(figures.median_days_to_won),
            values: tables::amounts(&figures.value_won),
            is_small: is_small(group),
            figures: figures.clone(),
        }
    };
    (groups.into_iter().map(row).collect(), order)
}
