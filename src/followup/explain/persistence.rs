//! The figures of how often leads are tried.

use crate::explain::{self, Figure, How};
use crate::followup::Filters;
use crate::followup::persistence::{Effort, Figures};
use crate::followup::persistence_page::{by_range, per_lead, reached_by};
use crate::page;
use crate::rules::persistence::MANY;
use crate::style;

/// A figure of the attempts.
pub enum Part {
    All,
    PerLead,
    GivenUp,
    /// How many of the attempts were entered late.
    Late,
    /// How many were given up after so many attempts, and which share of those given up; the last is for more too.
    After(usize),
    AfterShare(usize),
    /// How many got the attempt of a number while nobody had been reached, and how many of them it reached.
    Tried(usize),
    Reached(usize),
    ReachedShare(usize),
    /// The share reached by the attempt of a number.
    ReachedBy(usize),
}

impl Part {
    /// `n`, `per-lead`, `given-up`, `late`, `after-1`, `after-share-1`, `tried-2`, `reached-2`, `reached-share-2`, `by-2`.
    pub fn read(word: &str, _: &Filters) -> Option<Part> {
        Some(match word {
            "n" => Part::All,
            "per-lead" => Part::PerLead,
            "given-up" => Part::GivenUp,
            "late" => Part::Late,
            _ => {
                let (what, number) = word.rsplit_once('-')?;
                let number: usize = number.parse().ok()?;
                match what {
                    "after" => Part::After(number.min(MANY)),
                    "after-share" => Part::AfterShare(number.min(MANY)),
                    _ if number == 0 => return None,
                    "tried" => Part::Tried(number),
                    "reached" => Part::Reached(number),
                    "reached-share" => Part::ReachedShare(number),
                    "by" => Part::ReachedBy(number),
                    _ => return None,
                }
            }
        })
    }
}

/// The number of the first attempt that reached somebody.
fn reached_at(effort: &Effort) -> Option<usize> {
    let first = effort.attempts.iter().position(|is_reached| *is_reached);
    first.map(|at| at + 1)
}

impl Figure for Part {
    type Of = Effort;

    fn label(&self) -> String {
        let attempts = |number: &usize| match number {
            1 => "1 attempt".to_owned(),
            &MANY => format!("{MANY} attempts or more"),
            n => format!("{n} attempts"),
        };
        match self {
            Part::All => "Leads handed over".to_owned(),
            Part::PerLead => "Attempts a lead".to_owned(),
            Part::GivenUp => "Given up".to_owned(),
            Part::Late => "Attempts entered late".to_owned(),
            Part::After(n) => format!("Given up after {}", attempts(n)),
            Part::AfterShare(n) => format!("Share given up after {}", attempts(n)),
            Part::Tried(n) => format!("Got attempt {n} while not reached"),
            Part::Reached(n) => format!("Reached by attempt {n} itself"),
            Part::ReachedShare(n) => format!("Share reached by attempt {n} itself"),
            Part::ReachedBy(n) => format!("Reached by attempt {n} or before"),
        }
    }

