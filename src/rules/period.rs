//! The periods that a board can be asked for by name (PRODUCT.md 7, "Leaderboard").

use super::day;
use chrono::{Datelike, Days, Months, NaiveDate};

crate::words! {
    /// A named period of the board.
    pub enum Period {
        Today = "today",
        Week = "week",
        LastWeek = "last-week",
        Month = "month",
        LastMonth = "last-month",
        Quarter = "quarter",
        LastQuarter = "last-quarter",
    }
}

impl Period {
    pub fn label(self) -> &'static str {
        match self {
            Period::Today => "Today",
            Period::Week => "This week",
            Period::LastWeek => "Last week",
            Period::Month => "This month",
            Period::LastMonth => "Last month",
            Period::Quarter => "This quarter",
            Period::LastQuarter => "Last quarter",
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
        let quarter = month - Months::new(month.month0() % 3);
        match self {
            Period::Today => (today, today),
            Period::Week => week(day::week_of(today)),
            Period::LastWeek => week(day::week_of(today) - Days::new(7)),
            Period::Month => months(month, 1),
            Period::LastMonth => months(month - Months::new(1), 1),
            Period::Quarter => months(quarter, 3),
            Period::LastQuarter => months(quarter - Months::new(3), 3),
        }
    }

    /// The period before one of these days. A day is compared with the same weekday of the week before, since a Monday
    /// comes after a Sunday.
    pub fn before(self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let months = |months| {
            Some((
                from.checked_sub_months(Months::new(months))?,
                from.pred_opt()?,
            ))
        };
        match self {
            Period::Today | Period::Week | Period::LastWeek => {
                let week = Days::new(7);
                Some((from.checked_sub_days(week)?, to.checked_sub_days(week)?))
            }
            Period::Month | Period::LastMonth => months(1),
            Period::Quarter | Period::LastQuarter => months(3),
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
        assert_eq!(days(Period::LastMonth), "2026-01-01 2026-01-31");
        assert_eq!(days(Period::Quarter), "2026-01-01 2026-03-31");
        assert_eq!(days(Period::LastQuarter), "2025-10-01 2025-12-31");
    }

    #[test]
    fn the_period_before_is_as_whole_and_a_day_has_the_weekday_of_the_week_before() {
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let before = |period: Period, today: &str| {
            let (from, to) = period.days(date(today));
            let (from, to) = period.before(from, to).expect("days");
            format!("{from} {to}")
        };
        assert_eq!(before(Period::Today, "2026-03-02"), "2026-02-23 2026-02-23");
        assert_eq!(before(Period::Week, "2026-03-04"), "2026-02-23 2026-03-01");
        assert_eq!(before(Period::Month, "2026-03-31"), "2026-02-01 2026-02-28");
        assert_eq!(
            before(Period::LastQuarter, "2026-02-18"),
            "2025-07-01 2025-09-30"
        );
    }
}
