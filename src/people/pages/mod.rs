//! The pages about people and teams: the list, and adding somebody.

pub mod link;
pub mod person;
pub mod team;
pub mod workspace;

use super::store::{self, Membership, Person, Team};
use super::{NewPerson, add, join, links, passwords};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::{A_NAME, Choice, Form, read_name};
use crate::page::{self, Answer, DASH, Frame, Toast};
use crate::rules::access::Role;
use crate::rules::zone::Zone;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashSet;

/// What an empty choice of a person's zone means.
const NO_OWN_ZONE: &str = "As the team, else as the workspace";

#[derive(Template)]
#[template(path = "people/index.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<PersonRow>,
    leavers: Vec<PersonRow>,
    teams: Vec<TeamRow>,
    retired: Vec<TeamRow>,
    links: Vec<link::LinkRow>,
}

struct PersonRow {
    href: String,
    name: String,
    email: String,
    role: &'static str,
    teams: String,
    zone: String,
    can_sign_in: bool,
    has_factor: bool,
    /// Their last day; empty for who is here.
    left: String,
    left_on: Option<NaiveDate>,
}

struct TeamRow {
    href: String,
    name: String,
    zone: String,
    members: usize,
    is_retired: bool,
}

/// `?format=csv` for everybody as a file, `&table=teams` for the teams.
pub fn index(cx: &Cx) -> Answer {
    let today = cx.workspace.zone.day_of(cx.now);
    let (mut people, mut teams, memberships, with_password, open) = cx.snapshot(|conn| {
        Ok((
            store::all(conn)?,
            store::teams(conn)?,
            store::memberships(conn)?,
            passwords::store::with_password(conn)?,
            links::store::open(conn, cx.now)?,
        ))
    })?;
    let links = link::rows(cx, &open, &people);
    people.sort_by_key(|person| (person.name.to_lowercase(), person.id));
    teams.sort_by_key(|team| (team.name.to_lowercase(), team.id));
    let current: Vec<Membership> = memberships
        .into_iter()
        .filter(|m| m.holds_on(today))
        .collect();
    let (people, leavers): (Vec<_>, Vec<_>) = people.into_iter().partition(|p| p.left_on.is_none());
    let here: HashSet<i64> = people.iter().map(|person| person.id).collect();
    let row = |person| person_row(person, &teams, &current, &with_password);
    let toast = (cx.query().value("done") == "revoked").then(|| Toast {
        text: "The link is revoked.".to_owned(),
        undo_href: None,
    });
    let team_row = |team: &Team| TeamRow {
        href: team::address(team.id),
        name: team.name.clone(),
        zone: shown_zone(team.time_zone.as_deref()),
        members: members_of(team.id, &current, &here),
        is_retired: team.is_retired,
    };
    let of = |is_retired: bool| {
        teams
            .iter()
            .filter(move |team| team.is_retired == is_retired)
    };
    let page = PeoplePage {
        frame: Frame::new(cx, "People").with_toast(toast),
        links,
        people: people.into_iter().map(row).collect(),
        leavers: leavers.into_iter().map(row).collect(),
        teams: of(false).map(team_row).collect(),
        retired: of(true).map(team_row).collect(),
    };
    let query = cx.query();
    match (query.value("format"), query.value("table")) {
        ("csv", "teams") => page::csv_file("teams", teams_csv(&page)?),
        ("csv", _) => page::csv_file("people", people_csv(&page)?),
        _ => page::show(&page),
    }
}

fn people_csv(page: &PeoplePage) -> Result<String> {
    let header = [
        "name",
        "email",
        "role",
        "teams_today",
        "own_time_zone",
        "has_password",
        "has_second_factor",
        "left_on",
    ];
    let all = page.people.iter().chain(&page.leavers);
    let row = |person: &PersonRow| -> Vec<Cell> {
        let left_on = person.left_on.map(|day| day.to_string());
        vec![
            Cell::from(person.name.as_str()),
            Cell::from(person.email.as_str()),
            Cell::from(person.role),
            Cell::known(&person.teams),
            Cell::known(&person.zone),
            Cell::from(person.can_sign_in.to_string()),
            Cell::from(person.has_factor.to_string()),
            Cell::from(left_on.unwrap_or_default()),
        ]
    };
    csv_out::table(&header, all.map(row))
}

fn teams_csv(page: &PeoplePage) -> Result<String> {
    let header = ["team", "members_today", "own_time_zone", "is_retired"];
    let all = page.teams.iter().chain(&page.retired);
    let row = |team: &TeamRow| -> Vec<Cell> {
        vec![
            Cell::from(team.name.as_str()),
            Cell::count(team.members as i64),
            Cell::known(&team.zone),
            Cell::from(team.is_retired.to_string()),
        ]
    };
    csv_out::table(&header, all.map(row))
}

