//! The sign-in page, and what follows it.

pub mod admin;
pub mod code;
pub mod devices;
pub mod factor;
pub mod keys;
pub mod welcome;

use super::throttle::{At, Try, wait_words};
use super::{begin, begin_half, end, know_device, store};
use crate::app::{Cx, DemoLogin, Tx};
use crate::audit;
use crate::db::hold;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Reply};
use crate::people;
use crate::secret::{is_password, token_hash};
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

/// What is known of who signs in, and of their device.
struct Found {
    person_id: i64,
    hash: Option<String>,
    is_their_device: bool,
}

/// The same answer, and the same time, for a wrong password and an unknown address.
pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let email = form.value("email").to_lowercase();
    let found = find(cx, &email)?;
    let device = cx.request.device.as_deref();
    let device = device.filter(|_| found.as_ref().is_some_and(|found| found.is_their_device));
    let this = Try::to_sign_in(cx, At::SignIn, &email, device);
    if let Err(wait_s) = this.take(cx)? {
        form.refuse("email", wait_words(wait_s));
        return page::with_status(429, &sign_in_page(cx, form));
    }
    let hash = found.as_ref().and_then(|found| found.hash.as_deref());
    let is_right = is_password(cx.app, form.value("password"), hash)?;
    let Some(found) = found.filter(|_| is_right) else {
        form.refuse(
            "email",
            "This e-mail address and password do not go together. Check both and try again.",
        );
        return page::again(&sign_in_page(cx, form));
    };
    this.give_back(cx)?;
    let shown = Shown::Password(found.hash.as_deref().unwrap_or_default());
    match let_in(cx, found.person_id, shown, form.value("next")) {
        // It was another one a moment ago.
        Err(Error::Conflict(why)) => {
            form.refuse("password", why);
            page::again(&sign_in_page(cx, form))
        }
        answer => answer,
    }
}

fn find(cx: &Cx, email: &str) -> Result<Option<Found>> {
    cx.read(|conn| {
        let known = people::passwords::store::of_address(conn, email)?;
        // Asked of nobody too, so that an address that is known costs no query more.
        let person_id = known.as_ref().map_or(0, |(id, _)| *id);
        let is_their_device = match &cx.request.device {
            Some(device) => store::is_device_of(conn, &token_hash(device), person_id)?,
            None => false,
        };
        Ok(known.map(|(person_id, hash)| Found {
            person_id,
            hash,
            is_their_device,
        }))
    })
}

/// What signing in and out is about in the record. Not the person: nothing of theirs becomes another by it.
const SESSION: (&str, Option<i64>) = ("session", None);

/// By what somebody has shown who they are.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// A link, used up in the transaction in which they chose a password.
    Link,
    /// The password of this hash.
    Password(&'a str),
    /// The code of their second factor, in a session that waits for it.
    Code,
}

/// A session is begun in a later transaction than the one in which a password was read: who changed it in between ended
/// all sessions, and this would be one more.
fn still_holds(tx: &mut Tx, cx: &Cx, person_id: i64, shown: Shown) -> Result<()> {
    let session = cx.request.session.as_deref().unwrap_or_default();
    let holds = match shown {
        Shown::Link => true,
        Shown::Password(hash) => {
            people::passwords::store::of(tx.conn, person_id)?.as_deref() == Some(hash)
        }
        Shown::Code => {
            store::awaiting_code(tx.conn, &token_hash(session), tx.now)? == Some(person_id)
        }
    };
    match holds {
        true => Ok(()),
        false => Err(Error::Conflict(
            "This password was changed a moment ago: enter the new one.".to_owned(),
        )),
    }
}

/// Lets somebody in who has shown who they are: at once, or to the code of their second factor, as it is when the session
/// is begun. Its token is one that nobody knew before; the session that the browser had ends. A conflict where what they
/// have shown holds no longer.
pub fn let_in(cx: &Cx, person_id: i64, shown: Shown, next: &str) -> Answer {
    let next = urls::local_path(next);
    let (session, device) = cx.write(|tx| {
        // Whoever changes their password or second factor just now is waited for.
        hold(tx.conn, "people", person_id)?;
        still_holds(tx, cx, person_id, shown)?;
        if let Some(before) = &cx.request.session {
            end(tx.conn, before)?;
        }
        let person = people::store::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
        if person.has_second_factor && !matches!(shown, Shown::Code) {
            let half = begin_half(tx, person_id, &cx.request.user_agent)?;
            return Ok((half, None));
        }
        let session = begin(tx, person_id, &cx.request.user_agent)?;
        audit::note_by(tx, person_id, "began", SESSION, "")?;
        let device = know_device(tx, person_id, cx.request.device.as_deref())?;
        Ok((session, Some(device)))
    })?;
    let to = match &device {
        Some(_) => next.to_owned(),
        None => urls::with_query("/sign-in/code", &[("next", next)]),
    };
    Ok(Reply {
        session: Some(session),
        device,
        ..page::go_to(to)?
    })
}

pub fn end_session(cx: &Cx) -> Answer {
    if let Some(token) = &cx.request.session {
        cx.write(|tx| {
            end(tx.conn, token)?;
            match tx.me {
                Some(me) => audit::note_by(tx, me.id, "ended", SESSION, ""),
                None => Ok(()),
            }
        })?;
    }
    Ok(Reply {
        session: Some(String::new()),
        ..page::go_to("/sign-in")?
    })
}
