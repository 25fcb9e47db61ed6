//! The figures of what hand-overs ever had, how they ended and why, and what they were worth.

use super::{maturing, standing};
use crate::explain::{self, How};
use crate::outcomes::figures::{Figures, Settled, Step, Story, value};
use crate::outcomes::{reasons, scores, tables, trend};
use crate::page;
use crate::rules::stage::EventKind;
use crate::style;
use crate::value::Instant;

/// A figure of hand-overs by their stories.
pub enum Figure {
    /// Which share had it, and how many.
    Step(Step),
    Count(Step),
    /// Which share of those had it that are not maturing.
    Settled(Step),
    /// The median of the days to a win, or their 90th percentile.
    Days,
    DaysP90,
    /// What the wins were worth.
    Value,
    /// How many ended so, for this reason; of all, or of a half.
    Reason(EventKind, String),
    Half(Half, EventKind, String),
    /// How many reasons are "Other".
    Other,
    /// How many may still be reached in time.
    Maturing,
    /// How many of a band of the score had it.
    Score(usize, Step),
    /// The mean score of a band.
    Says(usize),
}

/// The older or the newer half of hand-overs, and when the newer one begins.
pub struct Half {
    is_newer: bool,
    middle: Option<Instant>,
}

impl Half {
    /// How a hand-over counts for an end and a reason within 14 days.
    fn place(&self, story: &Story, end: EventKind, reason: &str) -> (How, String) {
        match self.middle.and_then(|at| trend::is_newer(story, at)) {
            None => (
                How::LeftOut,
                "maturing: not followed for 14 days yet".to_owned(),
            ),
            Some(is_newer) if is_newer != self.is_newer => {
                (How::LeftOut, "of the other half".to_owned())
            }
            Some(_) if story.exit.is_some() && !trend::is_soon(story) => {
                (How::InWhole, "ended later than after 14 days".to_owned())
            }
            Some(_) => ended(story, end, reason),
        }
    }
}

impl Figure {
    /// A step's word, `count-won`, `settled-won`, `days`, `days-p90`, `value`, `other`, `reason-rejected-Wrong role`, `older-rejected-Wrong role`, or
    /// `score-7-won`, `score-7-says`.
    pub fn read(word: &str) -> Option<Figure> {
        match word {
            "days" => return Some(Figure::Days),
            "days-p90" => return Some(Figure::DaysP90),
            "value" => return Some(Figure::Value),
            "other" => return Some(Figure::Other),
            "maturing" => return Some(Figure::Maturing),
            _ => {}
        }
        let mut parts = word.splitn(3, '-');
        let half = |is_newer| Half {
            is_newer,
            middle: None,
        };
        match (parts.next()?, parts.next(), parts.next()) {
            ("reason", Some(end), Some(reason)) => {
                let end = EventKind::from_word(end)?;
                Some(Figure::Reason(end, reason.to_owned()))
            }
            (which @ ("older" | "newer"), Some(end), Some(reason)) => {
                let end = EventKind::from_word(end)?;
                Some(Figure::Half(half(which == "newer"), end, reason.to_owned()))
            }
            ("score", Some(band), Some("says")) => Some(Figure::Says(band.parse().ok()?)),
            ("score", Some(band), Some(step)) => {
                Some(Figure::Score(band.parse().ok()?, Step::from_word(step)?))
            }
            ("settled", Some(step), None) => {
                let step = Step::from_word(step)?;
                Settled::FILED
                    .contains(&step)
                    .then_some(Figure::Settled(step))
            }
            ("count", Some(step), None) => Some(Figure::Count(Step::from_word(step)?)),
            (step, None, None) => Some(Figure::Step(Step::from_word(step)?)),
            _ => None,
        }
    }
}

/// How a hand-over counts for an end and a reason.
fn ended(story: &Story, end: EventKind, reason: &str) -> (How, String) {
    match &story.exit {
        Some((theirs, _, why)) if *theirs == end && why == reason => {
            (How::Counted, "ended so, for this reason".to_owned())
        }
        Some((theirs, ..)) if *theirs == end => {
            (How::InWhole, "ended so for another reason".to_owned())
        }
        _ => (How::InWhole, format!("not so: {}", standing(story))),
    }
}

