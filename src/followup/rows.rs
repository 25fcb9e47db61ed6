//! The figures of the page in ready words: tiles and rows.

use super::comparison::LEAST_LEADS;
use super::face::Head;
use super::figures::{Figures, InBand, LEAST_AT_RISK, Of, Waiting, Within};
use super::{Filters, Group, Report, WhichClock, legs_page, maturing};
use crate::charts;
use crate::charts::bars::{Bars, Fill};
use crate::leads::cohort::{Place, in_order};
use crate::page::{self, DASH};
use crate::rules::rates::Rate;
use crate::rules::speed::Band;
use crate::rules::survival::End;
use crate::style;

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
    /// With the event, closed before and waiting.
    pub shares: [ShareThen; 3],
    pub at_risk: u64,
    pub at_risk_href: String,
    pub is_faint: bool,
}

/// A share at a time, where it likely lies, and what explains it.
pub struct ShareThen {
    pub label: &'static str,
    pub words: String,
    /// Empty where no share is told.
    pub range: String,
    pub href: String,
}

pub struct BandRow {
    pub label: String,
    pub href: String,
    pub count: String,
    pub share: String,
    pub interval: String,
}

pub struct GroupRow {
    pub name: String,
    /// What explains each of its figures.
    pub hrefs: Hrefs,
    pub n: u64,
    pub with_event: u64,
    pub closed: u64,
    pub waiting: u64,
    pub median: String,
    pub median_range: String,
    pub p90: String,
    pub p90_range: String,
    pub soon: String,
    pub soon_interval: String,
    pub later: String,
    pub later_interval: String,
    pub level: String,
    pub level_interval: String,
    pub level_rest: String,
    pub note: &'static str,
    pub is_faint: bool,
}

/// The addresses that explain the figures of a group.
pub struct Hrefs {
    pub n: String,
    pub event: String,
    pub closed: String,
    pub waiting: String,
    pub median: String,
    pub p90: String,
    pub soon: String,
    pub later: String,
    pub level: String,
}

impl Hrefs {
    pub fn new(head: &Head, clock: WhichClock, group: &str) -> Hrefs {
        let [(soon_s, _), (later_s, _)] = landmarks(clock);
        let to = |figure: &str| head.explain(figure, group);
        Hrefs {
            n: to("n"),
            event: to("event"),
            closed: to("closed"),
            waiting: to("waiting"),
            median: to("median"),
            p90: to("p90"),
            soon: to(&format!("within-{soon_s}")),
            later: to(&format!("within-{later_s}")),
            level: to("level"),
        }
    }
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

/// The share with the event within a time, as far as it is told, and where it likely lies.
fn within(figures: &Figures, t_s: u32) -> (String, String) {
    let found = figures.within.iter().find(|within| within.t_s == t_s);
    let Some(within) = found.filter(|within| within.rate.n > 0) else {
        return (DASH.to_owned(), String::new());
    };
    let likely = match within.is_told {
        true => within.range_of(Of::Event),
        false => page::of(within.rate),
    };
    (within.words(), likely)
}

/// The share with the event within a time, as a sentence tells it: where no share is told, how many they are.
pub fn part_within(figures: &Figures, t_s: u32) -> String {
    let within = figures.within.iter().find(|within| within.t_s == t_s);
    within.map_or(DASH.to_owned(), |within| match within.is_told {
        true => within.words(),
        false => style::count(within.rate.k),
    })
}

/// What is said of a share that can still grow: some leads wait, and not yet as long. Source: PRODUCT.md 7, rule 4.
pub fn so_far(waitings: &[Waiting], t_s: u32) -> &'static str {
    let is_young = |w: &Waiting| w.obs.end == End::Open && w.obs.t_s < f64::from(t_s);
    match waitings.iter().any(is_young) {
        true => " so far",
        false => "",
    }
}

/// A quantile of `n` hand-overs in words; a dash of nobody.
pub fn quantile(n: u64, seconds: Option<f64>) -> String {
    legs_page::time(n, seconds, page::duration)
}

/// How long the oldest lead has waited by the calendar, in seconds.
pub fn oldest_s(filters: &Filters, waitings: &[Waiting]) -> Option<f64> {
    let open = waitings.iter().filter(|w| w.obs.end == End::Open);
    let first = open.map(|w| w.start).min()?;
    Some(filters.cohort.as_of.seconds_since(first))
}

pub fn tiles(filters: &Filters, head: &Head, waitings: &[Waiting], total: &Figures) -> Vec<Tile> {
    let n = format!("n\u{a0}=\u{a0}{}", style::count(total.n));
    let hrefs = Hrefs::new(head, filters.clock, "");
    let level = &total.service_level;
    let oldest = oldest_s(filters, waitings).map(page::duration);
    let tile = |label: String, value, sub, href| Tile {
        label,
        value,
        sub,
        href,
    };
    let median = (total.median_low_s, total.median_high_s);
    let p90 = (total.p90_low_s, total.p90_high_s);
    vec![
        tile(
            format!("Median to first {}", filters.event),
            quantile(total.n, total.median_s),
            format!("{}{n}", likely(median)),
            hrefs.median,
        ),
        tile(
            "90th percentile".to_owned(),
            quantile(total.n, total.p90_s),
            format!("{}{n}", likely(p90)),
            hrefs.p90,
        ),
        tile(
            "Within service level".to_owned(),
            page::share(level.rate()),
            format!(
                "{}{} attempted in time{}; {} missed, {} pending, {} not applicable",
                if level.pending > 0 { "Maturing: " } else { "" },
                page::of(level.rate()),
                match level.rate().is_warming_up() {
                    true => String::new(),
                    false => format!(" (95\u{a0}%: {})", page::interval(level.rate())),
                },
                style::count(level.missed),
                style::count(level.pending),
                style::count(level.not_applicable)
            ),
            hrefs.level,
        ),
        tile(
            "Still waiting".to_owned(),
            style::count(total.waiting),
            oldest.map_or(String::new(), |oldest| format!("oldest {oldest}")),
            hrefs.waiting,
        ),
    ]
}

