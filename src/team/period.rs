//! The periods that a board can be asked for by name.

use crate::rules::day;
use chrono::{Datelike, Days, Months, NaiveDate};

crate::words! {
    /// A named period of the board.
    pub enum Period { Today = "today", Week = "week", LastWeek = "last-week", Month = "month", Quarter = "quarter" }
}

impl Period {
    pub fn label(self) -> &'static str {
        match self {
            Period::Today => "Today",
            Period::Week => "This week",
            Period::LastWeek => "Last week",
            Period::Month => "This month",
            Period::Quarter => "This quarter",
        }
    }

    /// Its first and last day, seen from `today`.
    pub fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let week = |monday: NaiveDate| (monday, monday + Days::new(6));
        let months = |first: NaiveDate, months| {
            let after = first.checked_add_months(Months::new(months));
            let last = after.and_then(|after| after.pred_opt());
            (first, last.unwrap_or(first))
        };
        let month = day::month_of(today);
        match self {
            Period::Today => (today, today),
            Period::Week => week(day::week_of(today)),
            Period::LastWeek => week(day::week_of(today) - Days::new(7)),
            Period::Month => months(month, 1),
            Period::Quarter => months(month - Months::new(month.month0() % 3), 3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_period_is_whole() {
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let days = |period: Period| {
            let (from, to) = period.days(date("2026-02-18"));
            format!("{from} {to}")
        };
        assert_eq!(days(Period::Today), "2026-02-18 2026-02-18");
        assert_eq!(days(Period::Week), "2026-02-16 2026-02-22");
        assert_eq!(days(Period::LastWeek), "2026-02-09 2026-02-15");
        assert_eq!(days(Period::Month), "2026-02-01 2026-02-28");
        assert_eq!(days(Period::Quarter), "2026-01-01 2026-03-31");
    }
}
