//! The sign-in page.

use super::{begin, end};
use crate::app::{Cx, DemoLogin};
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Answer, Frame, Reply};
use crate::people;
use crate::secret::is_password;
use crate::urls;
use askama::Template;

#[derive(Template)]
#[template(path = "signin/form.html")]
struct SignInPage<'a> {
    frame: Frame,
    form: Form,
    demo: &'a [DemoLogin],
}

pub fn form(cx: &Cx) -> Answer {
    if !cx.workspace.is_set_up {
        return page::go_to("/setup");
    }
    if cx.who.is_some() {
        return page::go_to(urls::local_path(cx.query().value("next")));
    }
    page::show(&sign_in_page(cx, cx.query()))
}

fn sign_in_page<'a>(cx: &'a Cx, form: Form) -> SignInPage<'a> {
    SignInPage {
        frame: Frame::new(cx, "Sign in"),
        form,
        demo: &cx.app.demo,
    }
}

/// The same answer, and the same time, for a wrong password and an unknown address.
pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let email = form.value("email").to_lowercase();
    let found = cx.read(|conn| people::store::password_hash(conn, &email))?;
    let hash = found.as_ref().and_then(|(_, hash)| hash.as_deref());
    let is_right = is_password(cx.app, form.value("password"), hash)?;
    match found.filter(|_| is_right) {
        Some((person_id, _)) => Ok(Reply {
            session: Some(start_session(cx, person_id)?),
            ..page::go_to(urls::local_path(form.value("next")))?
        }),
        None => {
            form.refuse(
                "email",
                "This e-mail address and password do not go together. Check both and try again.",
            );
            page::again(&sign_in_page(cx, form))
        }
    }
}

/// A new session for the answer's cookie.
pub fn start_session(cx: &Cx, person_id: i64) -> Result<String> {
    cx.write(|tx| begin(tx.conn, person_id, tx.now, &cx.request.user_agent))
}

pub fn end_session(cx: &Cx) -> Answer {
    if let Some(token) = &cx.request.session {
        cx.write(|tx| end(tx.conn, token))?;
    }
    Ok(Reply {
        session: Some(String::new()),
        ..page::go_to("/sign-in")?
    })
}
