//! Targets: which one is in force, what it asks of a day, and how far one is (sections 0 and 1).

use super::day;
use super::workday::WorkCalendar;
use crate::value::Instant;
use crate::words;
use chrono::{Datelike, Days, NaiveDate};

pub use super::{
    metric::{Metric, UnknownMetric},
    weekdays::{AMOUNT_MOST, Weekdays},
};

/// Points this little below a target still meet it.
const TOLERANCE: f64 = 1e-9;

words! {
    /// What a target is for.
    pub enum Period { Day = "day", Week = "week", Month = "month" }
}

impl Period {
    /// The first day of the period that holds `day`, and the first day after it.
    fn around(self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let after = |start: NaiveDate, days| {
            start
                .checked_add_days(Days::new(days))
                .unwrap_or(NaiveDate::MAX)
        };
        match self {
            Period::Day => (day, after(day, 1)),
            Period::Week => (day::week_of(day), after(day::week_of(day), 7)),
            Period::Month => (day::month_of(day), day::next_month(day)),
        }
    }
}

/// One dated row of the target ledger that is one person's: their own, or their team's.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow {
    pub id: i64,
    pub metric: Metric,
    /// 0 ends a target. Of a daily one whose weekdays ask unlike amounts, the largest.
    pub amount: f64,
    pub period: Period,
    /// For a daily target: the days that it is for, and what each asks where that is not the amount.
    pub weekdays: Weekdays,
    pub valid_from: NaiveDate,
    /// Set for the person, not for the team.
    pub personal: bool,
}

impl TargetRow {
    /// T'(d) of a daily target: the amount times the day's fraction, 0 where it asks nothing.
    pub fn for_day(&self, day: NaiveDate, fraction: f64) -> f64 {
        self.weekdays.asked(day.weekday(), self.amount) * fraction
    }
}

/// The row that decides a day: the last that is valid by then. A person's row goes before the
/// team's, and of two from the same day the one that was written later holds.
pub fn in_force<'a>(
    rows: impl IntoIterator<Item = &'a TargetRow>,
    metric: &Metric,
    period: Period,
    day: NaiveDate,
) -> Option<&'a TargetRow> {
    rows.into_iter()
        .filter(|row| row.metric == *metric && row.period == period && row.valid_from <= day)
        .max_by_key(|row| (row.personal, row.valid_from, row.id))
}

/// The fractions of a person's day: expected to be worked, and scheduled before holidays and time off.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DayShare {
    pub fraction: f64,
    pub scheduled: f64,
}

impl DayShare {
    /// The part of a day that was to be worked by an instant: its fraction times the share of its working time that is
    /// gone. `calendar` has the day in it.
    pub fn gone(self, calendar: &WorkCalendar, day: NaiveDate, at: Instant) -> DayShare {
        // A day whose hours the clocks skipped is gone as it begins.
        let has_begun = || f64::from(calendar.zones().midnight(day) <= at);
        let gone = calendar.share_gone(day, at).unwrap_or_else(has_begun);
        DayShare {
            fraction: self.fraction * gone,
            ..self
        }
    }
}

/// What a person's targets ask from `from` to `to`, both included: each day's daily target, or
/// where there is none the day's part of the weekly target, or else of the monthly one. Such a
/// part is amount × f(d) / the scheduled fractions of the whole week or month. `None` where
/// nothing is asked.
pub fn over(
    rows: &[TargetRow],
    metric: &Metric,
    from: NaiveDate,
    to: NaiveDate,
    mut share: impl FnMut(NaiveDate) -> DayShare,
) -> Option<f64> {
    let rows: Vec<TargetRow> = rows
        .iter()
        .filter(|row| row.metric == *metric)
        .cloned()
        .collect();
    let mut scheduled = Scheduled::default();
    let mut total = 0.0;
    for day in from.iter_days().take_while(|day| *day <= to) {
        let period_row = Period::ALL.iter().find_map(|period| {
            in_force(&rows, metric, *period, day).filter(|row| row.amount > 0.0)
        });
        let Some(row) = period_row else { continue };
        let fraction = share(day).fraction;
        total += match row.period {
            Period::Day => row.for_day(day, fraction),
            _ if fraction == 0.0 => 0.0,
            _ => row.amount * fraction / scheduled.of(row.period, day, &mut share).max(fraction),
        };
    }
    (total > 0.0).then_some(total)
}

/// The scheduled fractions of the last week or month that was asked for.
#[derive(Default)]
struct Scheduled {
    span: Option<(NaiveDate, NaiveDate)>,
    sum: f64,
}

impl Scheduled {
    fn of(
        &mut self,
        period: Period,
        day: NaiveDate,
        share: &mut impl FnMut(NaiveDate) -> DayShare,
    ) -> f64 {
        let (start, end) = period.around(day);
        if self.span != Some((start, end)) {
            self.span = Some((start, end));
            let days = start.iter_days().take_while(|day| *day < end);
            self.sum = days.map(|day| share(day).scheduled).sum();
        }
        self.sum
    }
}

/// Whether points meet a target.
pub fn is_hit(points: f64, target: f64) -> bool {
    points >= target - TOLERANCE
}

