//! How many leads marketing promises sales.

use crate::words;
use chrono::{Datelike, NaiveDate};

words! {
    /// For how long marketing promises leads.
    pub enum Per { Week = "week", Month = "month" }
}

/// How many leads marketing promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    pub count: u32,
    pub per: Per,
}

impl Volume {
    /// The share of a day: a week has seven of them, a month as many as it has.
    fn of_day(self, day: NaiveDate) -> f64 {
        let days = match self.per {
            Per::Week => 7,
            Per::Month => day.num_days_in_month(),
        };
        f64::from(self.count) / f64::from(days)
    }
}

/// The leads promised for some days, both included, by the volume that was in force on each; `None` without a promise.
pub fn promised(
    from: NaiveDate,
    to: NaiveDate,
    volume_on: impl Fn(NaiveDate) -> Option<Volume>,
) -> Option<f64> {
    let days = from.iter_days().take_while(|day| *day <= to);
    days.filter_map(|day| Some(volume_on(day)?.of_day(day)))
        .reduce(|sum, day| sum + day)
}