    fn meaning(&self) -> &'static str {
        match self {
            Part::All => {
                "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
            }
            Part::PerLead => {
                "Attempts from the hand-over until its first closing or the lead's next hand-over, of those with one \
                 or more."
            }
            Part::Late => {
                "Attempts that were entered more than two working days after they happened. They count at the time at which \
                 they happened; the report can leave them out."
            }
            Part::GivenUp | Part::After(_) | Part::AfterShare(_) => {
                "Hand-overs that were disqualified as unable to reach, or are open, were never reached, and have not \
                 been tried for 14 days."
            }
            Part::Tried(_) | Part::Reached(_) | Part::ReachedShare(_) => {
                "Of the hand-overs that got this attempt while nobody had been reached, those that it reached. What \
                 follows the first contact is no attempt to reach."
            }
            Part::ReachedBy(_) => {
                "The share that is reached by this attempt. Leads still being worked are not left out: they count as \
                 far as they were tried."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self {
            Part::All | Part::GivenUp | Part::After(_) | Part::Tried(_) | Part::Reached(_) => {
                "a count"
            }
            Part::PerLead => "attempts / hand-overs with an attempt",
            Part::Late => "attempts entered late / all attempts at these hand-overs",
            Part::AfterShare(_) => "given up after so many / given up, with Wilson's 95 % interval",
            Part::ReachedShare(_) => {
                "reached by it / tried while not reached, with Wilson's 95 % interval"
            }
            Part::ReachedBy(_) => {
                "a discrete Kaplan-Meier: 1 - the product over attempts of (1 - reached / tried)"
            }
        }
    }

    fn place(&self, effort: &Effort) -> (How, String) {
        let made = effort.attempts.len();
        let tried = match made {
            0 => "not tried".to_owned(),
            1 => "tried once".to_owned(),
            n => format!("tried {n} times"),
        };
        let given_up = |is_it: bool| match (effort.is_given_up, is_it) {
            (false, _) => (How::LeftOut, "not given up".to_owned()),
            (true, true) => (How::Counted, tried.clone()),
            (true, false) => (How::InWhole, tried.clone()),
        };
        let first = reached_at(effort);
        let got = |number: usize| made >= number && first.is_none_or(|first| first >= number);
        match self {
            Part::All => (How::Counted, "handed over in these days".to_owned()),
            Part::PerLead if made > 0 => (How::Counted, "tried".to_owned()),
            Part::PerLead => (How::LeftOut, tried),
            Part::Late if effort.late > 0 => (How::Counted, "some of its attempts late".to_owned()),
            Part::Late if made > 0 => (How::InWhole, "none of its attempts late".to_owned()),
            Part::Late => (How::LeftOut, tried),
            Part::GivenUp if effort.is_given_up => (How::Counted, tried),
            Part::GivenUp => (How::InWhole, "not given up".to_owned()),
            Part::After(n) | Part::AfterShare(n) => given_up(made.min(MANY) == *n),
            Part::Tried(n) if got(*n) => (How::Counted, "got it".to_owned()),
            Part::Tried(n) if first.is_some_and(|first| first < *n) => {
                (How::InWhole, "reached before".to_owned())
            }
            Part::Tried(_) => (How::InWhole, "not tried so often".to_owned()),
            Part::Reached(n) | Part::ReachedShare(n) if got(*n) => match first == Some(*n) {
                true => (How::Counted, "reached by it".to_owned()),
                false => (How::InWhole, "not reached by it".to_owned()),
            },
            Part::Reached(_) | Part::ReachedShare(_) if first.is_some() => {
                (How::LeftOut, "reached before".to_owned())
            }
            Part::Reached(_) | Part::ReachedShare(_) => {
                (How::LeftOut, "not tried so often".to_owned())
            }
            Part::ReachedBy(n) if first.is_some_and(|first| first <= *n) => {
                (How::Counted, "reached by then".to_owned())
            }
            Part::ReachedBy(n) if made >= *n => (How::InWhole, "not reached by then".to_owned()),
            Part::ReachedBy(_) if made > 0 => (
                How::InWhole,
                "tried fewer times: counted so far as it was".to_owned(),
            ),
            Part::ReachedBy(_) => (How::LeftOut, tried),
        }
    }

    fn worked_out(&self, efforts: &[&Effort]) -> (String, String) {
        let rate = self.rate(efforts);
        match self {
            Part::All => {
                let n = style::count(rate.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            Part::PerLead => {
                let figures = Figures::of(efforts);
                let value = per_lead(&figures);
                let filled = format!(
                    "{} attempts / {} leads = {value}",
                    style::count(figures.attempts),
                    style::count(figures.tried)
                );
                (value, filled)
            }
            Part::Late => {
                let late = Figures::of(efforts).late_rate();
                let filled = format!(
                    "{} entered late / {} attempts: {}",
                    style::count(late.k),
                    style::count(late.n),
                    explain::share(late).1
                );
                (page::late_figure(late), filled)
            }
            Part::AfterShare(_) | Part::ReachedShare(_) => explain::share(rate),
            Part::ReachedBy(number) => {
                let figures = Figures::of(efforts);
                let each = figures.by_attempt.iter().take(*number);
                let factors: Vec<String> = each
                    .map(|one| format!("(1 - {} / {})", one.reached, one.tried))
                    .collect();
                let one = figures.by_attempt.get(number - 1);
                let value = one.map_or(page::DASH.to_owned(), reached_by);
                let likely = match one.map(by_range) {
                    Some(range) if !range.is_empty() => format!(", likely {range}"),
                    _ => String::new(),
                };
                let filled = format!("1 - {} = {value}{likely}", factors.join(" \u{d7} "));
                (value, filled)
            }
            _ => explain::count(rate),
        }
    }
}

/// "3, reached by the last of them; given up".
pub fn stands(_: &Filters, effort: &Effort) -> String {
    let reached = reached_at(effort).map(|at| format!(", reached by number {at}"));
    let given_up = if effort.is_given_up { "; given up" } else { "" };
    let made = effort.attempts.len();
    let late = match effort.late {
        0 => String::new(),
        n => format!(", {n} entered late"),
    };
    format!("{made}{}{late}{given_up}", reached.unwrap_or_default())
}
