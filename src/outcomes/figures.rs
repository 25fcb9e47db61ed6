//! From what happened to leads to the figures of a group. Pure.

use super::days::Days;
use crate::leads::cohort::{Counted, Key};
use crate::rules::rates::Rate;
use crate::rules::stage::EventKind;
use crate::rules::survival::{Obs, Observed};
use crate::rules::wait::{Urgency, Wait};
use crate::value::Instant;
use serde::Serialize;
use std::collections::BTreeMap;

const SECONDS_PER_DAY: f64 = 86_400.0;
const DAY_S: i64 = 86_400;

/// One hand-over, and the group it is in.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub handover_id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub key: Key,
    /// Frozen with the hand-over.
    pub score: Option<f64>,
    pub source_id: Option<i64>,
    pub urgency: Urgency,
    pub definition_id: i64,
    /// As of the report.
    pub first_attempt_at: Option<Instant>,
}

/// Something that happened to a lead.
#[derive(Debug, Clone)]
pub struct Happening {
    pub lead_id: i64,
    pub at: Instant,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    /// An event and its reason.
    Event(EventKind, String),
    /// A win and what it is worth: millionths of a currency.
    Won(Option<(String, i64)>),
    /// A touch that reached somebody or booked a meeting.
    Touch { reached: bool, meeting: bool },
}

/// What one hand-over ever had.
#[derive(Debug, Clone)]
pub struct Story {
    pub start: Start,
    accepted: bool,
    rejected: bool,
    disqualified: bool,
    nurture: bool,
    contacted: bool,
    meeting: bool,
    qualified: bool,
    lost: bool,
    first_won: Option<Instant>,
    first_other_closing: Option<Instant>,
    value_micros: BTreeMap<String, i128>,
    as_of: Instant,
    /// How it ended first without a win: what, when and why.
    pub exit: Option<(EventKind, Instant, String)>,
    /// Open and not reached, and the time in which it should be is not over.
    pub is_maturing: bool,
}

impl Counted for Story {
    fn handover(&self) -> (i64, Instant, Key) {
        let Start {
            handover_id,
            at,
            key,
            ..
        } = self.start;
        (handover_id, at, key)
    }
}

/// The story of each hand-over. What happened belongs to the lead's last hand-over at or before it; what happened
/// before the first belongs to the first. Source: METRICS.md 2.1.
pub fn stories(mut starts: Vec<Start>, happenings: &[Happening], as_of: Instant) -> Vec<Story> {
    starts.sort_by_key(|start| (start.lead_id, start.at));
    let mut stories: Vec<Story> = starts
        .into_iter()
        .map(|start| Story::new(start, as_of))
        .collect();
    for happening in happenings {
        let first = stories.partition_point(|s| s.start.lead_id < happening.lead_id);
        let theirs = stories[first..].partition_point(|s| s.start.lead_id == happening.lead_id);
        let theirs = &mut stories[first..first + theirs];
        let begun = theirs.partition_point(|s| s.start.at <= happening.at);
        if let Some(story) = theirs.get_mut(begun.saturating_sub(1)) {
            story.add(happening);
        }
    }
    stories
}

impl Story {
    fn new(start: Start, as_of: Instant) -> Story {
        Story {
            start,
            accepted: false,
            rejected: false,
            disqualified: false,
            nurture: false,
            contacted: false,
            meeting: false,
            qualified: false,
            lost: false,
            first_won: None,
            first_other_closing: None,
            value_micros: BTreeMap::new(),
            as_of,
            exit: None,
            is_maturing: false,
        }
    }

    /// Calendar seconds from the hand-over to the first attempt; `None` where nobody tried.
    pub fn first_attempt_s(&self) -> Option<f64> {
        let first = self.start.first_attempt_at?;
        Some(first.seconds_since(self.start.at).max(0.0))
    }

    /// Whether it has been followed for so many days after the hand-over.
    pub fn is_followed_for(&self, days: i64) -> bool {
        self.start.at.plus_seconds(days * DAY_S) <= self.as_of
    }

