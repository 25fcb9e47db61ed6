//! The figures of what was won, back to where it came from.

use super::standing;
use crate::explain::{Figure, How};
use crate::outcomes::figures::{Step, Story, value};
use crate::outcomes::tables;
use crate::outcomes::value::Credited;
use crate::page;
use std::collections::HashMap;

/// A figure of the credit of one source, campaign or asset.
pub struct Credit {
    pub side: Side,
    pub what: What,
    /// Its name.
    pub group: String,
    /// What each win is credited to, by hand-over; and the names.
    pub credited: HashMap<i64, Credited>,
    pub names: HashMap<i64, String>,
}

crate::words! {
    /// Whose touch takes the credit.
    pub enum Side { First = "first", Last = "last", Neither = "no" }
}

crate::words! {
    pub enum What { Wins = "wins", Value = "value" }
}

/// `first-wins`, `last-value`; `no-wins` is of those that are credited to nothing.
pub fn read(word: &str) -> Option<(Side, What)> {
    let (side, what) = word.split_once('-')?;
    Some((Side::from_word(side)?, What::from_word(what)?))
}

impl Credit {
    /// The name of what a hand-over is credited to; `None` where that is nothing.
    fn whose(&self, story: &Story) -> Option<&str> {
        let credited = self.credited.get(&story.start.handover_id)?;
        let label_id = match self.side {
            Side::First => credited.first,
            Side::Last => credited.last,
            Side::Neither => return Some("something"),
        };
        let name = self.names.get(&label_id).map_or("", String::as_str);
        Some(page::group_name(name))
    }
}

impl Figure for Credit {
    type Of = Story;

    fn label(&self) -> String {
        let what = match self.what {
            What::Wins => "Wins",
            What::Value => "Value",
        };
        match self.side {
            Side::Neither => format!("{what} credited to nothing"),
            side => format!("{what} by {side} touch"),
        }
    }

    fn meaning(&self) -> &'static str {
        match self.side {
            Side::Neither => {
                "Wins of whose 90 days before nothing is known that their credit could go to: they are in no row of the \
                 table."
            }
            Side::First => {
                "A win's credit goes to the first of where the lead came from in the 90 days before it. It says how \
                 credit is shared, not what caused the win."
            }
            Side::Last => {
                "A win's credit goes to the last of where the lead came from in the 90 days before it. It says how \
                 credit is shared, not what caused the win."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            _ if self.side == Side::Neither => "won - credited to anything",
            What::Wins => "a count of the wins credited to it",
            What::Value => {
                "the sum of what the wins credited to it were worth: of a hand-over won twice that of the last win"
            }
        }
    }

    fn place(&self, story: &Story) -> (How, String) {
        match self.whose(story) {
            _ if !story.had(Step::Won) => (How::LeftOut, format!("not won: {}", standing(story))),
            None if self.side == Side::Neither => (
                How::Counted,
                "nothing is known of the 90 days before".to_owned(),
            ),
            None => (
                How::LeftOut,
                "won, and nothing is known of the 90 days before".to_owned(),
            ),
            Some(name) if name == self.group && self.side != Side::Neither => {
                (How::Counted, "credited to it".to_owned())
            }
            Some(name) => (How::InWhole, format!("credited to {name}")),
        }
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        let own = stories.iter().copied();
        let own = own.filter(|story| self.place(story).0 == How::Counted);
        let worth = tables::money(&value(own));
        let filled = match self.side {
            Side::Neither => format!("{} wins: {worth}", page::of(rate)),
            _ => format!("{} credited wins: {worth}", page::of(rate)),
        };
        match self.what {
            What::Wins => (page::amount(rate.k as f64), filled),
            What::Value => (worth, filled),
        }
    }
}
