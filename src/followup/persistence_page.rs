//! The page of how often leads are tried.

use super::comparison::LEAST_LEADS;
use super::face::{self, Head};
use super::persistence::{self, ByAttempt, Figures, Group, Report};
use super::{Face, Filters, maturing};
use crate::app::Cx;
use crate::charts::bars::{Bars, Fill, Row};
use crate::definitions::under;
use crate::leads::cohort::{Grouping, Place, bar, in_order};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::rules::persistence::{MANY, QUIET_DAYS};
use crate::rules::rates::Rate;
use crate::style;
use askama::Template;

#[derive(Template)]
#[template(path = "followup/persistence.html")]
struct PersistencePage {
    frame: Frame,
    head: Head,
    /// None where the filters are wrong.
    view: Option<View>,
}

struct View {
    sub: String,
    under: Vec<Link>,
    is_empty: bool,
    headline: String,
    /// How many of the attempts were entered late; `None` where these are left out.
    late: Option<page::Late>,
    quiet_days: i64,
    given_up: u64,
    after: Bars,
    after_rows: Vec<ShareRow>,
    reached: Bars,
    reached_rows: Vec<ReachedRow>,
    grouping: String,
    order: &'static str,
    groups: Vec<GroupRow>,
}

struct ShareRow {
    label: String,
    count: String,
    href: String,
    share: String,
    share_href: String,
    interval: String,
}

struct ReachedRow {
    attempt: usize,
    tried: String,
    tried_href: String,
    reached: String,
    reached_href: String,
    rate: String,
    rate_href: String,
    interval: String,
    by: String,
    by_href: String,
    by_range: String,
    is_faint: bool,
}

struct GroupRow {
    name: String,
    cells: Vec<Cell>,
    /// Why nothing is concluded of it; empty where something may be.
    note: &'static str,
}

/// A figure of a group, what it rests on, and what explains it.
struct Cell {
    label: &'static str,
    words: String,
    of: String,
    href: String,
}

pub fn index(cx: &Cx) -> Answer {
    let read = persistence::report;
    face::show(
        cx,
        Face::Persistence,
        read,
        Report::csv,
        |cx, frame, head, asked| {
            let view = asked.map(|(filters, report)| View::new(cx, filters, &head, report));
            PersistencePage { frame, head, view }
        },
    )
}

impl View {
    fn new(cx: &Cx, filters: &Filters, head: &Head, report: &Report) -> View {
        let total = &report.total;
        let (after, after_rows) = after(head, total);
        let (reached, reached_rows) = reached(head, total);
        let (groups, order) = group_rows(filters, head, report);
        View {
            sub: bar::as_of(cx, &filters.cohort),
            under: under::links(&report.versions),
            is_empty: total.tried == 0,
            headline: headline(total),
            late: match filters.without_late {
                true => None,
                false => page::Late::new(total.late_rate(), "attempts", head.explain("late", "")),
            },
            quiet_days: QUIET_DAYS,
            given_up: total.given_up,
            after,
            after_rows,
            reached,
            reached_rows,
            grouping: filters
                .by
                .map_or(String::new(), |by| by.label().to_lowercase()),
            order,
            groups,
        }
    }
}

fn group_rows(filters: &Filters, head: &Head, report: &Report) -> (Vec<GroupRow>, &'static str) {
    let Some(by) = filters.by else {
        return (Vec::new(), "");
    };
    let place = |group: &Group| Place {
        is_small: group.figures.n < LEAST_LEADS,
        low: group.figures.six_or_more_low,
    };
    let said = "Ordered by the lower end of the share given up after 6 or more; small groups last";
    let (groups, order) = in_order(by, &report.groups, place, said);
    let rows = groups.into_iter().map(|group| group_row(by, head, group));
    (rows.collect(), order)
}

fn group_row(by: Grouping, head: &Head, group: &Group) -> GroupRow {
    let figures = &group.figures;
    let own = page::group_name(&group.name);
    let told = |label, attempts: usize| {
        let rate = figures.given_up_after(attempts);
        let of = page::rests_on(rate);
        Cell {
            label,
            words: page::share(rate),
            of: if rate.n > 0 { of } else { String::new() },
            href: head.explain(&format!("after-share-{attempts}"), own),
        }
    };
    let plain = |label, figure: &str, words: String| Cell {
        label,
        words,
        of: String::new(),
        href: head.explain(figure, own),
    };
    GroupRow {
        name: by.words(&group.name),
        cells: vec![
            plain("Leads", "n", style::count(figures.n)),
            plain("Attempts a lead", "per-lead", per_lead(figures)),
            plain("Given up", "given-up", style::count(figures.given_up)),
            told("Given up after 1", 1),
            told("After 6 or more", MANY),
        ],
        note: maturing::note(figures.n, group.maturing),
    }
}

