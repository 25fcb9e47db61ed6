//! The page of the workspace: its name and zone, and how it writes numbers and days.

use crate::app::Cx;
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::change_workspace;
use crate::rules::zone::Zone;
use crate::style::{DayStyle, NumberStyle, Style};
use askama::Template;

#[derive(Template)]
#[template(path = "people/workspace.html")]
struct WorkspacePage {
    frame: Frame,
    form: Form,
    zones: Vec<Choice>,
    numbers: Vec<Choice>,
    days: Vec<Choice>,
}

pub fn show(cx: &Cx) -> Answer {
    page::show(&workspace_page(cx, Form::default()))
}

fn workspace_page(cx: &Cx, mut form: Form) -> WorkspacePage {
    let workspace = &cx.workspace;
    form.set_default("workspace", workspace.name.clone());
    form.set_default("time_zone", workspace.zone.name());
    form.set_default("numbers", workspace.style.number.word());
    form.set_default("days", workspace.style.day.word());
    let zones = Zone::all_names().into_iter();
    let done = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved.".to_owned(),
        undo_href: None,
    });
    WorkspacePage {
        frame: Frame::new(cx, "Workspace").with_toast(done),
        zones: form.choices("time_zone", zones.map(|name| (name.clone(), name))),
        numbers: form.choices(
            "numbers",
            NumberStyle::ALL.iter().map(|s| (s.word(), s.word())),
        ),
        days: form.choices("days", DayStyle::ALL.iter().map(|s| (s.word(), s.word()))),
        form,
    }
}

pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let name = form.required("workspace", 80, "a name for the workspace");
    let zone = form.parsed("time_zone", "a time zone from the list", Zone::named);
    let number = form.parsed("numbers", "one of these ways", NumberStyle::from_word);
    let day = form.parsed("days", "one of these ways", DayStyle::from_word);
    let (Some(name), Some(zone), Some(number), Some(day)) = (name, zone, number, day) else {
        return page::again(&workspace_page(cx, form));
    };
    cx.write(|tx| change_workspace(tx, &name, zone.name(), Style { number, day }))?;
    page::go_to("/workspace?done=saved")
}