/// Where one should be by now: the target times the share of the working time that is gone.
pub fn pace(target: f64, share_gone: f64) -> f64 {
    target * share_gone
}

/// How far points are ahead of the pace (above 0) or behind it (below 0), in whole steps: the
/// pace is rounded down, so nobody is behind by a part of a call.
pub fn ahead_of_pace(points: f64, target: f64, share_gone: f64) -> i64 {
    let whole = |value: f64| (value + TOLERANCE).floor() as i64;
    whole(points) - whole(pace(target, share_gone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn row(amount: f64, period: Period, valid_from: &str) -> TargetRow {
        TargetRow {
            id: 1,
            metric: Metric::Activities,
            amount,
            period,
            weekdays: Weekdays::ALL,
            valid_from: date(valid_from),
            personal: false,
        }
    }

    /// Monday to Friday, with the Wednesday of the week of 2 March off.
    fn share(day: NaiveDate) -> DayShare {
        let scheduled = if day.weekday().number_from_monday() <= 5 {
            1.0
        } else {
            0.0
        };
        let off = day == date("2026-03-04");
        DayShare {
            fraction: if off { 0.0 } else { scheduled },
            scheduled,
        }
    }

    fn asked(rows: &[TargetRow], from: &str, to: &str) -> Option<f64> {
        over(rows, &Metric::Activities, date(from), date(to), share)
    }

    #[test]
    fn a_change_never_rewrites_the_days_before_it() {
        let rows = [
            row(20.0, Period::Day, "2026-03-02"),
            TargetRow {
                id: 2,
                ..row(30.0, Period::Day, "2026-03-05")
            },
        ];
        let on = |day| in_force(&rows, &Metric::Activities, Period::Day, date(day));
        assert_eq!(on("2026-03-01"), None);
        assert_eq!(on("2026-03-04").map(|row| row.amount), Some(20.0));
        assert_eq!(on("2026-03-05").map(|row| row.amount), Some(30.0));
        assert_eq!(asked(&rows, "2026-03-02", "2026-03-08"), Some(100.0));
    }

    #[test]
    fn ones_own_target_goes_before_a_newer_one_of_the_team() {
        let own = TargetRow {
            personal: true,
            ..row(5.0, Period::Day, "2026-03-02")
        };
        let rows = [own.clone(), row(20.0, Period::Day, "2026-03-05")];
        let found = in_force(&rows, &Metric::Activities, Period::Day, date("2026-03-06"));
        assert_eq!(found, Some(&own));
    }

    #[test]
    fn a_weekly_target_shrinks_by_the_days_off_and_is_shared_out_over_its_days() {
        let rows = [row(50.0, Period::Week, "2026-01-01")];
        assert_eq!(asked(&rows, "2026-03-02", "2026-03-08"), Some(40.0));
        assert_eq!(asked(&rows, "2026-03-05", "2026-03-09"), Some(30.0));
        assert_eq!(asked(&rows, "2026-03-04", "2026-03-04"), None);
        let monthly = [row(220.0, Period::Month, "2026-01-01")];
        assert_eq!(asked(&monthly, "2026-03-02", "2026-03-06"), Some(40.0));
    }

    #[test]
    fn a_daily_target_goes_before_a_weekly_one_and_keeps_to_its_weekdays() {
        let tuesdays = TargetRow {
            weekdays: Weekdays::parse("2").unwrap(),
            ..row(7.0, Period::Day, "2026-03-01")
        };
        let rows = [tuesdays, row(50.0, Period::Week, "2026-01-01")];
        assert_eq!(asked(&rows, "2026-03-02", "2026-03-08"), Some(7.0));
    }

    #[test]
    fn a_weekday_may_ask_less_than_the_others() {
        let row = TargetRow {
            weekdays: Weekdays::parse("1234 5=10").unwrap(),
            ..row(20.0, Period::Day, "2026-01-01")
        };
        assert_eq!(row.for_day(date("2026-03-05"), 0.5), 10.0);
        assert_eq!(row.for_day(date("2026-03-06"), 0.5), 5.0);
        assert_eq!(asked(&[row], "2026-03-02", "2026-03-08"), Some(70.0));
    }

    #[test]
    fn an_amount_of_nothing_ends_a_target() {
        let rows = [
            row(20.0, Period::Day, "2026-03-01"),
            TargetRow {
                id: 2,
                ..row(0.0, Period::Day, "2026-03-05")
            },
        ];
        assert_eq!(asked(&rows, "2026-03-05", "2026-03-08"), None);
        assert_eq!(asked(&[], "2026-03-05", "2026-03-08"), None);
    }

    #[test]
    fn points_exactly_at_the_target_meet_it() {
        assert!(is_hit(0.1 + 0.2, 0.3) && is_hit(0.3, 0.1 + 0.2));
        assert!(!is_hit(19.0, 20.0));
    }

    #[test]
    fn nobody_is_behind_by_a_part_of_a_call() {
        assert_eq!(ahead_of_pace(12.0, 20.0, 0.74), -2);
        assert_eq!(ahead_of_pace(14.0, 20.0, 0.74), 0);
        assert_eq!(ahead_of_pace(17.0, 20.0, 0.74), 3);
        assert_eq!(ahead_of_pace(0.0, 20.0, 0.0), 0);
    }
}
