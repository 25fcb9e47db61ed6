//! The figures of a score fitted to the outcomes.

use crate::explain::{self, Figure, How};
use crate::outcomes::figures::{Step, Story};
use crate::outcomes::fitted::{Tested, decided};
use crate::style;

/// A figure of a row: what the score said of hand-overs of the newer quarter.
pub struct Chance {
    row: usize,
    /// Whether it is the share won, else how many there are.
    is_share: bool,
    tested: Tested,
}

/// The row, and whether its share is asked for: `fitted-0-won`, `fitted-0-n`.
pub fn read(word: &str) -> Option<(usize, bool)> {
    let (row, what) = word.strip_prefix("fitted-")?.split_once('-')?;
    let is_share = match what {
        "won" => true,
        "n" => false,
        _ => return None,
    };
    Some((row.parse().ok()?, is_share))
}

impl Chance {
    /// `None` without such a row.
    pub fn new((row, is_share): (usize, bool), tested: Option<Tested>) -> Option<Chance> {
        let tested = tested.filter(|tested| row < tested.rows.len())?;
        Some(Chance {
            row,
            is_share,
            tested,
        })
    }
}

impl Figure for Chance {
    type Of = Story;

    fn label(&self) -> String {
        let name = &self.tested.rows[self.row].name;
        match self.is_share {
            true => format!("Won with a fitted chance: {}", name.to_lowercase()),
            false => format!("Leads with a fitted chance: {}", name.to_lowercase()),
        }
    }

    fn meaning(&self) -> &'static str {
        "A score fitted to the older three quarters of the outcomes says how likely each hand-over of the newer quarter is \
         won: by its source, its urgency and the number of signals before it. This is what came of those with such a \
         chance."
    }

    fn formula(&self) -> &'static str {
        match self.is_share {
            true => "won / those with such a chance, with Wilson's 95 % interval",
            false => "a count",
        }
    }

    fn place(&self, story: &Story) -> (How, String) {
        let place = self.tested.places.get(&story.start.handover_id);
        let (how, reason) = match (place, decided(story)) {
            (Some(row), _) if *row != self.row => (How::LeftOut, "its chance is another one"),
            (Some(_), _) if !self.is_share => (How::Counted, "such a chance"),
            (Some(_), _) if story.had(Step::Won) => (How::Counted, "won"),
            (Some(_), _) => (How::InWhole, "not won"),
            (None, Some(_)) => (How::LeftOut, "the score was fitted to it"),
            (None, None) => (How::LeftOut, "neither won nor ended for good"),
        };
        (how, reason.to_owned())
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        match self.is_share {
            true => explain::share(rate),
            false => {
                let n = style::count(rate.k);
                (n.clone(), format!("{n} hand-overs of the newer quarter"))
            }
        }
    }
}
