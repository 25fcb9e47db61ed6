//! The pages of the definitions: a version as it reads, two versions beside each other, and the draft.

pub mod compare;
pub mod draft;
mod view;

use super::store::{self, Version};
use super::{Chosen, Side, name_heads};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::lists::Lists;
use crate::page::{self, Answer, Frame, Link, Toast};
use crate::people::Directory;
use crate::rules::access::{READERS, Role};
use askama::Template;
use std::sync::Arc;
use view::VersionView;

#[derive(Template)]
#[template(path = "definitions/page.html")]
struct DefinitionsPage {
    frame: Frame,
    view: VersionView,
    /// Every version that the reader may see, the newest first.
    versions: Vec<VersionLink>,
    may_draft: bool,
    draft_href: String,
    /// Where the draft is signed; empty without one, and on its own page.
    waiting_href: String,
    compare_href: String,
    csv_href: String,
    heads: Vec<HeadView>,
    form: Form,
}

struct VersionLink {
    link: Link,
    sub: String,
}

/// Who signs for a side; for admins with people to choose from.
struct HeadView {
    label: &'static str,
    field: &'static str,
    /// Who it was when the form was made.
    seen: String,
    name: String,
    people: Vec<Choice>,
}

/// All that the pages read.
pub struct Ground {
    /// In order of their numbers.
    pub versions: Vec<Version>,
    pub heads: Vec<(Side, i64)>,
    pub lists: Arc<Lists>,
    pub directory: Arc<Directory>,
}

impl Ground {
    /// What the asker may see: a draft is for those who write it.
    pub fn load(cx: &Cx) -> Result<Ground> {
        let may_write = READERS.allows(cx.me()?.role);
        cx.snapshot(|conn| {
            let mut versions = store::all(conn)?;
            versions.retain(|version| may_write || version.from.is_some());
            Ok(Ground {
                versions,
                heads: store::heads(conn)?,
                lists: cx.kept.get(conn)?,
                directory: cx.kept.get(conn)?,
            })
        })
    }

    pub fn version(&self, number: i64) -> Option<&Version> {
        self.versions.iter().find(|v| v.number == number)
    }

    pub fn draft(&self) -> Option<&Version> {
        self.versions.iter().find(|v| v.from.is_none())
    }

    /// The newest in force.
    pub fn in_force(&self) -> Option<&Version> {
        self.versions
            .iter()
            .filter(|v| v.from.is_some())
            .max_by_key(|v| v.from)
    }

    pub fn head(&self, side: Side) -> Option<i64> {
        let head = self.heads.iter().find(|(of, _)| *of == side);
        head.map(|(_, id)| *id)
    }
}

/// The version in force; `?format=csv` for what sales promises in it as a file.
pub fn index(cx: &Cx) -> Answer {
    let ground = Ground::load(cx)?;
    let number = ground.in_force().map(|v| v.number).ok_or(Error::NotFound)?;
    show_version(cx, &ground, number)
}

pub fn show(cx: &Cx) -> Answer {
    let ground = Ground::load(cx)?;
    show_version(cx, &ground, cx.id_param("number")?)
}

fn show_version(cx: &Cx, ground: &Ground, number: i64) -> Answer {
    let version = ground.version(number).ok_or(Error::NotFound)?;
    if cx.query().value("format") == "csv" {
        let view = VersionView::new(cx, ground, version)?;
        return page::csv_file(&format!("definitions-{number}"), csv(&view)?);
    }
    page::show(&definitions_page(cx, ground, version, Form::default())?)
}

fn csv(view: &VersionView) -> Result<String> {
    let header = [
        "urgency",
        "accept_by",
        "first_attempt_by",
        "at_least",
        "contact_or_exit_by",
    ];
    let rows = view.levels.iter().map(|level| {
        let words = [
            &level.name,
            &level.accept,
            &level.first,
            &level.attempts,
            &level.contact,
        ];
        words.map(|words| Cell::known(words)).into_iter().collect()
    });
    csv_out::table(&header, rows.collect::<Vec<Vec<Cell>>>())
}

