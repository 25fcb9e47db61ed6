//! The pages that ask before somebody is erased, or what is known of a lead.

use super::{erase, erase_lead};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::leads::{self, Lead};
use crate::page::{self, Answer, Frame};
use crate::people::{self, Person};
use askama::Template;

#[derive(Template)]
#[template(path = "erasure/page.html")]
struct ErasePage {
    frame: Frame,
    form: Form,
    name: String,
    href: String,
}

fn asked_for(cx: &Cx) -> Result<Person> {
    let uid = cx.param("uid")?;
    let person = cx.read(|conn| people::store::by_uid(conn, uid))?;
    person
        .filter(|person| person.left_on.is_some())
        .ok_or(Error::NotFound)
}

fn erase_page(cx: &Cx, person: Person, form: Form) -> ErasePage {
    ErasePage {
        frame: Frame::new(cx, format!("Erase {}", person.name)),
        form,
        href: format!("/people/{}", person.uid),
        name: person.name,
    }
}

pub fn form(cx: &Cx) -> Answer {
    page::show(&erase_page(cx, asked_for(cx)?, Form::default()))
}

/// Their name is typed again: it cannot be taken back.
pub fn create(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    let mut form = cx.form();
    if form.value("name") != person.name {
        form.refuse("name", "Type their name as it stands above.");
        return page::again(&erase_page(cx, person, form));
    }
    cx.write(|tx| erase(tx, person.id))?;
    cx.app.db.let_go_of_log();
    page::go_to(format!("/people/{}?done=erased", person.uid))
}

#[derive(Template)]
#[template(path = "erasure/lead.html")]
struct EraseLeadPage {
    frame: Frame,
    form: Form,
    name: String,
    href: String,
    is_open: bool,
}

fn lead_asked_for(cx: &Cx) -> Result<Lead> {
    let (me, uid) = (cx.me()?, cx.param("uid")?);
    let lead = cx.read(|conn| leads::store::by_uid(conn, me, uid))?;
    lead.ok_or(Error::NotFound)
}

fn erase_lead_page(cx: &Cx, lead: &Lead, form: Form) -> EraseLeadPage {
    EraseLeadPage {
        frame: Frame::new(cx, format!("Erase what is known of {}", lead.title_name())),
        form,
        name: lead.title_name().to_owned(),
        href: format!("/leads/{}", lead.uid),
        is_open: lead.stage.is_open(),
    }
}

pub fn lead_form(cx: &Cx) -> Answer {
    page::show(&erase_lead_page(cx, &lead_asked_for(cx)?, Form::default()))
}

/// Its name is typed again: it cannot be taken back.
pub fn create_lead(cx: &Cx) -> Answer {
    let lead = lead_asked_for(cx)?;
    let mut form = cx.form();
    if form.value("name") != lead.title_name() {
        form.refuse("name", "Type its name as it stands above.");
        return page::again(&erase_lead_page(cx, &lead, form));
    }
    match cx.write(|tx| erase_lead(tx, &lead.uid)) {
        Ok(_) => {
            cx.app.db.let_go_of_log();
            page::go_to(format!("/leads/{}", lead.uid))
        }
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&erase_lead_page(cx, &lead, form))
        }
        Err(error) => Err(error),
    }
}
