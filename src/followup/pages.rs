//! The page of how soon leads were followed up.

use super::comparison::Said;
use super::face::{self, Head};
use super::figures::{Figures, LEAST_AT_RISK, Waiting};
use super::rows::{self, BandRow, GroupRow, Tile, WithinRow};
use super::{Awaited, Face, Filters, Report, Study, WhichClock, chart, study, tables};
use crate::app::Cx;
use crate::calendar;
use crate::charts::Plot;
use crate::charts::bars::Bars;
use crate::db::Conn;
use crate::definitions::under;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, Frame, Link, filters};
use crate::rules::access::Me;
use crate::rules::rates::Rate;
use crate::style;
use askama::Template;

#[derive(Template)]
#[template(path = "followup/page.html")]
struct FollowUpPage {
    frame: Frame,
    head: Head,
    /// None where the filters are wrong.
    view: Option<View>,
}

/// The report in ready words.
struct View {
    sub: String,
    under: Vec<Link>,
    headline: Headline,
    /// What is said of differences, each sentence with the address that explains its figure.
    compared: Vec<(Said, String)>,
    tiles: Vec<Tile>,
    done: &'static str,
    done_label: &'static str,
    plot: Plot,
    about_plot: String,
    areas: Plot,
    within: Vec<WithinRow>,
    bands: Vec<BandRow>,
    bars: Bars,
    /// The two times of the groups' shares.
    soon: String,
    later: String,
    grouping: String,
    order: &'static str,
    groups: Vec<GroupRow>,
    is_empty: bool,
    /// Tried before they were handed over, and entered late: a link and a sentence each; empty for none.
    flags: Vec<(String, String, String)>,
}

/// "Of 214 leads of the last 30 days, 48 % were attempted within an hour and 83 % within a day. ..."
#[derive(Default)]
struct Headline {
    leads: String,
    soon: String,
    soon_limit: &'static str,
    later: String,
    later_limit: &'static str,
    rest: String,
    median: String,
}

pub fn index(cx: &Cx) -> Answer {
    let read = |conn: &mut Conn, filters: &Filters, me: Option<&Me>| {
        let study = study(conn, filters, me)?;
        let report = study.report(filters);
        Ok((study, report))
    };
    let csv = |(_, report): &(Study, Report)| tables::csv(report);
    face::show(cx, Face::Speed, read, csv, |cx, mut frame, head, asked| {
        let view = asked.map(|(filters, (study, report))| {
            if report.is_default_hours {
                frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
            }
            View::new(cx, filters, &head, study, report)
        });
        FollowUpPage { frame, head, view }
    })
}

impl View {
    fn new(cx: &Cx, filters: &Filters, head: &Head, study: &Study, report: &Report) -> View {
        let all: Vec<&Waiting> = study.waitings.iter().collect();
        let total = Figures::of(&all, filters.limit_us);
        let [soon, later] =
            rows::landmarks(filters.clock).map(|(t_s, _)| page::duration(t_s.into()));
        let (bands, bars) = rows::bands_of(head, &total);
        let (groups, order) = rows::group_rows(filters, head, report);
        let compared = report.comparison.iter();
        View {
            sub: bar::as_of(cx, &filters.cohort),
            under: under::links(&study.versions),
            headline: Headline::new(filters, head, &study.waitings, &total),
            compared: compared
                .flat_map(|found| found.sentences(filters.by, filters.event, total.n))
                .map(|said| {
                    let href = head.explain(&said.word, "");
                    (said, href)
                })
                .collect(),
            tiles: rows::tiles(filters, head, &study.waitings, &total),
            done: filters.event.done(),
            done_label: filters.event.done_label(),
            plot: chart::plot(&study.waitings, &total, filters.event, filters.clock),
            about_plot: about_plot(filters.clock),
            areas: chart::areas(&study.waitings, filters.event),
            within: (total.within.iter())
                .map(|within| rows::within_row(head, filters.event.done_label(), within))
                .collect(),
            bands,
            bars,
            soon,
            later,
            grouping: filters
                .by
                .map(|by| by.label().to_lowercase())
                .unwrap_or_default(),
            order,
            groups,
            is_empty: total.n == 0,
            flags: flags(filters, head, &total),
        }
    }
}

