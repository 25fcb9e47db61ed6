//! The pages of kinds of activity and their outcomes.

use super::kinds::{
    Deed, add_kind, add_outcome, change_kind, change_outcome, do_to_kind, do_to_outcome,
};
use super::store::{self, Kind, KindFields, Outcome, OutcomeFields};
use super::{Class, Icon};
use crate::app::{Cx, Tx};
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Toast};
use askama::Template;

const MOST: usize = 60;

#[derive(Template)]
#[template(path = "lists/kinds.html")]
struct KindsPage {
    frame: Frame,
    form: Form,
    icons: Vec<Choice>,
    kinds: Vec<KindRow>,
    retired: Vec<KindRow>,
}

struct KindRow {
    id: i64,
    name: String,
    icon: &'static str,
    counts: String,
}

#[derive(Template)]
#[template(path = "lists/kind.html")]
struct KindPage {
    frame: Frame,
    form: Form,
    href: String,
    icons: Vec<Choice>,
    classes: Vec<Choice>,
    outcomes: Vec<OutcomeRow>,
}

struct OutcomeRow {
    id: i64,
    name: String,
    class: &'static str,
    sign: &'static str,
    notes: String,
    is_retired: bool,
    classes: Vec<Choice>,
    is_meeting: bool,
    arrived: bool,
    stops_contact: bool,
}

fn toast(cx: &Cx) -> Option<Toast> {
    (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved.".to_owned(),
        undo_href: None,
    })
}

pub fn index(cx: &Cx) -> Answer {
    let mut page = kinds_page(cx, Form::default())?;
    page.frame.toast = toast(cx);
    page::show(&page)
}

fn icons(form: &Form) -> Vec<Choice> {
    form.choices("icon", Icon::ALL.iter().map(|i| (i.word(), i.label())))
}

fn kinds_page(cx: &Cx, mut form: Form) -> Result<KindsPage> {
    form.set_default("icon", Icon::Log.word());
    let all = cx.read(store::kinds)?;
    let (retired, kinds): (Vec<Kind>, Vec<Kind>) = all.into_iter().partition(|k| k.is_retired);
    let rows = |kinds: Vec<Kind>| kinds.into_iter().map(kind_row).collect();
    Ok(KindsPage {
        frame: Frame::new(cx, "Kinds of activity"),
        icons: icons(&form),
        kinds: rows(kinds),
        retired: rows(retired),
        form,
    })
}

fn kind_row(kind: Kind) -> KindRow {
    let counts = [
        (kind.is_prospecting, "Prospecting"),
        (kind.is_attempt, "Attempt"),
        (kind.without_lead, "Also without a lead"),
    ];
    let counts = counts.iter().filter(|(is_so, _)| *is_so);
    let counts: Vec<&str> = counts.map(|(_, word)| *word).collect();
    KindRow {
        id: kind.id,
        icon: kind.icon(),
        counts: match counts.is_empty() {
            true => "A note that counts for nothing".to_owned(),
            false => counts.join(" · "),
        },
        name: kind.name,
    }
}

