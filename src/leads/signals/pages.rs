//! The list of kinds of signals: added to and retired, never deleted.

use super::{SignalKind, Sort, store};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::leads::score;
use crate::page::{self, Answer, Frame, Link};
use crate::rules::access::READERS;
use askama::Template;

#[derive(Template)]
#[template(path = "leads/signal_kinds.html")]
struct KindsPage {
    frame: Frame,
    tabs: Vec<Link>,
    form: Form,
    can_set: bool,
    sorts: Vec<Choice>,
    groups: Vec<Group>,
}

struct Group {
    title: &'static str,
    kinds: Vec<SignalKind>,
}

fn kinds_page(cx: &Cx, form: Form) -> Result<KindsPage> {
    let me = cx.me()?;
    let kinds = cx.read(store::kinds)?;
    let group = |sort: &Sort| Group {
        title: sort.label(),
        kinds: kinds
            .iter()
            .filter(|kind| kind.sort == *sort)
            .cloned()
            .collect(),
    };
    Ok(KindsPage {
        frame: Frame::new(cx, "Signals"),
        tabs: score::pages::tabs(me, "/lead-score/signals"),
        can_set: READERS.allows(me.role),
        sorts: form.choices("sort", Sort::ALL.iter().map(|sort| (sort, sort.label()))),
        groups: Sort::ALL.iter().map(group).collect(),
        form,
    })
}

pub fn index(cx: &Cx) -> Answer {
    page::show(&kinds_page(cx, Form::default())?)
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let name = form.required("name", 60, "what it is called");
    let sort = form.parsed("sort", "what sort of thing it tells", Sort::from_word);
    let (Some(name), Some(sort)) = (name, sort) else {
        return page::again(&kinds_page(cx, form)?);
    };
    match cx.write(|tx| super::add_kind(tx, &name, sort)) {
        Ok(()) => page::go_to("/lead-score/signals"),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&kinds_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

/// Retires a kind, or brings it back.
pub fn retire(cx: &Cx) -> Answer {
    let is_back = cx.form().is_ticked("back");
    let id = cx.id_param("id")?;
    cx.write(|tx| super::set_retired(tx, id, !is_back))?;
    page::go_to("/lead-score/signals")
}
