//! The figures of the page in ready words: tiles and rows.

use super::chart::LEAST_AT_RISK;
use super::figures::{BAND_ENDS_S, Figures, Waiting, Within, bands};
use super::{Awaited, Filters, Group, Report, Study, WhichClock};
use crate::charts;
use crate::charts::bars::{Bars, Fill};
use crate::leads::cohort::{Grouping, leads_href};
use crate::page::{self, DASH};
use crate::rules::rates::Rate;
use crate::rules::survival::End;
use crate::style;

/// A group with fewer is "warming up": no conclusion, listed last. Source: PRODUCT.md 7.
const LEAST_LEADS: u64 = 10;
const HOUR_S: u32 = 3_600;
const WORKING_DAY_S: u32 = 28_800;
const DAY_S: u32 = 86_400;

pub struct Tile {
    pub label: String,
    pub value: String,
    pub sub: String,
    pub href: String,
}

pub struct WithinRow {
    pub time: String,
    pub event: String,
    pub band: String,
    pub closed: String,
    pub waiting: String,
    pub at_risk: u64,
    pub is_faint: bool,
}

pub struct BandRow {
    pub label: String,
    pub count: String,
    pub share: String,
    pub interval: String,
}

pub struct GroupRow {
    pub name: String,
    pub href: String,
    pub n: u64,
    pub with_event: u64,
    pub closed: u64,
    pub waiting: u64,
    pub median: String,
    pub p90: String,
    pub soon: String,
    pub later: String,
    pub level: String,
    pub level_interval: String,
    pub note: &'static str,
    pub is_faint: bool,
}

/// The two times that the clock makes interesting, with their words.
pub fn landmarks(clock: WhichClock) -> [(u32, &'static str); 2] {
    match clock {
        WhichClock::Calendar => [(HOUR_S, "an hour"), (DAY_S, "a day")],
        WhichClock::Working => [
            (HOUR_S, "an hour of working time"),
            (WORKING_DAY_S, "8 hours of it"),
        ],
    }
}

/// The share with the event within a time; a dash of nobody.
pub fn share_within(figures: &Figures, t_s: u32) -> String {
    let within = figures.within.iter().find(|within| within.t_s == t_s);
    let within = within.filter(|_| figures.n > 0);
    within.map_or(DASH.to_owned(), |within| page::percent(within.event))
}

/// What is said of a share that can still grow: some leads wait, and not yet as long. Source: PRODUCT.md 7, rule 4.
pub fn so_far(waitings: &[Waiting], t_s: u32) -> &'static str {
    let is_young = |w: &Waiting| w.obs.end == End::Open && w.obs.t_s < f64::from(t_s);
    match waitings.iter().any(is_young) {
        true => " so far",
        false => "",
    }
}

pub fn quantile(seconds: Option<f64>) -> String {
    seconds.map_or("not reached yet".to_owned(), page::duration)
}

/// How long the oldest lead has waited by the calendar, in seconds.
pub fn oldest_s(filters: &Filters, waitings: &[Waiting]) -> Option<f64> {
    let open = waitings.iter().filter(|w| w.obs.end == End::Open);
    let first = open.map(|w| w.start).min()?;
    Some(filters.cohort.as_of.seconds_since(first))
}

pub fn tiles(filters: &Filters, waitings: &[Waiting], total: &Figures) -> Vec<Tile> {
    let n = format!("n\u{a0}=\u{a0}{}", style::count(total.n));
    let tile = |label: &str, value, sub| Tile {
        label: label.to_owned(),
        value,
        sub,
        href: String::new(),
    };
    let level = &total.service_level;
    let days = (filters.cohort.from, filters.cohort.to);
    let oldest = oldest_s(filters, waitings).map(page::duration);
    vec![
        tile(
            &format!("Median to first {}", filters.event),
            quantile(total.median_s),
            format!("{}{n}", likely_median(total)),
        ),
        tile(
            "90th percentile",
            quantile(total.p90_s),
            format!("closings set aside, {n}"),
        ),
        tile(
            "Within service level",
            page::share(level.rate()),
            format!(
                "{} attempted in time (95\u{a0}%: {}); {} pending, {} closed before",
                page::of(level.rate()),
                page::interval(level.rate()),
                style::count(level.pending),
                style::count(level.not_applicable)
            ),
        ),
        Tile {
            href: match filters.event {
                Awaited::Attempt if total.waiting > 0 => leads_href(days, "stage", "untouched"),
                _ => String::new(),
            },
            ..tile(
                "Still waiting",
                style::count(total.waiting),
                oldest.map_or(String::new(), |oldest| format!("oldest {oldest}")),
            )
        },
    ]
}

