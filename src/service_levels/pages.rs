//! The page of both sides' service levels.

use super::figures::{AnswerTime, Figures};
use super::{Filters, GROUPINGS, Group, Report, Volume, report, tables};
use crate::app::Cx;
use crate::calendar;
use crate::charts::bars::{Bars, Fill, Row};
use crate::definitions::{Definitions, under};
use crate::error::Result;
use crate::explain;
use crate::form::{Choice, Form};
use crate::leads::cohort::Grouping;
use crate::leads::cohort::bar::{self, AS_OF, Bar};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::rules::level::Clause;
use crate::rules::rates::Rate;
use crate::rules::survival::Quantile;
use crate::rules::wait::Verdict;
use crate::style;
use crate::value::Instant;
use askama::Template;
use std::sync::Arc;

/// A group with fewer is "warming up": no conclusion, listed last. Source: PRODUCT.md 7.
const LEAST_LEADS: u64 = 10;

/// The filters beside the days.
const FILTERS: [&str; 2] = ["by", "definition"];

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
    n: Count,
    is_empty: bool,
    under: Vec<Link>,
    sales: Vec<ClauseRow>,
    bars: Bars,
    marketing: Vec<ShareRow>,
    /// Of rejections that somebody could answer.
    answers: Vec<AnswerRow>,
    volume: String,
    volume_href: String,
    grouping: String,
    groups: Vec<GroupRow>,
}

struct ClauseRow {
    kept: Kept,
    /// Met, missed, pending and not applicable.
    counts: Vec<Count>,
}

struct ShareRow {
    kept: Kept,
    about: &'static str,
}

/// How often a promise was kept, and what explains it.
struct Kept {
    label: &'static str,
    share: String,
    of: String,
    interval: String,
    /// What it rests on and where it likely lies, in one.
    about: String,
    /// `3 pending` while some may still keep it or not: it is maturing then. Else empty.
    pending: String,
    href: String,
}

/// How soon so many of the rejections were answered.
struct AnswerRow {
    label: &'static str,
    about: &'static str,
    words: String,
    href: String,
    interval: String,
}

struct Count {
    label: &'static str,
    count: String,
    href: String,
}

struct GroupRow {
    name: String,
    n: Count,
    promises: Vec<Kept>,
    is_small: bool,
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
    let ways = Ways {
        form: &form,
        as_of: filters.cohort.as_of,
    };
    let view = View::new(cx, &filters, &ways, &report);
    let mut page = levels_page(cx, form, Some(view))?;
    if report.is_default_hours {
        page.frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
    }
    page::show(&page)
}

/// Reads the filters; `None` with messages in the form when they are wrong.
pub fn read(form: &mut Form, cx: &Cx) -> Option<Filters> {
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
        bar: Bar::new("/service-levels", &form, &FILTERS, cx.now, zone),
        groupings: form.choices("by", [("", "Nothing")].into_iter().chain(groupings)),
        versions: under::choices(&form, &definitions),
        form,
        view,
    })
}

/// The ways from the page to what explains its figures.
struct Ways<'f> {
    form: &'f Form,
    as_of: Instant,
}

impl Ways<'_> {
    /// An empty group is all.
    fn to(&self, figure: &str, group: &str) -> String {
        let pairs = pairs(self.form);
        explain::address(
            "/service-levels/explain",
            &pairs,
            self.as_of,
            (figure, group),
        )
    }

    fn kept(
        &self,
        (figure, label, rate): (&str, &'static str, Rate),
        figures: &Figures,
        group: &str,
    ) -> Kept {
        Kept {
            label,
            share: page::share(rate),
            of: page::of(rate),
            interval: page::interval(rate),
            about: page::rests_on(rate),
            pending: match figures.pending(figure) {
                0 => String::new(),
                n => format!("{} pending", style::count(n)),
            },
            href: self.to(figure, group),
        }
    }

    fn count(&self, label: &'static str, count: u64, figure: &str, group: &str) -> Count {
        Count {
            label,
            count: style::count(count),
            href: self.to(figure, group),
        }
    }

    fn clause_row(&self, figures: &Figures, clause: Clause) -> ClauseRow {
        let tally = figures.clause(clause);
        let counts = [
            ("Met", tally.met, Verdict::Met),
            ("Missed", tally.missed, Verdict::Missed),
            ("Pending", tally.pending, Verdict::Pending),
            (
                "Not applicable",
                tally.not_applicable,
                Verdict::NotApplicable,
            ),
        ];
        let count = |(label, n, verdict)| self.count(label, n, &format!("{clause}-{verdict}"), "");
        ClauseRow {
            kept: self.kept((clause.word(), clause.label(), tally.rate()), figures, ""),
            counts: counts.map(count).into(),
        }
    }
}

/// The report's own filters, as they stand in an address.
pub fn pairs(form: &Form) -> Vec<(&str, &str)> {
    let days = ["from", "to", AS_OF].into_iter();
    days.chain(FILTERS)
        .map(|name| (name, form.value(name)))
        .collect()
}

