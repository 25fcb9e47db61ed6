//! The page of how often leads are tried.

use super::comparison::LEAST_LEADS;
use super::face::{self, Head};
use super::persistence::{self, Figures, Report};
use super::{Face, Filters};
use crate::app::Cx;
use crate::charts::bars::{Bars, Fill, Row};
use crate::definitions::under;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, DASH, Frame, Link, filters};
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
    quiet_days: i64,
    given_up: u64,
    after: Bars,
    after_rows: Vec<ShareRow>,
    reached: Bars,
    reached_rows: Vec<ReachedRow>,
    grouping: String,
    groups: Vec<GroupRow>,
}

struct ShareRow {
    label: String,
    count: String,
    share: String,
    interval: String,
}

struct ReachedRow {
    attempt: usize,
    tried: u64,
    reached: u64,
    rate: String,
    interval: String,
    by: String,
    is_faint: bool,
}

struct GroupRow {
    name: String,
    n: u64,
    per_lead: String,
    given_up: u64,
    after_one: String,
    after_one_of: String,
    many: String,
    many_of: String,
    is_small: bool,
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let frame = Frame::new(cx, "Follow-up speed: how often");
    let Some(filters) = face::read(&mut form, cx) else {
        let head = Head::new(cx, form, Face::Persistence)?;
        let view = None;
        return page::again(&PersistencePage { frame, head, view });
    };
    let report = cx.snapshot(|conn| persistence::report(conn, &filters, Some(me)))?;
    if form.value("format") == "csv" {
        return page::csv_file("persistence", report.csv()?);
    }
    let head = Head::new(cx, form, Face::Persistence)?;
    let view = Some(View::new(cx, &filters, &report));
    page::show(&PersistencePage { frame, head, view })
}

impl View {
    fn new(cx: &Cx, filters: &Filters, report: &Report) -> View {
        let total = &report.total;
        let (after, after_rows) = after(total);
        let (reached, reached_rows) = reached(total);
        let groups = report.groups.iter().filter(|_| filters.by.is_some());
        View {
            sub: format!(
                "{}, as of {}",
                bar::days(&filters.cohort),
                page::time_and_zone(cx.now, cx.zone())
            ),
            under: under::links(&report.versions),
            is_empty: total.tried == 0,
            headline: headline(total),
            quiet_days: QUIET_DAYS,
            given_up: total.given_up,
            after,
            after_rows,
            reached,
            reached_rows,
            grouping: filters
                .by
                .map_or(String::new(), |by| by.label().to_lowercase()),
            groups: groups
                .map(|group| {
                    let name = filters.by.map_or(String::new(), |by| by.words(&group.name));
                    group_row(name, &group.figures)
                })
                .collect(),
        }
    }
}

fn group_row(name: String, figures: &Figures) -> GroupRow {
    let told = |rate: Rate| {
        let of = format!("{}, {}", page::of(rate), page::interval(rate));
        (
            page::share(rate),
            if rate.n > 0 { of } else { String::new() },
        )
    };
    let (after_one, after_one_of) = told(figures.given_up_after(1));
    let (many, many_of) = told(figures.given_up_after(MANY));
    GroupRow {
        name,
        n: figures.n,
        per_lead: figures
            .attempts_per_lead
            .map_or(DASH.to_owned(), |mean| style::decimal(mean, 1)),
        given_up: figures.given_up,
        after_one,
        after_one_of,
        many,
        many_of,
        is_small: figures.n < LEAST_LEADS,
    }
}

/// "Of 40 leads that were given up, 30 % got one attempt and 12.5 % six or more. ..."
fn headline(total: &Figures) -> String {
    let tried = format!(
        "{} leads were tried {} times",
        style::count(total.tried),
        style::count(total.attempts)
    );
    let per_lead = total.attempts_per_lead.map_or(String::new(), |mean| {
        format!(", {} times each", style::decimal(mean, 1))
    });
    let by = |attempt: usize| {
        total
            .by_attempt
            .get(attempt - 1)
            .map(|one| page::percent(one.reached_by))
    };
    let reached = match (by(1), by(3)) {
        (Some(one), Some(three)) => format!(" One attempt reaches {one}, three reach {three}."),
        (Some(one), None) => format!(" One attempt reaches {one}."),
        _ => String::new(),
    };
    let given_up = match total.given_up {
        0 => " None was given up.".to_owned(),
        n => {
            let share = |attempts| page::share(total.given_up_after(attempts));
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

fn after(total: &Figures) -> (Bars, Vec<ShareRow>) {
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
        let figure = format!("{}, {}", style::count(rate.k), page::share(rate));
        let share = rate.share().unwrap_or(0.0);
        let bar = Row::share(label.clone(), figure, share, rate.interval(), fill);
        let row = ShareRow {
            label,
            count: style::count(rate.k),
            share: page::share(rate),
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

fn reached(total: &Figures) -> (Bars, Vec<ReachedRow>) {
    let made = total.by_attempt.iter().map(|one| {
        let rate = Rate {
            k: one.reached,
            n: one.tried,
        };
        let is_faint = one.tried < LEAST_LEADS;
        let by = if is_faint {
            DASH.to_owned()
        } else {
            page::percent(one.reached_by)
        };
        let label = format!("By attempt {}", one.attempt);
        let figure = format!("{by}, {} tried", style::count(one.tried));
        let share = if is_faint { 0.0 } else { one.reached_by };
        let bar = Row::share(label, figure, share, None, Fill::Plain);
        let row = ReachedRow {
            attempt: one.attempt,
            tried: one.tried,
            reached: one.reached,
            rate: page::share(rate),
            interval: page::interval(rate),
            by,
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