/// What it means that hand-overs ever had a step.
fn meaning_of(step: Step) -> &'static str {
    match step {
        Step::HandedOver => {
            "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there \
                     twice."
        }
        Step::TakenUp => {
            "Hand-overs that sales took up: accepted, tried, or reached, as the service level on acceptance has it. Who \
             calls without accepting has taken the lead up. One that was rejected, a duplicate or ended before any of \
             these was not."
        }
        Step::Accepted => {
            "Hand-overs that somebody said they accept. Who called without saying so is not here, and is counted as \
             taken up: the share accepted says how often it is said, and not how often leads are refused."
        }
        Step::Open => "Hand-overs without an end: neither won, nor lost, nor given back.",
        Step::Contacted => {
            "Hand-overs in which somebody was reached, or that were said to be contacted."
        }
        Step::Meeting => "Hand-overs in which a meeting was booked, whether or not it was held.",
        _ => {
            "Hand-overs that ever had it as of now. What happened belongs to the lead's last hand-over before \
                     it."
        }
    }
}

impl explain::Figure for Figure {
    type Of = Story;

    fn label(&self) -> String {
        match self {
            Figure::Step(step) | Figure::Count(step) => step.label().to_owned(),
            Figure::Settled(step) => format!("{}, of those not maturing", step.label()),
            Figure::Days => "Median days to won".to_owned(),
            Figure::DaysP90 => "90th percentile of the days to won".to_owned(),
            Figure::Value => "Value won".to_owned(),
            Figure::Other => "\u{201c}Other\u{201d} of the reasons".to_owned(),
            Figure::Maturing => "Maturing".to_owned(),
            Figure::Reason(end, reason) => format!("{}: {reason}", end.label()),
            Figure::Half(half, end, reason) => {
                let which = if half.is_newer { "newer" } else { "older" };
                format!("{}: {reason}, {which} half", end.label())
            }
            Figure::Says(band) => format!("Score {}: the mean", scores::band_name(*band)),
            Figure::Score(band, step) => format!(
                "Score {}: {}",
                scores::band_name(*band),
                step.label().to_lowercase()
            ),
        }
    }

