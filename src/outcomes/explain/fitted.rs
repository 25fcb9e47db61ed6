//! The figures of a score fitted to the outcomes.

use crate::explain::{self, Figure, How};
use crate::outcomes::figures::{Step, Story};
use crate::outcomes::fitted::{Quality, Tested, decided};
use crate::outcomes::reliability::Tenth;
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
    /// Of a row of the score, or of a tenth of the chances.
    Of(Place, What),
    Quality(Quality),
}

/// Where the chances lie of which something is asked.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Row(usize),
    Tenth(usize),
}

/// What is asked of them.
#[derive(Clone, Copy, PartialEq)]
pub enum What {
    /// How many they are.
    Count,
    /// The mean of the chances.
    Says,
    /// Which share was won.
    Won,
}

/// `fitted-0-won`, `fitted-0-n`, `fitted-0-says`, the same of `fitted-tenth-3`, `fitted-auc`.
pub fn read(word: &str) -> Option<Asked> {
    let word = word.strip_prefix("fitted-")?;
    if let Some(quality) = Quality::from_word(word) {
        return Some(Asked::Quality(quality));
    }
    let (place, what) = word.rsplit_once('-')?;
    let what = match what {
        "won" => What::Won,
        "n" => What::Count,
        "says" => What::Says,
        _ => return None,
    };
    let place = match place.strip_prefix("tenth-") {
        Some(tenth) => Place::Tenth(tenth.parse().ok()?),
        None => Place::Row(place.parse().ok()?),
    };
    Some(Asked::Of(place, what))
}

impl Chance {
    /// `None` without such a row, or without a score.
    pub fn new(asked: Asked, tested: Option<Tested>) -> Option<Chance> {
        let tested = tested.filter(|tested| match asked {
            Asked::Of(Place::Row(row), _) => row < tested.rows.len(),
            Asked::Of(Place::Tenth(index), _) => tested.tenths.iter().any(|t| t.index == index),
            Asked::Quality(_) => true,
        })?;
        Some(Chance { asked, tested })
    }

    /// Whether a hand-over of the newer quarter has such a chance.
    fn is_there(&self, place: Place, id: i64) -> bool {
        match place {
            Place::Row(row) => self.tested.places.get(&id) == Some(&row),
            Place::Tenth(index) => {
                let chance = self.tested.chances.get(&id);
                chance.is_some_and(|chance| bin_of(*chance) == index)
            }
        }
    }

    fn name(&self, place: Place) -> String {
        match place {
            Place::Row(row) => self.tested.rows[row].name.to_lowercase(),
            Place::Tenth(index) => {
                let mut tenths = self.tested.tenths.iter();
                let tenth = tenths.find(|tenth| tenth.index == index);
                tenth.map_or(String::new(), Tenth::name)
            }
        }
    }

    /// The mean of the chances of those that are counted.
    fn mean(&self, place: Place, stories: &[&Story]) -> Option<f64> {
        let ids = stories.iter().map(|story| story.start.handover_id);
        let theirs = ids.filter(|id| self.is_there(place, *id));
        let chances: Vec<f64> = theirs
            .filter_map(|id| self.tested.chances.get(&id).copied())
            .collect();
        let sum: f64 = chances.iter().sum();
        (!chances.is_empty()).then(|| sum / chances.len() as f64)
    }
}

impl Figure for Chance {
    type Of = Story;

    fn label(&self) -> String {
        match self.asked {
            Asked::Quality(quality) => format!("Fitted score: {}", quality.label()),
            Asked::Of(place, what) => {
                let about = match what {
                    What::Won => "Won with a fitted chance",
                    What::Says => "What the fitted score says",
                    What::Count => "Leads with a fitted chance",
                };
                format!("{about}: {}", self.name(place))
            }
        }
    }

    fn meaning(&self) -> &'static str {
        match self.asked {
            Asked::Of(_, What::Says) => {
                "The mean of the chances that the score, fitted to the older three quarters of the outcomes, gave these \
                 hand-overs of the newer quarter. Whether it comes true is seen beside the share that was won."
            }
            Asked::Of(..) => {
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
            Asked::Of(_, What::Won) => {
                "won / those with such a chance, with Wilson's 95 % interval"
            }
            Asked::Of(_, What::Says) => "the sum of the chances / how many they are",
            Asked::Of(..) => "a count",
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
            (Some(_), _, Asked::Of(place, _)) if !self.is_there(place, id) => {
                (How::LeftOut, "its chance is another one")
            }
            (Some(_), _, Asked::Of(_, What::Says)) => return (How::Counted, of_newer("counted")),
            (Some(_), _, Asked::Of(_, What::Count)) => (How::Counted, "such a chance"),
            (Some(_), ..) if story.had(Step::Won) => (How::Counted, "won"),
            (Some(_), ..) => (How::InWhole, "not won"),
        };
        (how, reason.to_owned())
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        match self.asked {
            Asked::Quality(quality) => self.quality(quality, rate),
            Asked::Of(_, What::Won) => explain::share(rate),
            Asked::Of(place, What::Says) => {
                let mean = self.mean(place, stories);
                let value = mean.map_or(page::DASH.to_owned(), page::percent);
                let n = style::count(rate.n);
                (value.clone(), format!("the mean of {n} chances: {value}"))
            }
            Asked::Of(..) => {
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
