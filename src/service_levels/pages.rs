//! The page of both sides' service levels.

use super::figures::Figures;
use super::{Filters, GROUPINGS, Group, Report, report, tables};
use crate::app::Cx;
use crate::calendar;
use crate::charts::bars::{Bars, Fill, Row};
use crate::definitions::{Definitions, under};
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::leads::cohort::Grouping;
use crate::leads::cohort::bar::{self, Bar};
use crate::page::{self, Answer, DASH, Frame, Link, filters};
use crate::rules::level::{Clause, Tally};
use crate::rules::rates::Rate;
use crate::style;
use askama::Template;
use std::sync::Arc;

/// A group with fewer is "warming up": no conclusion, listed last. Source: PRODUCT.md 7.
const LEAST_LEADS: u64 = 10;

#[derive(Template)]
#[template(path = "service_levels/page.html")]
struct LevelsPage {
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
    n: u64,
    under: Vec<Link>,
    sales: Vec<ClauseRow>,
    bars: Bars,
    marketing: Vec<ShareRow>,
    /// Of rejections that somebody could answer.
    answer_time: String,
    delivered: String,
    promised: String,
    grouping: String,
    groups: Vec<GroupRow>,
}

struct ClauseRow {
    label: &'static str,
    share: String,
    of: String,
    interval: String,
    tally: Tally,
}

struct ShareRow {
    label: &'static str,
    about: &'static str,
    share: String,
    of: String,
    interval: String,
}

struct GroupRow {
    name: String,
    href: String,
    n: u64,
    promises: Vec<Promise>,
    is_small: bool,
}

/// How often a group kept one of the promises.
struct Promise {
    label: &'static str,
    share: String,
    of: String,
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let Some(filters) = read(&mut form, cx) else {
        return page::again(&levels_page(cx, form, None)?);
    };
    let report = cx.snapshot(|conn| report(conn, &filters, Some(me)))?;
    if form.value("format") == "csv" {
        return page::csv_file("service-levels", tables::csv(&report)?);
    }
    let view = View::new(cx, &filters, &report);
    let mut page = levels_page(cx, form, Some(view))?;
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

fn levels_page(cx: &Cx, form: Form, view: Option<View>) -> Result<LevelsPage> {
    let definitions: Arc<Definitions> = cx.reference()?;
    let groupings = GROUPINGS.iter().map(|by| (by.word(), by.label()));
    let zone = &cx.workspace.zone;
    Ok(LevelsPage {
        frame: Frame::new(cx, "Service levels"),
        bar: Bar::new(
            "/service-levels",
            &form,
            &["by", "definition"],
            cx.now,
            zone,
        ),
        groupings: form.choices("by", [("", "Nothing")].into_iter().chain(groupings)),
        versions: under::choices(&form, &definitions),
        form,
        view,
    })
}

impl View {
    fn new(cx: &Cx, filters: &Filters, report: &Report) -> View {
        let total = &report.total;
        View {
            sub: format!(
                "{}, as of {}",
                bar::days(&filters.cohort),
                page::time_and_zone(cx.now, cx.zone())
            ),
            n: total.n,
            under: under::links(&report.versions),
            sales: Clause::ALL.iter().map(|c| clause_row(total, *c)).collect(),
            bars: bars(total),
            marketing: total
                .marketing()
                .into_iter()
                .map(|(name, label, rate)| share_row(name, label, rate))
                .collect(),
            answer_time: answer_words(total),
            delivered: style::count(report.volume.delivered),
            promised: report.volume.promised.map_or(DASH.to_owned(), |promised| {
                style::count(promised.round() as u64)
            }),
            grouping: filters
                .by
                .map(|by| by.label().to_lowercase())
                .unwrap_or_default(),
            groups: group_rows(filters, report),
        }
    }
}

/// Half of the answers within so long; without a rejection a dash.
fn answer_words(figures: &Figures) -> String {
    let time = figures.answer_time;
    match (time.n, time.median_s) {
        (0, _) => DASH.to_owned(),
        (n, None) => format!("not reached yet (n = {n})"),
        (n, Some(median_s)) => format!("{} (n = {n})", page::working_time(median_s)),
    }
}

fn clause_row(figures: &Figures, clause: Clause) -> ClauseRow {
    let tally = figures.clause(clause);
    let rate = tally.rate();
    ClauseRow {
        label: clause.label(),
        share: page::share(rate),
        of: page::of(rate),
        interval: page::interval(rate),
        tally,
    }
}

fn share_row(name: &str, label: &'static str, rate: Rate) -> ShareRow {
    ShareRow {
        label,
        about: match name {
            "complete" => "with a name, a company, a phone number or e-mail address, and a source",
            "in_territory" => "neither rejected nor passed on as \u{201c}Not my territory\u{201d}",
            "answered_in_time" => {
                "agreed or disputed within the time that marketing promised; imported rejections are left out"
            }
            _ => "not rejected for a definitional reason",
        },
        share: page::share(rate),
        of: page::of(rate),
        interval: page::interval(rate),
    }
}

/// How often each promise of both sides was kept.
fn rates(figures: &Figures) -> impl Iterator<Item = (&'static str, Rate)> {
    let sales = Clause::ALL
        .iter()
        .map(move |clause| (clause.label(), figures.clause(*clause).rate()));
    let marketing = figures.marketing().map(|(_, label, rate)| (label, rate));
    sales.chain(marketing)
}

fn bars(figures: &Figures) -> Bars {
    let row = |(label, rate): (&str, Rate)| {
        let figure = match rate.share() {
            None => DASH.to_owned(),
            Some(share) => format!("{} ({})", page::percent(share), page::of(rate)),
        };
        let share = rate.share().unwrap_or(0.0);
        Row::share(
            label.to_owned(),
            figure,
            share,
            rate.interval(),
            Fill::Plain,
        )
    };
    Bars {
        label: "Promises kept by both sides".to_owned(),
        about:
            "A bar for each promise with its likely range; the tables below have the same figures."
                .to_owned(),
        rows: rates(figures).map(row).collect(),
    }
}

/// By the lower end of first attempts in time; small groups last.
fn group_rows(filters: &Filters, report: &Report) -> Vec<GroupRow> {
    let mut groups: Vec<&Group> = report.groups.iter().collect();
    let is_small = |group: &Group| group.figures.n < LEAST_LEADS;
    let low = |group: &Group| {
        let rate = group.figures.clause(Clause::FirstAttempt).rate();
        rate.interval().map_or(-1.0, |(low, _)| low)
    };
    groups.sort_by(|a, b| (is_small(a).cmp(&is_small(b))).then(low(b).total_cmp(&low(a))));
    let promise = |(label, rate): (&'static str, Rate)| Promise {
        label,
        share: page::share(rate),
        of: page::of(rate),
    };
    let row = |group: &Group| GroupRow {
        name: page::group_name(&group.name).to_owned(),
        href: report
            .names
            .leads_href(&filters.cohort, filters.by, group.key),
        n: group.figures.n,
        promises: rates(&group.figures).map(promise).collect(),
        is_small: is_small(group),
    };
    groups.into_iter().map(row).collect()
}