fn members_of(team_id: i64, current: &[Membership], here: &HashSet<i64>) -> usize {
    let members: HashSet<i64> = current
        .iter()
        .filter(|m| m.team_id == team_id && here.contains(&m.person_id))
        .map(|m| m.person_id)
        .collect();
    members.len()
}

fn person_row(
    person: Person,
    teams: &[Team],
    current: &[Membership],
    with_password: &HashSet<i64>,
) -> PersonRow {
    let is_theirs = |team: &&Team| {
        current
            .iter()
            .any(|m| m.team_id == team.id && m.person_id == person.id)
    };
    let names: Vec<&str> = teams
        .iter()
        .filter(is_theirs)
        .map(|team| team.name.as_str())
        .collect();
    PersonRow {
        href: person::address(&person.uid),
        can_sign_in: with_password.contains(&person.id),
        has_factor: person.has_second_factor,
        teams: or_dash(names.join(", ")),
        zone: shown_zone(person.time_zone.as_deref()),
        role: person.role.label(),
        left: person.left_on.map(page::day).unwrap_or_default(),
        left_on: person.left_on,
        name: person.name,
        email: person.email,
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() {
        DASH.to_owned()
    } else {
        text
    }
}

fn shown_zone(zone: Option<&str>) -> String {
    or_dash(zone.unwrap_or_default().to_owned())
}

#[derive(Template)]
#[template(path = "people/new.html")]
struct NewPersonPage {
    frame: Frame,
    form: Form,
    roles: Vec<Choice>,
    teams: Vec<Choice>,
    zones: Vec<Choice>,
}

pub fn new(cx: &Cx) -> Answer {
    page::show(&new_person_page(cx, cx.query())?)
}

fn new_person_page(cx: &Cx, mut form: Form) -> Result<NewPersonPage> {
    form.set_default("role", Role::Rep.word());
    let teams = cx.read(store::teams)?;
    Ok(NewPersonPage {
        frame: Frame::new(cx, "Add a person"),
        roles: role_choices(&form),
        teams: team_choices(&form, &teams, "No team"),
        zones: zone_choices(&form, NO_OWN_ZONE),
        form,
    })
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let read = (
        form.parsed("name", A_NAME, read_name),
        form.email("email"),
        read_role(&mut form),
        read_team(&mut form),
        read_zone(&mut form),
    );
    let (Some(name), Some(email), Some(role), Some(team_id), Some(time_zone)) = read else {
        return page::again(&new_person_page(cx, form)?);
    };
    let person = NewPerson {
        email,
        name,
        role,
        time_zone,
        password_hash: None,
    };
    let today = cx.workspace.zone.day_of(cx.now);
    let added = cx.write(|tx| {
        let id = add(tx, person)?;
        if let Some(team_id) = team_id {
            join(tx, id, team_id, today, true)?;
        }
        let person = store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
        Ok((person, links::make(tx, id)?))
    });
    match added {
        Ok((person, token)) => link::show(cx, &person, &token),
        Err(Error::Refused(why)) => {
            form.refuse("email", why);
            page::again(&new_person_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

fn role_choices(form: &Form) -> Vec<Choice> {
    form.choices(
        "role",
        Role::ALL.iter().map(|role| (role.word(), role.label())),
    )
}

fn team_choices(form: &Form, teams: &[Team], none: &str) -> Vec<Choice> {
    let none = std::iter::once((String::new(), none.to_owned()));
    let open = teams.iter().filter(|team| !team.is_retired);
    let teams = open.map(|team| (team.id.to_string(), team.name.clone()));
    form.choices("team", none.chain(teams))
}

fn zone_choices(form: &Form, none: &str) -> Vec<Choice> {
    let none = std::iter::once((String::new(), none.to_owned()));
    let zones = Zone::all_names()
        .into_iter()
        .map(|name| (name.clone(), name));
    form.choices("time_zone", none.chain(zones))
}

fn read_role(form: &mut Form) -> Option<Role> {
    form.parsed("role", "a role from the list", Role::from_word)
}

fn read_team(form: &mut Form) -> Option<Option<i64>> {
    form.optional("team", "a team from the list", |id| id.parse().ok())
}

fn read_zone(form: &mut Form) -> Option<Option<String>> {
    let zone = form.optional("time_zone", "a time zone from the list", Zone::named)?;
    Some(zone.map(|zone| zone.name().to_owned()))
}

/// A date field that must be there.
fn read_day(form: &mut Form, field: &str) -> Option<NaiveDate> {
    form.parsed(field, "a date such as 2026-03-31", crate::form::read_day)
}
