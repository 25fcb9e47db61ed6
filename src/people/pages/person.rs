//! The page of one person: who they are, their teams by date, their password, and whether they have left.

use super::{
    NO_OWN_ZONE, read_day, read_role, read_team, read_zone, role_choices, team_choices,
    zone_choices,
};
use crate::app::{Cx, Tx};
use crate::error::{Error, Result};
use crate::form::{A_NAME, Choice, Form, read_name};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::keys::{self, Key};
use crate::people::store::{self, Membership, Person, Team};
use crate::people::{
    change, change_email, come_back, join, leave, part, passwords, since_ever, taken,
};
use crate::rules::access::Role;
use askama::Template;
use chrono::NaiveDate;

crate::words! {
    /// What to do about a team from a day on.
    pub enum Deed { Move = "move", Join = "join", Leave = "leave" }
}

impl Deed {
    fn label(self) -> &'static str {
        match self {
            Deed::Move => "Move to this team, and leave the others",
            Deed::Join => "Join this team too",
            Deed::Leave => "Leave this team",
        }
    }
}

pub fn address(uid: &str) -> String {
    format!("/people/{uid}")
}

#[derive(Template)]
#[template(path = "people/person.html")]
struct PersonPage {
    frame: Frame,
    form: Form,
    href: String,
    hours_href: String,
    person: Person,
    /// Their last day; empty for who is here.
    left: String,
    /// Whether they may still own leads from before they came to marketing.
    was_in_sales: bool,
    can_sign_in: bool,
    roles: Vec<Choice>,
    zones: Vec<Choice>,
    teams: Vec<Choice>,
    deeds: Vec<Choice>,
    memberships: Vec<MembershipRow>,
    /// Their keys to the API, each by name and last use.
    keys: Vec<String>,
}

struct MembershipRow {
    team: String,
    /// From when to when.
    period: String,
    is_current: bool,
}

pub fn show(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    let toast = saved(cx.query().value("done"), &person.name);
    let mut page = person_page(cx, person, Form::default())?;
    page.frame = page.frame.with_toast(toast);
    page::show(&page)
}

fn saved(done: &str, name: &str) -> Option<Toast> {
    let text = match done {
        "saved" => "Saved.".to_owned(),
        "team" => "The teams are changed.".to_owned(),
        "signed-out" => format!("{name} is signed out everywhere."),
        "factor" => "The second factor is off. They can set up another one.".to_owned(),
        "erased" => "Erased. What they did still counts.".to_owned(),
        "returned" => format!("{name} can sign in again. Choose a team."),
        _ => return None,
    };
    Some(Toast {
        text,
        undo_href: None,
    })
}

fn asked_for(cx: &Cx) -> Result<Person> {
    let uid = cx.param("uid")?;
    cx.read(|conn| store::by_uid(conn, uid))?
        .ok_or(Error::NotFound)
}

/// One form stands for all those on the page: a field that did not come shows what is stored.
fn person_page(cx: &Cx, person: Person, mut form: Form) -> Result<PersonPage> {
    let today = cx.workspace.zone.day_of(cx.now);
    let (teams, memberships, with_password, keys) = cx.snapshot(|conn| {
        Ok((
            store::teams(conn)?,
            store::memberships_of(conn, person.id)?,
            passwords::store::with_password(conn)?,
            keys::store::of_person(conn, person.id)?,
        ))
    })?;
    form.set_default("name", person.name.clone());
    form.set_default("email", person.email.clone());
    form.set_default("role", person.role.word());
    form.set_default("time_zone", person.time_zone.clone().unwrap_or_default());
    form.set_default("deed", Deed::Move.word());
    form.set_default("from", today.to_string());
    form.set_default("last_day", today.to_string());
    Ok(PersonPage {
        frame: Frame::new(cx, person.name.clone()),
        href: address(&person.uid),
        hours_href: format!("/calendar?whose=person-{}", person.uid),
        left: person.left_on.map(page::day).unwrap_or_default(),
        was_in_sales: person.role == Role::Marketing && !memberships.is_empty(),
        can_sign_in: with_password.contains(&person.id),
        roles: role_choices(&form),
        zones: zone_choices(&form, NO_OWN_ZONE),
        teams: team_choices(&form, &teams, "Choose a team"),
        deeds: form.choices(
            "deed",
            Deed::ALL.iter().map(|deed| (deed.word(), deed.label())),
        ),
        memberships: memberships
            .iter()
            .rev()
            .map(|m| membership_row(m, &teams, today))
            .collect(),
        keys: keys.iter().map(key_words).collect(),
        person,
        form,
    })
}

