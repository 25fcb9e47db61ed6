//! Sources, campaigns, assets and territories: names that leads refer to. One is put in its place, renamed or retired, never
//! deleted, so that every report keeps it; a retired one is offered no more.

use super::List;
use super::kinds::{Deed, moved};
use super::store::{self, Label};
use crate::app::{Cx, Tx};
use crate::audit;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Link, Toast};
use askama::Template;

/// The longest name.
const MOST: usize = 120;

impl List {
    /// The list as people call it.
    pub fn label(self) -> &'static str {
        match self {
            List::Source => "Sources",
            List::Campaign => "Campaigns",
            List::Asset => "Assets",
            List::Territory => "Territories",
        }
    }

    /// What its names are for.
    pub fn about(self) -> &'static str {
        match self {
            List::Source => "Where leads come from.",
            List::Campaign => "What made them come.",
            List::Asset => "The content that a lead responded to, or that sales uses.",
            List::Territory => {
                "Where leads belong. Which lead goes where, and to whom, is said under Territories."
            }
        }
    }
}

/// Adds a name to a list.
pub fn add(tx: &mut Tx, list: List, name: &str) -> Result<()> {
    check_name(tx, list, name, None)?;
    let id = store::add_label(tx.conn, list, name)?;
    audit::note(tx, "added", list.word(), Some(id), name)
}

fn check_name(tx: &mut Tx, list: List, name: &str, own: Option<i64>) -> Result<()> {
    let all = store::all_labels(tx.conn)?;
    let same = |l: &&Label| {
        l.list == list && Some(l.id) != own && l.name.to_lowercase() == name.to_lowercase()
    };
    match all.iter().find(same) {
        None => Ok(()),
        Some(known) if known.same_as_id.is_some() => Err(Error::refused(format!(
            "There was one called {}, which is the same as another now: bring it back.",
            known.name
        ))),
        Some(known) if known.is_retired => Err(Error::refused(format!(
            "There is a retired one called {}: bring it back.",
            known.name
        ))),
        Some(known) => Err(Error::refused(format!(
            "There is one called {} already.",
            known.name
        ))),
    }
}

/// An entry of a list; not found where it has none of this number.
pub(super) fn known(tx: &mut Tx, list: List, id: i64) -> Result<Label> {
    let all = store::all_labels(tx.conn)?;
    let found = all.into_iter().find(|l| l.list == list && l.id == id);
    found.ok_or(Error::NotFound)
}

/// Renames an entry, on every lead and report.
pub fn rename(tx: &mut Tx, list: List, id: i64, name: &str) -> Result<()> {
    let before = known(tx, list, id)?;
    check_name(tx, list, name, Some(id))?;
    store::rename_label(tx.conn, id, name)?;
    audit::change(tx, "renamed", (list.word(), Some(id)), &before.name, name)
}

/// Moves an entry in its list, retires it or brings it back. Refused: to retire a territory that a rule still sends leads to.
pub fn do_to(tx: &mut Tx, list: List, id: i64, deed: Deed) -> Result<()> {
    let label = known(tx, list, id)?;
    match deed {
        Deed::First | Deed::Up | Deed::Down => place(tx, &label, deed)?,
        Deed::Retire if store::has_territory_rule(tx.conn, id)? => {
            return Err(Error::refused(format!(
                "A rule still sends leads to {}: retire the rule first.",
                label.name
            )));
        }
        Deed::Retire | Deed::BringBack => {
            store::retire_label(tx.conn, id, deed == Deed::Retire)?;
        }
    }
    audit::note(tx, deed.verb(), list.word(), Some(id), &label.name)
}

/// Gives all of a list that stand their places, with one of them moved.
fn place(tx: &mut Tx, label: &Label, deed: Deed) -> Result<()> {
    let all = store::all_labels(tx.conn)?;
    let beside = all.iter().filter(|l| l.list == label.list);
    let ids = beside.filter(|l| l.is_retired == label.is_retired);
    for (place, id) in moved(ids.map(|l| l.id).collect(), label.id, deed)
        .into_iter()
        .enumerate()
    {
        store::place_label(tx.conn, id, place)?;
    }
    Ok(())
}

