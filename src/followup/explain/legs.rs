//! The figures of whose time a waiting was.

use crate::explain::{self, Figure, How};
use crate::followup::legs::{Figures, Leg, Way};
use crate::followup::legs_page::{likely, median, p90, time};
use crate::followup::{Filters, WhichClock};
use crate::page;
use crate::rules::survival::End;
use crate::style;

/// A figure of the legs.
pub enum Part {
    All,
    PassedOn,
    Leg(Leg, What),
}

/// What can be asked of a leg.
#[derive(Clone, Copy)]
pub enum What {
    Begun,
    End(End),
    Quantile(f64, WhichClock),
}

impl Part {
    /// `n`, `passed-on`, `rep-begun`, `rep-done`, `rep-closed`, `rep-waiting`, `rep-median-working`, `rep-p90-calendar`.
    pub fn read(word: &str, _: &Filters) -> Option<Part> {
        let (leg, what) = match word {
            "n" => return Some(Part::All),
            "passed-on" => return Some(Part::PassedOn),
            _ => word.split_once('-')?,
        };
        let what = match what {
            "begun" => What::Begun,
            "done" => What::End(End::Event),
            "closed" => What::End(End::Closed),
            "waiting" => What::End(End::Open),
            _ => {
                let (quantile, clock) = what.split_once('-')?;
                let p = match quantile {
                    "median" => 0.5,
                    "p90" => 0.9,
                    _ => return None,
                };
                What::Quantile(p, WhichClock::from_word(clock)?)
            }
        };
        Some(Part::Leg(Leg::from_word(leg)?, what))
    }
}

impl Figure for Part {
    type Of = Way;

    fn label(&self) -> String {
        let (leg, what) = match self {
            Part::All => return "Leads handed over".to_owned(),
            Part::PassedOn => return "Passed on".to_owned(),
            Part::Leg(leg, what) => (leg.label(), what),
        };
        match what {
            What::Begun => format!("{leg}: begun"),
            What::End(End::Event) => format!("{leg}: done"),
            What::End(End::Closed) => format!("{leg}: closed before"),
            What::End(End::Open) => format!("{leg}: still waiting"),
            What::Quantile(p, clock) => {
                let name = if *p < 0.9 {
                    "median"
                } else {
                    "90th percentile"
                };
                format!("{leg}: {name}, {clock} time")
            }
        }
    }

    fn meaning(&self) -> &'static str {
        match self {
            Part::All => {
                "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
            }
            Part::PassedOn => {
                "Hand-overs that went from one person to another, or back to nobody, before the event or the end."
            }
            Part::Leg(Leg::System, _) => {
                "The time from the day on which the lead was made until it had its first owner; for a lead that came \
                 again, from that hand-over on."
            }
            Part::Leg(Leg::Assignment, _) => {
                "The time from the hand-over until the lead had its first owner."
            }
            Part::Leg(Leg::Rep, _) => {
                "The time since whoever owns the lead at the end got it: a new owner begins anew, and a lead back in \
                 the queue has none."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self {
            Part::Leg(_, What::Quantile(..)) => {
                "Kaplan-Meier: the first time at which the share still waiting is at most 1 - p"
            }
            _ => "a count",
        }
    }

    fn place(&self, way: &Way) -> (How, String) {
        let (leg, what) = match self {
            Part::All => return (How::Counted, "handed over in these days".to_owned()),
            Part::PassedOn if way.transfers > 0 => {
                return (How::Counted, "passed on".to_owned());
            }
            Part::PassedOn => return (How::InWhole, "stayed where it was".to_owned()),
            Part::Leg(leg, what) => (*leg, *what),
        };
        let Some(timed) = way.leg(leg) else {
            return (How::LeftOut, "nobody had it at the end".to_owned());
        };
        let standing = match timed.end {
            End::Event => "done",
            End::Closed => "closed before",
            End::Open => "still waiting",
        };
        match (what, timed.end) {
            (What::Begun, _) => (How::Counted, "begun".to_owned()),
            (What::End(end), theirs) if end == theirs => (How::Counted, standing.to_owned()),
            (What::End(_), _) => (How::InWhole, standing.to_owned()),
            (What::Quantile(..), End::Event) => (How::Counted, "done at its time".to_owned()),
            (What::Quantile(..), End::Closed) => {
                (How::InWhole, "closed: set aside from then on".to_owned())
            }
            (What::Quantile(..), End::Open) => {
                (How::InWhole, "still waiting: counted as waiting".to_owned())
            }
        }
    }

    fn worked_out(&self, ways: &[&Way]) -> (String, String) {
        let rate = self.rate(ways);
        match self {
            Part::All | Part::Leg(_, What::Begun) => {
                let n = style::count(rate.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            Part::PassedOn | Part::Leg(_, What::End(_)) => explain::count(rate),
            Part::Leg(leg, What::Quantile(p, clock)) => {
                let figures = Figures::of(*leg, ways);
                let (times, words): (_, fn(f64) -> String) = match clock {
                    WhichClock::Calendar => (figures.calendar, page::duration),
                    WhichClock::Working => (figures.working, page::working_time),
                };
                let is_median = *p < 0.9;
                let (found, range) = match is_median {
                    true => (times.median_s, median(times)),
                    false => (times.p90_s, p90(times)),
                };
                let value = time(figures.n, found, words);
                let range = match likely(range, words).as_str() {
                    "" => String::new(),
                    range => format!(", likely {range}"),
                };
                let filled = format!(
                    "{} done, {} closed and {} waiting of {}: {value}{range}",
                    style::count(figures.done),
                    style::count(figures.closed),
                    style::count(figures.waiting),
                    style::count(figures.n)
                );
                (value, filled)
            }
        }
    }
}

/// "System 1 h 30 min, assignment 30 min, rep 15 min so far".
pub fn stands(_: &Filters, way: &Way) -> String {
    let legs = Leg::ALL.iter().filter_map(|leg| {
        let timed = way.leg(*leg)?;
        let rest = match timed.end {
            End::Event => "",
            End::Closed => ", then closed",
            End::Open => " so far",
        };
        let time = page::duration(timed.calendar_s);
        Some(format!("{} {time}{rest}", leg.label().to_lowercase()))
    });
    legs.collect::<Vec<_>>().join("; ")
}
