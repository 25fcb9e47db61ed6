//! Copies the targets that hold for a team or a colleague to a person.

use super::fields;
use super::matrix::{self, View};
use super::seen::Seen;
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer};
use crate::rules::target::TargetRow;
use crate::targets::{NewTarget, Whose, set_all};
use chrono::NaiveDate;

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let today = cx.zone().day_of(cx.now);
    let view = View::of(&form, today);
    let Some(news) = read(cx, &mut form, today)? else {
        return matrix::again(cx, &view, form);
    };
    match cx.write(|tx| set_all(tx, &news)) {
        Ok(()) => page::go_to(view.address("copied")),
        Err(Error::Refused(why)) => {
            form.refuse("copy_from", why);
            matrix::again(cx, &view, form)
        }
        Err(error) => Err(error),
    }
}

fn read(cx: &Cx, form: &mut Form, today: NaiveDate) -> Result<Option<Vec<NewTarget>>> {
    let to = fields::whose(cx, form, "whose")?;
    let from = fields::whose(cx, form, "from")?;
    let day = form.day("copy_from").map(|day| day.unwrap_or(today));
    let reason = form.text("copy_reason", 300);
    let (Some(to), Some(from), Some(day), Some(reason)) = (to, from, day, reason) else {
        return Ok(None);
    };
    if to == from {
        form.refuse("from", "Choose somebody else to copy from.");
        return Ok(None);
    }
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    // Whose targets one does not see one does not copy.
    let everybody = seen.everybody();
    let source = everybody.iter().find(|(_, whose, _)| *whose == from);
    let (.., name) = source.ok_or(Error::NotFound)?;
    let rows = missing(&seen, to, from, day);
    if rows.is_empty() {
        form.refuse(
            "from",
            "Nothing to copy: on that day they have the same targets already.",
        );
        return Ok(None);
    }
    let reason = match reason.is_empty() {
        true => format!("Copied from {name}"),
        false => reason,
    };
    let new = |row: TargetRow| NewTarget {
        whose: to,
        metric: row.metric,
        amount: row.amount,
        period: row.period,
        weekdays: row.weekdays,
        valid_from: day,
        reason: reason.clone(),
    };
    Ok(Some(rows.into_iter().map(new).collect()))
}

/// What holds for one and not, as a row of their own, for the other.
fn missing(seen: &Seen, to: Whose, from: Whose, day: NaiveDate) -> Vec<TargetRow> {
    let theirs = seen.holding_for(to, day);
    let has = |wanted: &TargetRow| {
        theirs.iter().any(|row| {
            let same = (&row.metric, row.period) == (&wanted.metric, wanted.period);
            let asks_same = (row.amount, row.weekdays) == (wanted.amount, wanted.weekdays);
            row.personal && same && asks_same
        })
    };
    let mut rows = seen.holding_for(from, day);
    rows.retain(|row| !has(row));
    rows
}