/// The interval of a quantile: "20 min to 1 h"; empty where there is none.
fn range((low_s, high_s): (Option<f64>, Option<f64>)) -> String {
    let words = page::duration;
    match (low_s, high_s) {
        (Some(low), Some(high)) => format!("{} to {}", words(low), words(high)),
        (Some(low), None) => format!("{} or more", words(low)),
        _ => String::new(),
    }
}

/// "likely 20 min to 1 h, ".
fn likely(interval: (Option<f64>, Option<f64>)) -> String {
    match range(interval) {
        nothing if nothing.is_empty() => nothing,
        range => format!("likely {range}, "),
    }
}

/// Grey where fewer than ten were still followed. Source: METRICS.md 3.1.
pub fn within_row(head: &Head, done_label: &'static str, within: &Within) -> WithinRow {
    let to = |what: &str| head.explain(&format!("{what}-{}", within.t_s), "");
    let share = |label, words, of, figure| ShareThen {
        label,
        words,
        range: match within.is_told {
            true => within.range_of(of),
            false => String::new(),
        },
        href: to(figure),
    };
    let told = |share| within.told(page::percent(share));
    WithinRow {
        shares: [
            share(done_label, within.words(), Of::Event, "within"),
            share("Closed before", told(within.closed), Of::Closed, "closed"),
            share("Waiting", told(within.waiting), Of::Waiting, "waiting"),
        ],
        at_risk_href: to("followed"),
        time: page::duration(f64::from(within.t_s)),
        at_risk: within.at_risk,
        is_faint: within.at_risk < LEAST_AT_RISK as u64,
    }
}

/// There is always a bar for never. Source: PRODUCT.md 7.
pub fn bands_of(head: &Head, total: &Figures) -> (Vec<BandRow>, Bars) {
    let timed = total.bands.iter().filter(|one| one.band != Band::Never);
    let timed = timed.map(|InBand { band, n }| {
        let figure = format!("band-{}", band.word());
        (band.label().to_owned(), *n, Fill::Plain, figure)
    });
    let never = [
        ("Never: closed before", total.closed, "closed"),
        ("Never so far: still waiting", total.waiting, "waiting"),
    ];
    let never = never
        .map(|(label, count, figure)| (label.to_owned(), count, Fill::Never, figure.to_owned()));
    let made = timed.chain(never).map(|(label, count, fill, figure)| {
        let rate = Rate {
            k: count,
            n: total.n,
        };
        let words = page::counted(rate);
        let share = rate.share().unwrap_or(0.0);
        let bar = charts::bars::Row::share(label.clone(), words, share, rate.interval(), fill);
        let row = BandRow {
            label,
            href: head.explain(&figure, ""),
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
    head: &Head,
    report: &Report,
) -> (Vec<GroupRow>, &'static str) {
    let Some(by) = filters.by else {
        return (Vec::new(), "");
    };
    let place = |group: &Group| Place {
        is_small: group.figures.n < LEAST_LEADS,
        low: group.figures.service_level.low,
    };
    let said = "Ordered by the lower end of the share within service level; small groups last";
    let (groups, order) = in_order(by, &report.groups, place, said);
    let [(soon_s, _), (later_s, _)] = landmarks(filters.clock);
    let row = |group: &Group| {
        let figures = &group.figures;
        let level = &figures.service_level;
        let rate = level.rate();
        let (soon, soon_interval) = within(figures, soon_s);
        let (later, later_interval) = within(figures, later_s);
        let note = maturing::note(figures.n, group.maturing);
        GroupRow {
            name: by.words(&group.name),
            hrefs: Hrefs::new(head, filters.clock, page::group_name(&group.name)),
            n: figures.n,
            with_event: figures.with_event,
            closed: figures.closed,
            waiting: figures.waiting,
            median: quantile(figures.n, figures.median_s),
            median_range: range((figures.median_low_s, figures.median_high_s)),
            p90: quantile(figures.n, figures.p90_s),
            p90_range: range((figures.p90_low_s, figures.p90_high_s)),
            soon,
            soon_interval,
            later,
            later_interval,
            level: page::share(rate),
            level_interval: rate.share().map_or(String::new(), |_| page::rests_on(rate)),
            level_rest: level_rest(level.pending, level.not_applicable),
            is_faint: !note.is_empty(),
            note,
        }
    };
    (groups.into_iter().map(row).collect(), order)
}

fn level_rest(pending: u64, not_applicable: u64) -> String {
    let some = |n: u64, words: &str| (n > 0).then(|| format!("{} {words}", style::count(n)));
    let rest = [
        some(pending, "pending"),
        some(not_applicable, "not applicable"),
    ];
    let rest: Vec<String> = rest.into_iter().flatten().collect();
    rest.join(", ")
}
