//! The page of whose time a waiting was.

use super::comparison::LEAST_LEADS;
use super::face::{self, Head};
use super::legs::{self, Figures, Group, Leg, Report, Times};
use super::{Face, Filters};
use crate::app::Cx;
use crate::calendar;
use crate::definitions::under;
use crate::leads::cohort::{Grouping, bar};
use crate::page::{self, Answer, DASH, Frame, Link, filters};
use askama::Template;

#[derive(Template)]
#[template(path = "followup/legs.html")]
struct LegsPage {
    frame: Frame,
    head: Head,
    /// None where the filters are wrong.
    view: Option<View>,
}

struct View {
    sub: String,
    under: Vec<Link>,
    headline: String,
    groups: Vec<GroupView>,
}

struct GroupView {
    name: String,
    n: u64,
    passed_on: u64,
    is_small: bool,
    legs: Vec<LegRow>,
}

struct LegRow {
    label: &'static str,
    about: String,
    n: u64,
    done: u64,
    closed: u64,
    waiting: u64,
    calendar: TimesRow,
    working: TimesRow,
}

struct TimesRow {
    median: String,
    likely: String,
    p90: String,
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let frame = Frame::new(cx, "Follow-up speed: whose time");
    let Some(filters) = face::read(&mut form, cx) else {
        let head = Head::new(cx, form, Face::Legs)?;
        let view = None;
        return page::again(&LegsPage { frame, head, view });
    };
    let report = cx.snapshot(|conn| legs::report(conn, &filters, Some(me)))?;
    if form.value("format") == "csv" {
        return page::csv_file("follow-up-legs", report.csv()?);
    }
    let view = View {
        sub: format!(
            "{}, as of {}",
            bar::days(&filters.cohort),
            page::time_and_zone(cx.now, cx.zone())
        ),
        under: under::links(&report.versions),
        headline: headline(&filters, &report),
        groups: report
            .groups
            .iter()
            .map(|group| told(&filters, group))
            .collect(),
    };
    let mut page = LegsPage {
        frame,
        head: Head::new(cx, form, Face::Legs)?,
        view: Some(view),
    };
    if report.is_default_hours {
        page.frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
    }
    page::show(&page)
}

fn told(filters: &Filters, group: &Group) -> GroupView {
    let name = match filters.by {
        None => "All leads".to_owned(),
        Some(by) => by.words(&group.name),
    };
    let leg = |figures: &Figures| LegRow {
        label: figures.leg.label(),
        about: match figures.leg {
            Leg::Rep => format!("{} {}", figures.leg.about(), filters.event),
            leg => leg.about().to_owned(),
        },
        n: figures.n,
        done: figures.done,
        closed: figures.closed,
        waiting: figures.waiting,
        calendar: times(figures.n, figures.calendar, page::duration),
        working: times(figures.n, figures.working, page::working_time),
    };
    GroupView {
        name,
        n: group.n,
        passed_on: group.passed_on,
        is_small: group.n < LEAST_LEADS,
        legs: group.legs.iter().map(leg).collect(),
    }
}

fn times(n: u64, times: Times, words: fn(f64) -> String) -> TimesRow {
    let time = |seconds: Option<f64>| match (n, seconds) {
        (0, _) => DASH.to_owned(),
        (_, None) => "not reached yet".to_owned(),
        (_, Some(seconds)) => words(seconds),
    };
    TimesRow {
        median: time(times.median_s),
        likely: match (times.median_low_s, times.median_high_s) {
            (Some(low), Some(high)) => format!("{} to {}", words(low), words(high)),
            (Some(low), None) => format!("{} or more", words(low)),
            _ => String::new(),
        },
        p90: time(times.p90_s),
    }
}

/// "Half of the leads had an owner within 2 min; from then on half were attempted within 40 min of working time."
fn headline(filters: &Filters, report: &Report) -> String {
    let whole = report.groups.first().filter(|_| filters.by.is_none());
    let Some(whole) = whole else {
        let by = filters.by.map_or("", Grouping::label);
        return format!("Whose time the waiting was, by {}.", by.to_lowercase());
    };
    let of = |leg: Leg| whole.legs.iter().find(|figures| figures.leg == leg);
    let words = |figures: Option<&Figures>, done: &str| {
        let median = figures.and_then(|figures| figures.working.median_s);
        match median {
            None => format!("fewer than half {done} yet"),
            Some(seconds) => format!(
                "half {done} within {} of working time",
                page::working_time(seconds)
            ),
        }
    };
    let passed_on = match whole.passed_on {
        0 => String::new(),
        1 => " 1 went to somebody else on the way.".to_owned(),
        n => format!(" {n} went to somebody else on the way."),
    };
    format!(
        "After the hand-over {}; with their owner, {}.{passed_on}",
        words(of(Leg::Assignment), "had an owner"),
        words(of(Leg::Rep), &format!("were {}", filters.event.done()))
    )
}
