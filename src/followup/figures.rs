//! From waitings to the figures of a group. Pure.

use crate::leads::cohort::{Counted, Key};
use crate::page;
use crate::rules::rates::Rate;
use crate::rules::speed::Band;
use crate::rules::survival::{Competing, Curve, End, Obs, Observed};
use crate::rules::wait::Verdict;
use crate::style;
use crate::value::Instant;
use serde::Serialize;

/// The times for which shares are printed, in seconds: 1, 5 and 15 min, 1, 4 and 8 h, 1, 3 and 7 d.
pub const TIMES_S: [u32; 9] = [
    60, 300, 900, 3_600, 14_400, 28_800, 86_400, 259_200, 604_800,
];

/// One hand-over as it waits, on the clock and for the event of the report.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    pub handover_id: i64,
    pub key: Key,
    pub start: Instant,
    pub obs: Obs,
    pub verdict: Verdict,
    /// Whether the time is not over in which it should be tried; by contact, in which it should be reached or ended.
    pub is_young: bool,
    /// The limit that it is judged by; none where its calendar has not as many working days.
    pub limit_us: Option<i64>,
    /// Whether somebody had tried the lead before it was handed over.
    pub is_in_conversation: bool,
    /// Whether what ended the waiting was entered late.
    pub is_late: bool,
}

impl Counted for Waiting {
    fn handover(&self) -> (i64, Instant, Key) {
        (self.handover_id, self.start, self.key)
    }
}

pub fn seconds(us: i64) -> f64 {
    us as f64 / 1e6
}

/// The figures of one group: IMPORT.md, "Reports".
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    pub n: u64,
    pub with_event: u64,
    pub closed: u64,
    pub waiting: u64,
    pub median_s: Option<f64>,
    pub median_low_s: Option<f64>,
    pub median_high_s: Option<f64>,
    pub p90_s: Option<f64>,
    pub within: Vec<Within>,
    pub service_level: Attainment,
    pub p90_low_s: Option<f64>,
    pub p90_high_s: Option<f64>,
    /// How many had the event in each band, and how many never.
    pub bands: Vec<InBand>,
    /// How many had been tried before they were handed over, and of how many the event was entered late.
    pub in_conversation: u64,
    pub late: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InBand {
    pub band: Band,
    pub n: u64,
}

/// What had happened by a time: Aalen-Johansen shares that add up to 1, and 1 - Kaplan-Meier with closings censored.
#[derive(Debug, Clone, Serialize)]
pub struct Within {
    pub t_s: u32,
    pub at_risk: u64,
    pub event: f64,
    pub closed: f64,
    pub waiting: f64,
    pub km: f64,
    pub km_low: Option<f64>,
    pub km_high: Option<f64>,
    /// The 95 % bands of the three shares; none where a share is 0 or 1.
    pub event_low: Option<f64>,
    pub event_high: Option<f64>,
    pub closed_low: Option<f64>,
    pub closed_high: Option<f64>,
    pub waiting_low: Option<f64>,
    pub waiting_high: Option<f64>,
    /// Whether a page tells the shares.
    #[serde(skip)]
    pub is_told: bool,
    /// How many had the event by then, of all, for the page.
    #[serde(skip)]
    pub rate: Rate,
}

/// Where fewer are still at risk, a curve is greyed. Source: METRICS.md 3.1.
pub const LEAST_AT_RISK: usize = 10;

