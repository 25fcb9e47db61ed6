//! The draft of the next version: made, edited, signed and dropped.

use super::{Ground, compare};
use crate::app::Cx;
use crate::definitions::diff::{self, Line};
use crate::definitions::fields::LevelFields;
use crate::definitions::store::{Content, Version};
use crate::definitions::{Done, begin, drop_draft, edit, fields, sign, text};
use crate::error::Error;
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame};
use crate::rules::level::Per;
use askama::Template;

#[derive(Template)]
#[template(path = "definitions/draft.html")]
struct DraftPage {
    frame: Frame,
    number: i64,
    form: Form,
    sections: Vec<Section>,
    levels: Vec<LevelFields>,
    pers: Vec<Choice>,
    /// The revision that the form was filled from.
    seen: i32,
    /// How many have signed what stands here.
    signed: usize,
    /// What was typed against what somebody else saved meanwhile.
    news: Option<News>,
}

struct Section {
    name: &'static str,
    label: &'static str,
    value: String,
    error: String,
}

struct News {
    text: String,
    lines: Vec<Line>,
}

pub fn create(cx: &Cx) -> Answer {
    cx.write(begin)?;
    page::go_to("/definitions/draft")
}

pub fn form(cx: &Cx) -> Answer {
    let ground = Ground::load(cx)?;
    let draft = ground.draft().ok_or(Error::NotFound)?;
    let form = fields::filled(&draft.content);
    page::show(&draft_page(cx, &ground, draft, form, None))
}

fn draft_page(
    cx: &Cx,
    ground: &Ground,
    draft: &Version,
    form: Form,
    news: Option<News>,
) -> DraftPage {
    let section =
        |(name, label, _): (&'static str, &'static str, fn(&Content) -> &String)| Section {
            name,
            label,
            value: form.value(name).to_owned(),
            error: form.error(name).to_owned(),
        };
    DraftPage {
        frame: Frame::new(cx, format!("Draft of version {}", draft.number)),
        number: draft.number,
        sections: text::SECTIONS.into_iter().map(section).collect(),
        levels: fields::levels(&form, &ground.lists),
        pers: form.choices(
            "volume_per",
            [(Per::Week, "a week"), (Per::Month, "a month")],
        ),
        seen: draft.revision,
        signed: draft.signatures.len(),
        news,
        form,
    }
}

/// Saves the draft. Who was second gets what they typed again, with what it would change of what the first one saved.
pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let ground = Ground::load(cx)?;
    let draft = ground.draft().ok_or(Error::NotFound)?;
    let seen: i32 = form.value("seen").parse().unwrap_or_default();
    let Some(content) = fields::read(&mut form, &ground.lists) else {
        let mut page = draft_page(cx, &ground, draft, form, None);
        page.seen = seen;
        return page::again(&page);
    };
    match cx.write(|tx| edit(tx, &content, seen))? {
        Done::Stored => page::go_to(format!("/definitions/{}?done=saved", draft.number)),
        Done::Newer(by_id) => {
            let ground = Ground::load(cx)?;
            let draft = ground.draft().ok_or(Error::NotFound)?;
            let news = news(cx, &ground, draft, &content, by_id);
            page::with_status(409, &draft_page(cx, &ground, draft, form, Some(news)))
        }
    }
}

fn news(cx: &Cx, ground: &Ground, draft: &Version, typed: &Content, by_id: Option<i64>) -> News {
    let name = match ground.directory.name(by_id) {
        "" => "Somebody",
        name => name,
    };
    let today = cx.zone().day_of(cx.now);
    let when = page::short_time(draft.edited_at, cx.zone(), today);
    let lines = diff::lines(
        &text::lines(&draft.content, &ground.lists),
        &text::lines(typed, &ground.lists),
    );
    News {
        text: format!(
            "{name} saved this draft at {when}, while you had it open. Yours is below as you typed it; saving it again \
             makes these changes to theirs: {}",
            compare::changed(&lines).to_lowercase()
        ),
        lines: lines
            .into_iter()
            .filter(|line| line.is_new() || line.is_gone())
            .collect(),
    }
}

pub fn sign_draft(cx: &Cx) -> Answer {
    let seen: i32 = cx.form().value("seen").parse().unwrap_or_default();
    let number = Ground::load(cx)?.draft().map(|draft| draft.number);
    cx.write(|tx| sign(tx, seen))?;
    let number = number.ok_or(Error::NotFound)?;
    page::go_to(format!("/definitions/{number}?done=signed"))
}

pub fn remove(cx: &Cx) -> Answer {
    cx.write(drop_draft)?;
    page::go_to("/definitions?done=dropped")
}
