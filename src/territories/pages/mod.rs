//! The pages of territories: the rules in their order, and the people of each territory.

mod rota;

pub use rota::{rota, update_rota};

use super::seen::{self, Done};
use super::store;
use super::{NewRule, add_rule, add_territory};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::lists::{List, Lists};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::Directory;
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
    /// The rule that the form was filled from.
    seen: String,
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

fn rule_page(cx: &Cx, id: Option<i64>, seen: String, form: Form) -> Result<RulePage> {
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
        seen,
        form,
    })
}

pub fn new_rule(cx: &Cx) -> Answer {
    page::show(&rule_page(cx, None, String::new(), Form::default())?)
}

fn standing_rule(cx: &Cx, id: i64) -> Result<Rule> {
    let rules = cx.read(store::rules)?;
    let rule = rules.into_iter().find(|rule| rule.id == id);
    rule.ok_or(Error::NotFound)
}

pub fn edit_rule(cx: &Cx) -> Answer {
    page::show(&filled_rule_page(cx, cx.id_param("id")?)?)
}

fn filled_rule_page(cx: &Cx, id: i64) -> Result<RulePage> {
    let rule = standing_rule(cx, id)?;
    let seen = seen::of_rule(&rule);
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
    rule_page(cx, Some(id), seen, form)
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

pub fn create_rule(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(rule) = read_rule(&mut form) else {
        return page::again(&rule_page(cx, None, String::new(), form)?);
    };
    match cx.write(|tx| add_rule(tx, &rule)) {
        Ok(_) => page::go_to("/territories?done=rule"),
        Err(Error::Refused(why)) => {
            form.refuse("territory", why);
            page::again(&rule_page(cx, None, String::new(), form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn update_rule(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    let mut form = cx.form();
    let was = form.value("seen").to_owned();
    let Some(rule) = read_rule(&mut form) else {
        return page::again(&rule_page(cx, Some(id), was, form)?);
    };
    match cx.write(|tx| seen::change_rule(tx, id, &rule, &was)) {
        Ok(Done::Stored) => page::go_to("/territories?done=rule"),
        Ok(Done::Newer(news)) => {
            let now = seen::of_rule(&standing_rule(cx, id)?);
            told(rule_page(cx, Some(id), now, form)?, news)
        }
        Err(Error::Refused(why)) => {
            form.refuse("territory", why);
            page::again(&rule_page(cx, Some(id), was, form)?)
        }
        Err(Error::NotFound) => retired(cx, id, &form),
        Err(error) => Err(error),
    }
}

/// A page with what happened meanwhile (409).
fn told(mut page: RulePage, news: String) -> Answer {
    page.frame.notice = Some(news);
    page::with_status(409, &page)
}

/// What was typed into a rule that is retired.
fn retired(cx: &Cx, id: i64, form: &Form) -> Answer {
    if !cx.read(|conn| store::is_retired(conn, id))? {
        return Err(Error::NotFound);
    }
    let last = cx.write(|tx| seen::last_of(tx, "territory rule", &["retired"], Some(id)))?;
    let fields = [
        ("country", "Country"),
        ("region", "Region"),
        ("post_code", "Post code begins with"),
        ("employees_from", "People who work there, from"),
        ("employees_to", "To"),
        ("segment", "Segment"),
    ];
    let title = "This rule is retired".to_owned();
    let news = format!("{last} retired it.");
    page::give_back(
        cx,
        title,
        &news,
        page::typed(form, &fields),
        ("/territories", "Go to the rules"),
    )
}

pub fn raise(cx: &Cx) -> Answer {
    move_one(cx, true)
}

pub fn lower(cx: &Cx) -> Answer {
    move_one(cx, false)
}

fn move_one(cx: &Cx, is_up: bool) -> Answer {
    let id = cx.id_param("id")?;
    let place = cx.form().value("seen").parse().ok();
    match cx.write(|tx| seen::move_rule(tx, id, is_up, place))? {
        Done::Stored => page::go_to("/territories?done=moved"),
        Done::Newer(news) => {
            let mut page = index_page(cx, Form::default())?;
            page.frame.notice = Some(news);
            page::with_status(409, &page)
        }
    }
}

pub fn retire(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    let was = cx.form().value("seen").to_owned();
    match cx.write(|tx| seen::retire_rule(tx, id, &was))? {
        Done::Stored => page::go_to("/territories?done=retired"),
        Done::Newer(news) => told(filled_rule_page(cx, id)?, news),
    }
}