fn definitions_page(
    cx: &Cx,
    ground: &Ground,
    version: &Version,
    form: Form,
) -> Result<DefinitionsPage> {
    let me = cx.me()?;
    let before = ground
        .versions
        .iter()
        .rfind(|v| v.number < version.number && v.from.is_some());
    let link = |v: &Version| VersionLink {
        link: Link {
            href: format!("/definitions/{}", v.number),
            label: format!("Version {}", v.number),
            current: v.number == version.number,
        },
        sub: view::state(cx, ground, v),
    };
    let title = format!("Version {}", version.number);
    Ok(DefinitionsPage {
        frame: Frame::new(cx, format!("Definitions, {}", title.to_lowercase()))
            .with_toast(toast(cx)),
        view: VersionView::new(cx, ground, version)?,
        versions: ground.versions.iter().rev().map(link).collect(),
        waiting_href: match ground.draft() {
            Some(draft) if draft.number != version.number => {
                format!("/definitions/{}", draft.number)
            }
            _ => String::new(),
        },
        may_draft: READERS.allows(me.role),
        draft_href: match ground.draft() {
            Some(_) => "/definitions/draft".to_owned(),
            None => String::new(),
        },
        compare_href: before.map_or(String::new(), |before| {
            compare::address(before.number, version.number)
        }),
        csv_href: format!("/definitions/{}?format=csv", version.number),
        heads: Side::ALL
            .iter()
            .map(|side| head_view(ground, *side, me.role, &form))
            .collect(),
        form,
    })
}

fn head_view(ground: &Ground, side: Side, role: Role, form: &Form) -> HeadView {
    let head = ground.head(side);
    let here = ground.directory.people.iter();
    let here = here.filter(|p| p.left_on.is_none() && side.takes(p.role) && role == Role::Admin);
    let mut people: Vec<Choice> = here
        .map(|person| Choice {
            value: person.uid.clone(),
            label: person.name.clone(),
            chosen: match form.has(side.word()) {
                true => form.value(side.word()) == person.uid,
                false => Some(person.id) == head,
            },
        })
        .collect();
    if !people.is_empty() && !people.iter().any(|choice| choice.chosen) {
        people.insert(
            0,
            Choice {
                value: String::new(),
                label: "Nobody yet".to_owned(),
                chosen: true,
            },
        );
    }
    HeadView {
        label: side.label(),
        field: side.word(),
        seen: head
            .and_then(|id| ground.directory.person(id))
            .map_or(String::new(), |person| person.uid.clone()),
        name: match ground.directory.name(head) {
            "" => "Nobody yet".to_owned(),
            name => name.to_owned(),
        },
        people,
    }
}

/// An admin names who signs.
pub fn set_heads(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let directory: Arc<Directory> = cx.reference()?;
    let id_of = |uid: &str| directory.person_of_uid(uid).map(|person| person.id);
    let mut chosen = Vec::new();
    for side in Side::ALL {
        let seen = id_of(form.value(&format!("seen_{side}")));
        let person = form.optional(side.word(), "somebody from the list", id_of);
        chosen.extend(person.flatten().map(|person_id| Chosen {
            side: *side,
            person_id,
            seen,
        }));
    }
    let named = match form.is_good() {
        false => Err(Error::refused("")),
        true => cx.write(|tx| name_heads(tx, &chosen)),
    };
    let changed = match named {
        Ok(changed) if changed.is_empty() => return page::go_to("/definitions?done=heads"),
        Ok(changed) => changed,
        Err(Error::Refused(why)) => {
            if !why.is_empty() {
                form.refuse(Side::Sales.word(), why);
            }
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let ground = Ground::load(cx)?;
    let version = ground.in_force().ok_or(Error::NotFound)?;
    let mut page = definitions_page(cx, &ground, version, form)?;
    if changed.is_empty() {
        return page::again(&page);
    }
    let now = changed.iter().map(|(side, person)| {
        let (label, name) = (side.label().to_lowercase(), directory.name(Some(*person)));
        format!("the {label} is {name}")
    });
    page.frame.notice = Some(format!(
        "Somebody named another while you had the page open: {}. Whom you chose is below: save again if it is still right.",
        now.collect::<Vec<_>>().join(", ")
    ));
    page::with_status(409, &page)
}

fn toast(cx: &Cx) -> Option<Toast> {
    let text = match cx.query().value("done") {
        "saved" => "The draft is saved. It is in force once both heads have signed it.",
        "signed" => "Signed.",
        "dropped" => "The draft is dropped.",
        "heads" => "Saved who signs.",
        _ => return None,
    };
    Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    })
}
