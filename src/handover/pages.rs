//! The page of a lead, and the forms on it.

use super::deed::Deed;
use super::promise::Offers;
use super::{Done, Move, view};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{self, Form};
use crate::page::{self, Answer};
use crate::style;

pub fn show(cx: &Cx) -> Answer {
    let query = cx.query();
    let deed = Deed::from_word(query.value("do"));
    page::show(&view::load(cx, cx.param("uid")?, deed, Form::default())?)
}

/// Writes a move down.
pub fn record(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let kind = form.parsed(
        "kind",
        "what became of the lead",
        |word| match Deed::from_word(word) {
            Some(Deed::Move(kind)) => Some(kind),
            _ => None,
        },
    );
    let reason = form.text("reason", 120);
    let note = form.text("note", 2000);
    let amount = form.optional("amount", "an amount such as 1200.50", |typed| {
        form::read_micros(&style::plain(typed))
    });
    let currency = form.optional(
        "currency",
        "a currency by its three letters, such as EUR",
        form::read_currency,
    );
    let return_on = form.day("return_on");
    let wanted = || {
        Some(Move {
            kind: kind?,
            reason: reason?,
            note: note?,
            amount_micros: amount?,
            currency: currency?.unwrap_or_default(),
            return_on: return_on?,
            seen: form.value("seen").to_owned(),
        })
    };
    let wanted = wanted().filter(|_| form.is_good());
    let deed = kind.map(Deed::Move);
    let Some(wanted) = wanted else {
        return back(cx, deed, form);
    };
    let done = cx.write(|tx| super::move_on(tx, cx.param("uid")?, &wanted));
    answer(cx, deed, form, done, wanted.kind.word())
}

/// Gives the lead to somebody; a rep takes it.
pub fn assign(cx: &Cx) -> Answer {
    let form = cx.form();
    let (owner, seen) = (
        form.value("owner").to_owned(),
        form.value("seen").to_owned(),
    );
    let done = cx.write(|tx| super::assign(tx, cx.param("uid")?, &owner, &seen));
    answer(cx, Some(Deed::Assign), form, done, "assign")
}

/// Hands a lead over anew that is with marketing or closed.
pub fn again(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let offers = cx.snapshot(|conn| Offers::load(conn, cx.now))?;
    let terms = offers.read(&mut form);
    let Some(terms) = terms.filter(|_| form.is_good()) else {
        return back(cx, Some(Deed::HandOver), form);
    };
    let seen = form.value("seen").to_owned();
    let done = cx.write(|tx| super::again(tx, cx.param("uid")?, &terms, &seen));
    answer(cx, Some(Deed::HandOver), form, done, "hand-over")
}

pub(super) fn answer(
    cx: &Cx,
    deed: Option<Deed>,
    mut form: Form,
    done: Result<Done>,
    word: &str,
) -> Answer {
    match done {
        Ok(Done::Stored) => page::go_to(format!("/leads/{}?done={word}", cx.param("uid")?)),
        Ok(Done::Refused(field, why)) => {
            form.refuse(field, why);
            back(cx, deed, form)
        }
        Err(Error::Refused(why)) => {
            form.refuse("kind", why);
            back(cx, deed, form)
        }
        Ok(Done::Newer(news)) => {
            let mut page = view::load(cx, cx.param("uid")?, deed, form)?;
            page.frame.notice = Some(news);
            page::with_status(409, &page)
        }
        Err(error) => Err(error),
    }
}

/// The lead's page with the form in it, filled, and its messages (422).
fn back(cx: &Cx, deed: Option<Deed>, form: Form) -> Answer {
    page::again(&view::load(cx, cx.param("uid")?, deed, form)?)
}