    /// Whether it ended without a win within so many days.
    pub fn ended_within(&self, days: i64) -> bool {
        let last = self.start.at.plus_seconds(days * DAY_S);
        self.exit.as_ref().is_some_and(|(_, at, _)| *at <= last)
    }

    fn add(&mut self, happening: &Happening) {
        match &happening.what {
            What::Event(kind, reason) => self.add_event(*kind, happening.at, reason),
            What::Won(value) => {
                earlier(&mut self.first_won, happening.at);
                if let Some((currency, micros)) = value {
                    *self.value_micros.entry(currency.clone()).or_default() += i128::from(*micros);
                }
            }
            What::Touch { reached, meeting } => {
                self.contacted |= reached;
                self.meeting |= meeting;
            }
        }
    }

    fn add_event(&mut self, kind: EventKind, at: Instant, reason: &str) {
        match kind {
            EventKind::Accepted => self.accepted = true,
            EventKind::Rejected => self.rejected = true,
            EventKind::Disqualified => self.disqualified = true,
            EventKind::Nurture => self.nurture = true,
            EventKind::Contacted => self.contacted = true,
            EventKind::MeetingBooked => self.meeting = true,
            EventKind::Qualified => self.qualified = true,
            EventKind::Lost => self.lost = true,
            _ => {}
        }
        if kind.is_closing() {
            earlier(&mut self.first_other_closing, at);
            let is_first = self.exit.as_ref().is_none_or(|(_, first, _)| at < *first);
            if is_first {
                self.exit = Some((kind, at, reason.to_owned()));
            }
        }
    }

    /// Whether it ever had something, or is open.
    pub fn had(&self, step: Step) -> bool {
        match step {
            Step::HandedOver => true,
            Step::Accepted => self.accepted,
            Step::Contacted => self.contacted,
            Step::Meeting => self.meeting,
            Step::Qualified => self.qualified,
            Step::Won => self.first_won.is_some(),
            Step::Lost => self.lost,
            Step::Rejected => self.rejected,
            Step::Disqualified => self.disqualified,
            Step::Nurture => self.nurture,
            Step::Open => self.is_open(),
        }
    }

    pub fn won_at(&self) -> Option<Instant> {
        self.first_won
    }

    /// What its wins were worth, by currency, in millionths.
    pub fn value_micros(&self) -> &BTreeMap<String, i128> {
        &self.value_micros
    }

    pub fn is_open(&self) -> bool {
        self.first_won.is_none() && self.first_other_closing.is_none()
    }

    /// The waiting for a win, in days; other closings end it. What came before the hand-over counts as at once.
    fn days_to_won(&self) -> Obs {
        let start = self.start.at;
        let [won, other] =
            [self.first_won, self.first_other_closing].map(|at| at.map(|at| at.max(start)));
        let wait = Wait::new(start, won, other, self.as_of);
        Obs {
            t_s: wait.until.seconds_since(start) / SECONDS_PER_DAY,
            end: wait.end,
        }
    }
}

crate::words! {
    /// What is counted of hand-overs: the way to a win, the other ends, and what is still open.
    pub enum Step {
        HandedOver = "n", Accepted = "accepted", Contacted = "contacted", Meeting = "meetings", Qualified = "qualified",
        Won = "won", Lost = "lost", Rejected = "rejected", Disqualified = "disqualified", Nurture = "nurture",
        Open = "open",
    }
}

impl Step {
    /// The way to a win.
    pub const WAY: [Step; 6] = [
        Step::HandedOver,
        Step::Accepted,
        Step::Contacted,
        Step::Meeting,
        Step::Qualified,
        Step::Won,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Step::HandedOver => "Handed over",
            Step::Accepted => "Accepted",
            Step::Contacted => "Contacted",
            Step::Meeting => "Meeting booked",
            Step::Qualified => "Qualified",
            Step::Won => "Won",
            Step::Lost => "Lost",
            Step::Rejected => "Rejected",
            Step::Disqualified => "Disqualified",
            Step::Nurture => "Returned to nurture",
            Step::Open => "Still open",
        }
    }
}

