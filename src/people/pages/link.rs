//! Links with which somebody chooses a password: made for them, shown once, listed while they are open, revoked.

use crate::app::Cx;
use crate::error::Error;
use crate::page::{self, Answer, Frame};
use crate::people::links::{self, Link};
use crate::people::passwords;
use crate::people::store::{self, Person};
use askama::Template;

/// A link that can still be used.
pub struct LinkRow {
    pub id: i64,
    pub name: String,
    pub href: String,
    pub what: &'static str,
    pub made: String,
    pub until: String,
}

#[derive(Template)]
#[template(path = "people/link.html")]
struct LinkPage<'a> {
    frame: Frame,
    name: &'a str,
    email: &'a str,
    href: String,
    link: String,
    is_invite: bool,
    days: i64,
}

/// Links that are open, with whose they are.
pub fn rows(cx: &Cx, open: &[Link], people: &[Person]) -> Vec<LinkRow> {
    let find = |id: i64| people.iter().find(|person| person.id == id);
    let row = |link: &Link| {
        let person = find(link.person_id)?;
        let maker = link.made_by_id.and_then(find);
        let maker = maker.map_or("the console", |maker| maker.name.as_str());
        Some(LinkRow {
            id: link.id,
            name: person.name.clone(),
            href: super::person::address(&person.uid),
            what: if link.is_invite {
                "Invitation"
            } else {
                "Reset"
            },
            made: format!("{} by {maker}", page::time(link.made_at, cx.zone())),
            until: page::time(link.expires_at, cx.zone()),
        })
    };
    open.iter().filter_map(row).collect()
}

/// The one page that shows a link, once: it is stored as a hash only.
pub fn show(cx: &Cx, person: &Person, token: &str) -> Answer {
    let has_password = cx
        .read(passwords::store::with_password)?
        .contains(&person.id);
    page::show(&LinkPage {
        frame: Frame::new(cx, "A link to hand over"),
        name: &person.name,
        email: &person.email,
        href: super::person::address(&person.uid),
        link: format!("{}{}", cx.origin(), links::path(token)),
        is_invite: !has_password,
        days: match has_password {
            true => links::RESET_DAYS,
            false => links::INVITE_DAYS,
        },
    })
}

/// Makes a link for somebody: an invitation, or a reset.
pub fn create(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    let person = cx.read(|conn| store::by_uid(conn, uid))?;
    let person = person.ok_or(Error::NotFound)?;
    let token = cx.write(|tx| links::make(tx, person.id))?;
    show(cx, &person, &token)
}

pub fn revoke(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| links::revoke(tx, id))?;
    page::go_to("/people?done=revoked")
}
