//! Fields that several forms of targets have.

use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::lists::{Kind, Lists};
use crate::people;
use crate::rules::target::{Metric, Period};
use crate::rules::weekdays::read_amount;
use crate::targets::{Ledger, Whose};
use std::sync::Arc;

/// As forms offer them.
pub const PERIODS: [(Period, &str); 3] = [
    (Period::Day, "Day"),
    (Period::Week, "Week"),
    (Period::Month, "Month"),
];
pub const AN_AMOUNT: &str = "an amount from 0 to 1,000,000";

/// For whom: `team:7` or `person:` and their uid. Somebody whom there is not is not found.
pub fn whose(cx: &Cx, form: &mut Form, name: &str) -> Result<Option<Whose>> {
    let whose = key(cx, form.value(name))?;
    if whose.is_none() {
        form.refuse(name, "Choose a person or a team.");
    }
    Ok(whose)
}

/// Whom a key names; `None` for what is no key.
pub fn key(cx: &Cx, text: &str) -> Result<Option<Whose>> {
    Ok(match text.split_once(':') {
        Some(("team", id)) => Some(Whose::Team(id.parse().map_err(|_| Error::NotFound)?)),
        Some(("person", uid)) => {
            let person = cx.read(|conn| people::store::by_uid(conn, uid))?;
            Some(Whose::Person(person.ok_or(Error::NotFound)?.id))
        }
        _ => None,
    })
}

/// What may be a target: a retired kind only where one is still to be ended.
pub fn metrics(cx: &Cx) -> Result<Vec<Metric>> {
    let (lists, ledger): (Arc<Lists>, Arc<Ledger>) = (cx.reference()?, cx.reference()?);
    let metric = |kind: &Kind| (kind.is_retired, Metric::Kind(kind.name.clone()));
    let kinds = lists.kinds.iter().map(metric);
    let kinds = kinds.filter(|(is_retired, metric)| !is_retired || ledger.asks(metric));
    let kinds = kinds.map(|(_, metric)| metric);
    Ok(Metric::GENERAL.into_iter().chain(kinds).collect())
}

pub fn metric(cx: &Cx, form: &mut Form) -> Result<Option<Metric>> {
    let known = metrics(cx)?;
    Ok(form.parsed("metric", "a metric from the list", |text| {
        let metric: Metric = text.parse().ok()?;
        known.contains(&metric).then_some(metric)
    }))
}

pub fn amount(form: &mut Form, name: &str) -> Option<f64> {
    form.parsed(name, AN_AMOUNT, read_amount)
}

pub fn period(form: &mut Form) -> Option<Period> {
    form.parsed("period", "day, week or month", Period::from_word)
}