fn likely_median(total: &Figures) -> String {
    let words = page::duration;
    match (total.median_low_s, total.median_high_s) {
        (Some(low), Some(high)) => format!("likely {} to {}, ", words(low), words(high)),
        (Some(low), None) => format!("likely {} or more, ", words(low)),
        _ => String::new(),
    }
}

pub fn within_row(within: &Within) -> WithinRow {
    WithinRow {
        time: page::duration(f64::from(within.t_s)),
        event: page::percent(within.event),
        band: within.event_band.map_or(DASH.to_owned(), |(low, high)| {
            format!(
                "{} to {}",
                style::decimal(low * 100.0, 1),
                page::percent(high)
            )
        }),
        closed: page::percent(within.closed),
        waiting: page::percent(within.waiting),
        at_risk: within.at_risk,
        is_faint: within.at_risk < LEAST_AT_RISK as u64,
    }
}

/// There is always a bar for never. Source: PRODUCT.md 7.
pub fn bands_of(waitings: &[Waiting], total: &Figures) -> (Vec<BandRow>, Bars) {
    let starts = [0].into_iter().chain(BAND_ENDS_S);
    let ends = BAND_ENDS_S.into_iter().map(Some).chain([None]);
    let words = |t_s: u32| page::duration(f64::from(t_s));
    let label = |(start, end): (u32, Option<u32>)| match (start, end) {
        (0, Some(end)) => format!("Up to {}", words(end)),
        (start, Some(end)) => format!("{} to {}", words(start), words(end)),
        (start, None) => format!("Over {}", words(start)),
    };
    let labels = starts.zip(ends).map(label);
    let timed = labels.zip(bands(waitings));
    let timed = timed.map(|(label, count)| (label, count, Fill::Plain));
    let never = [
        ("Never: closed before", total.closed),
        ("Never so far: still waiting", total.waiting),
    ];
    let never = never.map(|(label, count)| (label.to_owned(), count, Fill::Never));
    let made = timed.chain(never).map(|(label, count, fill)| {
        let rate = Rate {
            k: count,
            n: total.n,
        };
        let figure = format!("{}, {}", style::count(count), page::share(rate));
        let share = rate.share().unwrap_or(0.0);
        let bar = charts::bars::Row::share(label.clone(), figure, share, rate.interval(), fill);
        let row = BandRow {
            label,
            count: style::count(count),
            share: page::share(rate),
            interval: page::interval(rate),
        };
        (row, bar)
    });
    let (rows, bars) = made.unzip();
    let picture = Bars {
        label: "Leads by waiting time".to_owned(),
        about: "A bar for each band with its likely range; the table below has the same figures."
            .to_owned(),
        rows: bars,
    };
    (rows, picture)
}

pub fn group_rows(
    filters: &Filters,
    study: &Study,
    report: &Report,
) -> (Vec<GroupRow>, &'static str) {
    let Some(by) = filters.by else {
        return (Vec::new(), "");
    };
    let mut groups: Vec<&Group> = report.groups.iter().collect();
    let order = if by == Grouping::Week {
        "In order of time"
    } else {
        let is_small = |group: &Group| group.figures.n < LEAST_LEADS;
        let low = |group: &Group| group.figures.service_level.low.unwrap_or(-1.0);
        groups.sort_by(|a, b| (is_small(a).cmp(&is_small(b))).then(low(b).total_cmp(&low(a))));
        "Ordered by the lower end of the share within service level; small groups last"
    };
    let [(soon_s, _), (later_s, _)] = landmarks(filters.clock);
    let row = |group: &Group| {
        let figures = &group.figures;
        let level = &figures.service_level;
        let rate = level.rate();
        let note = match (figures.n < LEAST_LEADS, by) {
            (true, _) => "Warming up",
            (false, Grouping::Week) if level.pending > 0 => "Maturing",
            _ => "",
        };
        GroupRow {
            name: page::group_name(&group.name).to_owned(),
            href: study
                .names
                .leads_href(&filters.cohort, filters.by, group.key),
            n: figures.n,
            with_event: figures.with_event,
            closed: figures.closed,
            waiting: figures.waiting,
            median: quantile(figures.median_s),
            p90: quantile(figures.p90_s),
            soon: share_within(figures, soon_s),
            later: share_within(figures, later_s),
            level: match rate.share() {
                None => DASH.to_owned(),
                Some(share) => format!("{} ({})", page::percent(share), page::of(rate)),
            },
            level_interval: rate.share().map_or(String::new(), |_| page::interval(rate)),
            is_faint: !note.is_empty(),
            note,
        }
    };
    (groups.into_iter().map(row).collect(), order)
}
