//! Why leads are rejected, disqualified and so on: the list of reasons, kept by admins. A reason is retired, never
//! deleted, and keeps its name once it was given, so that what was written down keeps its meaning.

use super::REJECTION_CLASSES;
use super::store::{self, Reason};
use crate::app::{Cx, Tx};
use crate::audit;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Toast};
use crate::rules::moves;
use askama::Template;
use std::collections::HashSet;

/// The kinds of event that take reasons, with what people call them.
const EVENTS: [(&str, &str); 5] = [
    ("rejected", "Rejected"),
    ("disqualified", "Disqualified"),
    ("nurture", "Returned to nurture"),
    ("lost", "Lost"),
    ("won", "Won"),
];

/// What is done to a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Rename(String),
    Up,
    Down,
    Retire,
    BringBack,
}

/// Adds a reason to those of an event, at their end. A rejection's has one of the three classes.
pub fn add(tx: &mut Tx, event: &str, class: &str, name: &str) -> Result<()> {
    let all = store::all_reasons(tx.conn)?;
    if !EVENTS.iter().any(|(known, _)| *known == event) {
        return Err(Error::refused("Choose what the reason is for."));
    }
    let has_class = REJECTION_CLASSES.iter().any(|(known, _)| *known == class);
    if has_class != (event == "rejected") {
        return Err(Error::refused(
            "A reason to reject has a class: procedural, clerical or definitional. Others have none.",
        ));
    }
    check_name(&all, event, name)?;
    let last = all.iter().map(|reason| reason.position).max().unwrap_or(0);
    let id = store::add_reason(tx.conn, (event, class, name), last + 1)?;
    audit::note(tx, "added", "reason", Some(id), &format!("{event}: {name}"))
}

fn check_name(all: &[Reason], event: &str, name: &str) -> Result<()> {
    let same = |r: &&Reason| r.event == event && r.name.to_lowercase() == name.to_lowercase();
    match all.iter().find(same) {
        None => Ok(()),
        Some(known) if known.is_retired => Err(Error::refused(
            "There is a retired reason of this name: bring it back.",
        )),
        Some(_) => Err(Error::refused("There is a reason of this name already.")),
    }
}

/// Changes a reason. Refused: another name for one that was given already or that a rule knows by its name.
pub fn change(tx: &mut Tx, id: i64, change: &Change) -> Result<()> {
    let all = store::all_reasons(tx.conn)?;
    let reason = all.iter().find(|reason| reason.id == id);
    let reason = reason.ok_or(Error::NotFound)?;
    let verb = match change {
        Change::Rename(name) => {
            if store::given_reasons(tx.conn)?.contains(&key(reason)) {
                return Err(Error::refused(
                    "This reason was given already and keeps its name: retire it, and add another.",
                ));
            }
            if moves::KNOWN_BY_NAME.contains(&reason.name.as_str()) {
                return Err(Error::refused(
                    "A rule knows this reason by its name: it can be retired, not renamed.",
                ));
            }
            check_name(&all, &reason.event, name)?;
            store::rename_reason(tx.conn, id, name)?;
            "renamed"
        }
        Change::Up | Change::Down => {
            swap(tx, &all, reason, *change == Change::Up)?;
            "moved"
        }
        Change::Retire => {
            store::retire_reason(tx.conn, id, true)?;
            "retired"
        }
        Change::BringBack => {
            store::retire_reason(tx.conn, id, false)?;
            "brought back"
        }
    };
    let was = format!("{}: {}", reason.event, reason.name);
    let became = match change {
        Change::Rename(name) => format!("{}: {name}", reason.event),
        _ => was.clone(),
    };
    let was = if was == became { String::new() } else { was };
    audit::change(tx, verb, ("reason", Some(id)), &was, &became)
}

fn key(reason: &Reason) -> (String, String) {
    (reason.event.clone(), reason.name.clone())
}

