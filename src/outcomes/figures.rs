//! From the stories of hand-overs to the figures of a group. Pure.

use crate::rules::rates::Rate;
use crate::rules::survival::{Obs, Observed};
use serde::Serialize;
use std::collections::BTreeMap;

pub use super::story::{Happening, Start, Story, What, stories};

crate::words! {
    /// What is counted of hand-overs: the way to a win, the other ends, and what is still open.
    pub enum Step {
        HandedOver = "n",
        /// Accepted, tried or reached, as the service level on acceptance has it.
        TakenUp = "taken_up",
        /// Said to be accepted.
        Accepted = "accepted", Contacted = "contacted", Meeting = "meetings", Qualified = "qualified",
        Won = "won", Lost = "lost", Rejected = "rejected", Disqualified = "disqualified", Nurture = "nurture",
        Open = "open",
    }
}

impl Step {
    /// The way to a win.
    pub const WAY: [Step; 7] = [
        Step::HandedOver,
        Step::TakenUp,
        Step::Accepted,
        Step::Contacted,
        Step::Meeting,
        Step::Qualified,
        Step::Won,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Step::HandedOver => "Handed over",
            Step::TakenUp => "Taken up",
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
    /// Accepted, tried or reached.
    pub taken_up: u64,
    /// Of those that are not maturing, for what is concluded.
    #[serde(skip)]
    pub settled: Settled,
}

/// How many of some hand-overs are not maturing, and what these ever had.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settled {
    pub n: u64,
    taken_up: u64,
    accepted: u64,
    contacted: u64,
    qualified: u64,
    won: u64,
}

impl Settled {
    /// What is told of how good hand-overs are.
    pub const STEPS: [Step; 4] = [Step::TakenUp, Step::Contacted, Step::Qualified, Step::Won];
    /// What is filed of it, in order: of those that were accepted too.
    pub const FILED: [Step; 5] = [
        Step::Accepted,
        Step::Contacted,
        Step::Qualified,
        Step::Won,
        Step::TakenUp,
    ];

    fn of(members: &[&Story]) -> Settled {
        let settled = || members.iter().filter(|story| !story.is_maturing);
        let count = |step| settled().filter(|story| story.had(step)).count() as u64;
        let [accepted, contacted, qualified, won, taken_up] = Settled::FILED.map(count);
        Settled {
            n: settled().count() as u64,
            taken_up,
            accepted,
            contacted,
            qualified,
            won,
        }
    }

    /// How many of them had one of [`Settled::FILED`]; of any other step none.
    pub fn rate(&self, step: Step) -> Rate {
        let k = match step {
            Step::TakenUp => self.taken_up,
            Step::Accepted => self.accepted,
            Step::Contacted => self.contacted,
            Step::Qualified => self.qualified,
            Step::Won => self.won,
            _ => 0,
        };
        Rate { k, n: self.n }
    }
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
        let [median, p90] = [0.5, 0.9].map(|p| curve.quantile(p));
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
            median_days_to_won: median.value_s,
            maturing: members.iter().filter(|s| s.is_maturing).count() as u64,
            median_days_low: median.low_s,
            median_days_high: median.high_s,
            p90_days_to_won: p90.value_s,
            p90_days_low: p90.low_s,
            p90_days_high: p90.high_s,
            taken_up: count(Step::TakenUp),
            settled: Settled::of(members),
        }
    }
}

impl Figures {
    /// How many had something, of all.
    pub fn rate(&self, step: Step) -> Rate {
        let k = match step {
            Step::HandedOver => self.n,
            Step::TakenUp => self.taken_up,
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

/// What some hand-overs were worth by their last wins, by currency.
pub fn value<'s>(members: impl Iterator<Item = &'s Story>) -> BTreeMap<String, f64> {
    let mut micros: BTreeMap<&str, i128> = BTreeMap::new();
    for (currency, value) in members.filter_map(Story::worth) {
        *micros.entry(currency).or_default() += i128::from(*value);
    }
    let units = micros
        .into_iter()
        .map(|(currency, micros)| (currency.to_owned(), micros as f64 / 1e6));
    units.collect()
}