fn earlier(first: &mut Option<Instant>, at: Instant) {
    *first = Some(first.map_or(at, |first| first.min(at)));
}

/// A share as it is printed: none of none is no share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Part {
    pub k: u64,
    pub n: u64,
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl From<Rate> for Part {
    fn from(rate: Rate) -> Part {
        let (low, high) = rate.interval().unzip();
        Part {
            k: rate.k,
            n: rate.n,
            share: rate.share(),
            low,
            high,
        }
    }
}

impl Part {
    pub fn rate(&self) -> Rate {
        Rate {
            k: self.k,
            n: self.n,
        }
    }
}

/// The figures of one group: IMPORT.md, "Reports". Each hand-over counts once a column.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    pub n: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub disqualified: u64,
    pub nurture: u64,
    pub contacted: u64,
    pub meetings: u64,
    pub qualified: u64,
    pub won: u64,
    pub lost: u64,
    /// Without a closing.
    pub open: u64,
    pub won_rate: Option<f64>,
    pub won_low: Option<f64>,
    pub won_high: Option<f64>,
    /// By currency, only those in which something was won.
    pub value_won: BTreeMap<String, f64>,
    pub median_days_to_won: Option<f64>,
    /// Those of which too little time has gone for a conclusion: open, not reached, and the time for it not over.
    pub maturing: u64,
    /// Where the median likely lies, and the same of the 90th percentile.
    pub median_days_low: Option<f64>,
    pub median_days_high: Option<f64>,
    pub p90_days_to_won: Option<f64>,
    pub p90_days_low: Option<f64>,
    pub p90_days_high: Option<f64>,
}

impl Figures {
    pub fn of(members: &[&Story]) -> Figures {
        let count = |step| members.iter().filter(|s| s.had(step)).count() as u64;
        let rate = Rate {
            k: count(Step::Won),
            n: members.len() as u64,
        };
        let days: Vec<Obs> = members.iter().map(|story| story.days_to_won()).collect();
        let curve = Observed::new(&days).curve();
        let [median, p90] = [0.5, 0.9].map(|p| Days::from(curve.quantile(p)));
        Figures {
            n: rate.n,
            accepted: count(Step::Accepted),
            rejected: count(Step::Rejected),
            disqualified: count(Step::Disqualified),
            nurture: count(Step::Nurture),
            contacted: count(Step::Contacted),
            meetings: count(Step::Meeting),
            qualified: count(Step::Qualified),
            won: rate.k,
            lost: count(Step::Lost),
            open: count(Step::Open),
            won_rate: rate.share(),
            won_low: rate.interval().map(|(low, _)| low),
            won_high: rate.interval().map(|(_, high)| high),
            value_won: value(members.iter().copied()),
            median_days_to_won: median.value,
            maturing: members.iter().filter(|s| s.is_maturing).count() as u64,
            median_days_low: median.low,
            median_days_high: median.high,
            p90_days_to_won: p90.value,
            p90_days_low: p90.low,
            p90_days_high: p90.high,
        }
    }
}

impl Figures {
    /// How many had something, of all.
    pub fn rate(&self, step: Step) -> Rate {
        let k = match step {
            Step::HandedOver => self.n,
            Step::Accepted => self.accepted,
            Step::Contacted => self.contacted,
            Step::Meeting => self.meetings,
            Step::Qualified => self.qualified,
            Step::Won => self.won,
            Step::Lost => self.lost,
            Step::Rejected => self.rejected,
            Step::Disqualified => self.disqualified,
            Step::Nurture => self.nurture,
            Step::Open => self.open,
        };
        Rate { k, n: self.n }
    }
}

/// What the wins of some hand-overs were worth, by currency.
pub fn value<'s>(members: impl Iterator<Item = &'s Story>) -> BTreeMap<String, f64> {
    let mut micros: BTreeMap<&str, i128> = BTreeMap::new();
    for (currency, value) in members.flat_map(|story| &story.value_micros) {
        *micros.entry(currency).or_default() += value;
    }
    let units = micros
        .into_iter()
        .map(|(currency, micros)| (currency.to_owned(), micros as f64 / 1e6));
    units.collect()
}