/// What should be known of the figures: the number, the sentence after it, and what explains it.
fn flags(filters: &Filters, head: &Head, total: &Figures) -> Vec<(String, String, String)> {
    let before = match total.in_conversation {
        1 => {
            "lead was already in conversation: it had been tried before it was handed over. What came before does not \
              count."
        }
        _ => {
            "leads were already in conversation: they had been tried before they were handed over. What came before \
              does not count."
        }
    };
    let rate = Rate {
        k: total.late,
        n: total.with_event,
    };
    let share = match rate.is_warming_up() {
        true => String::new(),
        false => format!(" ({}, likely {})", page::share(rate), page::interval(rate)),
    };
    let late = format!(
        "of {} first {}s {} entered more than two working days late{share}.",
        style::count(rate.n),
        filters.event,
        if rate.k == 1 { "was" } else { "were" }
    );
    let flag =
        |n: u64, words: String, figure: &str| (style::count(n), words, head.explain(figure, ""));
    let in_conversation = total.in_conversation;
    let before =
        (in_conversation > 0).then(|| flag(in_conversation, before.to_owned(), "in_conversation"));
    let late = (rate.n > 0 && !filters.without_late).then(|| flag(rate.k, late, "late"));
    before.into_iter().chain(late).collect()
}

fn about_plot(clock: WhichClock) -> String {
    format!(
        "{} time since the hand-over, on a growing scale. Leads still waiting are counted as still waiting, not left \
         out. Greyed where fewer than {} were still followed.",
        match clock {
            WhichClock::Calendar => "Calendar",
            WhichClock::Working => "Working",
        },
        LEAST_AT_RISK
    )
}

fn leads(n: u64) -> String {
    if n == 1 {
        "1 lead".to_owned()
    } else {
        format!("{} leads", style::count(n))
    }
}

impl Headline {
    fn new(filters: &Filters, head: &Head, waitings: &[Waiting], total: &Figures) -> Headline {
        let [(soon_s, soon_limit), (later_s, later_limit)] = rows::landmarks(filters.clock);
        let done = filters.event.done();
        let closed = match total.closed {
            0 => String::new(),
            closed => {
                let rate = Rate {
                    k: closed,
                    n: total.n,
                };
                let told = match rate.is_warming_up() {
                    true => page::of(rate),
                    false => format!("{} ({})", page::share(rate), page::of(rate)),
                };
                format!(" {told} closed before they were {done}.")
            }
        };
        let waiting = match (total.waiting, rows::oldest_s(filters, waitings)) {
            (0, _) | (_, None) => " None is still waiting.".to_owned(),
            (1, Some(oldest)) => {
                format!(" 1 is still waiting, for {}.", page::duration(oldest))
            }
            (n, Some(oldest)) => {
                format!(
                    " {} are still waiting; the oldest for {}.",
                    style::count(n),
                    page::duration(oldest)
                )
            }
        };
        let period = head.bar.periods.iter().find(|period| period.current);
        let period = period.filter(|_| filters.cohort.from.is_some());
        Headline {
            leads: match period {
                Some(period) => format!("{} of {}", leads(total.n), when(&period.label)),
                None => leads(total.n),
            },
            soon: rows::part_within(total, soon_s) + rows::so_far(waitings, soon_s),
            soon_limit,
            later: rows::part_within(total, later_s) + rows::so_far(waitings, later_s),
            later_limit,
            rest: format!("{closed}{waiting}"),
            median: median(filters.event, total),
        }
    }
}

/// "This week" as it goes on in a sentence.
fn when(label: &str) -> String {
    match label {
        "Last 30 days" => "the last 30 days".to_owned(),
        label => label.to_lowercase(),
    }
}

/// "Half of them are attempted within 1 h 25 min (probably between 1 h 5 min and 1 h 50 min)."
fn median(event: Awaited, total: &Figures) -> String {
    let done = event.done();
    let words = page::duration;
    if total.n < super::comparison::LEAST_LEADS {
        return "Fewer than 10 leads: warming up, nothing is concluded yet.".to_owned();
    }
    match (total.median_s, total.median_low_s, total.median_high_s) {
        (None, ..) => format!("Fewer than half have been {done} yet."),
        (Some(median), Some(low), Some(high)) => format!(
            "Half of them are {done} within {} (probably between {} and {}).",
            words(median),
            words(low),
            words(high)
        ),
        (Some(median), Some(low), None) => format!(
            "Half of them are {done} within {} (probably {} or more).",
            words(median),
            words(low)
        ),
        (Some(median), ..) => format!("Half of them are {done} within {}.", words(median)),
    }
}