fn read_kind(form: &mut Form) -> Option<KindFields> {
    let name = form.required("name", MOST, "a name");
    let icon = form.parsed("icon", "a picture from the list", Icon::from_word);
    Some(KindFields {
        name: name?,
        is_prospecting: form.is_ticked("is_prospecting"),
        is_attempt: form.is_ticked("is_attempt"),
        without_lead: form.is_ticked("without_lead"),
        icon: icon?,
    })
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(fields) = read_kind(&mut form) else {
        return page::again(&kinds_page(cx, form)?);
    };
    match cx.write(|tx| add_kind(tx, &fields)) {
        Ok(id) => page::go_to(format!("/kinds/{id}?done=saved")),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&kinds_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

fn asked_for(cx: &Cx) -> Result<Kind> {
    let id = cx.id_param("id")?;
    let kinds = cx.read(store::kinds)?;
    let found = kinds.into_iter().find(|kind| kind.id == id);
    found.ok_or(Error::NotFound)
}

pub fn show(cx: &Cx) -> Answer {
    let kind = asked_for(cx)?;
    let mut page = kind_page(cx, &kind, Form::default())?;
    page.frame.toast = toast(cx);
    page::show(&page)
}

/// One form stands for those on the page: a field that did not come shows what is stored.
fn kind_page(cx: &Cx, kind: &Kind, mut form: Form) -> Result<KindPage> {
    let is_sent = form.has("name");
    form.set_default("name", kind.name.clone());
    form.set_default("icon", kind.icon());
    for (field, is_so) in [
        ("is_prospecting", kind.is_prospecting),
        ("is_attempt", kind.is_attempt),
        ("without_lead", kind.without_lead),
    ] {
        // A box that was not ticked does not come.
        if is_so && !is_sent {
            form.set_default(field, "true");
        }
    }
    form.set_default("class", Class::NotReached.word());
    let mut outcomes = cx.read(store::outcomes)?;
    outcomes.retain(|outcome| outcome.kind_id == kind.id);
    outcomes.sort_by_key(|outcome| outcome.is_retired);
    Ok(KindPage {
        frame: Frame::new(cx, kind.name.clone()),
        href: format!("/kinds/{}", kind.id),
        icons: icons(&form),
        classes: classes(&form),
        outcomes: outcomes.into_iter().map(outcome_row).collect(),
        form,
    })
}

fn classes(form: &Form) -> Vec<Choice> {
    form.choices("class", Class::ALL.iter().map(|c| (c.word(), c.label())))
}

fn outcome_row(outcome: Outcome) -> OutcomeRow {
    let notes = [
        (outcome.is_meeting, "a meeting booked"),
        (!outcome.arrived, "never arrived"),
        (outcome.stops_contact, "stops all contact"),
    ];
    let notes = notes.iter().filter(|(is_so, _)| *is_so);
    let notes: Vec<&str> = notes.map(|(_, word)| *word).collect();
    OutcomeRow {
        id: outcome.id,
        class: outcome.class.label(),
        sign: outcome.class.sign(),
        notes: notes.join(", "),
        is_retired: outcome.is_retired,
        classes: classes(&Form::filled([("class", outcome.class.word())])),
        is_meeting: outcome.is_meeting,
        arrived: outcome.arrived,
        stops_contact: outcome.stops_contact,
        name: outcome.name,
    }
}

pub fn update(cx: &Cx) -> Answer {
    let kind = asked_for(cx)?;
    let mut form = cx.form();
    if let Some(deed) = Deed::from_word(form.value("change")) {
        cx.write(|tx| do_to_kind(tx, kind.id, deed))?;
        return page::go_to("/kinds?done=saved");
    }
    match read_kind(&mut form) {
        Some(fields) => finish(cx, &kind, form, "name", |tx| {
            change_kind(tx, kind.id, &fields)
        }),
        None => page::again(&kind_page(cx, &kind, form)?),
    }
}

fn read_outcome(form: &mut Form) -> Option<OutcomeFields> {
    let name = form.required("outcome", MOST, "a name for the outcome");
    let class = form.parsed("class", "a class from the list", Class::from_word);
    Some(OutcomeFields {
        name: name?,
        class: class?,
        is_meeting: form.is_ticked("is_meeting"),
        arrived: !form.is_ticked("never_arrived"),
        stops_contact: form.is_ticked("stops_contact"),
    })
}

pub fn create_outcome(cx: &Cx) -> Answer {
    let kind = asked_for(cx)?;
    let mut form = cx.form();
    match read_outcome(&mut form) {
        Some(fields) => finish(cx, &kind, form, "outcome", |tx| {
            add_outcome(tx, kind.id, &fields)
        }),
        None => page::again(&kind_page(cx, &kind, form)?),
    }
}

pub fn update_outcome(cx: &Cx) -> Answer {
    let kind = asked_for(cx)?;
    let id: i64 = cx.param("outcome")?.parse().map_err(|_| Error::NotFound)?;
    let mut form = cx.form();
    if let Some(deed) = Deed::from_word(form.value("change")) {
        return finish(cx, &kind, form, "outcome", |tx| {
            do_to_outcome(tx, kind.id, id, deed)
        });
    }
    match read_outcome(&mut form) {
        Some(fields) => finish(cx, &kind, form, "outcome", |tx| {
            change_outcome(tx, kind.id, id, &fields)
        }),
        None => page::again(&kind_page(cx, &kind, form)?),
    }
}

fn finish(
    cx: &Cx,
    kind: &Kind,
    mut form: Form,
    field: &str,
    verb: impl FnOnce(&mut Tx) -> Result<()>,
) -> Answer {
    match cx.write(verb) {
        Ok(()) => page::go_to(format!("/kinds/{}?done=saved", kind.id)),
        Err(Error::Refused(why)) => {
            form.refuse(field, why);
            page::again(&kind_page(cx, kind, form)?)
        }
        Err(error) => Err(error),
    }
}
