//! The page of whose time a waiting was.

use super::comparison::LEAST_LEADS;
use super::face::{self, Head};
use super::legs::{self, Figures, Group, Leg, Report, Times};
use super::{Face, Filters, maturing};
use crate::app::Cx;
use crate::calendar;
use crate::definitions::under;
use crate::leads::cohort::{Grouping, bar};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::style;
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
    n: Cell,
    passed_on: Cell,
    /// Why nothing is concluded of it; empty where something may be.
    note: &'static str,
    legs: Vec<LegRow>,
}

struct LegRow {
    label: &'static str,
    about: String,
    cells: Vec<Cell>,
}

/// A figure of a column, its likely range, and what explains it.
struct Cell {
    label: &'static str,
    words: String,
    range: String,
    href: String,
}

pub fn index(cx: &Cx) -> Answer {
    let csv = Report::csv;
    face::show(
        cx,
        Face::Legs,
        legs::report,
        csv,
        |cx, mut frame, head, asked| {
            let view = asked.map(|(filters, report)| {
                if report.is_default_hours {
                    frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
                }
                let groups = report.groups.iter();
                View {
                    sub: bar::as_of(cx, &filters.cohort),
                    under: under::links(&report.versions),
                    headline: headline(filters, report),
                    groups: groups.map(|group| told(filters, &head, group)).collect(),
                }
            });
            LegsPage { frame, head, view }
        },
    )
}

/// The ways from a group to what explains its figures.
struct Ways<'h> {
    head: &'h Head,
    /// Its name in an address; empty for all.
    group: &'h str,
}

impl Ways<'_> {
    fn count(&self, label: &'static str, figure: &str, count: u64) -> Cell {
        Cell {
            label,
            words: style::count(count),
            range: String::new(),
            href: self.head.explain(figure, self.group),
        }
    }

    fn leg(&self, filters: &Filters, figures: &Figures) -> LegRow {
        let word = |what: &str| format!("{}-{what}", figures.leg);
        let mut cells = vec![
            self.count("Begun", &word("begun"), figures.n),
            self.count("Done", &word("done"), figures.done),
            self.count("Closed", &word("closed"), figures.closed),
            self.count("Waiting", &word("waiting"), figures.waiting),
        ];
        for (label, figure, seconds, range) in times(figures) {
            cells.push(Cell {
                label,
                words: seconds,
                range,
                href: self.head.explain(&word(figure), self.group),
            });
        }
        LegRow {
            label: figures.leg.label(),
            about: match figures.leg {
                Leg::Rep => format!("{} {}", figures.leg.about(), filters.event),
                leg => leg.about().to_owned(),
            },
            cells,
        }
    }
}

/// The times of a leg by both clocks: name, figure, words and likely range.
fn times(figures: &Figures) -> [(&'static str, &'static str, String, String); 4] {
    let Figures {
        n,
        calendar,
        working,
        ..
    } = *figures;
    let by_calendar = |seconds| time(n, seconds, page::duration);
    let by_work = |seconds| time(n, seconds, page::working_time);
    let likely = |range, words| match n {
        0 => NOTHING.to_owned(),
        _ => likely(range, words),
    };
    [
        (
            "Median, calendar",
            "median-calendar",
            by_calendar(calendar.median_s),
            likely(median(calendar), page::duration),
        ),
        (
            "P90, calendar",
            "p90-calendar",
            by_calendar(calendar.p90_s),
            likely(p90(calendar), page::duration),
        ),
        (
            "Median, working",
            "median-working",
            by_work(working.median_s),
            likely(median(working), page::working_time),
        ),
        (
            "P90, working",
            "p90-working",
            by_work(working.p90_s),
            likely(p90(working), page::working_time),
        ),
    ]
}

fn told(filters: &Filters, head: &Head, group: &Group) -> GroupView {
    let (name, own) = match filters.by {
        None => ("All leads".to_owned(), ""),
        Some(by) => (by.words(&group.name), page::group_name(&group.name)),
    };
    let ways = Ways { head, group: own };
    let legs = group.legs.iter();
    GroupView {
        name,
        n: ways.count("Leads", "n", group.n),
        passed_on: ways.count("Passed on", "passed-on", group.passed_on),
        note: maturing::note(group.n, group.maturing),
        legs: legs.map(|figures| ways.leg(filters, figures)).collect(),
    }
}

/// What stands under the dash of a time that nobody took.
const NOTHING: &str = "nothing to measure";

/// A time of `n` hand-overs in words; a dash of nobody.
pub fn time(n: u64, seconds: Option<f64>, words: fn(f64) -> String) -> String {
    match (n, seconds) {
        (0, _) => DASH.to_owned(),
        (_, None) => "not reached yet".to_owned(),
        (_, Some(seconds)) => words(seconds),
    }
}

type Range = (Option<f64>, Option<f64>);

/// The interval of the median, and that of the 90th percentile.
pub fn median(times: Times) -> Range {
    (times.median_low_s, times.median_high_s)
}

pub fn p90(times: Times) -> Range {
    (times.p90_low_s, times.p90_high_s)
}

/// The range in which a time likely lies; empty where there is none.
pub fn likely(range: Range, words: fn(f64) -> String) -> String {
    match range {
        (Some(low), Some(high)) => format!("{} to {}", words(low), words(high)),
        (Some(low), None) => format!("{} or more", words(low)),
        _ => String::new(),
    }
}

/// A time of `n` hand-overs on one line, with where it likely lies.
pub fn in_full(n: u64, seconds: Option<f64>, range: Range, words: fn(f64) -> String) -> String {
    let time = time(n, seconds, words);
    match likely(range, words) {
        _ if n == 0 => page::nothing_to_measure(),
        nothing if nothing.is_empty() => time,
        range => format!("{time} (likely {range})"),
    }
}

/// "Half of the leads had an owner within 2 min; from then on half were attempted within 40 min of working time." Nothing
/// is concluded of fewer than ten.
fn headline(filters: &Filters, report: &Report) -> String {
    let whole = report.groups.first().filter(|_| filters.by.is_none());
    let Some(whole) = whole else {
        let by = filters.by.map_or("", Grouping::label);
        return format!("Whose time the waiting was, by {}.", by.to_lowercase());
    };
    match whole.n {
        0 => return "No lead was handed over in these days: nothing to measure.".to_owned(),
        n if n < LEAST_LEADS => {
            return "Fewer than 10 leads: warming up, nothing is concluded yet.".to_owned();
        }
        _ => {}
    }
    let of = |leg: Leg| whole.legs.iter().find(|figures| figures.leg == leg);
    let words = |figures: Option<&Figures>, done: &str| {
        let n = figures.map_or(0, |figures| figures.n);
        let median = figures.and_then(|figures| figures.working.median_s);
        match median {
            _ if n < LEAST_LEADS => "fewer than 10 leads say too little yet".to_owned(),
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
