//! The pages of territories: the rules in their order, and the people of each territory.

use super::store;
use super::{
    NewRule, WEIGHT_MOST, add_rule, add_territory, change_rule, move_rule, retire_rule, set_rota,
};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::lists::{List, Lists};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::{Directory, Person};
use crate::rules::access::Role;
use crate::rules::territory::Rule;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "territories/index.html")]
struct IndexPage {
    frame: Frame,
    form: Form,
    rules: Vec<RuleRow>,
    territories: Vec<TerritoryRow>,
}

struct RuleRow {
    id: i64,
    number: usize,
    about: String,
    territory: String,
    is_first: bool,
    is_last: bool,
}

struct TerritoryRow {
    name: String,
    people: String,
    href: String,
}

#[derive(Template)]
#[template(path = "territories/rule.html")]
struct RulePage {
    frame: Frame,
    form: Form,
    title: &'static str,
    action: String,
    territories: Vec<Choice>,
    /// Where the rule is retired; empty for a new one.
    retire: String,
}

#[derive(Template)]
#[template(path = "territories/rota.html")]
struct RotaPage {
    frame: Frame,
    form: Form,
    name: String,
    territory: String,
    people: Vec<SeatRow>,
}

struct SeatRow {
    field: String,
    label: String,
    weight: String,
}

pub fn index(cx: &Cx) -> Answer {
    let mut page = index_page(cx, Form::default())?;
    let text = match cx.query().value("done") {
        "rule" => "The rule is saved.",
        "retired" => "The rule is retired.",
        "moved" => "The order is changed.",
        "rota" => "The people are saved. Everybody begins anew.",
        "territory" => {
            "The territory is added. Choose its people, and say which leads belong to it."
        }
        _ => return page::show(&page),
    };
    page.frame = page.frame.with_toast(Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    }));
    page::show(&page)
}

fn index_page(cx: &Cx, form: Form) -> Result<IndexPage> {
    let lists: Arc<Lists> = cx.reference()?;
    let directory: Arc<Directory> = cx.reference()?;
    let (rules, rotas) = cx.snapshot(|conn| Ok((store::rules(conn)?, store::rotas(conn)?)))?;
    let last = rules.len();
    let row = |(at, rule): (usize, &Rule)| RuleRow {
        id: rule.id,
        number: at + 1,
        about: about(rule),
        territory: lists.label_name(Some(rule.territory_id)).to_owned(),
        is_first: at == 0,
        is_last: at + 1 == last,
    };
    let people = |territory: Option<i64>| {
        let seats = rotas.get(&territory).map_or(&[][..], |rota| &rota.seats);
        let name = |id| match directory.person(id) {
            Some(person) if person.left_on.is_some() => format!("{} (has left)", person.name),
            person => person.map(|p| p.name.clone()).unwrap_or_default(),
        };
        let weighed = seats.iter().map(|seat| match seat.weight {
            1 => name(seat.person_id),
            weight => format!("{} \u{d7}\u{a0}{weight}", name(seat.person_id)),
        });
        let mut names: Vec<String> = weighed.collect();
        names.sort();
        names.join(", ")
    };
    let mut territories: Vec<TerritoryRow> = standing(&lists)
        .map(|(id, name)| TerritoryRow {
            name: name.to_owned(),
            people: people(Some(id)),
            href: format!("/territories/rota?territory={id}"),
        })
        .collect();
    territories.push(TerritoryRow {
        name: DEFAULT_NAME.to_owned(),
        people: people(None),
        href: "/territories/rota".to_owned(),
    });
    Ok(IndexPage {
        frame: Frame::new(cx, "Territories"),
        rules: rules.iter().enumerate().map(row).collect(),
        territories,
        form,
    })
}

const DEFAULT_NAME: &str = "Default rota";

/// The territories to choose from, by id and name.
fn standing(lists: &Lists) -> impl Iterator<Item = (i64, &str)> {
    let all = lists.labels_of(List::Territory);
    all.filter(|label| !label.is_retired)
        .map(|label| (label.id, label.name.as_str()))
}

/// Which leads a rule is about, in words.
pub fn about(rule: &Rule) -> String {
    let size = match (rule.employees_from, rule.employees_to) {
        (None, None) => String::new(),
        (Some(from), None) => format!("{from} people or more"),
        (None, Some(to)) => format!("up to {to} people"),
        (Some(from), Some(to)) => format!("{from} to {to} people"),
    };
    let post_code = match rule.post_code.as_str() {
        "" => String::new(),
        code => format!("post code {code}\u{2026}"),
    };
    let parts = [
        rule.country.clone(),
        rule.region.clone(),
        post_code,
        size,
        rule.segment.clone(),
    ];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match said.is_empty() {
        true => "Every lead".to_owned(),
        false => said.join(" \u{b7} "),
    }
}

