//! Targets: which one is in force, what it asks of a day, and how far one is (sections 0 and 1).

use super::day;
use crate::words;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Points this little below a target still meet it.
const TOLERANCE: f64 = 1e-9;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// All prospecting activities.
    Activities,
    /// Activities with a *reached* outcome.
    Reached,
    /// Distinct leads with a *reached* outcome.
    LeadsReached,
    MeetingsBooked,
    /// The weighted score.
    Score,
    /// Activities of the kind of this name.
    Kind(String),
}

/// A metric that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMetric(pub String);

impl Metric {
    /// Every metric but those of a kind.
    pub const GENERAL: [Metric; 5] = [
        Metric::Activities,
        Metric::Reached,
        Metric::LeadsReached,
        Metric::MeetingsBooked,
        Metric::Score,
    ];
}

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(text: &str) -> Result<Metric, UnknownMetric> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix("kind:").map(str::trim)
            && !name.is_empty()
        {
            return Ok(Metric::Kind(name.to_string()));
        }
        Metric::GENERAL
            .into_iter()
            .find(|metric| metric.to_string() == text)
            .ok_or_else(|| UnknownMetric(text.to_string()))
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Activities => f.write_str("activities"),
            Metric::Reached => f.write_str("reached"),
            Metric::LeadsReached => f.write_str("leads_reached"),
            Metric::MeetingsBooked => f.write_str("meetings_booked"),
            Metric::Score => f.write_str("score"),
            Metric::Kind(name) => write!(f, "kind:{name}"),
        }
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for UnknownMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a metric; use activities, reached, leads_reached, meetings_booked, score or kind:NAME",
            self.0
        )
    }
}

impl std::error::Error for UnknownMetric {}

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

/// The weekdays of a daily target, Monday first; written `12345` for Monday to Friday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays([bool; 7]);

impl Weekdays {
    pub const ALL: Weekdays = Weekdays([true; 7]);

    /// Reads digits from 1 (Monday) to 7; nothing means every day.
    pub fn parse(text: &str) -> Option<Weekdays> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Weekdays::ALL);
        }
        let mut days = [false; 7];
        for digit in text.chars() {
            let number = digit.to_digit(10).filter(|n| (1..=7).contains(n))?;
            days[number as usize - 1] = true;
        }
        Some(Weekdays(days))
    }

    pub fn contains(self, weekday: Weekday) -> bool {
        self.0[weekday.num_days_from_monday() as usize]
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (1..=7)
            .filter(|number| self.0[number - 1])
            .try_for_each(|number| write!(f, "{number}"))
    }
}

/// One dated row of the target ledger that is one person's: their own, or their team's.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow {
    pub id: i64,
    pub metric: Metric,
    /// 0 ends a target.
    pub amount: f64,
    pub period: Period,
    /// For a daily target: the days that it is for.
    pub weekdays: Weekdays,
    pub valid_from: NaiveDate,
    /// Set for the person, not for the team.
    pub personal: bool,
}

impl TargetRow {
    /// T'(d) of a daily target: the amount times the day's fraction, 0 where it asks nothing.
    pub fn for_day(&self, day: NaiveDate, fraction: f64) -> f64 {
        if self.weekdays.contains(day.weekday()) {
            self.amount * fraction
        } else {
            0.0
        }
    }
}

/// The row that decides a day: the last that is valid by then. A person's row goes before the
/// team's, and of two from the same day the one that was written later holds.
pub fn in_force<'a>(
    rows: &'a [TargetRow],
    metric: &Metric,
    period: Period,
    day: NaiveDate,
) -> Option<&'a TargetRow> {
    rows.iter()
        .filter(|row| row.metric == *metric && row.period == period && row.valid_from <= day)
        .max_by_key(|row| (row.personal, row.valid_from, row.id))
}

/// The fractions of a person's day: expected to be worked, and scheduled before holidays and time off.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DayShare {
    pub fraction: f64,
    pub scheduled: f64,
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

/// [`ahead_of_pace`] in words: "2 behind pace".
pub fn pace_words(ahead: i64) -> String {
    match ahead {
        0 => "on pace".to_string(),
        1.. => format!("{ahead} ahead of pace"),
        _ => format!("{} behind pace", ahead.unsigned_abs()),
    }
}
