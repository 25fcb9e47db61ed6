//! The page of a lead, and the forms on it.

use super::deed::Deed;
use super::promise::Offers;
use super::say::Say;
use super::view::{self, Open};
use super::{Done, Move};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{self, Form};
use crate::leads;
use crate::page::{self, Answer};
use crate::rules::moves::NOT_MY_TERRITORY;
use crate::style;

pub fn show(cx: &Cx) -> Answer {
    let query = cx.query();
    let deed = Deed::from_word(query.value("do")).map(Open::Deed);
    let open = deed.or_else(|| Say::from_words(query.value("say")).map(Open::Say));
    // A rejection can be opened with its reason, as from a list.
    let form = match query.value("reason") {
        "" => Form::default(),
        reason => Form::filled([("reason", reason)]),
    };
    page::show(&view::load(cx, cx.param("uid")?, open, form)?)
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
    let is_wrong_territory = reason.as_deref() == Some(NOT_MY_TERRITORY);
    if is_wrong_territory && !form.value("territory").is_empty() {
        return reroute(cx);
    }
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
            to_nurture: form.is_ticked("to_nurture"),
            same_as: form.value("same_as").to_owned(),
            seen: form.value("seen").to_owned(),
        })
    };
    let wanted = wanted().filter(|_| form.is_good());
    let deed = kind.map(Deed::Move);
    // The button beside the search only looks.
    if form.has("look") {
        let page = view::load(cx, cx.param("uid")?, deed.map(Open::Deed), form)?;
        return page::show(&page);
    }
    let Some(wanted) = wanted else {
        return back(cx, deed, form);
    };
    let done = cx.write(|tx| super::move_on(tx, cx.param("uid")?, &wanted));
    answer(cx, deed, form, done, wanted.kind.word())
}

/// Sends a lead on to the territory that it belongs to.
pub fn reroute(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let territory = form.parsed("territory", "the right territory", |id| id.parse().ok());
    let note = form.text("note", 2000);
    let (Some(territory), Some(note)) = (territory, note) else {
        return back(cx, Some(Deed::Reroute), form);
    };
    let seen = form.value("seen").to_owned();
    let (me, uid) = (cx.me()?, cx.param("uid")?);
    let mut done = cx.write(|tx| super::reroute(tx, uid, territory, &note, &seen));
    // Sent twice by who does not see it any more, it is sent on once.
    let is_out_of_sight = |conn: &mut Conn| Ok(leads::store::by_uid(conn, me, uid)?.is_none());
    if matches!(done, Err(Error::NotFound))
        && cx.read(|conn| {
            leads::gone::is_sent_on(conn, me.id, uid, territory, (NOT_MY_TERRITORY, &note))
        })?
    {
        done = Ok(Done::Stored);
    }
    if matches!(done, Ok(Done::Stored)) && cx.read(is_out_of_sight)? {
        return page::go_to("/leads?done=re-route-1");
    }
    answer(cx, Some(Deed::Reroute), form, done, "re-route")
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
            let mut page = view::load(cx, cx.param("uid")?, deed.map(Open::Deed), form)?;
            page.frame.notice = Some(news);
            page::with_status(409, &page)
        }
        Err(error) => Err(error),
    }
}

/// The lead's page with the form in it, filled, and its messages (422).
fn back(cx: &Cx, deed: Option<Deed>, form: Form) -> Answer {
    page::again(&view::load(
        cx,
        cx.param("uid")?,
        deed.map(Open::Deed),
        form,
    )?)
}