pub fn create_territory(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(name) = form.required("name", 80, "what the territory is called") else {
        return page::again(&index_page(cx, form)?);
    };
    match cx.write(|tx| add_territory(tx, &name)) {
        Ok(_) => page::go_to("/territories?done=territory"),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&index_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

fn rule_page(cx: &Cx, id: Option<i64>, form: Form) -> Result<RulePage> {
    let lists: Arc<Lists> = cx.reference()?;
    let none = [(String::new(), "Choose a territory".to_owned())];
    let each = standing(&lists).map(|(id, name)| (id.to_string(), name.to_owned()));
    let title = match id {
        Some(_) => "Change the rule",
        None => "Add a rule",
    };
    Ok(RulePage {
        frame: Frame::new(cx, title),
        title,
        action: match id {
            Some(id) => format!("/territories/rules/{id}"),
            None => "/territories/rules".to_owned(),
        },
        territories: form.choices("territory", none.into_iter().chain(each)),
        retire: id.map_or(String::new(), |id| {
            format!("/territories/rules/{id}/retire")
        }),
        form,
    })
}

pub fn new_rule(cx: &Cx) -> Answer {
    page::show(&rule_page(cx, None, Form::default())?)
}

pub fn edit_rule(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    let rules = cx.read(store::rules)?;
    let rule = rules.into_iter().find(|rule| rule.id == id);
    let rule = rule.ok_or(Error::NotFound)?;
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let form = Form::filled([
        ("territory", rule.territory_id.to_string()),
        ("country", rule.country),
        ("region", rule.region),
        ("post_code", rule.post_code),
        ("employees_from", number(rule.employees_from)),
        ("employees_to", number(rule.employees_to)),
        ("segment", rule.segment),
    ]);
    page::show(&rule_page(cx, Some(id), form)?)
}

/// A whole number of people.
pub fn read_size(text: &str) -> Option<u32> {
    text.parse().ok().filter(|n| *n <= 10_000_000)
}

fn read_rule(form: &mut Form) -> Option<NewRule> {
    let territory_id = form.parsed("territory", "a territory from the list", |text| {
        text.parse().ok()
    });
    let country = form.text("country", 200);
    let region = form.text("region", 200);
    let post_code = form.text("post_code", 400);
    let employees_from = form.optional("employees_from", "a whole number", read_size);
    let employees_to = form.optional("employees_to", "a whole number", read_size);
    let segment = form.text("segment", 200);
    Some(NewRule {
        id: 0,
        territory_id: territory_id?,
        country: country?,
        region: region?,
        post_code: post_code?,
        employees_from: employees_from?,
        employees_to: employees_to?,
        segment: segment?,
    })
}

fn save_rule(cx: &Cx, id: Option<i64>) -> Answer {
    let mut form = cx.form();
    let Some(rule) = read_rule(&mut form) else {
        return page::again(&rule_page(cx, id, form)?);
    };
    let done = cx.write(|tx| match id {
        Some(id) => change_rule(tx, id, &rule),
        None => add_rule(tx, &rule).map(|_| ()),
    });
    match done {
        Ok(()) => page::go_to("/territories?done=rule"),
        Err(Error::Refused(why)) => {
            form.refuse("territory", why);
            page::again(&rule_page(cx, id, form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn create_rule(cx: &Cx) -> Answer {
    save_rule(cx, None)
}

pub fn update_rule(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    save_rule(cx, Some(id))
}

pub fn raise(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| move_rule(tx, id, true))?;
    page::go_to("/territories?done=moved")
}

pub fn lower(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| move_rule(tx, id, false))?;
    page::go_to("/territories?done=moved")
}

pub fn retire(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| retire_rule(tx, id))?;
    page::go_to("/territories?done=retired")
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
    if !form.is_good() {
        return page::again(&rota_page(cx, territory, form)?);
    }
    match cx.write(|tx| set_rota(tx, territory, &seats)) {
        Ok(()) => page::go_to("/territories?done=rota"),
        Err(Error::Refused(why)) => {
            form.refuse("people", why);
            page::again(&rota_page(cx, territory, form)?)
        }
        Err(error) => Err(error),
    }
}
