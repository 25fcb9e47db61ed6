//! How far a target of one's own is: its days, what it asks for, what was done, and how much of its time is gone.

use crate::activities::totals::{self, Span};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::Ground;
use crate::people::Person;
use crate::rules::day;
use crate::rules::target::{DayShare, Metric, Period, TargetRow};
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

/// What a target asks of its whole period, and how much of that it has asked for by now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whole {
    pub amount: f64,
    /// The share of the amount that was due by now, 0 to 1.
    pub gone: f64,
}

/// What a target of one's own asks of its whole period, less days off and those before the habit begins, and what share
/// of it is due by now: of each day its part, times the share of its working time that is gone. Nothing where all of it
/// is off.
pub fn whole(
    row: &TargetRow,
    ground: &Ground,
    person: &Person,
    begins: NaiveDate,
    (today, now): (NaiveDate, Instant),
) -> Option<Whole> {
    let (from, to) = days_of(row.period, today);
    let share = |day| match ground.share(person, day) {
        share if day < begins => DayShare {
            fraction: 0.0,
            ..share
        },
        share => share,
    };
    let asked = |share: &dyn Fn(NaiveDate) -> DayShare| match row.period {
        Period::Day => row.for_day(today, share(today).fraction),
        period => {
            let what = (&row.metric, period);
            let days = from.iter_days().take_while(|day| *day <= to);
            ground.ledger.for_whole(person.id, what, days, share)
        }
    };
    let calendar = ground.calendars.of_person(person.id, from, to);
    let due = |day| share(day).gone(&calendar, day, now);
    let amount = asked(&share);
    (amount > 0.0).then(|| Whole {
        amount,
        gone: asked(&due) / amount,
    })
}
