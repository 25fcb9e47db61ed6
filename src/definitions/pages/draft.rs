//! The draft of the next version: made, edited, signed and dropped.

use super::{Ground, compare, definitions_page};
use crate::app::Cx;
use crate::definitions::diff::{self, Line};
use crate::definitions::fields::LevelFields;
use crate::definitions::store::{Content, Version};
use crate::definitions::verbs::{DROPPED, last_of_draft};
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

/// Begins the draft of the next version with the score's rules in force, a line each.
pub fn create(cx: &Cx, rules: &[String]) -> Answer {
    let save = || cx.write(|tx| begin(tx, rules));
    // Of two who begin at the same moment the second is told of the first.
    match save() {
        Err(Error::Conflict(_)) => save(),
        begun => begun,
    }?;
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

/// Saves the draft. Who was second gets what they typed again, with what it would change of what the first one saved;
/// where the draft is gone, they get it to copy.
pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let ground = Ground::load(cx)?;
    let Some(draft) = ground.draft() else {
        return gone(cx, &ground, form);
    };
    let seen: i32 = form.value("seen").parse().unwrap_or_default();
    let Some(content) = fields::read(&mut form, &ground.lists) else {
        let mut page = draft_page(cx, &ground, draft, form, None);
        page.seen = seen;
        return page::again(&page);
    };
    match cx.write(|tx| edit(tx, &content, seen)) {
        Ok(Done::Stored) => page::go_to(format!("/definitions/{}?done=saved", draft.number)),
        Ok(Done::Newer(by_id)) => {
            let ground = Ground::load(cx)?;
            let Some(draft) = ground.draft() else {
                return gone(cx, &ground, form);
            };
            let news = news(cx, &ground, draft, &content, by_id);
            page::with_status(409, &draft_page(cx, &ground, draft, form, Some(news)))
        }
        Err(Error::NotFound) => gone(cx, &ground, form),
        Err(error) => Err(error),
    }
}

/// What was typed into a draft that is one no more: it was dropped, or is in force.
fn gone(cx: &Cx, ground: &Ground, mut form: Form) -> Answer {
    let last = cx.read(last_of_draft)?.ok_or(Error::NotFound)?;
    let by = saved_by(cx, ground, last.by_id);
    let number = last.subject_id.unwrap_or_default();
    let when = page::short_time(last.at, cx.zone(), cx.zone().day_of(cx.now));
    let (title, news) = match last.verb.as_str() {
        DROPPED => (
            "This draft is dropped",
            format!("{by} dropped the draft of version {number}, {when}."),
        ),
        _ => (
            "This version is in force",
            format!(
                "Both sides have signed version {number}, last {by}, {when}: it changes no more, and only another version follows it."
            ),
        ),
    };
    let typed = match fields::read(&mut form, &ground.lists) {
        Some(content) => text::lines(&content, &ground.lists).join("\n"),
        None => page::typed(
            &form,
            &text::SECTIONS.map(|(name, heading, _)| (name, heading)),
        ),
    };
    let typed = if form.has("seen") {
        typed
    } else {
        String::new()
    };
    page::give_back(
        cx,
        title.to_owned(),
        &news,
        typed,
        ("/definitions", "Read what is in force"),
    )
}

fn news(cx: &Cx, ground: &Ground, draft: &Version, typed: &Content, by_id: Option<i64>) -> News {
    let name = saved_by(cx, ground, by_id);
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
    match cx.write(|tx| sign(tx, seen)) {
        Ok(number) => page::go_to(format!("/definitions/{number}?done=signed")),
        Err(Error::Conflict(why)) => now(cx, why),
        Err(error) => Err(error),
    }
}

pub fn remove(cx: &Cx) -> Answer {
    let seen: i32 = cx.form().value("seen").parse().unwrap_or_default();
    match cx.write(|tx| drop_draft(tx, seen))? {
        Done::Stored => page::go_to("/definitions?done=dropped"),
        Done::Newer(by_id) => {
            let ground = Ground::load(cx)?;
            let by = saved_by(cx, &ground, by_id);
            now(
                cx,
                format!(
                    "{by} saved this draft while you had it open. Read it again before you drop it."
                ),
            )
        }
    }
}

/// The draft as it reads now, else what is in force, under what happened meanwhile (409).
fn now(cx: &Cx, why: String) -> Answer {
    let ground = Ground::load(cx)?;
    let version = ground
        .draft()
        .or(ground.in_force())
        .ok_or(Error::NotFound)?;
    let mut page = definitions_page(cx, &ground, version, Form::default())?;
    page.frame.notice = Some(why);
    page::with_status(409, &page)
}

fn saved_by(cx: &Cx, ground: &Ground, by_id: Option<i64>) -> String {
    let is_me = by_id.is_some() && by_id == cx.who.as_ref().map(|me| me.id);
    match ground.directory.name(by_id) {
        _ if is_me => "You",
        "" => "Somebody",
        name => name,
    }
    .to_owned()
}