/// How the service level was kept; `attained` is met of met and missed, with Wilson's interval.
#[derive(Debug, Clone, Serialize)]
pub struct Attainment {
    pub limit_s: Option<f64>,
    pub met: u64,
    pub missed: u64,
    pub pending: u64,
    pub not_applicable: u64,
    pub attained: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Figures {
    /// `limit_us` is the report's one limit, where it has one.
    pub fn of(members: &[&Waiting], limit_us: Option<i64>) -> Figures {
        let (curve, competing) = curves(members);
        let count = |end| members.iter().filter(|w| w.obs.end == end).count() as u64;
        let (median, p90) = (curve.quantile(0.5), curve.quantile(0.9));
        Figures {
            n: members.len() as u64,
            with_event: count(End::Event),
            closed: count(End::Closed),
            waiting: count(End::Open),
            median_s: median.value_s,
            median_low_s: median.low_s,
            median_high_s: median.high_s,
            p90_s: p90.value_s,
            within: TIMES_S
                .iter()
                .map(|t_s| Within::at(*t_s, members, &curve, &competing))
                .collect(),
            service_level: Attainment::of(members, limit_us),
            p90_low_s: p90.low_s,
            p90_high_s: p90.high_s,
            bands: bands(members),
            in_conversation: members.iter().filter(|w| w.is_in_conversation).count() as u64,
            late: members.iter().filter(|w| w.is_late).count() as u64,
        }
    }
}

/// Kaplan-Meier and Aalen-Johansen of some waitings.
pub fn curves(members: &[&Waiting]) -> (Curve, Competing) {
    let observations: Vec<Obs> = members.iter().map(|w| w.obs).collect();
    let observed = Observed::new(&observations);
    (observed.curve(), observed.competing())
}

impl Within {
    /// A page tells a share where ten are still at risk, and where it is a plain one of ten or more: nobody was lost from
    /// sight before, so that everybody's answer is known.
    fn at(t_s: u32, members: &[&Waiting], curve: &Curve, competing: &Competing) -> Within {
        let time = f64::from(t_s);
        let at_risk = curve.at_risk(time);
        let is_lost = |w: &Waiting| w.obs.end == End::Open && w.obs.t_s < time;
        let rate = Rate {
            k: members.iter().filter(|w| w.had_by(time)).count() as u64,
            n: members.len() as u64,
        };
        let is_plain = !rate.is_warming_up() && !members.iter().any(|w| is_lost(w));
        let shares = competing.at(time);
        let (event_low, event_high) = shares.event.band().unzip();
        let (closed_low, closed_high) = shares.closed.band().unzip();
        let (waiting_low, waiting_high) = shares.waiting_band().unzip();
        let km = curve.at(time).complement();
        Within {
            t_s,
            at_risk: at_risk as u64,
            event: shares.event.value,
            closed: shares.closed.value,
            waiting: shares.waiting,
            km: km.value,
            km_low: km.band.map(|(low, _)| low),
            km_high: km.band.map(|(_, high)| high),
            event_low,
            event_high,
            closed_low,
            closed_high,
            waiting_low,
            waiting_high,
            is_told: at_risk >= LEAST_AT_RISK || is_plain,
            rate,
        }
    }
}

impl Attainment {
    fn of(members: &[&Waiting], limit_us: Option<i64>) -> Attainment {
        let count = |verdict| members.iter().filter(|w| w.verdict == verdict).count() as u64;
        let first = members.first().and_then(|w| w.limit_us);
        let shared = first.filter(|_| members.iter().all(|w| w.limit_us == first));
        let mut attainment = Attainment {
            limit_s: limit_us.or(shared).map(seconds),
            met: count(Verdict::Met),
            missed: count(Verdict::Missed),
            pending: count(Verdict::Pending),
            not_applicable: count(Verdict::NotApplicable),
            attained: None,
            low: None,
            high: None,
        };
        let rate = attainment.rate();
        attainment.attained = rate.share();
        (attainment.low, attainment.high) = rate.interval().unzip();
        attainment
    }

    /// Met of those that are judged.
    pub fn rate(&self) -> Rate {
        Rate {
            k: self.met,
            n: self.met + self.missed,
        }
    }
}

impl Within {
    /// The share that had the event: a dash of nobody, and where too little is known.
    pub fn words(&self) -> String {
        match self.rate.n {
            0 => page::DASH.to_owned(),
            _ if self.rate.is_warming_up() => page::share(self.rate),
            _ => self.told(page::percent(self.event)),
        }
    }

    /// Words of a share that a page tells, else a dash. Source: METRICS.md 3.1.
    pub fn told(&self, words: String) -> String {
        match self.is_told {
            true => words,
            false => page::DASH.to_owned(),
        }
    }

    /// Where the share of one of the three likely lies. At 0 and 1 there is no band, and up to 3 of n are still possible.
    pub fn range_of(&self, of: Of) -> String {
        let (share, low, high) = match of {
            Of::Event => (self.event, self.event_low, self.event_high),
            Of::Closed => (self.closed, self.closed_low, self.closed_high),
            Of::Waiting => (self.waiting, self.waiting_low, self.waiting_high),
        };
        let most = (3.0 / self.rate.n as f64).min(1.0);
        let n = style::count(self.rate.n);
        // What has happened stays, and who waits may still be done or closed.
        let (none, all) = match of {
            Of::Waiting => ("", " so far"),
            Of::Event | Of::Closed => (" so far", ""),
        };
        self.told(match low.zip(high) {
            Some((low, high)) => format!(
                "{} to {}",
                style::decimal(low * 100.0, 1),
                page::percent(high)
            ),
            None if self.rate.n == 0 => page::DASH.to_owned(),
            None if share < 0.5 => format!("0 of {n}{none}, up to {}", page::percent(most)),
            None => format!("all {n}{all}, at least {}", page::percent(1.0 - most)),
        })
    }
}

/// One of the three shares that add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Event,
    Closed,
    Waiting,
}

impl Waiting {
    /// Whether it had the event by a time of its clock, in seconds.
    pub fn had_by(&self, t_s: f64) -> bool {
        self.obs.end == End::Event && self.obs.t_s <= t_s
    }

    /// The band of its time; never where it has not had the event.
    pub fn band(&self) -> Band {
        Band::of((self.obs.end == End::Event).then_some(self.obs.t_s))
    }
}

fn bands(members: &[&Waiting]) -> Vec<InBand> {
    let count = |band: &Band| InBand {
        band: *band,
        n: members.iter().filter(|w| w.band() == *band).count() as u64,
    };
    Band::ALL.iter().map(count).collect()
}
