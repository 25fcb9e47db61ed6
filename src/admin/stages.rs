//! What the stages of a lead are called here. Their meaning is fixed.

use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Toast};
use crate::people::settings;
use crate::rules::stage::Stage;
use crate::style;
use askama::Template;

const MOST: usize = 40;

#[derive(Template)]
#[template(path = "admin/stages.html")]
struct StagesPage {
    frame: Frame,
    form: Form,
    stages: Vec<StageView>,
}

struct StageView {
    word: &'static str,
    usual: &'static str,
    meaning: &'static str,
}

fn meaning(stage: Stage) -> &'static str {
    match stage {
        Stage::Nurture => "With marketing, not ready yet.",
        Stage::HandedOver => "With sales; nobody has accepted it or tried.",
        Stage::Accepted => "With sales, and taken; nobody has tried.",
        Stage::Attempting => "Tried, and not reached yet.",
        Stage::Contacted => "Reached.",
        Stage::MeetingBooked => "A meeting is agreed.",
        Stage::Qualified => "It fits what was agreed.",
        Stage::Opportunity => "A deal is worked on.",
        Stage::Won => "Ended: bought.",
        Stage::Lost => "Ended: did not buy.",
        Stage::Rejected => "Ended by sales before a contact.",
        Stage::Disqualified => "Ended by sales after attempts.",
        Stage::Duplicate => "Ended: there is another lead of it.",
    }
}

fn stages_page(cx: &Cx, form: Form) -> StagesPage {
    let view = |stage: &Stage| StageView {
        word: stage.word(),
        usual: stage.label(),
        meaning: meaning(*stage),
    };
    StagesPage {
        frame: Frame::new(cx, "Names of stages"),
        form,
        stages: Stage::ALL.iter().map(view).collect(),
    }
}

pub fn show(cx: &Cx) -> Answer {
    let named = Stage::ALL.iter();
    let form = Form::filled(named.map(|stage| (stage.word(), style::stage(*stage))));
    let mut page = stages_page(cx, form);
    page.frame.toast = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved.".to_owned(),
        undo_href: None,
    });
    page::show(&page)
}

fn read(form: &mut Form) -> Option<Vec<(Stage, String)>> {
    let mut names = Vec::new();
    for stage in Stage::ALL {
        // A field that is emptied asks for the usual name.
        let name = form.text(stage.word(), MOST)?;
        let name = if name.is_empty() {
            stage.label().to_owned()
        } else {
            name
        };
        let is_taken = |(_, known): &(Stage, String)| known.to_lowercase() == name.to_lowercase();
        if names.iter().any(is_taken) {
            form.refuse(stage.word(), "Two stages cannot have one name.");
        }
        names.push((*stage, name));
    }
    form.is_good().then_some(names)
}

pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(names) = read(&mut form) else {
        return page::again(&stages_page(cx, form));
    };
    let done: Result<()> = cx.write(|tx| settings::name_stages(tx, &names));
    match done {
        Ok(()) => page::go_to("/stages?done=saved"),
        Err(Error::Refused(why)) => {
            form.refuse(Stage::Nurture.word(), why);
            page::again(&stages_page(cx, form))
        }
        Err(error) => Err(error),
    }
}
