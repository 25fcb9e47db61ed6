//! The second step of signing in: the code of the second factor.

use super::{Shown, let_in};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame};
use crate::secret::token_hash;
use crate::signin::throttle::{At, Try, wait_words};
use crate::signin::{end, factor, store};
use crate::urls;
use askama::Template;

#[derive(Template)]
#[template(path = "signin/code.html")]
struct CodePage {
    frame: Frame,
    form: Form,
}

fn code_page(cx: &Cx, form: Form) -> CodePage {
    CodePage {
        frame: Frame::new(cx, "One more step"),
        form,
    }
}

/// Whose password was given in this browser a moment ago.
fn asker(cx: &Cx) -> Result<Option<i64>> {
    match &cx.request.session {
        Some(token) => cx.read(|conn| store::awaiting_code(conn, &token_hash(token), cx.now)),
        None => Ok(None),
    }
}

/// Back to the password: too late, or never given.
fn begin_anew(cx: &Cx, form: &Form) -> Answer {
    let next = urls::local_path(form.value("next"));
    match &cx.who {
        Some(_) => page::go_to(next),
        None => page::go_to(crate::signin::address(next)),
    }
}

pub fn form(cx: &Cx) -> Answer {
    let form = cx.query();
    match asker(cx)? {
        Some(_) => page::show(&code_page(cx, form)),
        None => begin_anew(cx, &form),
    }
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(person_id) = asker(cx)? else {
        return begin_anew(cx, &form);
    };
    let device = cx.request.device.as_deref();
    let is_theirs = match device {
        Some(device) => {
            cx.read(|conn| store::is_device_of(conn, &token_hash(device), person_id))?
        }
        None => false,
    };
    let device = device.filter(|_| is_theirs);
    let this = Try::to_sign_in(cx, At::Code, &person_id.to_string(), device);
    if let Err(wait_s) = this.take(cx)? {
        form.refuse("code", wait_words(wait_s));
        return page::with_status(429, &code_page(cx, form));
    }
    match cx.write(|tx| factor::check(tx, person_id, form.value("code"))) {
        Ok(()) => {
            this.give_back(cx)?;
            match let_in(cx, person_id, Shown::Code, form.value("next")) {
                Err(Error::Conflict(_)) => begin_anew(cx, &form),
                answer => answer,
            }
        }
        Err(Error::Refused(why)) => {
            form.refuse("code", why);
            page::again(&code_page(cx, form))
        }
        Err(error) => Err(error),
    }
}

/// Ends what waits for a code, and goes back to the password.
pub fn stop(cx: &Cx) -> Answer {
    if let Some(token) = &cx.request.session {
        cx.write(|tx| end(tx.conn, token))?;
    }
    page::go_to("/sign-in")
}
