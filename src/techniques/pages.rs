//! The page about techniques.

use super::figures::{BASE, Line, Outcome, Technique};
use super::{Filters, Report, report, tables};
use crate::app::Cx;
use crate::explain;
use crate::form::{Choice, Form, read_day};
use crate::leads::cohort::bar::{self, AS_OF};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::rules::access::Role;
use crate::rules::comparison::FEW_EVENTS;
use crate::rules::rates::Difference;
use crate::rules::technique::{Comparison, HORIZON_DAYS};
use crate::style;
use crate::urls;
use crate::value::Instant;
use askama::Template;
use chrono::{Days, NaiveDate};
use std::cmp::Ordering;

const HORIZONS_DAYS: [i64; 3] = [HORIZON_DAYS, 60, 90];
/// The days of the first look.
const FIRST_LOOK_DAYS: u64 = 26 * 7;

#[derive(Template)]
#[template(path = "techniques/page.html")]
struct TechniquesPage {
    frame: Frame,
    form: Form,
    periods: Vec<Link>,
    carry: Vec<(String, String)>,
    outcomes: Vec<Choice>,
    horizons: Vec<Choice>,
    csv_href: String,
    view: Option<View>,
}

struct View {
    sub: String,
    outcome: String,
    horizon: i64,
    n: u64,
    left_out: u64,
    differences: Vec<DifferenceRow>,
    techniques: Vec<Row>,
    kinds: Vec<Row>,
    credits: Vec<CreditRow>,
    credited: u64,
}

/// What a technique's leads came to.
struct Row {
    name: &'static str,
    kind: String,
    n: String,
    href: String,
    is_small: bool,
    shares: Vec<Share>,
}

struct Share {
    label: &'static str,
    href: String,
    share: String,
    about: String,
    percent: f64,
}

/// A technique beside cold.
struct DifferenceRow {
    name: &'static str,
    verdict: String,
    adjusted: String,
    adjusted_href: String,
    adjusted_n: String,
    adjusted_n_href: String,
    crude: String,
    crude_href: String,
}

struct CreditRow {
    name: &'static str,
    first: String,
    first_href: String,
    last: String,
    last_href: String,
}

/// The address as it was asked for, and what holds where nothing is.
pub fn form(cx: &Cx) -> Form {
    let mut form = cx.query();
    let today = cx.zone().day_of(cx.now);
    form.set_default("from", back(today, FIRST_LOOK_DAYS).to_string());
    form.set_default("to", today.to_string());
    form.set_default("outcome", Outcome::Held.word());
    form.set_default("days", HORIZON_DAYS.to_string());
    form
}

