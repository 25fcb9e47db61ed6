//! Mending a lead's own data: who it is and how to reach them, their company, the background.

use super::promise::{profile_values, read_profile};
use super::{Done, May, look};
use crate::app::{Cx, Tx};
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{self, Form};
use crate::leads::{self, Lead, profile, score};
use crate::page::{self, Answer, Frame};
use crate::people::{self, Directory};
use crate::rules::access::{Me, Role};
use crate::rules::profile::Profile;
use askama::Template;
use std::sync::Arc;

/// What can be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    pub company: String,
    pub title: String,
    pub email: String,
    pub phone: String,
    pub note: String,
    pub profile: Profile,
}

/// The fields as forms name them, and as people do; in the order of [`Details::values`].
const LABELS: [(&str, &str); 11] = [
    ("name", "Person"),
    ("company", "Company"),
    ("title", "Job title"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("background", "Background"),
    ("country", "Country"),
    ("region", "Region"),
    ("post_code", "Post code"),
    ("employees", "Employees"),
    ("segment", "Segment"),
];

impl Details {
    pub fn of(conn: &mut Conn, lead: &Lead) -> Result<Details> {
        Ok(Details {
            name: lead.name.clone(),
            company: lead.company.clone(),
            title: lead.title.clone(),
            email: lead.email.clone(),
            phone: lead.phone.clone(),
            note: lead.note.clone(),
            profile: profile::store::of_lead(conn, lead.id)?,
        })
    }

    /// As a form sends them back.
    pub fn values(&self) -> Vec<String> {
        let own = [
            &self.name,
            &self.company,
            &self.title,
            &self.email,
            &self.phone,
            &self.note,
        ];
        let company = profile_values(&self.profile).map(|(_, value)| value);
        let all = own.into_iter().cloned().chain(company);
        all.map(|value| plain(&value)).collect()
    }
}

/// Browsers send line breaks each in their own way, and forms are trimmed.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Said to who wants to write down anew what was erased.
const ERASED: &str = "What was known of this lead is erased, and stays so.";

/// Its owner, their manager, marketing and admins.
pub fn may_edit(me: &Me, may: &May) -> bool {
    may.move_on || me.role == Role::Marketing
}

/// Changes what is known of a lead. `seen` are the values that the asker changed ([`Details::values`]).
pub fn edit(tx: &mut Tx, uid: &str, wanted: &Details, seen: &[String]) -> Result<Done> {
    let me = tx.me()?;
    let (story, may) = look(tx, uid)?;
    if !may_edit(me, &may) {
        return Err(Error::Forbidden);
    }
    if story.lead.erased_at.is_some() {
        return Err(Error::refused(ERASED));
    }
    let id = story.lead.id;
    let now = Details::of(tx.conn, &story.lead)?.values();
    let after = wanted.values();
    // Sent twice, or changed by both in the same way.
    if now == after {
        return Ok(Done::Stored);
    }
    if now != seen {
        return Ok(Done::Newer(news(tx, id, &now, seen)?));
    }
    let details = profile::store::Details {
        name: &wanted.name,
        company: &wanted.company,
        title: &wanted.title,
        email: &wanted.email,
        phone: &wanted.phone,
        note: &wanted.note,
    };
    profile::store::set_details(tx.conn, id, &details)?;
    profile::store::set(tx.conn, id, &wanted.profile)?;
    let changed = LABELS.iter().zip(now.iter().zip(&after));
    let fields: Vec<(&str, &str, &str)> = changed
        .map(|((_, label), (before, after))| (*label, before.as_str(), after.as_str()))
        .collect();
    let (was, became) = audit::differing(&fields);
    audit::change(tx, "edited", ("lead", Some(id)), &was, &became)?;
    score::refresh_of(tx, &[id])?;
    Ok(Done::Stored)
}

/// Who was faster, and what is different now, in sentences.
fn news(tx: &mut Tx, lead_id: i64, now: &[String], seen: &[String]) -> Result<String> {
    let zone = &tx.me()?.zone;
    let trail = audit::trail(tx.conn, "lead", &["edited"], Some(&[lead_id]), 1)?;
    let line = trail.first();
    let who = match line.and_then(|line| line.by_id) {
        id if id.is_some() && id == tx.by_id() => Some("You".to_owned()),
        Some(id) => people::store::by_id(tx.conn, id)?.map(|person| person.name),
        None => None,
    };
    let who = who.unwrap_or_else(|| "Somebody".to_owned());
    let when = line.map(|line| page::short_time(line.at, zone, zone.day_of(tx.now)));
    let when = when.map(|when| format!(" ({when})")).unwrap_or_default();
    let nothing = String::new();
    let changed = LABELS.iter().enumerate().filter_map(|(index, (_, label))| {
        let is_now = now.get(index)?;
        let was = seen.get(index).unwrap_or(&nothing);
        (is_now != was).then(|| match is_now.is_empty() {
            true => format!("{label} is empty now"),
            false => format!("{label} is now \u{201c}{is_now}\u{201d}"),
        })
    });
    let changed: Vec<String> = changed.collect();
    Ok(format!(
        "{who} changed this lead while you had the page open{when}: {}. What you entered is below: save again if it is still right.",
        changed.join("; ")
    ))
}

#[derive(Template)]
#[template(path = "handover/edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    uid: String,
    href: String,
    name: String,
    /// What the lead was when the form was opened, field by field.
    was: Vec<(String, String)>,
}

