//! Explains the figures of somebody's weeks: how much they improved, and how the last ones went.

use super::asked::days_words;
use super::behind::Asked;
use super::explain::Found;
use super::read::Reading;
use super::trend::Trend;
use super::{Filters, Who, entries};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::explain::{How, Row};
use crate::habit::{self, Ground};
use crate::page::{self, DASH};
use crate::rules::rank;
use chrono::{Days, NaiveDate};

/// The improvement: the last four weeks that asked for something, and the eight before.
pub fn improved(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let filters = &asked.filters;
    let reading = Reading::new(conn, cx.kept, filters)?;
    let ahead = reading.to.succ_opt().unwrap_or(reading.to);
    let weeks = habit::whole_weeks(conn, ahead.min(reading.today), filters.as_of)?;
    let ground = Ground::kept(conn, cx.kept)?;
    let who = |person, team| filters.who(person, team).filter(|who| *who == asked.who);
    let of_weeks = (&weeks[..], filters.as_of);
    let people = match asked.who {
        Who::Person(id) => Some(vec![id]),
        Who::Team(_) => None,
    };
    let attained = habit::attained(
        conn,
        cx.kept,
        &ground,
        &filters.metric,
        of_weeks,
        people,
        who,
    )?;
    let of_week = |week: &NaiveDate| attained.get(&(asked.who, *week)).copied();
    let all: Vec<Option<f64>> = weeks.iter().map(of_week).collect();
    let improvement = rank::improvement(&all);
    let mut asking = 0;
    let mut rows = Vec::new();
    for (week, share) in weeks.iter().zip(&all).rev() {
        asking += usize::from(share.is_some());
        let (side, reason) = rank::place_of_week(share.is_some(), asking);
        let how = match side {
            rank::Side::Recent => How::Counted,
            rank::Side::Before => How::InWhole,
            rank::Side::Neither => How::LeftOut,
        };
        let sunday = *week + Days::new(6);
        let row = Row {
            cells: vec![share.map_or(DASH.to_owned(), page::percent)],
            ..week_row(asked, (*week, sunday))
        };
        rows.push((how, reason.to_owned(), row));
    }
    let value = improvement.map_or(DASH.to_owned(), page::points);
    let (recent, earlier) = (rank::RECENT_WEEKS, rank::EARLIER_WEEKS);
    Ok(Found {
        filled: format!(
            "{} - {} = {value}; {asking} weeks asked for something",
            mean(&all, 0, recent),
            mean(&all, recent, earlier)
        ),
        value,
        said: None,
        first: "Week",
        columns: vec!["Attained"],
        rows,
    })
}

/// The mean of so many weeks that asked for something, after the newest `from` of them.
fn mean(weeks: &[Option<f64>], from: usize, most: usize) -> String {
    let newest = weeks.iter().rev().flatten().skip(from).take(most);
    let weeks: Vec<f64> = newest.copied().collect();
    match weeks.len() {
        0 => DASH.to_owned(),
        n => page::percent(weeks.iter().sum::<f64>() / n as f64),
    }
}

/// The values of the last whole weeks.
pub fn trend(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let trend = Trend::read(conn, cx.kept, &asked.filters)?;
    let words = trend.words(asked.who);
    let row = |(days, words): ((NaiveDate, NaiveDate), &String)| {
        let (how, reason) = match words.as_str() {
            DASH => (
                How::LeftOut,
                "no working day in a team since anybody logs, and nothing logged",
            ),
            _ => (How::Counted, "a week of its own"),
        };
        let row = Row {
            cells: vec![words.clone()],
            ..week_row(asked, days)
        };
        (how, reason.to_owned(), row)
    };
    let rows = trend.weeks().into_iter().zip(&words).map(row);
    Ok(Found {
        rows: rows.collect(),
        filled: words.join(", "),
        said: None,
        value: words.join(", "),
        first: "Week",
        columns: vec!["Value"],
    })
}

/// A week with the way to its entries.
fn week_row(asked: &Asked, (monday, sunday): (NaiveDate, NaiveDate)) -> Row {
    let filters = Filters {
        from: Some(monday),
        to: Some(sunday),
        ..asked.filters.clone()
    };
    Row {
        name: days_words(Some(monday), Some(sunday)),
        href: entries::href(&filters, asked.who, &asked.uid),
        ..Row::default()
    }
}
