//! Explains what somebody did against what their targets ask for: over all days, and by now.

use super::asked::days_words;
use super::behind::{self, Asked};
use super::entries;
use super::explain::Found;
use super::read::Reading;
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::explain::{How, Row};
use crate::page;
use crate::people::Person;
use chrono::NaiveDate;

/// What each stretch of days asks, by the team that it was spent in; the sum, where anything is asked.
fn stretches(
    conn: &mut Conn,
    cx: &Cx,
    asked: &Asked,
    asks: impl Fn(&Reading, &Person, (NaiveDate, NaiveDate)) -> Option<f64>,
) -> Result<(Told, Option<f64>)> {
    let reading = Reading::new(conn, cx.kept, &asked.filters)?;
    let (mut rows, mut sum) = (Vec::new(), None);
    for person in reading.loggers() {
        for (first, last, _, who) in reading.stretches(person, reading.from, reading.to) {
            if who != asked.who {
                continue;
            }
            let amount = asks(&reading, person, (first, last));
            if let Some(amount) = amount {
                *sum.get_or_insert(0.0) += amount;
            }
            let row = Row {
                name: person.name.clone(),
                sub: days_words(Some(first), Some(last)),
                href: String::new(),
                cells: vec![amount.map_or(page::DASH.to_owned(), page::amount)],
            };
            rows.push((amount.is_some(), row));
        }
    }
    Ok((rows, sum))
}

/// Rows, each with whether anything is asked there.
type Told = Vec<(bool, Row)>;

const NOTHING_ASKED: &str = "no target in force";

/// What each stretch of days asks.
pub fn target(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let (told, target) = stretches(conn, cx, asked, asked_in_all)?;
    let value = target.map_or(page::DASH.to_owned(), page::amount);
    let n = told.iter().filter(|(is_asked, _)| *is_asked).count();
    let placed = |(is_asked, row)| match is_asked {
        true => (How::Counted, "what was asked for".to_owned(), row),
        false => (How::LeftOut, NOTHING_ASKED.to_owned(), row),
    };
    Ok(Found {
        filled: format!("{value} over {n} stretches of days in one team"),
        value,
        said: None,
        first: "Whose days",
        columns: vec!["Amount"],
        rows: told.into_iter().map(placed).collect(),
    })
}

fn asked_in_all(
    reading: &Reading,
    person: &Person,
    (first, last): (NaiveDate, NaiveDate),
) -> Option<f64> {
    reading.target(person, first, last)
}

/// The board's value above the line, what each stretch of days asks below it.
pub fn percent(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let told = stretches(conn, cx, asked, asked_in_all)?;
    share(
        conn,
        cx,
        asked,
        (told, ["what was asked for", NOTHING_ASKED]),
    )
}

/// The board's value above the line, what each stretch of days had asked for by the as-of below it.
pub fn of_due(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let due = |reading: &Reading, person: &Person, (first, last)| reading.due(person, first, last);
    let told = stretches(conn, cx, asked, due)?;
    let words = ["what was due by then", "nothing was due yet"];
    share(conn, cx, asked, (told, words))
}

fn share(
    conn: &mut Conn,
    cx: &Cx,
    asked: &Asked,
    ((told, target), [is_asked, is_not]): ((Told, Option<f64>), [&str; 2]),
) -> Result<Found> {
    let value = behind::total(conn, cx.kept, asked)?;
    let filters = &asked.filters;
    let done = Row {
        name: filters.metric.label().to_owned(),
        sub: String::new(),
        href: entries::href(filters, asked.who, &asked.uid),
        cells: vec![page::amount(value)],
    };
    let mut rows = vec![(How::Counted, "what was done".to_owned(), done)];
    rows.extend(told.into_iter().map(|(asks, row)| match asks {
        true => (How::InWhole, is_asked.to_owned(), row),
        false => (How::LeftOut, is_not.to_owned(), row),
    }));
    let share = target.map(|target| value / target);
    let words = share
        .filter(|share| share.is_finite())
        .map_or(page::DASH.to_owned(), page::percent);
    let asked_for = target.map_or(page::DASH.to_owned(), page::amount);
    Ok(Found {
        filled: format!("{} / {asked_for} = {words}", page::amount(value)),
        value: words,
        said: None,
        first: "What",
        columns: vec!["Amount"],
        rows,
    })
}