    fn meaning(&self) -> &'static str {
        match self {
            Figure::Step(step) | Figure::Count(step) => meaning_of(*step),
            Figure::Settled(_) => {
                "Hand-overs that ever had it, of those that are not maturing. One that is open and not reached, while the \
                 time for that is not over, does not say yet how good its source is."
            }
            Figure::Days => {
                "The days from the hand-over by which half of the leads are won. Where fewer than half are, there is \
                 no such number yet."
            }
            Figure::DaysP90 => {
                "The days from the hand-over by which nine in ten of the leads are won. Where fewer are, there is no such \
                 number yet."
            }
            Figure::Value => {
                "What these hand-overs were worth, each currency by itself: the amount of the win, else that of the lead. \
                 One that was won more than once counts once, with its last win."
            }
            Figure::Reason(..) => {
                "Hand-overs whose first end that was no win has this reason, of all hand-overs."
            }
            Figure::Half(..) => {
                "Hand-overs that ended within 14 days without a win and for this reason, of those of one half: the \
                 newer one begins with the hand-over in the middle. Hand-overs that were not followed for 14 days yet \
                 are maturing, and left out."
            }
            Figure::Other => {
                "Hand-overs whose reason is \u{201c}Other\u{201d}, of those that ended with a reason. Above 10\u{a0}% \
                 the list of reasons is wrong."
            }
            Figure::Maturing => {
                "Hand-overs that are open and not reached, while the time in which they should be reached or ended is not over. \
                 Nothing is concluded of them yet."
            }
            Figure::Says(_) => {
                "The mean of the scores of this band, as they were when the leads were handed over: what it says, beside \
                 what came of it. Those that are maturing are left out."
            }
            Figure::Score(..) => {
                "Hand-overs that ever had it, of those whose score was in this band when they were handed over. Those that \
                 are maturing (open, not reached, and their time is not over) are left out."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self {
            Figure::Step(Step::HandedOver)
            | Figure::Score(_, Step::HandedOver)
            | Figure::Maturing
            | Figure::Count(_) => "a count",
            Figure::Days | Figure::DaysP90 => {
                "Kaplan-Meier: the first time at which so many are won, with the interval of Brookmeyer and Crowley; other \
                 ends and open leads are set aside then"
            }
            Figure::Says(_) => "the sum of the scores / how many they are",
            Figure::Value => "the sum of what each was worth by its last win",
            Figure::Settled(_) => "had it / all that are not maturing, with Wilson's 95 % interval",
            _ => "had it / all, with Wilson's 95 % interval",
        }
    }

    fn among(&mut self, stories: &[&Story]) {
        if let Figure::Half(half, ..) = self {
            half.middle = trend::middle(stories);
        }
    }

    fn place(&self, story: &Story) -> (How, String) {
        let had = |step: Step| match story.had(step) {
            true => (How::Counted, step.label().to_lowercase()),
            false => (How::InWhole, format!("not so: {}", standing(story))),
        };
        match self {
            Figure::Step(step) | Figure::Count(step) => had(*step),
            Figure::Settled(_) if story.is_maturing => maturing(),
            Figure::Settled(step) => had(*step),
            Figure::Days | Figure::DaysP90 if story.had(Step::Won) => {
                (How::Counted, "won at its time".to_owned())
            }
            Figure::Days | Figure::DaysP90 => (
                How::InWhole,
                format!("set aside when seen last: {}", standing(story)),
            ),
            Figure::Value if story.worth().is_some() => {
                (How::Counted, "won, with an amount".to_owned())
            }
            Figure::Value if story.had(Step::Won) => {
                (How::InWhole, "won, without an amount".to_owned())
            }
            Figure::Value => (How::LeftOut, format!("not won: {}", standing(story))),
            Figure::Reason(end, reason) => ended(story, *end, reason),
            Figure::Half(half, end, reason) => half.place(story, *end, reason),
            Figure::Other => match reasons::given(story) {
                Some((_, reason)) if reasons::is_other(reason) => {
                    (How::Counted, "ended as \u{201c}Other\u{201d}".to_owned())
                }
                Some(_) => (How::InWhole, "ended for another reason".to_owned()),
                None => (How::LeftOut, "ended for no reason, or open".to_owned()),
            },
            Figure::Maturing if story.is_maturing => {
                (How::Counted, "open, and its time is not over".to_owned())
            }
            Figure::Maturing => (
                How::InWhole,
                match story.is_in_contact() {
                    true => "reached".to_owned(),
                    false => format!("its time is over: {}", standing(story)),
                },
            ),
            Figure::Score(band, _) | Figure::Says(band) => {
                match story.start.score.map(scores::band_of) {
                    Some(_) if story.is_maturing => maturing(),
                    Some(theirs) if theirs == *band => match self {
                        Figure::Score(_, step) => had(*step),
                        _ => (How::Counted, "its score is in this band".to_owned()),
                    },
                    Some(_) => (How::LeftOut, "its score is in another band".to_owned()),
                    None => (How::LeftOut, "it had no score".to_owned()),
                }
            }
        }
    }

    fn worked_out(&self, stories: &[&Story]) -> (String, String) {
        let rate = self.rate(stories);
        match self {
            Figure::Step(Step::HandedOver) | Figure::Score(_, Step::HandedOver) => {
                let n = style::count(rate.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            Figure::Count(_) | Figure::Maturing => explain::count(rate),
            Figure::Days | Figure::DaysP90 => {
                let figures = Figures::of(stories);
                let days = match self {
                    Figure::Days => figures.median_days(),
                    _ => figures.p90_days(),
                };
                let filled = format!("{} won: {}", page::of(rate), days.in_full());
                (days.words(), filled)
            }
            Figure::Says(band) => {
                let scores = stories.iter().filter_map(|story| scores::told(story));
                let theirs = scores.filter(|score| scores::band_of(*score) == *band);
                let theirs: Vec<f64> = theirs.collect();
                let mean = theirs.iter().sum::<f64>() / theirs.len() as f64;
                let value = match theirs.is_empty() {
                    true => page::DASH.to_owned(),
                    false => style::decimal(mean, 0),
                };
                let n = style::count(rate.n);
                (value.clone(), format!("the mean of {n} scores: {value}"))
            }
            Figure::Value => {
                let worth = tables::money(&value(stories.iter().copied()));
                let filled = format!("{} wins have an amount: {worth}", page::of(rate));
                (worth, filled)
            }
            _ => explain::share(rate),
        }
    }
}
