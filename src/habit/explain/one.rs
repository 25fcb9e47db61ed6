//! Explains what a day or a week attained: each of its targets, and what was done of it.

use super::{Asked, Found};
use crate::activities::totals::{self, Span};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{AS_OF, How, Row};
use crate::habit::Ground;
use crate::habit::points::Points;
use crate::habit::walk::{Became, Walk};
use crate::page::{self, DASH};
use crate::people::Person;
use crate::rules::day;
use crate::rules::habit::Part;
use crate::rules::target::{Metric, Period};
use crate::urls;
use chrono::Days;

/// The day or the week that the address begins with.
pub fn of_person(
    conn: &mut Conn,
    cx: &Cx,
    ground: &Ground,
    person: &Person,
    (asked, period): (Asked, Period),
) -> Result<Found> {
    let first = asked.from.ok_or(Error::NotFound)?;
    let (first, last) = match period {
        Period::Week => (day::week_of(first), day::week_of(first) + Days::new(6)),
        _ => (first, first),
    };
    if ground.day_of(person.id, asked.as_of) < first {
        return Err(Error::NotFound);
    }
    let span = Span {
        from: first,
        to: last,
        as_of: asked.as_of,
        people: Some(vec![person.id]),
    };
    let points = Points::read(conn, cx.kept, ground.metrics(person.id), &span)?;
    let first_entry = totals::first_day(conn, asked.as_of)?;
    let walk = Walk {
        ground,
        points: &points,
        person,
        begins: ground.begins(person.id, first_entry, asked.as_of),
        as_of: asked.as_of,
    };
    let became = walk.became(period, first);
    let behind = |metric: &Metric| {
        let query = [
            ("metric", metric.to_string()),
            ("from", first.to_string()),
            ("to", last.to_string()),
            ("person", person.uid.clone()),
            (AS_OF, asked.as_of.to_string()),
        ];
        let query = query
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        urls::with_query("/team/entries", &query)
    };
    let rows = became.parts.iter().map(|(metric, part)| {
        let (how, why) = place(part, became.is_written);
        (how, why.to_owned(), row(metric, part, behind(metric)))
    });
    let attainment = became.verdict.attainment;
    Ok(Found {
        value: attainment.map_or(DASH.to_owned(), page::percent),
        filled: filled(&became),
        first: "Target",
        columns: vec!["Done", "Asked", "Attained"],
        rows: rows.collect(),
    })
}

/// "(100.0 % + 40.0 %) / 2: Partly met".
fn filled(became: &Became) -> String {
    let label = became.verdict.label();
    let shares: Vec<String> = became.parts.iter().map(|(_, part)| share(part)).collect();
    match shares.as_slice() {
        _ if became.is_written => format!("written down: {label}"),
        [] => label.to_owned(),
        shares => format!("({}) / {}: {label}", shares.join(" + "), shares.len()),
    }
}

fn share(part: &Part) -> String {
    page::percent(part.attained())
}

fn place(part: &Part, is_written: bool) -> (How, &'static str) {
    match part.attained() {
        _ if is_written => (How::LeftOut, "what was written down holds instead"),
        0.0 => (How::Counted, "nothing of it done"),
        attained if attained < 1.0 => (How::Counted, "met by parts"),
        _ => (How::Counted, "met"),
    }
}

fn row(metric: &Metric, part: &Part, href: String) -> Row {
    let [done, asked] = [part.points, part.target].map(page::amount);
    Row {
        name: metric.label().to_owned(),
        href,
        cells: vec![done, asked, share(part)],
        ..Row::default()
    }
}