/// `Monday spreadsheet (last used Wed 4 Mar 2026)`.
fn key_words(key: &Key) -> String {
    let used = key
        .used_on
        .map(|day| format!("last used {}", page::day(day)));
    format!("{} ({})", key.name, used.as_deref().unwrap_or("never used"))
}

fn membership_row(membership: &Membership, teams: &[Team], today: NaiveDate) -> MembershipRow {
    let team = teams.iter().find(|team| team.id == membership.team_id);
    let from = (membership.from_day > since_ever()).then(|| page::day(membership.from_day));
    let last_day = membership.until_day.and_then(|until| until.pred_opt());
    MembershipRow {
        team: team.map(|team| team.name.clone()).unwrap_or_default(),
        period: match (from, last_day.map(page::day)) {
            (None, None) => "Always".to_owned(),
            (Some(from), None) => format!("Since {from}"),
            (None, Some(to)) => format!("Until {to}"),
            (Some(from), Some(to)) => format!("{from} to {to}"),
        },
        is_current: membership.holds_on(today),
    }
}

pub fn update(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    let mut form = cx.form();
    let read = (
        form.parsed("name", A_NAME, read_name),
        read_role(&mut form),
        read_zone(&mut form),
    );
    let email = match form.has("email") {
        true => form.email("email"),
        false => Some(person.email.clone()),
    };
    let (Some(email), (Some(name), Some(role), Some(zone))) = (email, read) else {
        return page::again(&person_page(cx, person, form)?);
    };
    let holder = cx.read(|conn| store::by_email(conn, &email))?;
    if holder.is_some_and(|holder| holder.id != person.id) {
        form.refuse("email", taken(&email));
        return page::again(&person_page(cx, person, form)?);
    }
    let keep = session_to_keep(cx, &person);
    done(cx, person, form, ("role", "saved"), |tx, id| {
        change(tx, id, (&name, role, zone.as_deref()), keep)?;
        change_email(tx, id, &email, keep)
    })
}

/// One's own session goes on, so that nobody throws themselves out.
fn session_to_keep<'a>(cx: &'a Cx, person: &Person) -> Option<&'a str> {
    let is_me = cx.who.as_ref().is_some_and(|me| me.id == person.id);
    cx.request.session.as_deref().filter(|_| is_me)
}

/// Runs a verb on a person and goes back to their page; a refusal gives the form back, at `field`.
fn done(
    cx: &Cx,
    person: Person,
    mut form: Form,
    (field, word): (&str, &str),
    verb: impl FnOnce(&mut Tx, i64) -> Result<()>,
) -> Answer {
    match cx.write(|tx| verb(tx, person.id)) {
        Ok(()) => page::go_to(format!("{}?done={word}", address(&person.uid))),
        Err(Error::Refused(why)) => {
            form.refuse(field, why);
            page::again(&person_page(cx, person, form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn change_teams(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    let mut form = cx.form();
    let team_id = match read_team(&mut form) {
        Some(None) => {
            form.refuse("team", "Choose a team.");
            None
        }
        read => read.flatten(),
    };
    let read = (
        form.parsed("deed", "what to do from the list", Deed::from_word),
        read_day(&mut form, "from"),
    );
    let (Some(team_id), (Some(deed), Some(from))) = (team_id, read) else {
        return page::again(&person_page(cx, person, form)?);
    };
    done(cx, person, form, ("team", "team"), |tx, id| match deed {
        Deed::Leave => leave(tx, id, team_id, from),
        _ => join(tx, id, team_id, from, deed == Deed::Move),
    })
}

pub fn mark_left(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    let mut form = cx.form();
    let today = cx.workspace.zone.day_of(cx.now);
    let last_day = read_day(&mut form, "last_day");
    if last_day.is_some_and(|day| day > today) {
        form.refuse(
            "last_day",
            "Enter today or a day before: from then on they cannot sign in.",
        );
    }
    let Some(last_day) = last_day.filter(|_| form.is_good()) else {
        return page::again(&person_page(cx, person, form)?);
    };
    match cx.write(|tx| part(tx, person.id, last_day)) {
        // What they leave behind is shared out next.
        Ok(()) => page::go_to(format!("{}/leads?done=left", address(&person.uid))),
        Err(Error::Refused(why)) => {
            form.refuse("last_day", why);
            page::again(&person_page(cx, person, form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn mark_returned(cx: &Cx) -> Answer {
    let person = asked_for(cx)?;
    done(cx, person, Form::default(), ("role", "returned"), come_back)
}
