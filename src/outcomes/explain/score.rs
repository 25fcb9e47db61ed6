//! The figures of whether a score tells the won ones apart: its pairs, and its halves.

use super::{maturing, standing};
use crate::explain::{self, How};
use crate::outcomes::figures::{Step, Story};
use crate::outcomes::scores::{middle, told};
use crate::page::{self, DASH};
use crate::rules::fitted::auc;

/// A figure of all hand-overs with a score.
pub struct Figure {
    what: What,
    /// The score in the middle, once all are known.
    middle: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Auc,
    Upper,
    Lower,
}

impl Figure {
    /// `score-auc`, `score-upper`, `score-lower`.
    pub fn read(word: &str) -> Option<Figure> {
        let what = match word {
            "score-auc" => What::Auc,
            "score-upper" => What::Upper,
            "score-lower" => What::Lower,
            _ => return None,
        };
        Some(Figure { what, middle: 0.0 })
    }
}

fn scores(stories: &[&Story]) -> Vec<f64> {
    stories.iter().filter_map(|story| told(story)).collect()
}

impl explain::Figure for Figure {
    type Of = Story;

    fn label(&self) -> String {
        match self.what {
            What::Auc => "Pairs in order (AUC)",
            What::Upper => "Won, higher half of the scores",
            What::Lower => "Won, lower half of the scores",
        }
        .to_owned()
    }

    fn meaning(&self) -> &'static str {
        match self.what {
            What::Auc => {
                "Of all pairs of a hand-over that was won and one that was not, the share in which the won one had the higher \
                 score when it was handed over; equal scores count half. A coin has 50\u{a0}%. Those that are maturing \
                 are left out: what comes of them is not known."
            }
            What::Upper | What::Lower => {
                "Hand-overs that were won, of those whose score was above that in the middle (higher half), or at it or below \
                 (lower half). A score that predicts has more wins in the higher half. Those that are maturing are left \
                 out: what comes of them is not known."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            What::Auc => {
                "(ranks of those won, summed - n won \u{d7} (n won + 1) / 2) / (n won \u{d7} n not won)"
            }
            _ => "won / all of the half, with Wilson's 95 % interval",
        }
    }

    fn among(&mut self, stories: &[&Story]) {
        self.middle = middle(&scores(stories));
    }

    fn place(&self, story: &Story) -> (How, String) {
        let Some(score) = story.start.score else {
            return (How::LeftOut, "it had no score".to_owned());
        };
        if story.is_maturing {
            return maturing();
        }
        let is_asked = match self.what {
            What::Auc => true,
            What::Upper => score > self.middle,
            What::Lower => score <= self.middle,
        };
        match (is_asked, story.had(Step::Won)) {
            (false, _) => (How::LeftOut, "of the other half".to_owned()),
            (true, true) => (How::Counted, "won".to_owned()),
            (true, false) => (How::InWhole, format!("not won: {}", standing(story))),
        }
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        if self.what != What::Auc {
            return explain::share(rate);
        }
        let scored = stories.iter().filter(|story| told(story).is_some());
        let won: Vec<bool> = scored.map(|story| story.had(Step::Won)).collect();
        let found = auc(&scores(stories), &won);
        let value = found.map_or(DASH.to_owned(), page::whole_percent);
        (value.clone(), format!("{} won: {value}", page::of(rate)))
    }
}
