//! How far a target of one's own is: its days, what it asks for, what was done, and how much of its time is gone.

use crate::activities::totals::{self, Span};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::Ground;
use crate::people::Person;
use crate::rules::day;
use crate::rules::target::{DayShare, Metric, Period, TargetRow};
use crate::rules::workday::WorkCalendar;
use crate::value::Instant;
use chrono::{Days, NaiveDate};

/// One's total of a metric over some days.
pub fn total(conn: &mut Conn, cx: &Cx, id: i64, metric: &Metric, span: &Span) -> Result<f64> {
    let totals = totals::by(conn, cx.kept, metric, span, |person, _, _| Some(person))?;
    Ok(totals.get(&id).copied().unwrap_or(0.0))
}

/// The first and last day of the period that a day is in.
pub fn days_of(period: Period, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    match period {
        Period::Day => (today, today),
        Period::Week => (day::week_of(today), day::week_of(today) + Days::new(6)),
        Period::Month => {
            let last = day::next_month(today).pred_opt();
            (day::month_of(today), last.unwrap_or(today))
        }
    }
}

/// What a target of one's own asks of its whole period, less days off and those before the habit begins; nothing where
/// all of it is off.
pub fn whole(
    row: &TargetRow,
    ground: &Ground,
    person: &Person,
    begins: NaiveDate,
    today: NaiveDate,
) -> Option<f64> {
    let (from, to) = days_of(row.period, today);
    let share = |day| match ground.share(person, day) {
        share if day < begins => DayShare {
            fraction: 0.0,
            ..share
        },
        share => share,
    };
    let days = from.iter_days().take_while(|day| *day <= to);
    let amount = match row.period {
        Period::Day => row.for_day(today, share(today).fraction),
        period => {
            let what = (&row.metric, period);
            ground.ledger.for_whole(person.id, what, days, share)
        }
    };
    (amount > 0.0).then_some(amount)
}

/// The share of the period's working time that is gone.
pub fn share_gone(
    calendar: &WorkCalendar,
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
    now: Instant,
) -> f64 {
    if from == to {
        return calendar.share_gone(today, now).unwrap_or(1.0);
    }
    let (start, end) = (
        calendar.zones().midnight(from),
        calendar.zones().midnight(to + Days::new(1)),
    );
    match calendar.working_us(start, end) {
        0 => 1.0,
        all => calendar.working_us(start, now) as f64 / all as f64,
    }
}
