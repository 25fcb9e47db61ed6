//! How long some data is kept. What the numbers of reports rest on stays for ever.

use crate::app::Cx;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Answer, Frame, Toast};
use crate::people::settings::{self, Keeping};
use askama::Template;

/// The longest that can be asked for, in days.
const MOST: i32 = 36_500;

#[derive(Template)]
#[template(path = "admin/retention.html")]
struct RetentionPage {
    frame: Frame,
    form: Form,
}

/// What is set, in a word.
pub fn shown(cx: &Cx) -> Result<String> {
    let keeping = cx.read(settings::store::keeping)?;
    let set = [
        keeping.notices_days,
        keeping.uploads_days,
        keeping.addresses_days,
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
    ] {
        form.set_default(field, days.map(|days| days.to_string()).unwrap_or_default());
    }
    let toast = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved. It is done within a day.".to_owned(),
        undo_href: None,
    });
    page::show(&RetentionPage {
        frame: Frame::new(cx, "Data retention").with_toast(toast),
        form,
    })
}

pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let mut days = |name| {
        form.optional(name, "a whole number of days, or nothing", |days| {
            days.parse().ok().filter(|days| (1..=MOST).contains(days))
        })
    };
    let read = (days("notices"), days("uploads"), days("addresses"));
    let (Some(notices_days), Some(uploads_days), Some(addresses_days)) = read else {
        let frame = Frame::new(cx, "Data retention");
        return page::again(&RetentionPage { frame, form });
    };
    let keeping = Keeping {
        notices_days,
        uploads_days,
        addresses_days,
    };
    cx.write(|tx| settings::keep_for(tx, &keeping))?;
    page::go_to("/retention?done=saved")
}