impl View {
    fn new(cx: &Cx, filters: &Filters, ways: &Ways, report: &Report) -> View {
        let total = &report.total;
        let marketing = total.marketing().map(|(name, label, rate)| ShareRow {
            kept: ways.kept((name, label, rate), total, ""),
            about: about(name),
        });
        View {
            sub: bar::as_of(cx, &filters.cohort),
            n: ways.count("Leads", total.n, "n", ""),
            is_empty: total.n == 0,
            under: under::links(&report.versions),
            sales: Clause::ALL
                .iter()
                .map(|clause| ways.clause_row(total, *clause))
                .collect(),
            bars: bars(total),
            marketing: marketing.into(),
            answers: answer_rows(ways, &total.answer_time),
            volume: volume_words(report.volume),
            volume_href: ways.to("volume", ""),
            grouping: filters
                .by
                .map(|by| by.label().to_lowercase())
                .unwrap_or_default(),
            groups: group_rows(ways, report),
        }
    }
}

fn answer_rows(ways: &Ways, time: &AnswerTime) -> Vec<AnswerRow> {
    let row = |label, about, quantile: Quantile, figure| AnswerRow {
        label,
        about,
        words: answer_words(time.n, quantile),
        href: ways.to(figure, ""),
        interval: match answer_range(quantile) {
            nothing if nothing.is_empty() => DASH.to_owned(),
            range => range,
        },
    };
    vec![
        row(
            "Time to answer a rejection",
            "median of working time, those that still wait not left out",
            time.median,
            "answer_time",
        ),
        row(
            "90th percentile of that time",
            "nine in ten are answered within it",
            time.p90,
            "answer_p90",
        ),
    ]
}

/// So many of the answers within so long, of n rejections; without one a dash.
pub fn answer_words(n: u64, quantile: Quantile) -> String {
    match (n, quantile.value_s) {
        (0, _) => DASH.to_owned(),
        (n, None) => format!("not reached yet (n = {n})"),
        (n, Some(value_s)) => format!("{} (n = {n})", page::working_time(value_s)),
    }
}

/// Where it likely lies: `2 h to 5 h`; empty where nothing is known of it.
pub fn answer_range(quantile: Quantile) -> String {
    let words = page::working_time;
    match (quantile.low_s, quantile.high_s) {
        (Some(low), Some(high)) => format!("{} to {}", words(low), words(high)),
        (Some(low), None) => format!("{} or more", words(low)),
        _ => String::new(),
    }
}

/// `7 of 30`; of a dash where no number is promised.
pub fn volume_words(volume: Volume) -> String {
    let promised = volume.promised.map_or(DASH.to_owned(), |promised| {
        style::count(promised.round() as u64)
    });
    format!("{} of {promised}", style::count(volume.delivered))
}

/// What it takes to keep a promise of marketing.
pub fn about(name: &str) -> &'static str {
    match name {
        "complete" => "with a name, a company, a phone number or e-mail address, and a source",
        "in_territory" => "neither rejected nor passed on as \u{201c}Not my territory\u{201d}",
        "answered_in_time" => {
            "agreed or disputed within the time that marketing promised; imported rejections are left out"
        }
        _ => "not rejected for a definitional reason",
    }
}

/// How often each promise of both sides was kept.
fn rates(figures: &Figures) -> impl Iterator<Item = (&'static str, &'static str, Rate)> {
    let sales = Clause::ALL.iter().map(move |clause| {
        let rate = figures.clause(*clause).rate();
        (clause.word(), clause.label(), rate)
    });
    sales.chain(figures.marketing())
}

fn bars(figures: &Figures) -> Bars {
    let row = |(name, label, rate): (&str, &str, Rate)| {
        let figure = match rate.n {
            0 => DASH.to_owned(),
            _ => format!("{} ({})", page::share(rate), page::of(rate)),
        };
        let figure = match figures.pending(name) {
            0 => figure,
            _ => format!("{figure}, maturing"),
        };
        let known = rate.share().filter(|_| !rate.is_warming_up());
        let likely = rate.interval().filter(|_| known.is_some());
        let share = known.unwrap_or(0.0);
        Row::share(label.to_owned(), figure, share, likely, Fill::Plain)
    };
    Bars {
        label: "Promises kept by both sides".to_owned(),
        about:
            "A bar for each promise with its likely range; the tables below have the same figures."
                .to_owned(),
        rows: rates(figures).map(row).collect(),
    }
}

/// By the lower end of first attempts in time; maturing groups after the others, and small ones last.
fn group_rows(ways: &Ways, report: &Report) -> Vec<GroupRow> {
    let mut groups: Vec<&Group> = report.groups.iter().collect();
    let is_small = |group: &Group| group.figures.n < LEAST_LEADS;
    let low = |group: &Group| {
        let rate = group.figures.clause(Clause::FirstAttempt).rate();
        rate.interval().map_or(-1.0, |(low, _)| low)
    };
    let is_maturing = |group: &Group| group.figures.clause(Clause::FirstAttempt).pending > 0;
    let place = |group: &Group| (is_small(group), is_maturing(group));
    groups.sort_by(|a, b| (place(a).cmp(&place(b))).then(low(b).total_cmp(&low(a))));
    let row = |group: &Group| {
        let name = page::group_name(&group.name);
        GroupRow {
            name: name.to_owned(),
            n: ways.count("Leads", group.figures.n, "n", name),
            promises: rates(&group.figures)
                .map(|promise| ways.kept(promise, &group.figures, name))
                .collect(),
            is_small: is_small(group),
        }
    };
    groups.into_iter().map(row).collect()
}
