//! Several cells of the matrix, saved in one go: one day, one reason, all or none.

use super::fields::{self, AN_AMOUNT};
use super::matrix::{self, View};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer};
use crate::rules::target::{Metric, Period, Weekdays};
use crate::rules::weekdays::{read_amount, read_daily};
use crate::targets::{NewTarget, Whose, set_all};
use chrono::NaiveDate;

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let today = cx.zone().day_of(cx.now);
    let view = View::of(&form, today);
    let Some(news) = read(cx, &mut form, &view, today)? else {
        return matrix::again(cx, &view, form);
    };
    match cx.write(|tx| set_all(tx, &news)) {
        Ok(()) => page::go_to(view.address("saved")),
        Err(Error::Refused(why)) => {
            form.refuse("valid_from", why);
            matrix::again(cx, &view, form)
        }
        Err(error) => Err(error),
    }
}

/// The cells that were filled; the rows and columns they stand in came with the form.
fn read(cx: &Cx, form: &mut Form, view: &View, today: NaiveDate) -> Result<Option<Vec<NewTarget>>> {
    let valid_from = form.day("valid_from").map(|day| day.unwrap_or(today));
    let reason = form.text("reason", 300);
    let known = fields::metrics(cx)?;
    let keys: Vec<String> = form.values("row").map(str::to_owned).collect();
    let columns: Vec<Option<Metric>> = form
        .values("column")
        .map(|text| text.parse().ok().filter(|metric| known.contains(metric)))
        .collect();
    let mut cells: Vec<(Whose, Metric, f64, Weekdays)> = Vec::new();
    for (number, key) in keys.iter().enumerate() {
        for (column, metric) in columns.iter().enumerate() {
            let field = format!("c{number}.{column}");
            if form.value(&field).is_empty() {
                continue;
            }
            let amount = match view.period {
                Period::Day => {
                    let expected = format!(
                        "{AN_AMOUNT} for {}, or by weekday: 20 Mon-Thu, 10 Fri",
                        metric_words(metric.as_ref())
                    );
                    form.parsed(&field, &expected, read_daily)
                }
                _ => {
                    let expected = format!("{AN_AMOUNT} for {}", metric_words(metric.as_ref()));
                    let amount = form.parsed(&field, &expected, read_amount);
                    amount.map(|amount| (amount, Weekdays::ALL))
                }
            };
            let whose = fields::key(cx, key)?.ok_or(Error::NotFound)?;
            let metric = metric.clone().ok_or(Error::NotFound)?;
            cells.extend(amount.map(|(amount, weekdays)| (whose, metric, amount, weekdays)));
        }
    }
    if form.is_good() && cells.is_empty() {
        form.refuse("c0.0", "Enter an amount for somebody.");
    }
    let (Some(valid_from), Some(reason), true) = (valid_from, reason, form.is_good()) else {
        return Ok(None);
    };
    let new = |(whose, metric, amount, weekdays)| NewTarget {
        whose,
        metric,
        amount,
        period: view.period,
        weekdays,
        valid_from,
        reason: reason.clone(),
    };
    Ok(Some(cells.into_iter().map(new).collect()))
}

fn metric_words(metric: Option<&Metric>) -> String {
    metric.map_or_else(String::new, |metric| metric.label().to_lowercase())
}
