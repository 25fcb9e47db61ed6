//! The figures of a score fitted to the outcomes.

use crate::explain::{self, Figure, How};
use crate::outcomes::figures::{Step, Story};
use crate::outcomes::fitted::{Quality, Tested, decided};
use crate::page;
use crate::rules::fitted::bin_of;
use crate::rules::rates::Rate;
use crate::style;

/// A figure of a score: what it said of hand-overs of the newer quarter, or how good it is.
pub struct Chance {
    asked: Asked,
    tested: Tested,
}

#[derive(Clone, Copy)]
pub enum Asked {
    /// How many are in a row, or which share of them was won.
    Row {
        row: usize,
        is_share: bool,
    },
    Quality(Quality),
}

/// `fitted-0-won`, `fitted-0-n`, `fitted-auc`.
pub fn read(word: &str) -> Option<Asked> {
    let word = word.strip_prefix("fitted-")?;
    if let Some(quality) = Quality::from_word(word) {
        return Some(Asked::Quality(quality));
    }
    let (row, what) = word.split_once('-')?;
    let is_share = match what {
        "won" => true,
        "n" => false,
        _ => return None,
    };
    let row = row.parse().ok()?;
    Some(Asked::Row { row, is_share })
}

impl Chance {
    /// `None` without such a row, or without a score.
    pub fn new(asked: Asked, tested: Option<Tested>) -> Option<Chance> {
        let tested = tested.filter(|tested| match asked {
            Asked::Row { row, .. } => row < tested.rows.len(),
            Asked::Quality(_) => true,
        })?;
        Some(Chance { asked, tested })
    }
}

impl Figure for Chance {
    type Of = Story;

    fn label(&self) -> String {
        let name = |row: usize| self.tested.rows[row].name.to_lowercase();
        match self.asked {
            Asked::Quality(quality) => format!("Fitted score: {}", quality.label()),
            Asked::Row {
                row,
                is_share: true,
            } => format!("Won with a fitted chance: {}", name(row)),
            Asked::Row { row, .. } => format!("Leads with a fitted chance: {}", name(row)),
        }
    }

    fn meaning(&self) -> &'static str {
        match self.asked {
            Asked::Row { .. } => {
                "A score fitted to the older three quarters of the outcomes says how likely each hand-over of the newer \
                 quarter is won: by its source, its urgency and the number of signals before it. This is what came of \
                 those with such a chance."
            }
            Asked::Quality(Quality::Base) => {
                "The share won of the newer quarter of the outcomes: what a score must know more than."
            }
            Asked::Quality(Quality::Auc) => {
                "Of all pairs of one that was won and one that was not, the share in which the score gave the won one the \
                 higher chance; equal chances count half. A coin has 50\u{a0}%."
            }
            Asked::Quality(Quality::Brier) => {
                "How far the chances lay from what came, squared: 0 is always right, and less is better."
            }
            Asked::Quality(Quality::Skill) => {
                "How much better the chances are than saying the share won of all each time: above 0 the score knows more."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.asked {
            Asked::Row { is_share: true, .. } => {
                "won / those with such a chance, with Wilson's 95 % interval"
            }
            Asked::Row { .. } => "a count",
            Asked::Quality(Quality::Base) => "won / all of the newer quarter",
            Asked::Quality(Quality::Auc) => {
                "(ranks of those won, summed - n won \u{d7} (n won + 1) / 2) / (n won \u{d7} n not won)"
            }
            Asked::Quality(Quality::Brier) => "mean of (chance - 1 if won, else 0)\u{b2}",
            Asked::Quality(Quality::Skill) => "1 - Brier / (base \u{d7} (1 - base))",
        }
    }

    fn place(&self, story: &Story) -> (How, String) {
        let id = story.start.handover_id;
        let of_newer = |reason: &str| match self.tested.chances.get(&id) {
            Some(chance) => {
                let tenth = bin_of(*chance) as f64 / 10.0;
                let (from, to) = (page::whole_percent(tenth), page::whole_percent(tenth + 0.1));
                format!("{reason}, with a chance of {from} to {to}")
            }
            None => reason.to_owned(),
        };
        let (how, reason) = match (self.tested.places.get(&id), decided(story), self.asked) {
            (None, Some(_), _) => (How::LeftOut, "the score was fitted to it"),
            (None, None, _) => (How::LeftOut, "neither won nor ended for good"),
            (Some(_), _, Asked::Quality(_)) if story.had(Step::Won) => {
                return (How::Counted, of_newer("won"));
            }
            (Some(_), _, Asked::Quality(_)) => return (How::InWhole, of_newer("not won")),
            (Some(theirs), _, Asked::Row { row, .. }) if *theirs != row => {
                (How::LeftOut, "its chance is another one")
            }
            (Some(_), _, Asked::Row { is_share, .. }) if !is_share => {
                (How::Counted, "such a chance")
            }
            (Some(_), ..) if story.had(Step::Won) => (How::Counted, "won"),
            (Some(_), ..) => (How::InWhole, "not won"),
        };
        (how, reason.to_owned())
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        match self.asked {
            Asked::Quality(quality) => self.quality(quality, rate),
            Asked::Row { is_share: true, .. } => explain::share(rate),
            Asked::Row { .. } => {
                let n = style::count(rate.k);
                (n.clone(), format!("{n} hand-overs of the newer quarter"))
            }
        }
    }
}

impl Chance {
    fn quality(&self, quality: Quality, rate: Rate) -> (String, String) {
        let value = self.tested.quality(quality);
        let filled = match quality {
            Quality::Base => format!("{} = {value}", page::of(rate)),
            Quality::Skill => {
                let [base, brier] = [Quality::Base, Quality::Brier].map(|q| self.tested.quality(q));
                format!("1 - {brier} / ({base} \u{d7} (1 - {base})) = {value}")
            }
            _ => format!("over {} hand-overs: {value}", style::count(rate.n)),
        };
        (value, filled)
    }
}
