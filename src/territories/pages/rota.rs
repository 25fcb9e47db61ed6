//! The page of a rota: among whom the leads of a territory go round.

use super::{DEFAULT_NAME, standing};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::lists::Lists;
use crate::page::{self, Answer, Frame};
use crate::people::{Directory, Person};
use crate::rules::access::Role;
use crate::territories::seen::{self, Done};
use crate::territories::{WEIGHT_MOST, store};
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "territories/rota.html")]
struct RotaPage {
    frame: Frame,
    form: Form,
    name: String,
    territory: String,
    people: Vec<SeatRow>,
    /// The weights that the form was filled from.
    seen: String,
}

struct SeatRow {
    field: String,
    label: String,
    weight: String,
}

/// Whose rota is asked for: a territory's, or the default one's.
fn asked_rota(form: &Form, lists: &Lists) -> Result<Option<i64>> {
    match form.value("territory") {
        "" => Ok(None),
        text => {
            let id = text.parse().map_err(|_| Error::NotFound)?;
            let known = standing(lists).any(|(known, _)| known == id);
            known.then_some(Some(id)).ok_or(Error::NotFound)
        }
    }
}

/// Who may stand in a rota, by name.
fn owners(directory: &Directory) -> impl Iterator<Item = &Person> {
    let here = |person: &&Person| person.left_on.is_none();
    let owns = |person: &&Person| matches!(person.role, Role::Rep | Role::Manager);
    directory.people.iter().filter(here).filter(owns)
}

fn rota_page(cx: &Cx, territory: Option<i64>, form: Form) -> Result<RotaPage> {
    let lists: Arc<Lists> = cx.reference()?;
    let directory: Arc<Directory> = cx.reference()?;
    let rotas = cx.read(store::rotas)?;
    let seats = rotas.get(&territory).map_or(&[][..], |rota| &rota.seats);
    let row = |person: &Person| {
        let seat = seats.iter().find(|seat| seat.person_id == person.id);
        let field = format!("weight-{}", person.uid);
        let weight = match form.has(&field) {
            true => form.value(&field).to_owned(),
            false => seat.map(|seat| seat.weight.to_string()).unwrap_or_default(),
        };
        SeatRow {
            label: person.name.clone(),
            weight,
            field,
        }
    };
    let name = match territory {
        Some(id) => lists.label_name(Some(id)),
        None => DEFAULT_NAME,
    };
    Ok(RotaPage {
        frame: Frame::new(cx, format!("People of {name}")),
        name: name.to_owned(),
        territory: territory.map(|id| id.to_string()).unwrap_or_default(),
        people: owners(&directory).map(row).collect(),
        seen: seen::of_rota(seats),
        form,
    })
}

pub fn rota(cx: &Cx) -> Answer {
    let lists: Arc<Lists> = cx.reference()?;
    let territory = asked_rota(&cx.query(), &lists)?;
    page::show(&rota_page(cx, territory, Form::default())?)
}

pub fn update_rota(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let lists: Arc<Lists> = cx.reference()?;
    let directory: Arc<Directory> = cx.reference()?;
    let territory = asked_rota(&form, &lists)?;
    let expected = format!("a whole number from 1 to {WEIGHT_MOST}, or nothing");
    let mut seats = Vec::new();
    for person in owners(&directory) {
        let field = format!("weight-{}", person.uid);
        let weight = form.optional(&field, &expected, |text| {
            let weight: i64 = text.parse().ok()?;
            (0..=WEIGHT_MOST).contains(&weight).then_some(weight)
        });
        seats.extend(weight.flatten().map(|weight| (person.id, weight)));
    }
    seats.retain(|(_, weight)| *weight > 0);
    let was = form.value("seen").to_owned();
    if !form.is_good() {
        let page = rota_page(cx, territory, form)?;
        return page::again(&RotaPage { seen: was, ..page });
    }
    match cx.write(|tx| seen::set_rota(tx, territory, &seats, &was)) {
        Ok(Done::Stored) => page::go_to("/territories?done=rota"),
        Ok(Done::Newer(news)) => {
            let mut page = rota_page(cx, territory, form)?;
            page.frame.notice = Some(news);
            page::with_status(409, &page)
        }
        Err(Error::Refused(why)) => {
            form.refuse("people", why);
            let page = rota_page(cx, territory, form)?;
            page::again(&RotaPage { seen: was, ..page })
        }
        Err(error) => Err(error),
    }
}
