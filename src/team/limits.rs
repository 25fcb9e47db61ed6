//! Explains what stands beside somebody's rate: the rate as everybody's draws it, and what chance does round their team's,
//! the limits of the funnel plot.

use super::behind::Asked;
use super::explain::Found;
use super::{Conversion, InTeam, RateRow, Rates, Who, rates, together};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{How, Row};
use crate::page;
use crate::rules::funnel_plot::{ALPHAS, limits};
use crate::rules::rates::Rate;
use crate::style;

fn told(row: &RateRow, rate: Rate) -> Row {
    Row {
        name: row.name.clone(),
        sub: row.team.clone(),
        href: String::new(),
        cells: vec![page::of(rate), page::share(rate)],
    }
}

/// How many somebody's rate in their team rests on above the line, the rates that make the team's below it. `which` is the
/// place in [`ALPHAS`].
pub fn explained(
    conn: &mut Conn,
    cx: &Cx,
    asked: &Asked,
    (conversion, which): (Conversion, usize),
) -> Result<Found> {
    let Rates { rows, .. } = rates(conn, cx.kept, &asked.filters, conversion)?;
    let own = rows
        .iter()
        .find(|row| Who::Person(row.person_id) == asked.who);
    let here = own.and_then(|row| row.in_team.as_ref());
    let (Some(own), Some(here)) = (own, here) else {
        return Err(Error::NotFound);
    };
    let p0 = here.all.share().ok_or(Error::NotFound)?;
    let (low, high) = limits(p0, here.own.n, ALPHAS[which]);
    let low = style::decimal(low * 100.0, 1);
    let value = format!("{low} to {}", page::percent(high));
    let in_it = |row: &RateRow| {
        let theirs = row.in_team.clone();
        theirs.filter(|theirs| theirs.team_id == here.team_id)
    };
    let row = |row: &RateRow| {
        let (how, reason, rate) = match (row.person_id == own.person_id, in_it(row)) {
            (true, _) => (How::Counted, "the rate itself, of so many", here.own),
            (false, Some(theirs)) => (How::InWhole, "in the team\u{2019}s rate", theirs.own),
            (false, None) if row.rate.n == 0 => (How::LeftOut, "nothing yet", row.rate),
            (false, None) => (How::LeftOut, "in no team, or another one", row.rate),
        };
        (how, reason.to_owned(), told(row, rate))
    };
    let mut all: Vec<_> = rows.iter().map(row).collect();
    all.extend(others(here, rows.iter().filter_map(in_it)));
    Ok(Found {
        filled: format!(
            "n = {} at {} ({}, {}): {value}",
            style::count(here.own.n),
            page::percent(p0),
            here.name,
            page::of(here.all)
        ),
        value,
        said: None,
        first: "Person",
        columns: vec!["Of", "Rate"],
        rows: all,
    })
}

/// What a team's rate has of people who stand in no row of it: not shown, of another group, or of another team by now.
fn others(here: &InTeam, shown: impl Iterator<Item = InTeam>) -> Option<(How, String, Row)> {
    let shown = shown.fold(Rate::default(), |sum, one| Rate {
        k: sum.k + one.own.k,
        n: sum.n + one.own.n,
    });
    let rest = Rate {
        k: here.all.k.saturating_sub(shown.k),
        n: here.all.n.saturating_sub(shown.n),
    };
    let row = Row {
        name: "Others, together".to_owned(),
        cells: vec![page::of(rest), page::share(rest)],
        ..Row::default()
    };
    let reason = "in the team\u{2019}s rate, and in no row here".to_owned();
    (rest.n > 0).then_some((How::InWhole, reason, row))
}

/// One's rate above the line; the rates that the reader is shown, towards which it is drawn, below it.
pub fn shrunk(conn: &mut Conn, cx: &Cx, asked: &Asked, conversion: Conversion) -> Result<Found> {
    let Rates {
        rows, prior, team, ..
    } = rates(conn, cx.kept, &asked.filters, conversion)?;
    let outside = together::outside(conn, cx, &asked.filters, (conversion, &rows))?;
    let own = rows
        .iter()
        .find(|row| Who::Person(row.person_id) == asked.who);
    let shrunk = own.and_then(|own| own.shrunk.filter(|_| own.tier.is_some()));
    let (Some(own), Some(shrunk), Some(prior)) = (own, shrunk, prior) else {
        return Err(Error::NotFound);
    };
    let value = page::percent(shrunk.mean);
    let [mean, strength] = [prior.mean * 100.0, prior.strength].map(page::amount);
    let shown: u64 = rows.iter().map(|row| row.rate.n).sum();
    let towards = match team.is_some_and(|team| shown < team.n) {
        true => "what it is drawn towards, with the rates not shown to you",
        false => "what it is drawn towards",
    };
    let row = |row: &RateRow| {
        let (how, reason) = match (row.person_id == own.person_id, row.rate.n) {
            (true, _) => (How::Counted, "the rate itself"),
            (false, 0) => (How::LeftOut, "nothing yet"),
            (false, _) if row.is_away => (How::LeftOut, "off all the time"),
            (false, _) => (How::InWhole, towards),
        };
        (how, reason.to_owned(), told(row, row.rate))
    };
    let mut all: Vec<_> = rows.iter().map(row).collect();
    let others = outside.iter().map(|row| {
        let reason = together::OUTSIDE.to_owned();
        (How::LeftOut, reason, told(row, row.rate))
    });
    all.extend(others);
    Ok(Found {
        filled: format!(
            "({mean}\u{a0}% \u{d7} {strength} + {}) / ({strength} + {}) = {value}",
            own.rate.k, own.rate.n
        ),
        value,
        said: None,
        first: "Person",
        columns: vec!["Of", "Rate"],
        rows: all,
    })
}
