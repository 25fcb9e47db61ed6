//! Explains what chance does round everybody's rate: the limits of the funnel plot, for somebody's rate of so many.

use super::behind::Asked;
use super::explain::Found;
use super::{Conversion, RateRow, Rates, Who, rates};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{How, Row};
use crate::page;
use crate::rules::funnel_plot::{ALPHAS, limits};
use crate::rules::rates::Rate;
use crate::style;

/// How many somebody's rate rests on above the line, the rates that make everybody's below it. `which` is the place in
/// [`ALPHAS`].
pub fn explained(
    conn: &mut Conn,
    cx: &Cx,
    asked: &Asked,
    (conversion, which): (Conversion, usize),
) -> Result<Found> {
    let Rates { rows, team, .. } = rates(conn, cx.kept, &asked.filters, conversion)?;
    let own = rows
        .iter()
        .find(|row| Who::Person(row.person_id) == asked.who && row.rate.n > 0);
    let p0 = team.and_then(Rate::share);
    let (Some(own), Some(team), Some(p0)) = (own, team, p0) else {
        return Err(Error::NotFound);
    };
    let (low, high) = limits(p0, own.rate.n, ALPHAS[which]);
    let low = style::decimal(low * 100.0, 1);
    let value = format!("{low} to {}", page::percent(high));
    let row = |row: &RateRow| {
        let (how, reason) = match (row.person_id == own.person_id, row.rate.n) {
            (true, _) => (How::Counted, "the rate itself, of so many"),
            (false, 0) => (How::LeftOut, "nothing yet"),
            (false, _) => (
                How::InWhole,
                "in everybody\u{2019}s rate, with those not shown to you",
            ),
        };
        let told = Row {
            name: row.name.clone(),
            sub: row.team.clone(),
            href: String::new(),
            cells: vec![page::of(row.rate), page::share(row.rate)],
        };
        (how, reason.to_owned(), told)
    };
    Ok(Found {
        filled: format!(
            "n = {} at {} ({}): {value}",
            style::count(own.rate.n),
            page::percent(p0),
            page::of(team)
        ),
        value,
        first: "Person",
        columns: vec!["Of", "Rate"],
        rows: rows.iter().map(row).collect(),
    })
}