fn was_name(field: &str) -> String {
    format!("was_{field}")
}

/// What the form says that the lead was.
fn seen(form: &Form) -> Vec<String> {
    let value = |(name, _): &(&str, &str)| plain(form.value(&was_name(name)));
    LABELS.iter().map(value).collect()
}

fn edit_page(cx: &Cx, form: Form, lead: &Lead, was: Vec<String>) -> EditPage {
    let names = LABELS.iter().map(|(name, _)| was_name(name));
    EditPage {
        frame: Frame::new(cx, "Edit a lead"),
        form,
        uid: lead.uid.clone(),
        href: format!("/leads/{}", lead.uid),
        name: lead.title_name().to_owned(),
        was: names.zip(was).collect(),
    }
}

/// The lead and what is known of it, for who may change it.
fn known(cx: &Cx) -> Result<(Lead, Details)> {
    let (me, uid) = (cx.me()?, cx.param("uid")?);
    cx.snapshot(|conn| {
        let lead = leads::store::by_uid(conn, me, uid)?.ok_or(Error::NotFound)?;
        let story = super::Story::load(conn, lead)?;
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        if !may_edit(me, &May::of(me, &story, &directory)) {
            return Err(Error::Forbidden);
        }
        if story.lead.erased_at.is_some() {
            return Err(Error::refused(ERASED));
        }
        let details = Details::of(conn, &story.lead)?;
        Ok((story.lead, details))
    })
}

pub fn form(cx: &Cx) -> Answer {
    let (lead, details) = known(cx)?;
    let values = details.values();
    let names = LABELS.iter().map(|(name, _)| *name);
    let form = Form::filled(names.zip(values.iter().map(String::as_str)));
    page::show(&edit_page(cx, form, &lead, values))
}

pub fn update(cx: &Cx) -> Answer {
    let (lead, _) = known(cx)?;
    let mut form = cx.form();
    let was = seen(&form);
    let Some(wanted) = read(&mut form) else {
        return page::again(&edit_page(cx, form, &lead, was));
    };
    match cx.write(|tx| edit(tx, &lead.uid, &wanted, &was))? {
        Done::Newer(news) => {
            let (lead, details) = known(cx)?;
            let mut page = edit_page(cx, form, &lead, details.values());
            page.frame.notice = Some(news);
            page::with_status(409, &page)
        }
        Done::Refused(field, why) => {
            form.refuse(field, why);
            page::again(&edit_page(cx, form, &lead, was))
        }
        Done::Stored => page::go_to(format!("/leads/{}?done=edited", lead.uid)),
    }
}

fn read(form: &mut Form) -> Option<Details> {
    let name = form.required("name", 120, "the person's name");
    let company = form.text("company", 120);
    let title = form.text("title", 120);
    let email = form.optional(
        "email",
        "an e-mail address such as ana@example.com",
        form::read_email,
    );
    let phone = form.text("phone", 40);
    let note = form.text("background", 2000);
    let profile = read_profile(form);
    Some(Details {
        name: name?,
        company: company?,
        title: title?,
        email: email?.unwrap_or_default(),
        phone: phone?,
        note: plain(&note?),
        profile: profile?,
    })
}