/// The filters, as they stand in an address.
pub fn pairs(form: &Form) -> Vec<(&str, &str)> {
    let names = ["from", "to", "outcome", "days", AS_OF].into_iter();
    names.map(|name| (name, form.value(name))).collect()
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let mut form = form(cx);
    let Some(filters) = read(&mut form, cx) else {
        return page::again(&techniques_page(cx, form, None));
    };
    let report = cx.snapshot(|conn| report(conn, cx, filters))?;
    if form.value("format") == "csv" {
        return page::csv_file("techniques", tables::csv(&report)?);
    }
    let view = View::new(cx, &Ways::new(&form, &filters), &report)?;
    page::show(&techniques_page(cx, form, Some(view)))
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// Reads the filters; `None` with messages in the form when they are wrong.
pub fn read(form: &mut Form, cx: &Cx) -> Option<Filters> {
    let today = cx.zone().day_of(cx.now);
    let as_of = bar::instant(form, cx.now);
    let from = form.parsed("from", "a date such as 2026-03-31", read_day);
    let to = form.optional("to", "a date such as 2026-03-31", read_day);
    let outcome = form.parsed("outcome", "an outcome from the list", Outcome::from_word);
    let horizon_days = form.parsed("days", "30, 60 or 90", |text| {
        let days = text.parse().ok();
        days.filter(|days| HORIZONS_DAYS.contains(days))
    });
    let (from, to) = (from?, to?.unwrap_or(today));
    if from > to {
        form.refuse("from", "The first day must not be after the last one.");
        return None;
    }
    Some(Filters {
        from,
        to,
        outcome: outcome?,
        horizon_days: horizon_days?,
        as_of: as_of?,
    })
}

fn techniques_page(cx: &Cx, form: Form, view: Option<View>) -> TechniquesPage {
    let today = cx.zone().day_of(cx.now);
    let value = |name: &str| form.value(name).to_owned();
    let [outcome, days, from, to, as_of] = ["outcome", "days", "from", "to", AS_OF].map(value);
    let address = |from: &str, to: &str, format: &str| {
        let pairs = [
            ("from", from),
            ("to", to),
            ("outcome", &outcome),
            ("days", &days),
            (AS_OF, &as_of),
            ("format", format),
        ];
        urls::with_query("/techniques", &pairs)
    };
    let period = |(label, first): (&str, NaiveDate)| {
        let (first, last) = (first.to_string(), today.to_string());
        Link {
            href: address(&first, &last, ""),
            label: label.to_owned(),
            current: (&from, &to) == (&first, &last),
        }
    };
    let periods = [
        ("Last 26 weeks", back(today, FIRST_LOOK_DAYS)),
        ("Last 52 weeks", back(today, 2 * FIRST_LOOK_DAYS)),
        ("Last 5 years", back(today, 1_826)),
    ];
    TechniquesPage {
        frame: Frame::new(cx, "Techniques"),
        periods: periods.map(period).into(),
        csv_href: address(&from, &to, "csv"),
        outcomes: form.choices(
            "outcome",
            Outcome::ALL.iter().map(|o| (o.word(), o.label())),
        ),
        horizons: form.choices(
            "days",
            HORIZONS_DAYS.map(|days| (days, format!("{days} days"))),
        ),
        carry: vec![
            ("outcome".to_owned(), outcome),
            ("days".to_owned(), days),
            (AS_OF.to_owned(), as_of),
        ],
        form,
        view,
    }
}

impl View {
    fn new(cx: &Cx, ways: &Ways, report: &Report) -> crate::error::Result<View> {
        let filters = &report.filters;
        let whose = match cx.me()?.role {
            Role::Admin => "Leads first touched by anybody",
            Role::Manager => "Leads first touched by you and in your teams",
            Role::Rep | Role::Marketing => "Leads that you touched first",
        };
        let ordered = tables::ordered(report);
        let cold_n = report.figures.techniques.get(BASE).map_or(0, |t| t.total.n);
        let kinds = ordered.iter().flat_map(|(word, technique)| {
            let kinds = tables::kinds(report, technique).into_iter();
            kinds.map(|(kind, line)| row(ways, word, kind, line))
        });
        Ok(View {
            sub: format!(
                "{whose}, {} to {}, as of {}",
                page::day(filters.from),
                page::day(filters.to),
                page::time_and_zone(filters.as_of, cx.zone())
            ),
            outcome: filters.outcome.label().to_lowercase(),
            horizon: filters.horizon_days,
            n: report.figures.n,
            left_out: report.figures.left_out,
            differences: ordered
                .iter()
                .filter_map(|(word, technique)| difference_row(ways, word, technique, cold_n))
                .collect(),
            kinds: kinds.collect(),
            techniques: ordered
                .iter()
                .map(|(word, t)| row(ways, word, "", &t.total))
                .collect(),
            credits: credit_rows(ways, report),
            credited: report.figures.outcomes,
        })
    }
}

/// The ways to what explains a figure.
struct Ways<'f> {
    form: &'f Form,
    as_of: Instant,
}

