//! How long some data is kept. What the numbers of reports rest on stays for ever.

use crate::app::Cx;
use crate::erasure;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Answer, Frame, Toast};
use crate::people::settings::{self, Keeping};
use crate::style;
use askama::Template;

/// The longest that can be asked for, in days.
const MOST: i32 = 36_500;

/// Leads are kept for so many days at least: nobody means to forget whom they lost last week.
const LEAST_OF_LEADS: i32 = 30;

#[derive(Template)]
#[template(path = "admin/retention.html")]
struct RetentionPage {
    frame: Frame,
    form: Form,
    /// How many leads would go now; empty where they are kept for ever.
    leads: String,
}

fn retention_page(cx: &Cx, form: Form, toast: Option<Toast>) -> Result<RetentionPage> {
    let keeping = cx.read(settings::store::keeping)?;
    let count = |days: i32| cx.read(|conn| erasure::count_silent(conn, cx.now, days));
    let leads = match keeping.leads_days.map(count).transpose()? {
        None => String::new(),
        Some(0) => "No lead is that old now.".to_owned(),
        Some(1) => "1 lead is that old, and goes within a day.".to_owned(),
        Some(many) => format!(
            "{} leads are that old, and go within a day, at most {} of them each day.",
            style::count(many),
            style::count(erasure::MOST_SILENT)
        ),
    };
    Ok(RetentionPage {
        frame: Frame::new(cx, "Data retention").with_toast(toast),
        form,
        leads,
    })
}

/// What is set, in a word.
pub fn shown(cx: &Cx) -> Result<String> {
    let keeping = cx.read(settings::store::keeping)?;
    let set = [
        keeping.notices_days,
        keeping.uploads_days,
        keeping.addresses_days,
        keeping.leads_days,
    ];
    Ok(match set.iter().flatten().count() {
        0 => "Everything is kept but uploads".to_owned(),
        some => format!("{some} of {} limited", set.len()),
    })
}

pub fn show(cx: &Cx) -> Answer {
    let keeping = cx.read(settings::store::keeping)?;
    let mut form = Form::default();
    for (field, days) in [
        ("notices", keeping.notices_days),
        ("uploads", keeping.uploads_days),
        ("addresses", keeping.addresses_days),
        ("leads", keeping.leads_days),
    ] {
        form.set_default(field, days.map(|days| days.to_string()).unwrap_or_default());
    }
    let toast = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved. It is done within a day.".to_owned(),
        undo_href: None,
    });
    page::show(&retention_page(cx, form, toast)?)
}

pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let mut days = |name| {
        form.optional(name, "a whole number of days, or nothing", |days| {
            days.parse().ok().filter(|days| (1..=MOST).contains(days))
        })
    };
    let read = (days("notices"), days("uploads"), days("addresses"));
    let leads_days = form.optional("leads", "30 days or more, or nothing", |days| {
        let days = days.parse().ok();
        days.filter(|days| (LEAST_OF_LEADS..=MOST).contains(days))
    });
    let (Some(notices_days), Some(uploads_days), Some(addresses_days)) = read else {
        return page::again(&retention_page(cx, form, None)?);
    };
    let Some(leads_days) = leads_days else {
        return page::again(&retention_page(cx, form, None)?);
    };
    let keeping = Keeping {
        notices_days,
        uploads_days,
        addresses_days,
        leads_days,
    };
    cx.write(|tx| settings::keep_for(tx, &keeping))?;
    page::go_to("/retention?done=saved")
}
