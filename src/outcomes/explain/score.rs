//! The figures of whether a score tells the won ones apart: its pairs, and its halves.

use super::{maturing, standing};
use crate::explain::{self, How};
use crate::outcomes::figures::{Step, Story};
use crate::outcomes::scores::{middle, told};
use crate::page::{self, DASH};
use crate::rules::fitted::auc;
use crate::style;

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
    /// How many the score is not judged by: for having none, or for maturing.
    Unscored,
    Maturing,
}

impl Figure {
    /// `score-auc`, `score-upper`, `score-lower`, `score-unscored`, `score-maturing`.
    pub fn read(word: &str) -> Option<Figure> {
        let what = match word {
            "score-auc" => What::Auc,
            "score-upper" => What::Upper,
            "score-lower" => What::Lower,
            "score-unscored" => What::Unscored,
            "score-maturing" => What::Maturing,
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
            What::Unscored => "Left out: without a score",
            What::Maturing => "Left out: maturing",
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
            What::Unscored => {
                "Hand-overs that had no score when they were handed over: nothing can be said of a score by them."
            }
            What::Maturing => {
                "Hand-overs with a score of which nothing can be concluded yet: open and not reached, and the time in which \
                 they should be is not over."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            What::Auc => {
                "(ranks of those won, summed - n won \u{d7} (n won + 1) / 2) / (n won \u{d7} n not won)"
            }
            What::Unscored | What::Maturing => "a count",
            _ => "won / all of the half, with Wilson's 95 % interval",
        }
    }

    fn among(&mut self, stories: &[&Story]) {
        self.middle = middle(&scores(stories));
    }

    fn place(&self, story: &Story) -> (How, String) {
        let counted_where = |is_so| if is_so { How::Counted } else { How::LeftOut };
        let Some(score) = story.start.score else {
            let how = counted_where(self.what == What::Unscored);
            return (how, "it had no score".to_owned());
        };
        if story.is_maturing {
            let how = counted_where(self.what == What::Maturing);
            return (how, maturing().1);
        }
        let is_asked = match self.what {
            What::Auc => true,
            What::Upper => score > self.middle,
            What::Lower => score <= self.middle,
            What::Unscored | What::Maturing => {
                return (How::LeftOut, "the score is judged by it".to_owned());
            }
        };
        match (is_asked, story.had(Step::Won)) {
            (false, _) => (How::LeftOut, "of the other half".to_owned()),
            (true, true) => (How::Counted, "won".to_owned()),
            (true, false) => (How::InWhole, format!("not won: {}", standing(story))),
        }
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        match self.what {
            What::Auc => {}
            What::Upper | What::Lower => return explain::share(rate),
            What::Unscored | What::Maturing => {
                let n = style::count(rate.n);
                return (n.clone(), format!("{n} hand-overs"));
            }
        }
        let scored = stories.iter().filter(|story| told(story).is_some());
        let won: Vec<bool> = scored.map(|story| story.had(Step::Won)).collect();
        let found = auc(&scores(stories), &won);
        let value = found.map_or(DASH.to_owned(), page::whole_percent);
        (value.clone(), format!("{} won: {value}", page::of(rate)))
    }
}