impl<'f> Ways<'f> {
    fn new(form: &'f Form, filters: &Filters) -> Ways<'f> {
        let as_of = filters.as_of;
        Ways { form, as_of }
    }

    fn to(&self, figure: &str, technique: &str, kind: &str) -> String {
        let mut all = vec![("technique", technique), ("kind", kind)];
        all.extend(pairs(self.form));
        explain::address("/techniques/explain", &all, self.as_of, (figure, ""))
    }
}

fn row(ways: &Ways, word: &str, kind: &str, line: &Line) -> Row {
    let share = |outcome: &Outcome| {
        let rate = line.rate(*outcome);
        Share {
            href: ways.to(outcome.word(), word, kind),
            label: outcome.label(),
            share: page::share(rate),
            about: page::rests_on(rate),
            percent: rate.share().unwrap_or(0.0) * 100.0,
        }
    };
    Row {
        name: tables::name(word),
        kind: page::group_name(kind).to_owned(),
        n: style::count(line.n),
        href: ways.to("n", word, kind),
        is_small: line.n < tables::LEAST,
        shares: Outcome::ALL.iter().map(share).collect(),
    }
}

fn difference_row(
    ways: &Ways,
    word: &str,
    technique: &Technique,
    cold_n: u64,
) -> Option<DifferenceRow> {
    let comparison = technique.comparison?;
    let is_small = technique.total.n.min(cold_n) < tables::LEAST;
    // Of small groups no difference is printed: it would be taken for one.
    let shown = |difference: Option<Difference>| {
        let known = difference.filter(|_| !is_small);
        known.map_or(DASH.to_owned(), points)
    };
    Some(DifferenceRow {
        name: tables::name(word),
        verdict: verdict(&comparison, is_small),
        adjusted: shown(comparison.adjusted),
        adjusted_href: ways.to("adjusted", word, ""),
        adjusted_n: style::count(comparison.adjusted_n),
        adjusted_n_href: ways.to("compared", word, ""),
        crude: shown(comparison.crude),
        crude_href: ways.to("crude", word, ""),
    })
}

fn verdict(comparison: &Comparison, is_small: bool) -> String {
    let Some(adjusted) = comparison.adjusted.filter(|_| !is_small) else {
        return match is_small {
            true => "Warming up: fewer than 10 leads on one side.",
            false => "Not comparable: no source and segment has 5 leads of each.",
        }
        .to_owned();
    };
    let size = format!("{} points", style::decimal(adjusted.value.abs() * 100.0, 1));
    match adjusted.clear() {
        Some(Ordering::Greater) => format!("{size} higher than cold, for the same sort of lead."),
        Some(_) => format!("{size} lower than cold, for the same sort of lead."),
        None => format!("No clear difference from cold{}", how_sure(comparison)),
    }
}

/// The end of a sentence that finds no clear difference: few leads, or few of them with the outcome, may hide one.
fn how_sure(comparison: &Comparison) -> String {
    let (n, k) = (comparison.adjusted_n, comparison.adjusted_k);
    match (n < FEW_EVENTS, k < FEW_EVENTS) {
        (true, _) => format!("; {} leads are too few to be sure.", style::count(n)),
        (false, true) => format!(
            "; of {} leads {} came to it, too few to be sure.",
            style::count(n),
            style::count(k)
        ),
        (false, false) => ".".to_owned(),
    }
}

/// A difference of shares in points with its interval: `+3.9 (-2.0 to +9.8)`.
pub fn points(difference: Difference) -> String {
    let signed = |value: f64| {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", style::decimal(value * 100.0, 1)).replace('-', "\u{2212}")
    };
    format!(
        "{} ({} to {})",
        signed(difference.value),
        signed(difference.low),
        signed(difference.high)
    )
}

fn credit_rows(ways: &Ways, report: &Report) -> Vec<CreditRow> {
    let techniques = report.figures.techniques.iter();
    let credited = techniques.filter(|(_, t)| t.first_credit + t.last_credit > 0.0);
    credited
        .map(|(word, technique)| CreditRow {
            name: tables::name(word),
            first: page::amount(technique.first_credit),
            first_href: ways.to("first", word, ""),
            last: page::amount(technique.last_credit),
            last_href: ways.to("last", word, ""),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_leads_are_not_said_to_be_too_few() {
        let of = |adjusted_n, adjusted_k| Comparison {
            crude: None,
            adjusted: None,
            adjusted_n,
            adjusted_k,
        };
        assert_eq!(how_sure(&of(43, 9)), "; 43 leads are too few to be sure.");
        let seldom = how_sure(&of(5_000, 30));
        assert!(seldom.ends_with("30 came to it, too few to be sure."));
        assert_eq!(how_sure(&of(5_000, 900)), ".");
    }
}
