//! The bar above a report page: which days, and the ways to others.

pub use crate::explain::AS_OF;

use super::Cohort;
use crate::app::Cx;
use crate::form::Form;
use crate::page::{self, Link};
use crate::rules::day;
use crate::rules::zone::Zone;
use crate::urls;
use crate::value::Instant;
use chrono::{Days, NaiveDate};

/// What a page keeps in its addresses.
pub struct Bar {
    pub periods: Vec<Link>,
    pub from: String,
    pub to: String,
    /// The filters other than the days, as (name, value).
    pub carry: Vec<(String, String)>,
    pub csv_href: String,
    /// The instant that was asked for, and the way back to now; empty where none was.
    pub as_of: String,
    pub now_href: String,
}

/// The instant that the address asks for, at most now, and now where it asks for none; `None` with a message in the
/// form when it is wrong.
pub fn instant(form: &mut Form, now: Instant) -> Option<Instant> {
    let expected = "a time such as 2026-03-31T09:00:00Z";
    let asked = form.optional(AS_OF, expected, Instant::parse)?;
    Some(asked.map_or(now, |asked| asked.min(now)))
}

/// As [`instant`], of a form that was read already.
pub fn given(form: &Form, now: Instant) -> Instant {
    Instant::parse(form.value(AS_OF)).map_or(now, |asked| asked.min(now))
}

/// Reads the days, and the instant, from the address; `None` with a message in the form when they are wrong.
pub fn cohort(form: &mut Form, now: Instant) -> Option<Cohort> {
    let (from, to) = (form.day("from"), form.day("to"));
    let as_of = instant(form, now);
    let (from, to, as_of) = (from?, to?, as_of?);
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        form.refuse("from", "The first day must not be after the last one.");
        return None;
    }
    let definition = form.optional("definition", "a version from the list", |text| {
        text.parse().ok()
    })?;
    Some(Cohort {
        from,
        to,
        as_of,
        definition,
    })
}

impl Bar {
    /// For the page at `path`, whose other filters are the fields named in `filters`.
    pub fn new(path: &str, form: &Form, filters: &[&str], now: Instant, zone: &Zone) -> Bar {
        let carry: Vec<(String, String)> = filters
            .iter()
            .chain(&[AS_OF])
            .map(|name| ((*name).to_owned(), form.value(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let (from, to) = (form.value("from"), form.value("to"));
        let address = |from: &str, to: &str, format: &str| {
            let mut pairs = vec![("from", from), ("to", to), ("format", format)];
            pairs.extend(
                carry
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            );
            urls::with_query(path, &pairs)
        };
        let period = |(label, first, last): (&str, String, String)| Link {
            href: address(&first, &last, ""),
            label: label.to_owned(),
            current: from == first && to == last,
        };
        let as_of = form.value(AS_OF).to_owned();
        let others = form.pairs().filter(|(name, _)| *name != AS_OF);
        Bar {
            now_href: match as_of.as_str() {
                "" => String::new(),
                _ => urls::with_query(path, &others.collect::<Vec<_>>()),
            },
            as_of,
            periods: periods(zone.day_of(now)).into_iter().map(period).collect(),
            csv_href: address(from, to, "csv"),
            from: from.to_owned(),
            to: to.to_owned(),
            carry,
        }
    }
}

fn periods(today: NaiveDate) -> [(&'static str, String, String); 4] {
    let back = |day: NaiveDate, days| day.checked_sub_days(Days::new(days)).unwrap_or(day);
    let monday = day::week_of(today);
    let named = |label, from: NaiveDate, to: NaiveDate| (label, from.to_string(), to.to_string());
    [
        ("All", String::new(), String::new()),
        named("This week", monday, monday + Days::new(6)),
        named("Last week", back(monday, 7), back(monday, 1)),
        named("Last 30 days", back(today, 29), today),
    ]
}

/// `2 Feb 2026 to 1 Mar 2026`.
pub fn between(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    use crate::style::day;
    match (from, to) {
        (Some(from), Some(to)) if from == to => day(from),
        (Some(from), Some(to)) => format!("{} to {}", day(from), day(to)),
        (Some(from), None) => format!("since {}", day(from)),
        (None, Some(to)) => format!("until {}", day(to)),
        (None, None) => "all time".to_owned(),
    }
}

/// The days of a report in words, and as of when.
pub fn as_of(cx: &Cx, cohort: &Cohort) -> String {
    let at = page::time_and_zone(cohort.as_of, cx.zone());
    format!("{}, as of {at}", days(cohort))
}

/// The days of a report in words.
pub fn days(cohort: &Cohort) -> String {
    use crate::page::day;
    match (cohort.from, cohort.to) {
        (None, None) => "All leads handed over so far".to_owned(),
        (Some(from), None) => format!("Leads handed over since {}", day(from)),
        (None, Some(to)) => format!("Leads handed over until {}", day(to)),
        (Some(from), Some(to)) if from == to => format!("Leads handed over on {}", day(from)),
        (Some(from), Some(to)) => format!("Leads handed over {} to {}", day(from), day(to)),
    }
}
