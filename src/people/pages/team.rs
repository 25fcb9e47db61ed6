//! The page of one team: its name and zone, and who is in it today.

use super::{read_zone, zone_choices};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Link, Toast};
use crate::people::store::{self, Team};
use crate::people::{add_team, change_team, choose_display_mode, set_team_retired};
use crate::rules::display::DisplayMode;
use askama::Template;
use std::collections::HashSet;

pub fn address(id: i64) -> String {
    format!("/teams/{id}")
}

#[derive(Template)]
#[template(path = "people/team.html")]
struct TeamPage {
    frame: Frame,
    form: Form,
    zones: Vec<Choice>,
    modes: Vec<Choice>,
    /// Where the form goes.
    action: String,
    /// `None` for a team that is still to be added.
    team: Option<TeamView>,
}

struct TeamView {
    is_retired: bool,
    /// What keeps it from being retired, as was just found.
    why_not: String,
    hours_href: String,
    members: Vec<Link>,
}

fn team_page(cx: &Cx, form: Form, title: &str, action: String) -> TeamPage {
    TeamPage {
        frame: Frame::new(cx, title),
        zones: zone_choices(&form, "As the workspace"),
        modes: form.choices(
            "display_mode",
            DisplayMode::ALL
                .iter()
                .map(|mode| (mode.word(), mode.label())),
        ),
        form,
        action,
        team: None,
    }
}

fn new_page(cx: &Cx, mut form: Form) -> TeamPage {
    form.set_default("display_mode", DisplayMode::AllNamed.word());
    team_page(cx, form, "Add a team", "/teams".to_owned())
}

fn known_page(cx: &Cx, team: &Team, mut form: Form) -> Result<TeamPage> {
    form.set_default("name", team.name.clone());
    form.set_default("time_zone", team.time_zone.clone().unwrap_or_default());
    form.set_default("display_mode", team.display_mode.word());
    let page = team_page(cx, form, &team.name, address(team.id));
    Ok(TeamPage {
        team: Some(TeamView {
            is_retired: team.is_retired,
            why_not: String::new(),
            hours_href: format!("/calendar?whose=team-{}", team.id),
            members: members(cx, team.id)?,
        }),
        ..page
    })
}

fn members(cx: &Cx, team_id: i64) -> Result<Vec<Link>> {
    let today = cx.workspace.zone.day_of(cx.now);
    let (mut people, memberships) =
        cx.snapshot(|conn| Ok((store::all(conn)?, store::memberships(conn)?)))?;
    let ids: HashSet<i64> = memberships
        .iter()
        .filter(|m| m.team_id == team_id && m.holds_on(today))
        .map(|m| m.person_id)
        .collect();
    people.retain(|person| ids.contains(&person.id) && person.left_on.is_none());
    people.sort_by_key(|person| (person.name.to_lowercase(), person.id));
    let link = |person: store::Person| Link {
        href: super::person::address(&person.uid),
        label: person.name,
        current: false,
    };
    Ok(people.into_iter().map(link).collect())
}

pub fn new(cx: &Cx) -> Answer {
    page::show(&new_page(cx, cx.query()))
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some((name, zone, mode)) = read(&mut form) else {
        return page::again(&new_page(cx, form));
    };
    let added = cx.write(|tx| {
        let id = add_team(tx, &name, zone.as_deref())?;
        choose_display_mode(tx, id, mode)?;
        Ok(id)
    });
    match added {
        Ok(id) => page::go_to(format!("{}?done=added", address(id))),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&new_page(cx, form))
        }
        Err(error) => Err(error),
    }
}

fn read(form: &mut Form) -> Option<(String, Option<String>, DisplayMode)> {
    form.set_default("display_mode", DisplayMode::AllNamed.word());
    let (name, zone, mode) = (
        form.required("name", 80, "a name for the team"),
        read_zone(form),
        form.parsed("display_mode", "one of these modes", DisplayMode::from_word),
    );
    Some((name?, zone?, mode?))
}

fn asked_for(cx: &Cx) -> Result<Team> {
    let id = cx.id_param("id")?;
    cx.read(|conn| store::team(conn, id))?
        .ok_or(Error::NotFound)
}

pub fn show(cx: &Cx) -> Answer {
    let mut page = known_page(cx, &asked_for(cx)?, Form::default())?;
    let text = match cx.query().value("done") {
        "added" => "The team is added. Move people into it on their pages.",
        "saved" => "Saved.",
        "retired" => "Retired. Its past stays as it is.",
        "back" => "The team is back.",
        _ => return page::show(&page),
    };
    page.frame = page.frame.with_toast(Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    }));
    page::show(&page)
}

pub fn update(cx: &Cx) -> Answer {
    let team = asked_for(cx)?;
    let mut form = cx.form();
    let Some((name, zone, mode)) = read(&mut form) else {
        return page::again(&known_page(cx, &team, form)?);
    };
    let changed = cx.write(|tx| {
        change_team(tx, team.id, &name, zone.as_deref())?;
        choose_display_mode(tx, team.id, mode)
    });
    match changed {
        Ok(()) => page::go_to(format!("{}?done=saved", address(team.id))),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&known_page(cx, &team, form)?)
        }
        Err(error) => Err(error),
    }
}

/// Retires a team, or brings it back.
pub fn retire(cx: &Cx) -> Answer {
    let team = asked_for(cx)?;
    let is_back = cx.form().is_ticked("back");
    match cx.write(|tx| set_team_retired(tx, team.id, !is_back)) {
        Ok(()) => {
            let done = if is_back { "back" } else { "retired" };
            page::go_to(format!("{}?done={done}", address(team.id)))
        }
        Err(Error::Refused(why)) => {
            let mut page = known_page(cx, &team, Form::default())?;
            if let Some(view) = &mut page.team {
                view.why_not = why;
            }
            page::again(&page)
        }
        Err(error) => Err(error),
    }
}
