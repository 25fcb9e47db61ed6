//! What an admin decides about signing in: who needs a second factor, and help for who has lost theirs.

use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::{self, Directory};
use crate::rules::access::Role;
use crate::signin::factor;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "signin/rules.html")]
struct RulesPage {
    frame: Frame,
    roles: Vec<Choice>,
    counts: Vec<Count>,
}

/// How many of a role have a second factor.
struct Count {
    role: &'static str,
    with: usize,
    people: usize,
}

pub fn rules(cx: &Cx) -> Answer {
    let directory: Arc<Directory> = cx.reference()?;
    let chosen = &cx.workspace.second_factor_roles;
    let form = Form::filled(chosen.iter().map(|role| ("role", role.word())));
    let counts = Role::ALL.iter().map(|role| {
        let here = directory.people.iter();
        let here = here.filter(|p| p.role == *role && p.left_on.is_none());
        Count {
            role: role.label(),
            with: here.clone().filter(|p| p.has_second_factor).count(),
            people: here.count(),
        }
    });
    let toast = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved. Who lacks a second factor is asked to set it up before anything else."
            .to_owned(),
        undo_href: None,
    });
    page::show(&RulesPage {
        frame: Frame::new(cx, "Second factor by role").with_toast(toast),
        roles: form.choices("role", Role::ALL.iter().map(|r| (r.word(), r.label()))),
        counts: counts.collect(),
    })
}

pub fn save_rules(cx: &Cx) -> Answer {
    let form = cx.form();
    let chosen = form.values("role").filter_map(Role::from_word);
    let mut roles: Vec<Role> = chosen.collect();
    roles.sort_unstable();
    roles.dedup();
    cx.write(|tx| people::require_second_factor(tx, &roles))?;
    page::go_to("/sign-in-rules?done=saved")
}

fn asked_for(cx: &Cx) -> Result<people::Person> {
    let uid = cx.param("uid")?;
    cx.read(|conn| people::store::by_uid(conn, uid))?
        .ok_or(Error::NotFound)
}

/// Takes somebody's second factor away, who has lost phone and codes.
pub fn reset_factor(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    cx.write(|tx| factor::reset(tx, person.id))?;
    page::go_to(format!("/people/{}?done=factor", person.uid))
}

pub fn sign_out(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    cx.write(|tx| people::sign_out(tx, person.id, None))?;
    page::go_to(format!("/people/{}?done=signed-out", person.uid))
}