/// Puts a list back in the order of its names.
pub fn by_name(tx: &mut Tx, list: List) -> Result<()> {
    store::unplace_labels(tx.conn, list)?;
    audit::note(tx, "ordered by name", list.word(), None, list.label())
}

#[derive(Template)]
#[template(path = "lists/labels.html")]
struct LabelsPage {
    frame: Frame,
    form: Form,
    about: &'static str,
    href: String,
    tabs: Vec<Link>,
    labels: Vec<Label>,
    /// Each with the name of the one that is meant by it, if it was made the same.
    retired: Vec<(Label, String)>,
    /// Whether two of them can be made one.
    makes_one: bool,
    /// Whether somebody has put the list in an order of its own.
    is_placed: bool,
}

fn asked_for(cx: &Cx) -> Result<List> {
    List::from_word(cx.param("list")?).ok_or(Error::NotFound)
}

fn address(list: List) -> String {
    format!("/lists/{list}")
}

pub fn index(cx: &Cx) -> Answer {
    let mut page = labels_page(cx, asked_for(cx)?, Form::default())?;
    page.frame.toast = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved.".to_owned(),
        undo_href: None,
    });
    page::show(&page)
}

fn labels_page(cx: &Cx, list: List, form: Form) -> Result<LabelsPage> {
    let mut all = cx.read(store::all_labels)?;
    all.retain(|label| label.list == list);
    let (retired, labels): (Vec<Label>, Vec<Label>) =
        all.into_iter().partition(|label| label.is_retired);
    let meant = |label: &Label| {
        let kept = labels.iter().find(|one| label.same_as_id == Some(one.id));
        kept.map_or(String::new(), |kept| kept.name.clone())
    };
    let retired = retired.into_iter().map(|label| (meant(&label), label));
    let retired: Vec<_> = retired.map(|(meant, label)| (label, meant)).collect();
    let tab = |one: &List| Link {
        href: address(*one),
        label: one.label().to_owned(),
        current: *one == list,
    };
    Ok(LabelsPage {
        frame: Frame::new(cx, list.label()),
        form,
        about: list.about(),
        href: address(list),
        tabs: List::ALL.iter().map(tab).collect(),
        is_placed: labels.iter().any(|label| label.position != store::LAST),
        makes_one: list.makes_one() && labels.len() > 1,
        labels,
        retired,
    })
}

pub fn create(cx: &Cx) -> Answer {
    let list = asked_for(cx)?;
    let mut form = cx.form();
    if form.value("change") == "by-name" {
        return finish(cx, list, form, |tx| by_name(tx, list));
    }
    match form.required("name", MOST, "a name") {
        Some(name) => finish(cx, list, form, |tx| add(tx, list, &name)),
        None => page::again(&labels_page(cx, list, form)?),
    }
}

/// What is done to an entry by a name.
type ByName = fn(&mut Tx, List, i64, &str) -> Result<()>;

/// Renames or makes the same by verbs of who knows where else the name stands, or moves, retires or brings back.
pub fn update(cx: &Cx, rename: ByName, make_same: ByName) -> Answer {
    let (list, id) = (asked_for(cx)?, cx.id_param("id")?);
    let mut form = cx.form();
    if form.value("change") == "same" {
        return match form.required("same_as", MOST, "the name of the one that is kept") {
            Some(name) => finish(cx, list, form, |tx| make_same(tx, list, id, &name)),
            None => page::again(&labels_page(cx, list, form)?),
        };
    }
    if let Some(deed) = Deed::from_word(form.value("change")) {
        return finish(cx, list, form, |tx| do_to(tx, list, id, deed));
    }
    match form.required("new_name", MOST, "the new name") {
        Some(name) => finish(cx, list, form, |tx| rename(tx, list, id, &name)),
        None => page::again(&labels_page(cx, list, form)?),
    }
}

fn finish(cx: &Cx, list: List, mut form: Form, verb: impl FnOnce(&mut Tx) -> Result<()>) -> Answer {
    match cx.write(verb) {
        Ok(()) => page::go_to(format!("{}?done=saved", address(list))),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&labels_page(cx, list, form)?)
        }
        Err(error) => Err(error),
    }
}
