//! Territories: which leads belong to one (ordered rules), and among whom they go round (PRODUCT.md 5).

mod desk;
pub mod pages;
pub mod seen;
pub mod store;
pub mod trial;

pub use desk::{Desk, Pick, Presence, choose, take_turn};

use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::lists::{self, List};
use crate::people::{self, Directory};
use crate::rules::access::Role;
use crate::rules::territory::{Rule, Seat};
use std::sync::Arc;

/// The rota of leads that find no other: it is always there, and empty at first.
pub const DEFAULT_ROTA: i64 = 1;

/// How much more than another somebody may get.
pub const WEIGHT_MOST: i64 = 100;

/// A rule to be written; its id says nothing.
pub type NewRule = Rule;

/// The people of a territory, or of no territory, with their credits.
#[derive(Debug, Clone, Default)]
pub struct Rota {
    pub id: i64,
    pub seats: Vec<Seat>,
}

/// Makes a territory by its name; refused where there is one.
pub fn add_territory(tx: &mut Tx, name: &str) -> Result<i64> {
    let known = lists::store::labels(tx.conn, List::Territory)?;
    if known.iter().any(|(_, known)| known == name) {
        return Err(Error::refused(format!(
            "There is a territory called {name} already."
        )));
    }
    let id = lists::store::label_id(tx.conn, List::Territory, name)?;
    let id = id.ok_or_else(|| Error::refused("Enter what the territory is called."))?;
    audit::note(tx, "added", "territory", Some(id), name)?;
    Ok(id)
}

fn check_territory(tx: &mut Tx, id: i64) -> Result<()> {
    let known = lists::store::labels(tx.conn, List::Territory)?;
    match known.iter().any(|(known, _)| *known == id) {
        true => Ok(()),
        false => Err(Error::refused("Choose a territory from the list.")),
    }
}

fn check_rule(tx: &mut Tx, new: &NewRule) -> Result<()> {
    check_territory(tx, new.territory_id)?;
    match (new.employees_from, new.employees_to) {
        (Some(from), Some(to)) if from > to => Err(Error::refused(
            "The largest company size is smaller than the smallest one.",
        )),
        _ => Ok(()),
    }
}

/// Adds a rule after all others.
pub fn add_rule(tx: &mut Tx, new: &NewRule) -> Result<i64> {
    check_rule(tx, new)?;
    let id = store::add_rule(tx.conn, new)?;
    let detail = in_words(tx, new)?;
    audit::note(tx, "added", "territory rule", Some(id), &detail)?;
    Ok(id)
}

/// Changes a rule where it stands; leads that have a territory keep it.
pub fn change_rule(tx: &mut Tx, id: i64, new: &NewRule) -> Result<()> {
    let before = standing(tx, id)?;
    check_rule(tx, new)?;
    store::set_rule(tx.conn, id, new)?;
    let (was, became) = (in_words(tx, &before)?, in_words(tx, new)?);
    audit::change(tx, "changed", ("territory rule", Some(id)), &was, &became)
}

pub fn retire_rule(tx: &mut Tx, id: i64) -> Result<()> {
    let rule = standing(tx, id)?;
    store::retire_rule(tx.conn, id)?;
    let detail = in_words(tx, &rule)?;
    audit::note(tx, "retired", "territory rule", Some(id), &detail)
}

/// Moves a rule one place up, or down; the first stays first, and the last stays last.
pub fn move_rule(tx: &mut Tx, id: i64, is_up: bool) -> Result<()> {
    let rule = standing(tx, id)?;
    let rules = store::rules(tx.conn)?;
    let mut ids: Vec<i64> = rules.iter().map(|rule| rule.id).collect();
    let at = ids.iter().position(|known| *known == id).unwrap_or(0);
    let to = match is_up {
        true => at.saturating_sub(1),
        false => (at + 1).min(ids.len() - 1),
    };
    ids.swap(at, to);
    store::set_order(tx.conn, &ids)?;
    let rule = in_words(tx, &rule)?;
    let place = |at: usize| format!("place {}: {rule}", at + 1);
    let subject = ("territory rule", Some(id));
    audit::change(tx, "moved", subject, &place(at), &place(to))
}

fn standing(tx: &mut Tx, id: i64) -> Result<Rule> {
    let rules = store::rules(tx.conn)?;
    let found = rules.into_iter().find(|rule| rule.id == id);
    found.ok_or(Error::NotFound)
}

/// A rule as the record says it: `territory DACH, country Germany`.
fn in_words(tx: &mut Tx, rule: &Rule) -> Result<String> {
    let mut names = lists::store::label_names(tx.conn)?;
    let name = names.remove(&rule.territory_id);
    Ok(said(rule, name.unwrap_or_default()))
}

/// A rule with its territory by number, which nobody renames: what its forms carry.
fn detail(rule: &Rule) -> String {
    said(rule, rule.territory_id.to_string())
}

fn said(rule: &Rule, territory: String) -> String {
    let size = |size: Option<u32>| size.map(|size| size.to_string()).unwrap_or_default();
    let fields = [
        ("territory", territory),
        ("country", rule.country.clone()),
        ("region", rule.region.clone()),
        ("post code", rule.post_code.clone()),
        ("employees from", size(rule.employees_from)),
        ("employees to", size(rule.employees_to)),
        ("segment", rule.segment.clone()),
    ];
    let said = fields.iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    said.join(", ")
}

/// Says among whom the leads of a territory (or those that find no other) go round, by id and weight. Everybody begins anew.
pub fn set_rota(tx: &mut Tx, territory_id: Option<i64>, seats: &[(i64, i64)]) -> Result<()> {
    if let Some(id) = territory_id {
        check_territory(tx, id)?;
    }
    let mut said = Vec::new();
    for (person_id, weight) in seats {
        let person = people::store::by_id(tx.conn, *person_id)?.ok_or(Error::NotFound)?;
        if person.role == Role::Marketing || person.left_on.is_some() {
            return Err(Error::refused(format!(
                "{} cannot own leads: choose reps and managers.",
                person.name
            )));
        }
        if !(1..=WEIGHT_MOST).contains(weight) {
            return Err(Error::refused(format!(
                "A weight is a whole number from 1 to {WEIGHT_MOST}."
            )));
        }
        said.push(format!("{} {weight}", person.name));
    }
    let before = store::rotas(tx.conn)?.remove(&territory_id);
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let seats_before = before.iter().flat_map(|rota| &rota.seats);
    let was: Vec<String> = seats_before
        .map(|seat| format!("{} {}", directory.name(Some(seat.person_id)), seat.weight))
        .collect();
    let rota_id = store::rota_id(tx.conn, territory_id)?;
    store::set_seats(tx.conn, rota_id, seats)?;
    let subject = ("territory", territory_id);
    audit::change(
        tx,
        "set the rota of",
        subject,
        &was.join(", "),
        &said.join(", "),
    )
}
