//! The form on which people write down what they know of a lead, or correct it.

use super::{Done, NewSignal, Signal, store};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::leads::{self, Lead};
use crate::lists::{List, Lists};
use crate::page::{self, Answer, Frame};
use crate::value::Instant;
use askama::Template;
use chrono::NaiveTime;
use std::sync::Arc;

/// Minutes after midnight.
const NOON: u16 = 12 * 60;

#[derive(Template)]
#[template(path = "leads/signal.html")]
struct SignalPage {
    frame: Frame,
    form: Form,
    uid: String,
    href: String,
    name: String,
    kinds: Vec<Choice>,
    assets: Vec<String>,
    /// What is corrected; empty for something new.
    of: String,
}

fn signal_page(cx: &Cx, form: Form) -> Result<SignalPage> {
    let lead = lead(cx)?;
    let all = cx.read(store::kinds)?;
    let chosen = form.value("kind").to_owned();
    let open = all
        .iter()
        .filter(|kind| !kind.is_retired || kind.id.to_string() == chosen);
    let none = [(String::new(), "Choose what it was".to_owned())];
    let each = open.map(|kind| (kind.id.to_string(), kind.name.clone()));
    let kinds = form.choices("kind", none.into_iter().chain(each));
    let lists: Arc<Lists> = cx.reference()?;
    let assets = lists
        .labels_of(List::Asset)
        .filter(|label| !label.is_retired);
    let assets = assets.map(|label| label.name.clone()).collect();
    let of = form.value("of").to_owned();
    let title = match of.is_empty() {
        true => "What is going on",
        false => "Correct what is known",
    };
    Ok(SignalPage {
        frame: Frame::new(cx, title),
        href: format!("/leads/{}", lead.uid),
        uid: lead.uid.clone(),
        name: lead.title_name().to_owned(),
        kinds,
        assets,
        of,
        form,
    })
}

fn lead(cx: &Cx) -> Result<Lead> {
    let (me, uid) = (cx.me()?, cx.param("uid")?);
    cx.read(|conn| leads::store::by_uid(conn, me, uid))?
        .ok_or(Error::NotFound)
}

/// Empty, or filled with what `?of=` names.
pub fn show(cx: &Cx) -> Answer {
    let of = cx.query().value("of").to_owned();
    let uid = uuid::Uuid::now_v7().to_string();
    if of.is_empty() {
        return page::show(&signal_page(cx, Form::filled([("uid", uid)]))?);
    }
    let lead = lead(cx)?;
    let old = cx.read(|conn| store::by_uid(conn, &of))?;
    let old = old
        .filter(|old| old.lead_id == lead.id)
        .ok_or(Error::NotFound)?;
    if !super::may_correct(cx.me()?, &old) {
        return Err(Error::Forbidden);
    }
    page::show(&signal_page(cx, filled(cx, &old, uid)?)?)
}

fn filled(cx: &Cx, old: &Signal, uid: String) -> Result<Form> {
    let lists: Arc<Lists> = cx.reference()?;
    let at = cx.zone().local(old.at);
    Ok(Form::filled([
        ("uid", uid),
        ("of", old.uid.clone()),
        ("kind", old.kind_id.to_string()),
        ("day", at.date().to_string()),
        ("time", at.format("%H:%M").to_string()),
        ("what", old.what.clone()),
        ("asset", lists.label_name(old.asset_id).to_owned()),
        ("link", old.link.clone()),
    ]))
}

pub fn create(cx: &Cx) -> Answer {
    lead(cx)?;
    let mut form = cx.form();
    let Some(new) = read(cx, &mut form) else {
        return page::again(&signal_page(cx, form)?);
    };
    let (uid, of) = (cx.param("uid")?, form.value("of").to_owned());
    let is_withdrawn = form.is_ticked("withdraw");
    let done = cx.write(|tx| match of.is_empty() {
        true => super::note(tx, uid, &new).map(|()| Done::Stored),
        false => super::correct(tx, uid, &of, &new, is_withdrawn),
    });
    let news = match done {
        Ok(Done::Stored) => return page::go_to(format!("/leads/{uid}#going-on")),
        Ok(Done::Newer(news)) => news,
        // Two corrected the same at the same moment.
        Err(Error::Conflict(_)) => {
            "Somebody corrected it at the same moment. What you entered is below: enter it anew if it is still right."
                .to_owned()
        }
        Err(Error::Refused(why)) => {
            form.refuse("kind", why);
            return page::again(&signal_page(cx, form)?);
        }
        Err(error) => return Err(error),
    };
    let mut page = signal_page(cx, form)?;
    // What was corrected meanwhile stands; what was typed is something new.
    page.of = String::new();
    page.frame.notice = Some(news);
    page::with_status(409, &page)
}

fn read(cx: &Cx, form: &mut Form) -> Option<NewSignal> {
    let uid = form.parsed("uid", "the form anew: reload the page", |text| {
        uuid::Uuid::parse_str(text).ok()
    });
    let kind_id = form.parsed("kind", "what it was", |text| text.parse().ok());
    let at = happened_at(cx, form);
    let what = form.text("what", 1000);
    let asset = form.text("asset", 80);
    let link = form.optional("link", "an address that begins with https://", read_link);
    Some(NewSignal {
        uid: uid?.to_string(),
        kind_id: kind_id?,
        at: at?,
        what: what?,
        asset: asset?,
        link: link?.unwrap_or_default(),
    })
}

/// Now, unless the form says another day; noon of that where it says no time.
fn happened_at(cx: &Cx, form: &mut Form) -> Option<Instant> {
    let zone = cx.zone();
    let today = zone.day_of(cx.now);
    let day = form.day("day")?.unwrap_or(today);
    let time = form.optional("time", "a time such as 14:30", |text| {
        NaiveTime::parse_from_str(text, "%H:%M").ok()
    })?;
    Some(match time {
        Some(time) => zone.instant_of(day.and_time(time)),
        None if day == today => cx.now,
        None => zone.instant(day, NOON),
    })
}

fn read_link(text: &str) -> Option<String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_web && is_plain && text.len() <= 500).then(|| text.to_owned())
}