/// How often a lead was tried on average; a dash of none.
pub fn per_lead(figures: &Figures) -> String {
    figures
        .attempts_per_lead
        .map_or(DASH.to_owned(), |mean| style::decimal(mean, 1))
}

/// The share reached by an attempt; a dash where few were tried so often. Source: METRICS.md 3.1.
pub fn reached_by(one: &ByAttempt) -> String {
    match one.tried < LEAST_LEADS {
        true => DASH.to_owned(),
        false => page::percent(one.reached_by),
    }
}

/// Where the share reached by an attempt likely lies; empty where it is not told, or has no band.
pub fn by_range(one: &ByAttempt) -> String {
    let known = one.reached_by_low.zip(one.reached_by_high);
    let known = known.filter(|_| one.tried >= LEAST_LEADS);
    known.map_or(String::new(), |(low, high)| {
        format!(
            "{} to {}",
            style::decimal(low * 100.0, 1),
            page::percent(high)
        )
    })
}

/// "Of 40 leads that were given up, 30 % got one attempt and 12.5 % six or more. ..."
fn headline(total: &Figures) -> String {
    let tried = format!(
        "{} leads were tried {} times",
        style::count(total.tried),
        style::count(total.attempts)
    );
    let per_lead = match total.tried {
        0 => String::new(),
        _ => format!(", {} times each", per_lead(total)),
    };
    let by = |attempt: usize| {
        let one = total.by_attempt.get(attempt - 1);
        one.filter(|one| one.tried >= LEAST_LEADS).map(reached_by)
    };
    let reached = match (by(1), by(3)) {
        (Some(one), Some(three)) => format!(" One attempt reaches {one}, three reach {three}."),
        (Some(one), None) => format!(" One attempt reaches {one}."),
        _ => String::new(),
    };
    let given_up = match total.given_up {
        0 => " None was given up.".to_owned(),
        n => {
            let share = |attempts| page::part(total.given_up_after(attempts));
            format!(
                " Of {} that were given up, {} got one attempt and {} six or more.",
                style::count(n),
                share(1),
                share(MANY)
            )
        }
    };
    format!("{tried}{per_lead}.{reached}{given_up}")
}

fn after(head: &Head, total: &Figures) -> (Bars, Vec<ShareRow>) {
    let made = (0..=MANY).map(|attempts| {
        let rate = total.given_up_after(attempts);
        let label = match attempts {
            0 => "No attempt".to_owned(),
            1 => "1 attempt".to_owned(),
            MANY => format!("{MANY} attempts or more"),
            n => format!("{n} attempts"),
        };
        let fill = if attempts == 0 {
            Fill::Never
        } else {
            Fill::Plain
        };
        let figure = page::counted(rate);
        let share = rate.share().unwrap_or(0.0);
        let bar = Row::share(label.clone(), figure, share, rate.interval(), fill);
        let row = ShareRow {
            label,
            count: style::count(rate.k),
            href: head.explain(&format!("after-{attempts}"), ""),
            share: page::share(rate),
            share_href: head.explain(&format!("after-share-{attempts}"), ""),
            interval: page::interval(rate),
        };
        (bar, row)
    });
    let (bars, rows) = made.unzip();
    let picture = Bars {
        label: "Leads that were given up, by their attempts".to_owned(),
        about: "A bar for each number of attempts with its likely range; the table below has the same figures."
            .to_owned(),
        rows: bars,
    };
    (picture, rows)
}

fn reached(head: &Head, total: &Figures) -> (Bars, Vec<ReachedRow>) {
    let made = total.by_attempt.iter().map(|one| {
        let rate = Rate {
            k: one.reached,
            n: one.tried,
        };
        let is_faint = one.tried < LEAST_LEADS;
        let by = reached_by(one);
        let to = |what: &str| head.explain(&format!("{what}-{}", one.attempt), "");
        let label = format!("By attempt {}", one.attempt);
        let figure = format!("{by}, {} tried", style::count(one.tried));
        let share = if is_faint { 0.0 } else { one.reached_by };
        let bar = Row::share(label, figure, share, None, Fill::Plain);
        let row = ReachedRow {
            attempt: one.attempt,
            tried: style::count(one.tried),
            tried_href: to("tried"),
            reached: style::count(one.reached),
            reached_href: to("reached"),
            rate: page::share(rate),
            rate_href: to("reached-share"),
            interval: page::interval(rate),
            by,
            by_range: by_range(one),
            by_href: to("by"),
            is_faint,
        };
        (bar, row)
    });
    let (bars, rows) = made.unzip();
    let picture = Bars {
        label: "Share of leads reached by each attempt".to_owned(),
        about: "A bar for each attempt; the table below has the same figures.".to_owned(),
        rows: bars,
    };
    (picture, rows)
}
