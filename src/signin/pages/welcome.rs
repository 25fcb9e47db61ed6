//! Where a link of an admin leads: whoever holds it chooses a password and is let in.

use super::{Shown, let_in};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame};
use crate::people::{self, Person, links};
use crate::secret::{self, token_hash};
use askama::Template;

#[derive(Template)]
#[template(path = "signin/welcome.html")]
struct WelcomePage {
    frame: Frame,
    form: Form,
    name: String,
    email: String,
    action: String,
}

#[derive(Template)]
#[template(path = "signin/no_link.html")]
struct NoLinkPage {
    frame: Frame,
}

/// Whom a link is for, when it is good.
fn person(cx: &Cx) -> Result<Option<Person>> {
    let token = token_hash(cx.param("token")?);
    cx.read(|conn| match links::store::good(conn, &token, cx.now)? {
        Some(link) => people::store::by_id(conn, link.person_id),
        None => Ok(None),
    })
}

fn welcome_page(cx: &Cx, person: Person, form: Form) -> Result<WelcomePage> {
    Ok(WelcomePage {
        frame: Frame::new(cx, "Choose a password"),
        form,
        action: links::path(cx.param("token")?),
        name: person.name,
        email: person.email,
    })
}

/// The same for a link that was used, has expired or was revoked, and for one that never was.
fn no_link(cx: &Cx) -> Answer {
    let frame = Frame::new(cx, "This link is no longer good");
    page::with_status(404, &NoLinkPage { frame })
}

pub fn form(cx: &Cx) -> Answer {
    match person(cx)? {
        Some(person) => page::show(&welcome_page(cx, person, Form::default())?),
        None => no_link(cx),
    }
}

pub fn create(cx: &Cx) -> Answer {
    let Some(person) = person(cx)? else {
        return no_link(cx);
    };
    let mut form = cx.form();
    let password = form.value("password").to_owned();
    if let Some(fault) = secret::password_fault(&password) {
        form.refuse("password", fault);
        return page::again(&welcome_page(cx, person, form)?);
    }
    let hash = secret::hash_password(cx.app, &password)?;
    let token = cx.param("token")?;
    let taken = cx.write(|tx| {
        let id = links::take(tx, token)?;
        people::choose_password(tx, id, &hash, "with a link")?;
        Ok(id)
    });
    match taken {
        Ok(id) => let_in(cx, id, Shown::Link, "/"),
        Err(Error::NotFound) => no_link(cx),
        Err(error) => Err(error),
    }
}
