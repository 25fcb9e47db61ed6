//! A ramp for newcomers: a schedule of rows, shown before it is set.

use super::seen::Seen;
use super::{fields, tabs};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Link};
use crate::rules::ramp::{self, WEEKS_MOST};
use crate::rules::target::{Metric, Period, TargetRow, Weekdays};
use crate::targets::{NewTarget, Whose, set_all, words};
use askama::Template;
use chrono::NaiveDate;

/// The fields of the form, carried from the preview to the deed.
const FIELDS: [&str; 8] = [
    "whose",
    "metric",
    "period",
    "start",
    "end",
    "weeks",
    "valid_from",
    "reason",
];

#[derive(Template)]
#[template(path = "ledger/ramp.html")]
struct RampPage {
    frame: Frame,
    tabs: Vec<Link>,
    form: Form,
    whose: Vec<Choice>,
    metrics: Vec<Choice>,
    periods: Vec<Choice>,
    /// The rows that would be written: from when, and what.
    steps: Vec<(String, String)>,
    /// For whom and what, above the preview.
    about: String,
    carried: Vec<(&'static str, String)>,
}

/// The form, and the schedule that it describes once it is filled.
pub fn form(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let news = match form.has("whose") {
        true => read(cx, &mut form)?,
        false => None,
    };
    let is_good = form.is_good();
    let page = ramp_page(cx, form, &news.unwrap_or_default())?;
    if is_good {
        page::show(&page)
    } else {
        page::again(&page)
    }
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(news) = read(cx, &mut form)? else {
        return page::again(&ramp_page(cx, form, &[])?);
    };
    match cx.write(|tx| set_all(tx, &news)) {
        Ok(()) => page::go_to("/targets/matrix?done=ramp"),
        Err(Error::Refused(why)) => {
            form.refuse("valid_from", why);
            page::again(&ramp_page(cx, form, &[])?)
        }
        Err(error) => Err(error),
    }
}

fn read(cx: &Cx, form: &mut Form) -> Result<Option<Vec<NewTarget>>> {
    let today = cx.zone().day_of(cx.now);
    let whose = fields::whose(cx, form, "whose")?;
    let metric = fields::metric(cx, form)?;
    let period = fields::period(form);
    let ends = (fields::amount(form, "start"), fields::amount(form, "end"));
    let weeks = form.parsed("weeks", "a number of weeks from 1 to 52", |text| {
        text.parse()
            .ok()
            .filter(|weeks| (1..=WEEKS_MOST).contains(weeks))
    });
    let first = form.day("valid_from").map(|day| day.unwrap_or(today));
    let reason = form.text("reason", 300);
    let news = || {
        let (start, end) = (ends.0?, ends.1?);
        let (whose, metric, period, reason) = (whose?, metric?, period?, reason?);
        let steps = ramp::steps(start, end, weeks?, first?).into_iter();
        let row = |step: ramp::Step| NewTarget {
            whose,
            metric: metric.clone(),
            amount: step.amount,
            period,
            weekdays: Weekdays::ALL,
            valid_from: step.from,
            reason: reason.clone(),
        };
        Some(steps.map(row).collect())
    };
    Ok(news())
}

fn ramp_page(cx: &Cx, mut form: Form, news: &[NewTarget]) -> Result<RampPage> {
    let me = cx.me()?;
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    form.set_default("period", Period::Day.word());
    form.set_default("weeks", "6");
    form.set_default("valid_from", seen.today.to_string());
    let everybody = seen.everybody();
    let of = news.first().map(|new| new.whose);
    // Whom the reader does not manage is not found, as when it is set.
    let known = |whose: Whose| everybody.iter().find(|(_, known, _)| *known == whose);
    let name = match of {
        Some(whose) => known(whose).ok_or(Error::NotFound)?.2.clone(),
        None => String::new(),
    };
    let about = news
        .first()
        .map(|new| format!("{} for {name}", new.metric.label()));
    let people = everybody
        .iter()
        .filter(|(key, ..)| key.starts_with("person:"));
    let metrics = fields::metrics(cx)?.into_iter();
    Ok(RampPage {
        frame: Frame::new(cx, "Ramp"),
        tabs: tabs(me, "/targets/ramp"),
        whose: form.choices("whose", people.map(|(key, _, name)| (key, name))),
        metrics: form.choices("metric", metrics.map(|m| (m.clone(), label(&m)))),
        periods: form.choices("period", fields::PERIODS),
        steps: news
            .iter()
            .map(|new| (from(new.valid_from), asked(new)))
            .collect(),
        about: about.unwrap_or_default(),
        carried: FIELDS
            .map(|name| (name, form.value(name).to_owned()))
            .into(),
        form,
    })
}

fn label(metric: &Metric) -> String {
    metric.label().to_owned()
}

fn from(day: NaiveDate) -> String {
    page::day(day)
}

fn asked(new: &NewTarget) -> String {
    words(&TargetRow {
        id: 0,
        metric: new.metric.clone(),
        amount: new.amount,
        period: new.period,
        weekdays: new.weekdays,
        valid_from: new.valid_from,
        personal: true,
    })
}
