//! One's own best: the day, week or month of the last year with the most.

use super::figure::Figure;
use super::{Beside, Filters, Who, entries, explain, last_local_day};
use crate::activities::totals::{self, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::page;
use crate::rules::day;
use crate::rules::target::Metric;
use chrono::{Datelike, Days, NaiveDate};

const YEAR: Days = Days::new(371);

/// What a period is one of, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
}

impl Unit {
    fn of(from: NaiveDate, to: NaiveDate) -> Unit {
        match (to - from).num_days() {
            0 => Unit::Day,
            1..=13 => Unit::Week,
            _ => Unit::Month,
        }
    }

    fn start(self, of: NaiveDate) -> NaiveDate {
        match self {
            Unit::Day => of,
            Unit::Week => day::week_of(of),
            Unit::Month => day::month_of(of),
        }
    }

    /// Its last day.
    fn end(self, start: NaiveDate) -> NaiveDate {
        match self {
            Unit::Day => start,
            Unit::Week => start + Days::new(6),
            Unit::Month => day::next_month(start) - Days::new(1),
        }
    }

    fn words(self, start: NaiveDate) -> (&'static str, String) {
        match self {
            Unit::Day => ("day", page::day(start)),
            Unit::Week => ("week", format!("the week of {}", page::day(start))),
            Unit::Month => ("month", format!("{} {}", start.format("%B"), start.year())),
        }
    }
}

/// One's best in a sentence whose figure leads to the entries behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    pub before: String,
    pub value: String,
    pub href: String,
    pub after: String,
    /// What stands beside it: leads reached, and the share reached with what it rests on.
    pub leads: String,
    pub leads_href: String,
    pub share: String,
    /// Empty without an activity.
    pub share_href: String,
    pub share_of: String,
}

/// How the days of the board stand to the best ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// They are the best, above all others.
    Best,
    /// They have as much as others of the last year, which nothing is above.
    AsGood,
    Below,
}

impl Fit {
    fn words(self, name: &str) -> String {
        match self {
            Fit::Best => format!("This is your best {name} of the last year:"),
            Fit::AsGood => format!("This is as good as your best {name} of the last year:"),
            Fit::Below => format!("Your best {name} of the last year:"),
        }
    }
}

/// Sums of fractions differ by less than this.
const TOLERANCE: f64 = 1e-9;

/// The best of the last year up to the board's last day; none where nothing was logged. Of two the later one is told.
pub fn best(
    conn: &mut Conn,
    kept: Kept,
    filters: &Filters,
    (person_id, uid): (i64, &str),
) -> Result<Option<Best>> {
    let today = last_local_day(filters.as_of);
    let to = filters.to.map_or(today, |to| to.min(today));
    let unit = Unit::of(filters.from.unwrap_or(to), to);
    let span = Span {
        from: unit.start(to.checked_sub_days(YEAR).unwrap_or(to)),
        to,
        as_of: filters.as_of,
        people: Some(vec![person_id]),
    };
    let key = |_, _, local_day| Some(unit.start(local_day));
    let values = totals::by(conn, kept, &filters.metric, &span, key)?;
    let most = values.values().copied().fold(0.0, f64::max);
    let best = values.iter().filter(|(_, value)| **value > 0.0);
    let best = best.filter(|(_, value)| **value > most - TOLERANCE);
    let best: Vec<NaiveDate> = best.map(|(start, _)| *start).collect();
    let Some(start) = best.iter().max().copied() else {
        return Ok(None);
    };
    let fit = match (start == unit.start(to), best.len()) {
        (true, 1) => Fit::Best,
        (true, _) => Fit::AsGood,
        (false, _) => Fit::Below,
    };
    let days = (start, unit.end(start).min(to));
    let span = Span {
        from: days.0,
        to: days.1,
        ..span
    };
    let beside = of_days(conn, kept, &span)?;
    let filters = Filters {
        from: Some(days.0),
        to: Some(days.1),
        ..filters.clone()
    };
    let said = (unit.words(start), fit, page::amount(most));
    Ok(Some(told(&filters, (person_id, uid), said, &beside)))
}

/// The best in words; `filters` are of its days.
fn told(
    filters: &Filters,
    (person_id, uid): (i64, &str),
    ((name, when), fit, value): ((&str, String), Fit, String),
    beside: &Beside,
) -> Best {
    let metric = filters.metric.label().to_lowercase();
    let of_leads = Filters {
        metric: Metric::LeadsReached,
        ..filters.clone()
    };
    let (share, share_of) = beside.reached_words();
    let who = Who::Person(person_id);
    Best {
        before: fit.words(name),
        value,
        href: entries::href(filters, who, uid),
        after: match fit {
            Fit::Best | Fit::AsGood => format!("({metric})."),
            Fit::Below => format!("({metric}), {when}."),
        },
        leads: page::amount(beside.leads_reached),
        leads_href: entries::href(&of_leads, who, uid),
        share_href: match share_of.is_empty() {
            true => String::new(),
            false => explain::href(Figure::Reached, filters, who, uid),
        },
        share,
        share_of,
    }
}

/// What stands beside the volume of somebody's days.
fn of_days(conn: &mut Conn, kept: Kept, span: &Span) -> Result<Beside> {
    let leads = totals::by(conn, kept, &Metric::LeadsReached, span, |_, _, _| Some(()))?;
    let mut beside = Beside {
        leads_reached: leads.get(&()).copied().unwrap_or(0.0),
        ..Beside::default()
    };
    for sum in totals::reached_or_not(conn, span)? {
        beside.activities += sum.quantity as f64;
        beside.reached += if sum.is_reached {
            sum.quantity as f64
        } else {
            0.0
        };
    }
    Ok(beside)
}
