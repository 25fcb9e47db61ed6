//! How hand-overs stood at a time after they were handed over, beside the share that had the event by then.

use crate::explain::{self, How};
use crate::followup::figures::{Of, Waiting, Within};
use crate::page;
use crate::rules::rates::Rate;
use crate::rules::survival::End;
use crate::style;

/// What is asked of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Then {
    /// Closed by then, without the event.
    Closed,
    Waiting,
    /// Not done, not closed and not lost from sight before.
    Followed,
}

impl Then {
    pub fn read(word: &str) -> Option<Then> {
        Some(match word {
            "closed" => Then::Closed,
            "waiting" => Then::Waiting,
            "followed" => Then::Followed,
            _ => return None,
        })
    }

    pub fn label(self, t_s: u32) -> String {
        let time = page::duration(f64::from(t_s));
        match self {
            Then::Closed => format!("Closed before, within {time}"),
            Then::Waiting => format!("Still waiting after {time}"),
            Then::Followed => format!("Still followed after {time}"),
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Then::Closed => {
                "The share of all hand-overs that ended by this time before they had it. Leads still waiting are counted \
                 as waiting, not left out."
            }
            Then::Waiting => {
                "The share of all hand-overs that had neither it nor an end by this time. Those handed over more \
                 recently are counted as waiting as long as they did, not left out."
            }
            Then::Followed => {
                "How many had neither it nor an end before this time, and were handed over long enough ago to know. Where \
                 fewer than ten are, shares are not told."
            }
        }
    }

    pub fn formula(self) -> &'static str {
        match self {
            Then::Closed => {
                "Aalen-Johansen: sum over times up to t of (share still waiting) \u{d7} (closings / at risk), with its 95 % \
                 band"
            }
            Then::Waiting => {
                "1 - had it by then - closed by then (Aalen-Johansen): the three are one; its 95 % band is that of a \
                 Kaplan-Meier curve to either end"
            }
            Then::Followed => "a count of those whose time is not below t",
        }
    }

    /// How one counts; `done` is what the event is called once it is had.
    pub fn place(self, waiting: &Waiting, t_s: u32, done: &str) -> (How, String) {
        let (time, end) = (f64::from(t_s), waiting.obs.end);
        let young = || "still waiting, and not yet that long".to_owned();
        let is_young = end == End::Open && waiting.obs.t_s < time;
        let is_past = waiting.obs.t_s < time || (waiting.obs.t_s == time && end != End::Open);
        let ended = match end {
            End::Event => done.to_owned(),
            _ => "closed".to_owned(),
        };
        match self {
            _ if is_young => (How::InWhole, young()),
            Then::Closed if end == End::Closed && waiting.obs.t_s <= time => {
                (How::Counted, "closed by then".to_owned())
            }
            Then::Closed => (How::InWhole, "not closed by then".to_owned()),
            Then::Waiting if is_past => (How::InWhole, format!("{ended} by then")),
            Then::Waiting => (How::Counted, "still waiting then".to_owned()),
            Then::Followed if waiting.obs.t_s >= time => {
                (How::Counted, "still followed then".to_owned())
            }
            Then::Followed => (How::InWhole, format!("{ended} before")),
        }
    }

    /// The figure and its formula with its own numbers; `rate` are those that count, of all.
    pub fn worked_out(self, one: &Within, rate: Rate, young: u64) -> (String, String) {
        let (share, low, of) = match self {
            Then::Closed => (one.closed, one.closed_low, Of::Closed),
            Then::Waiting => (one.waiting, one.waiting_low, Of::Waiting),
            Then::Followed => return explain::count(rate),
        };
        let band = match low {
            Some(_) => format!(", likely {}", one.range_of(of)),
            None => String::new(),
        };
        let value = one.told(page::percent(share));
        let counted = page::of(rate);
        let filled = match (one.is_told, young) {
            (false, _) => {
                format!("{counted}: too few, or too few followed so long, to tell the share")
            }
            (true, 0) => format!("{counted} = {value}{band}"),
            (true, young) => format!(
                "{counted}, and {} still wait that were handed over more recently: with these counted as waiting the \
                 estimate is {value}{band}",
                style::count(young)
            ),
        };
        (value, filled)
    }
}
