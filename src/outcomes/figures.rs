//! From what happened to leads to the figures of a group. Pure.

use crate::leads::cohort::Key;
use crate::rules::rates::Rate;
use crate::rules::stage::EventKind;
use crate::rules::survival::{Obs, Observed};
use crate::rules::wait::Wait;
use crate::value::Instant;
use serde::Serialize;
use std::collections::BTreeMap;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// One hand-over, and the group it is in.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub lead_id: i64,
    pub at: Instant,
    pub key: Key,
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
    Event(EventKind),
    /// A win and what it is worth: millionths of a currency.
    Won(Option<(String, i64)>),
    /// A touch that reached somebody or booked a meeting.
    Touch {
        reached: bool,
        meeting: bool,
    },
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
        }
    }

    fn add(&mut self, happening: &Happening) {
        match &happening.what {
            What::Event(kind) => self.add_event(*kind, happening.at),
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

    fn add_event(&mut self, kind: EventKind, at: Instant) {
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
        }
    }

    fn is_open(&self) -> bool {
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

fn earlier(first: &mut Option<Instant>, at: Instant) {
    *first = Some(first.map_or(at, |first| first.min(at)));
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
}

impl Figures {
    pub fn of(members: &[&Story]) -> Figures {
        let count = |has: fn(&Story) -> bool| members.iter().filter(|s| has(s)).count() as u64;
        let rate = Rate {
            k: count(|s| s.first_won.is_some()),
            n: members.len() as u64,
        };
        let days: Vec<Obs> = members.iter().map(|story| story.days_to_won()).collect();
        Figures {
            n: rate.n,
            accepted: count(|s| s.accepted),
            rejected: count(|s| s.rejected),
            disqualified: count(|s| s.disqualified),
            nurture: count(|s| s.nurture),
            contacted: count(|s| s.contacted),
            meetings: count(|s| s.meeting),
            qualified: count(|s| s.qualified),
            won: rate.k,
            lost: count(|s| s.lost),
            open: count(Story::is_open),
            won_rate: rate.share(),
            won_low: rate.interval().map(|(low, _)| low),
            won_high: rate.interval().map(|(_, high)| high),
            value_won: value(members),
            median_days_to_won: Observed::new(&days).curve().quantile(0.5).value_s,
        }
    }
}

impl Figures {
    /// How many were won of all.
    pub fn won_rate(&self) -> Rate {
        Rate {
            k: self.won,
            n: self.n,
        }
    }
}

fn value(members: &[&Story]) -> BTreeMap<String, f64> {
    let mut micros: BTreeMap<&str, i128> = BTreeMap::new();
    for (currency, value) in members.iter().flat_map(|story| &story.value_micros) {
        *micros.entry(currency).or_default() += value;
    }
    let units = micros
        .into_iter()
        .map(|(currency, micros)| (currency.to_owned(), micros as f64 / 1e6));
    units.collect()
}