/// Changes places with the reason beside it, of the same event and class.
fn swap(tx: &mut Tx, all: &[Reason], reason: &Reason, is_up: bool) -> Result<()> {
    let theirs: Vec<&Reason> = all.iter().filter(|r| is_beside(r, reason)).collect();
    let Some(place) = theirs.iter().position(|r| r.id == reason.id) else {
        return Ok(());
    };
    let beside = if is_up {
        place.checked_sub(1)
    } else {
        place.checked_add(1)
    };
    if let Some(other) = beside.and_then(|place| theirs.get(place)) {
        store::place_reason(tx.conn, reason.id, other.position)?;
        store::place_reason(tx.conn, other.id, reason.position)?;
    }
    Ok(())
}

fn is_beside(one: &Reason, other: &Reason) -> bool {
    one.event == other.event && one.class == other.class && one.is_retired == other.is_retired
}

#[derive(Template)]
#[template(path = "lists/reasons.html")]
struct ReasonsPage {
    frame: Frame,
    form: Form,
    events: Vec<Choice>,
    classes: Vec<Choice>,
    groups: Vec<Group>,
}

struct Group {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    name: String,
    is_retired: bool,
    may_rename: bool,
}

pub fn index(cx: &Cx) -> Answer {
    let done = cx.query().value("done") == "saved";
    let mut page = reasons_page(cx, Form::default())?;
    page.frame.toast = done.then(|| Toast {
        text: "Saved.".to_owned(),
        undo_href: None,
    });
    page::show(&page)
}

fn reasons_page(cx: &Cx, form: Form) -> Result<ReasonsPage> {
    let (all, given) =
        cx.snapshot(|conn| Ok((store::all_reasons(conn)?, store::given_reasons(conn)?)))?;
    let none = [("", "No class")];
    let mut groups = Vec::new();
    for (event, title) in EVENTS {
        match event {
            "rejected" => groups.extend(REJECTION_CLASSES.map(|(class, about)| {
                let about = about.split(':').next().unwrap_or(about);
                group(
                    &all,
                    &given,
                    event,
                    class,
                    format!("{title}, {}", about.to_lowercase()),
                )
            })),
            _ => groups.push(group(&all, &given, event, "", title.to_owned())),
        }
    }
    Ok(ReasonsPage {
        frame: Frame::new(cx, "Reasons"),
        events: form.choices("event", EVENTS),
        classes: form.choices("class", none.into_iter().chain(REJECTION_CLASSES)),
        groups,
        form,
    })
}

fn group(
    all: &[Reason],
    given: &HashSet<(String, String)>,
    event: &str,
    class: &str,
    title: String,
) -> Group {
    let theirs = all.iter().filter(|r| r.event == event && r.class == class);
    let row = |reason: &Reason| Row {
        id: reason.id,
        name: reason.name.clone(),
        is_retired: reason.is_retired,
        may_rename: !given.contains(&key(reason))
            && !moves::KNOWN_BY_NAME.contains(&reason.name.as_str()),
    };
    let mut rows: Vec<Row> = theirs.map(row).collect();
    rows.sort_by_key(|row| row.is_retired);
    Group { title, rows }
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let name = form.required("name", 120, "the reason");
    let (event, class) = (
        form.value("event").to_owned(),
        form.value("class").to_owned(),
    );
    let Some(name) = name else {
        return page::again(&reasons_page(cx, form)?);
    };
    let done = cx.write(|tx| add(tx, &event, &class, &name));
    finish(cx, form, done)
}

pub fn update(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    let mut form = cx.form();
    let wanted = match form.value("change") {
        "up" => Some(Change::Up),
        "down" => Some(Change::Down),
        "retire" => Some(Change::Retire),
        "bring-back" => Some(Change::BringBack),
        "rename" => form
            .required("new_name", 120, "the new name")
            .map(Change::Rename),
        _ => {
            form.refuse("name", "Choose what to change: reload the page.");
            None
        }
    };
    let Some(wanted) = wanted else {
        return page::again(&reasons_page(cx, form)?);
    };
    let done = cx.write(|tx| change(tx, id, &wanted));
    finish(cx, form, done)
}

fn finish(cx: &Cx, mut form: Form, done: Result<()>) -> Answer {
    match done {
        Ok(()) => page::go_to("/reasons?done=saved"),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&reasons_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}
