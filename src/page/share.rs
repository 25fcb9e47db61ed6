//! Shares in words: never without what they rest on.

use super::{DASH, percent};
use crate::rules::rates::Rate;
use crate::style;

/// k of n as a share; a dash of none, and of fewer than ten no share yet. Source: PRODUCT.md 7, rule 1.
pub fn share(rate: Rate) -> String {
    match rate.share() {
        None => DASH.to_owned(),
        Some(_) if rate.is_warming_up() => "Warming up".to_owned(),
        Some(share) => percent(share),
    }
}

/// k of n within a sentence that tells n: the share, and of fewer than ten how many: `48.3 %`, `2`.
pub fn part(rate: Rate) -> String {
    match rate.is_warming_up() {
        true => style::count(rate.k),
        false => share(rate),
    }
}

/// How many, and which share that is: `104, 6.7 %`; of fewer than ten `2 of 5`.
pub fn counted(rate: Rate) -> String {
    match rate.is_warming_up() {
        true => of(rate),
        false => format!("{}, {}", style::count(rate.k), share(rate)),
    }
}

/// What a share rests on and where it likely lies: `104 of 1,545, likely 5.6 to 8.1 %`, of fewer than ten `2 of 5`.
pub fn rests_on(rate: Rate) -> String {
    match rate.is_warming_up() {
        true => of(rate),
        false => format!("{}, likely {}", of(rate), interval(rate)),
    }
}

/// A share on one line with all that it rests on: `6.7 % (104 of 1,545, likely 5.6 to 8.1 %)`; a dash of none.
pub fn in_full(rate: Rate) -> String {
    match rate.n {
        0 => DASH.to_owned(),
        _ => format!("{} ({})", share(rate), rests_on(rate)),
    }
}

/// What is said of nobody's time: a dash, and why.
pub fn nothing_to_measure() -> String {
    format!("{DASH} (nothing to measure)")
}

/// What a share rests on: `104 of 1,545`.
pub fn of(rate: Rate) -> String {
    format!("{} of {}", style::count(rate.k), style::count(rate.n))
}

/// Wilson's interval as `42.0 to 55.1 %`; a dash of fewer than ten.
pub fn interval(rate: Rate) -> String {
    let known = rate.interval().filter(|_| !rate.is_warming_up());
    known.map_or(DASH.to_owned(), |(low, high)| {
        format!("{} to {}", style::decimal(low * 100.0, 1), percent(high))
    })
}

/// How many of some activities were entered late: a sentence round a figure, which leads to what explains it. Source:
/// PRODUCT.md 3.
#[derive(Debug, Clone, PartialEq)]
pub struct Late {
    pub before: &'static str,
    /// "3 of 40".
    pub figure: String,
    pub after: String,
    /// Empty where nothing explains it.
    pub href: String,
}

impl Late {
    /// `None` of no activity at all.
    pub fn new(rate: Rate, what: &str, href: String) -> Option<Late> {
        let (before, after) = match (rate.k, rate.n) {
            (_, 0) => return None,
            (0, _) => ("", format!(" {what} was entered late.")),
            _ if rate.is_warming_up() => ("Entered late: ", format!(" {what}.")),
            _ => (
                "Entered late, more than two working days after: ",
                format!(" {what}, {} ({}).", share(rate), interval(rate)),
            ),
        };
        Some(Late {
            before,
            figure: late_figure(rate),
            after,
            href,
        })
    }
}

/// `3 of 40`, `None of 40`.
pub fn late_figure(rate: Rate) -> String {
    match rate.k {
        0 => format!("None of {}", style::count(rate.n)),
        _ => of(rate),
    }
}

/// The same as a plain sentence; empty of no activity at all.
pub fn late(rate: Rate, what: &str) -> String {
    let late = Late::new(rate, what, String::new());
    late.map_or(String::new(), |late| {
        format!("{}{}{}", late.before, late.figure, late.after)
    })
}
