//! What people send from a lead's page to say something: replies to rejections, questions, answers, ratings.

use super::say::{self, Say};
use super::view::{self, Open};
use super::{Done, Story, told};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::leads;
use crate::lists::{List, Lists};
use crate::page::{self, Answer};
use crate::people::Directory;
use crate::rules::access::Role;
use crate::talk::{self, NewRating, NewRemark, Reply};
use std::sync::Arc;

const TEXT_MOST: usize = 2000;

/// Marketing agrees with a rejection or disputes it.
pub fn answer_rejection(cx: &Cx) -> Answer {
    reply(cx, &[Reply::Agreed, Reply::Disputed], Say::Dispute)
}

/// Sales settles a dispute.
pub fn settle(cx: &Cx) -> Answer {
    reply(cx, &[Reply::Upheld, Reply::Withdrawn], Say::Settle)
}

fn reply(cx: &Cx, allowed: &[Reply], say: fn(i64) -> Say) -> Answer {
    let mut form = cx.form();
    let event = form.parsed(
        "event",
        "which rejection you mean: reload the page",
        |text| text.parse::<i64>().ok(),
    );
    let replied = form.parsed("reply", "one of the answers", |word| {
        Reply::from_word(word).filter(|reply| allowed.contains(reply))
    });
    let text = form.text("text", TEXT_MOST);
    let say = event.map(say);
    let (Some(event), Some(replied), Some(text)) = (event, replied, text) else {
        return back(cx, say, form, 422);
    };
    let done = cx.write(|tx| super::reply(tx, cx.param("uid")?, event, replied, &text));
    finish(cx, say, form, done, replied.word())
}

/// Asks about a lead, or answers a question.
pub fn ask(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let question = form.value("question").to_owned();
    let say = match question.as_str() {
        "" => Say::Ask,
        uid => Say::Answer(uid.to_owned()),
    };
    let text = form.required("text", TEXT_MOST, "what you want to say");
    let id = form.parsed("id", "the form anew: reload the page", |text| {
        uuid::Uuid::parse_str(text).ok()
    });
    let (Some(text), Some(id)) = (text, id) else {
        return back(cx, Some(say), form, 422);
    };
    let story = story(cx)?;
    let new = NewRemark {
        uid: id.to_string(),
        text,
        tell: told_too(cx, &story, &form)?,
    };
    let done = cx.write(|tx| {
        let uid = cx.param("uid")?;
        if !question.is_empty() {
            return talk::answer(tx, uid, &question, &new);
        }
        // A question of sales is marketing's to answer, and one of marketing's the owner's.
        let me = tx.me()?;
        let to = match (me.role, story.lead.owner_id, story.handover()) {
            (Role::Marketing, Some(owner), _) => told::owners(tx, owner)?,
            (Role::Marketing, None, _) | (_, _, None) => Vec::new(),
            (_, _, Some(handover)) => told::promisers(tx, handover)?,
        };
        talk::ask(tx, uid, &new, &to)
    });
    let word = if question.is_empty() {
        "asked"
    } else {
        "answered"
    };
    finish(cx, Some(say), form, done.map(|()| Done::Stored), word)
}

fn story(cx: &Cx) -> Result<Story> {
    let (me, uid) = (cx.me()?, cx.param("uid")?);
    cx.snapshot(|conn| {
        let lead = leads::store::by_uid(conn, me, uid)?.ok_or(Error::NotFound)?;
        Story::load(conn, lead)
    })
}

/// Those who were ticked and may see the lead.
fn told_too(cx: &Cx, story: &Story, form: &Form) -> Result<Vec<i64>> {
    let names = super::timeline::Names {
        directory: cx.reference::<Directory>()?,
        lists: cx.reference::<Lists>()?,
    };
    let ticked: Vec<&str> = form.values("tell").collect();
    let readers = say::who_may_read(story, &names, cx.me()?, cx.now);
    let ticked = readers
        .into_iter()
        .filter(|p| ticked.contains(&p.uid.as_str()));
    Ok(ticked.map(|person| person.id).collect())
}

/// Takes one's own word back.
pub fn take_back(cx: &Cx) -> Answer {
    let form = cx.form();
    let remark = form.value("remark").to_owned();
    let done = cx.write(|tx| talk::take_back(tx, cx.param("uid")?, &remark));
    finish(cx, None, form, done.map(|()| Done::Stored), "taken-back")
}

/// Rates the newest hand-over.
pub fn rate(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let stars = form.parsed("stars", "1 to 5", |text| {
        text.parse::<i32>()
            .ok()
            .filter(|stars| (1..=5).contains(stars))
    });
    let landed = form.text("landed", 200);
    let note = form.text("text", TEXT_MOST);
    let (Some(stars), Some(landed), Some(note)) = (stars, landed, note) else {
        return back(cx, Some(Say::Rate), form, 422);
    };
    let lists: Arc<Lists> = cx.reference()?;
    let mut assets = lists.labels_of(List::Asset);
    let asset = assets.find(|asset| asset.name.eq_ignore_ascii_case(&landed));
    let new = NewRating {
        stars,
        asset_id: asset.map(|asset| asset.id),
        landed: asset.map_or(landed, |asset| asset.name.clone()),
        note,
    };
    let done = cx.write(|tx| talk::rate(tx, cx.param("uid")?, &new));
    finish(
        cx,
        Some(Say::Rate),
        form,
        done.map(|()| Done::Stored),
        "rated",
    )
}

fn finish(cx: &Cx, say: Option<Say>, mut form: Form, done: Result<Done>, word: &str) -> Answer {
    match done {
        Ok(Done::Stored) => page::go_to(format!("/leads/{}?done={word}#talk", cx.param("uid")?)),
        Ok(Done::Refused(field, why)) => {
            form.refuse(field, why);
            back(cx, say, form, 422)
        }
        Err(Error::Refused(why)) => {
            form.refuse("text", why);
            back(cx, say, form, 422)
        }
        Ok(Done::Newer(news)) | Err(Error::Conflict(news)) => {
            let mut page = view::load(cx, cx.param("uid")?, say.map(Open::Say), form)?;
            page.frame.notice = Some(news);
            page::with_status(409, &page)
        }
        Err(error) => Err(error),
    }
}

/// The lead's page with the form in it, filled, and its messages.
fn back(cx: &Cx, say: Option<Say>, form: Form, status: u16) -> Answer {
    let page = view::load(cx, cx.param("uid")?, say.map(Open::Say), form)?;
    page::with_status(status, &page)
}
