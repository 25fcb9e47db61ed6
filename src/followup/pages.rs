//! The follow-up speed page.

use super::figures::{Figures, Waiting};
use super::rows::{self, BandRow, GroupRow, Tile, WithinRow};
use super::{Awaited, Filters, Report, Study, WhichClock, chart, study, tables};
use crate::app::Cx;
use crate::calendar;
use crate::charts::Plot;
use crate::charts::bars::Bars;
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

#[derive(Template)]
#[template(path = "followup/page.html")]
struct FollowUpPage {
    frame: Frame,
    form: Form,
    bar: Bar,
    groupings: Vec<Choice>,
    clocks: Vec<Choice>,
    events: Vec<Choice>,
    versions: Vec<Choice>,
    /// None where the filters are wrong.
    view: Option<View>,
}

/// The report in ready words.
struct View {
    sub: String,
    under: Vec<Link>,
    headline: Headline,
    tiles: Vec<Tile>,
    done: &'static str,
    done_label: &'static str,
    plot: Plot,
    about_plot: String,
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
}

/// "Of 214 leads, 48 % were attempted within an hour and 83 % within a day. ..."
#[derive(Default)]
struct Headline {
    leads: String,
    soon: String,
    soon_limit: &'static str,
    later: String,
    later_limit: &'static str,
    rest: String,
}

/// `?format=csv` for the same rows as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let Some(filters) = read(&mut form, cx) else {
        return page::again(&follow_up_page(cx, form, None)?);
    };
    let study = cx.snapshot(|conn| study(conn, &filters, Some(me)))?;
    let report = study.report(&filters);
    if form.value("format") == "csv" {
        return page::csv_file("follow-up-speed", tables::csv(&report)?);
    }
    let view = View::new(cx, &filters, &study, &report);
    let mut page = follow_up_page(cx, form, Some(view))?;
    if report.is_default_hours {
        page.frame.notice = Some(calendar::DEFAULT_HOURS.to_owned());
    }
    page::show(&page)
}

fn read(form: &mut Form, cx: &Cx) -> Option<Filters> {
    form.set_default("clock", WhichClock::Calendar.word());
    form.set_default("event", Awaited::Attempt.word());
    let cohort = bar::cohort(form, cx.now);
    let by = form.optional("by", "a grouping from the list", Grouping::from_word);
    let clock = form.parsed("clock", "a clock from the list", WhichClock::from_word);
    let event = form.parsed("event", "attempt or contact", Awaited::from_word);
    Some(Filters {
        cohort: cohort?,
        by: by?,
        clock: clock?,
        event: event?,
        limit_us: None,
    })
}

fn follow_up_page(cx: &Cx, form: Form, view: Option<View>) -> Result<FollowUpPage> {
    let definitions: Arc<Definitions> = cx.reference()?;
    let none = [("", "Nothing")];
    let groupings = Grouping::ALL.iter().map(|by| (by.word(), by.label()));
    Ok(FollowUpPage {
        frame: Frame::new(cx, "Follow-up speed"),
        bar: Bar::new(
            "/follow-up",
            &form,
            &["by", "clock", "event", "definition"],
            cx.now,
            &cx.workspace.zone,
        ),
        groupings: form.choices("by", none.into_iter().chain(groupings)),
        clocks: form.choices(
            "clock",
            [("calendar", "Calendar time"), ("working", "Working time")],
        ),
        events: form.choices(
            "event",
            [("attempt", "First attempt"), ("contact", "First contact")],
        ),
        versions: under::choices(&form, &definitions),
        form,
        view,
    })
}

impl View {
    fn new(cx: &Cx, filters: &Filters, study: &Study, report: &Report) -> View {
        let all: Vec<&Waiting> = study.waitings.iter().collect();
        let total = Figures::of(&all, filters.limit_us);
        let done = filters.event.done();
        let [soon, later] =
            rows::landmarks(filters.clock).map(|(t_s, _)| page::duration(t_s.into()));
        let (bands, bars) = rows::bands_of(&study.waitings, &total);
        let (groups, order) = rows::group_rows(filters, study, report);
        View {
            sub: format!(
                "{}, as of {}",
                bar::days(&filters.cohort),
                page::time_and_zone(cx.now, cx.zone())
            ),
            under: under::links(&study.versions),
            headline: Headline::new(filters, &study.waitings, &total),
            tiles: rows::tiles(filters, &study.waitings, &total),
            done,
            done_label: match filters.event {
                Awaited::Attempt => "Attempted",
                Awaited::Contact => "Contacted",
            },
            plot: chart::plot(&study.waitings, filters.event, filters.clock),
            about_plot: format!(
                "{} time since the hand-over, on a growing scale. Leads still waiting are counted as still waiting, \
                 not left out. Greyed where fewer than {} were still followed.",
                match filters.clock {
                    WhichClock::Calendar => "Calendar",
                    WhichClock::Working => "Working",
                },
                chart::LEAST_AT_RISK
            ),
            within: total.within.iter().map(rows::within_row).collect(),
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
        }
    }
}

fn leads(n: u64) -> String {
    if n == 1 {
        "1 lead".to_owned()
    } else {
        format!("{} leads", style::count(n))
    }
}

impl Headline {
    fn new(filters: &Filters, waitings: &[Waiting], total: &Figures) -> Headline {
        let [(soon_s, soon_limit), (later_s, later_limit)] = rows::landmarks(filters.clock);
        let done = filters.event.done();
        let closed = match total.closed {
            0 => String::new(),
            closed => {
                let rate = Rate {
                    k: closed,
                    n: total.n,
                };
                let (share, of) = (page::share(rate), page::of(rate));
                format!(" {share} ({of}) closed before they were {done}.")
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
        Headline {
            leads: leads(total.n),
            soon: rows::share_within(total, soon_s) + rows::so_far(waitings, soon_s),
            soon_limit,
            later: rows::share_within(total, later_s) + rows::so_far(waitings, later_s),
            later_limit,
            rest: format!("{closed}{waiting}"),
        }
    }
}
