//! GET and POST /team/peers: with whom somebody is compared.

use super::asked::tabs;
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::{Choice, Form, read_day};
use crate::page::{self, Answer, DASH, Frame, Link, Toast};
use crate::people::peers::{self, NAME_MOST, Peers};
use crate::people::{self, Directory, Person};
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "team/peers.html")]
struct PeersPage {
    frame: Frame,
    form: Form,
    tabs: Vec<Link>,
    csv: &'static str,
    people: Vec<Choice>,
    /// The groups that there are.
    names: Vec<String>,
    rows: Vec<PeerRow>,
}

struct PeerRow {
    name: String,
    team: String,
    group: String,
    since: String,
    /// What held before, and what is to come.
    others: String,
}

pub fn page(cx: &Cx) -> Answer {
    if cx.query().value("format") == "csv" {
        return page::csv_file("peer-groups", csv(cx)?);
    }
    let mut page = peers_page(cx, Form::default())?;
    if cx.query().value("done") == "placed" {
        page.frame = page.frame.with_toast(Some(Toast {
            text: "Saved. Boards of the days before keep the groups that held then.".to_owned(),
            undo_href: None,
        }));
    }
    page::show(&page)
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let directory: Arc<Directory> = cx.reference()?;
    let person = form.parsed("person", "somebody of the list", |uid| {
        directory.person_of_uid(uid).map(|person| person.id)
    });
    let read = (
        form.text("name", NAME_MOST),
        form.parsed("from", "a date such as 2026-03-31", read_day),
        form.parsed("seen", "what the page said", |text| {
            text.parse::<i64>().ok()
        }),
    );
    let (Some(person), (Some(name), Some(from), Some(seen))) = (person, read) else {
        return page::again(&peers_page(cx, form)?);
    };
    match cx.write(|tx| peers::place(tx, (person, &name, from), seen)) {
        Ok(()) => page::go_to("/team/peers?done=placed"),
        Err(Error::Conflict(why)) => {
            form.refuse("name", why);
            page::with_status(409, &peers_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

/// Whom the asker may place, by name.
fn placeable(cx: &Cx, directory: &Directory) -> Result<Vec<Person>> {
    let me = cx.me()?;
    let today = me.zone.day_of(cx.now);
    let all = directory.people.iter();
    let theirs = all.filter(|person| peers::may_place(me, directory, person.id, today));
    Ok(theirs.cloned().collect())
}

fn peers_page(cx: &Cx, mut form: Form) -> Result<PeersPage> {
    let (directory, peers): (Arc<Directory>, Arc<Peers>) = (cx.reference()?, fresh(cx)?);
    let today = cx.zone().day_of(cx.now);
    let people = placeable(cx, &directory)?;
    form.set_default("from", today.to_string());
    // What is on this page is what the asker has seen, also after a conflict.
    let form = with_seen(form, peers.newest());
    Ok(PeersPage {
        frame: Frame::new(cx, "Peer groups"),
        tabs: tabs(cx, "/team/peers")?,
        csv: "/team/peers?format=csv",
        people: form.choices(
            "person",
            people.iter().map(|p| (p.uid.clone(), p.name.clone())),
        ),
        names: peers
            .names_on(today)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        rows: people
            .iter()
            .map(|person| row(person, &directory, &peers, today))
            .collect(),
        form,
    })
}

/// Read anew, since a conflict tells of what came after the request's own reference data.
fn fresh(cx: &Cx) -> Result<Arc<Peers>> {
    cx.read(|conn| {
        let kept = cx.app.shelf.now(conn)?;
        kept.get(conn)
    })
}

fn with_seen(form: Form, newest: i64) -> Form {
    let kept = ["person", "name", "from"].map(|name| (name, form.value(name).to_owned()));
    let mut filled = Form::filled(kept.into_iter().chain([("seen", newest.to_string())]));
    for error in form.errors() {
        filled.refuse(&error.name, error.text.clone());
    }
    filled
}

fn row(person: &Person, directory: &Directory, peers: &Peers, today: chrono::NaiveDate) -> PeerRow {
    let now = peers.placed_on(person.id, today);
    let words = |name: &str| match name {
        "" => "no group".to_owned(),
        name => name.to_owned(),
    };
    let others = peers
        .of(person.id)
        .iter()
        .filter(|placed| now.is_none_or(|now| now.id != placed.id));
    let others = others.map(|placed| {
        format!(
            "{} from {}",
            words(&placed.name),
            page::day(placed.from_day)
        )
    });
    let memberships: Vec<_> = directory.memberships_of(person.id).cloned().collect();
    let team = people::team_on(&memberships, today).and_then(|id| directory.team(id));
    let held = now.filter(|placed| !placed.name.is_empty());
    PeerRow {
        name: person.name.clone(),
        team: team.map(|team| team.name.clone()).unwrap_or_default(),
        group: held.map_or(DASH.to_owned(), |placed| placed.name.clone()),
        since: held
            .map(|placed| page::day(placed.from_day))
            .unwrap_or_default(),
        others: others.collect::<Vec<_>>().join("; "),
    }
}

/// Every row of the people whom the asker may place, in the order in which they hold.
fn csv(cx: &Cx) -> Result<String> {
    let (directory, peers): (Arc<Directory>, Arc<Peers>) = (cx.reference()?, cx.reference()?);
    let people = placeable(cx, &directory)?;
    let rows = people.iter().flat_map(|person| {
        let placed = peers.of(person.id).iter();
        placed.map(|placed| {
            vec![
                Cell::from(person.name.as_str()),
                Cell::from(person.email.as_str()),
                Cell::from(placed.name.as_str()),
                Cell::from(placed.from_day.to_string()),
                Cell::from(directory.name(placed.set_by_id)),
                Cell::from(placed.set_at.to_string()),
            ]
        })
    });
    let header = ["name", "email", "group", "from", "set_by", "set_at"];
    csv_out::table(&header, rows)
}
