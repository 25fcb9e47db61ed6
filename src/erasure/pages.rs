//! The page that asks before somebody is erased.

use super::erase;
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
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
    page::go_to(format!("/people/{}?done=erased", person.uid))
}
