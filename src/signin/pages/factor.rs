//! One's own second factor: setting it up with an authenticator app, recovery codes, turning it off.

use crate::app::{Cx, Tx};
use crate::charts::qr::{self, Qr};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Toast};
use crate::people;
use crate::secret;
use crate::signin::throttle::{At, Try, wait_words};
use crate::signin::{FACTOR_PAGE, factor};
use askama::Template;

#[derive(Template)]
#[template(path = "signin/factor.html")]
struct FactorPage {
    frame: Frame,
    form: Form,
    is_on: bool,
    /// Whether one's role asks for it.
    is_required: bool,
    codes_left: i64,
    /// What is being set up.
    begun: Option<Begun>,
}

struct Begun {
    qr: Qr,
    /// The secret in groups, for who cannot take a picture.
    key: String,
}

#[derive(Template)]
#[template(path = "signin/codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
}

pub fn show(cx: &Cx) -> Answer {
    let mut page = factor_page(cx, Form::default())?;
    if cx.query().value("done") == "off" {
        page.frame = page.frame.with_toast(Some(Toast {
            text: "The second factor is off.".to_owned(),
            undo_href: None,
        }));
    }
    page::show(&page)
}

fn factor_page(cx: &Cx, form: Form) -> Result<FactorPage> {
    let me = cx.me()?;
    let (person, known, codes_left) = cx.snapshot(|conn| {
        Ok((
            people::store::by_id(conn, me.id)?.ok_or(Error::NotFound)?,
            factor::store::of_person(conn, me.id)?,
            factor::store::codes_left(conn, me.id)?,
        ))
    })?;
    let begun = known.filter(|_| !person.has_second_factor);
    let begun = begun.map(|factor| {
        let address = factor::address(&cx.workspace.name, &me.email, &factor.secret);
        let groups = factor.secret.as_bytes().chunks(4);
        let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
        Ok::<_, Error>(Begun {
            qr: qr::code(&address)?,
            key: groups.join(" "),
        })
    });
    Ok(FactorPage {
        frame: Frame::new(cx, "Second factor"),
        form,
        is_on: person.has_second_factor,
        is_required: cx.workspace.second_factor_roles.contains(&me.role),
        codes_left,
        begun: begun.transpose()?,
    })
}

/// Asks for the password again: whoever finds an open session must not lock its owner out with a factor of their own.
pub fn begin(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.form();
    let this = Try::signed_in(At::OwnPassword, me.id);
    if let Err(wait_s) = this.take(cx)? {
        form.refuse("current", wait_words(wait_s));
        return page::with_status(429, &factor_page(cx, form)?);
    }
    let hash = cx.read(|conn| people::passwords::store::of_address(conn, &me.email))?;
    let hash = hash.and_then(|(_, hash)| hash);
    if !secret::is_password(cx.app, form.value("current"), hash.as_deref())? {
        form.refuse(
            "current",
            "This is not your password. Check it and try again.",
        );
        return page::again(&factor_page(cx, form)?);
    }
    this.give_back(cx)?;
    done(cx, form, "current", factor::begin, |()| {
        page::go_to(FACTOR_PAGE)
    })
}

pub fn confirm(cx: &Cx) -> Answer {
    with_code(cx, factor::confirm, |codes| show_codes(cx, codes))
}

pub fn renew_codes(cx: &Cx) -> Answer {
    with_code(cx, factor::renew_codes, |codes| show_codes(cx, codes))
}

pub fn end(cx: &Cx) -> Answer {
    with_code(cx, factor::end, |()| {
        page::go_to(format!("{FACTOR_PAGE}?done=off"))
    })
}

/// Runs a verb that takes a code: so often and no more.
fn with_code<T>(
    cx: &Cx,
    verb: impl FnOnce(&mut Tx, &str) -> Result<T>,
    then: impl FnOnce(T) -> Answer,
) -> Answer {
    let mut form = cx.form();
    let code = form.value("code").to_owned();
    let this = Try::signed_in(At::OwnCode, cx.me()?.id);
    if let Err(wait_s) = this.take(cx)? {
        form.refuse("code", wait_words(wait_s));
        return page::with_status(429, &factor_page(cx, form)?);
    }
    done(
        cx,
        form,
        "code",
        |tx| verb(tx, &code),
        |done| {
            this.give_back(cx)?;
            then(done)
        },
    )
}

fn done<T>(
    cx: &Cx,
    mut form: Form,
    field: &str,
    verb: impl FnOnce(&mut Tx) -> Result<T>,
    then: impl FnOnce(T) -> Answer,
) -> Answer {
    match cx.write(verb) {
        Ok(done) => then(done),
        Err(Error::Refused(why)) => {
            form.refuse(field, why);
            page::again(&factor_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

/// The one page that shows recovery codes, once: they are stored as hashes only.
fn show_codes(cx: &Cx, codes: Vec<String>) -> Answer {
    let frame = Frame::new(cx, "Recovery codes");
    page::show(&CodesPage { frame, codes })
}
