//! How many days it took to win a hand-over, and where that likely lies. Source: METRICS.md 3.1.

use super::figures::Figures;
use crate::page::{self, DASH};

/// A quantile in days with the ends of its 95 % interval; none is "not reached yet", and of nobody nothing at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// Over how many hand-overs.
    pub n: u64,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Days {
    /// `12.5`, or that it is not reached; a dash of nobody.
    pub fn words(self) -> String {
        match (self.n, self.value) {
            (0, _) => DASH.to_owned(),
            (_, Some(days)) => page::amount(days),
            (_, None) => "not reached yet".to_owned(),
        }
    }

    /// `9 to 14`, `9 or more`; empty where nothing is known of it.
    pub fn range(self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{} to {}", page::amount(low), page::amount(high)),
            (Some(low), None) => format!("{} or more", page::amount(low)),
            _ => String::new(),
        }
    }

    /// `12.5 (likely 9 to 14)`.
    pub fn in_full(self) -> String {
        match self.range() {
            _ if self.n == 0 => page::nothing_to_measure(),
            nothing if nothing.is_empty() => self.words(),
            range => format!("{} (likely {range})", self.words()),
        }
    }
}

impl Figures {
    /// By when half are won, in days from the hand-over.
    pub fn median_days(&self) -> Days {
        Days {
            n: self.n,
            value: self.median_days_to_won,
            low: self.median_days_low,
            high: self.median_days_high,
        }
    }

    /// By when nine in ten are.
    pub fn p90_days(&self) -> Days {
        Days {
            n: self.n,
            value: self.p90_days_to_won,
            low: self.p90_days_low,
            high: self.p90_days_high,
        }
    }
}
