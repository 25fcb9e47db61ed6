//! Kinds of activity and their outcomes, as an admin keeps them: retired, never deleted; what one counts as is fixed once it
//! was used (PRODUCT.md 3).

use super::store::{self, Kind, KindFields, Outcome, OutcomeFields};
use super::{Class, asked};
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};

/// What is done to an entry of a list besides changing its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    First,
    Up,
    Down,
    Retire,
    BringBack,
}

impl Deed {
    pub fn from_word(word: &str) -> Option<Deed> {
        match word {
            "first" => Some(Deed::First),
            "up" => Some(Deed::Up),
            "down" => Some(Deed::Down),
            "retire" => Some(Deed::Retire),
            "bring-back" => Some(Deed::BringBack),
            _ => None,
        }
    }

    pub(super) fn verb(self) -> &'static str {
        match self {
            Deed::First | Deed::Up | Deed::Down => "moved",
            Deed::Retire => "retired",
            Deed::BringBack => "brought back",
        }
    }
}

const USED: &str = "It was used already, or a target asks for it: its name and what it counts as stay. Retire it, and add another.";

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn taken(name: &str) -> Error {
    Error::refused(format!(
        "There is one called {name} already, perhaps a retired one: bring it back."
    ))
}

fn kind_of(tx: &mut Tx, id: i64) -> Result<Kind> {
    let kinds = store::kinds(tx.conn)?;
    let found = kinds.into_iter().find(|kind| kind.id == id);
    found.ok_or(Error::NotFound)
}

fn check_kind_name(tx: &mut Tx, name: &str, own: Option<i64>) -> Result<()> {
    let kinds = store::kinds(tx.conn)?;
    let mut others = kinds.iter().filter(|kind| Some(kind.id) != own);
    match others.any(|kind| is_same(&kind.name, name)) {
        true => Err(taken(name)),
        false => Ok(()),
    }
}

/// Adds a kind after all others and returns its id.
pub fn add_kind(tx: &mut Tx, fields: &KindFields) -> Result<i64> {
    check_kind_name(tx, &fields.name, None)?;
    let id = store::add_kind(tx.conn, fields)?;
    audit::note(tx, "added", "kind", Some(id), &fields.name)?;
    Ok(id)
}

/// Changes a kind. Refused: counting otherwise, or another name, once it was used or is asked for: targets, weights and
/// techniques know a kind by its name.
pub fn change_kind(tx: &mut Tx, id: i64, fields: &KindFields) -> Result<()> {
    let before = kind_of(tx, id)?;
    check_kind_name(tx, &fields.name, Some(id))?;
    let counts = |k: (bool, bool, bool)| format!("{}{}{}", word(k.0), word(k.1), word(k.2));
    let were = (
        before.is_prospecting,
        before.is_attempt,
        before.without_lead,
    );
    let are = (
        fields.is_prospecting,
        fields.is_attempt,
        fields.without_lead,
    );
    let is_other = were != are || before.name != fields.name;
    if is_other && (store::is_kind_used(tx.conn, id)? || store::is_kind_asked(tx.conn, &before)?) {
        return Err(Error::refused(USED));
    }
    store::set_kind(tx.conn, id, fields)?;
    let (was, became) = audit::differing(&[
        ("name", &before.name, &fields.name),
        ("picture", before.icon.word(), fields.icon.word()),
        (
            "prospecting, attempt, without a lead",
            &counts(were),
            &counts(are),
        ),
    ]);
    audit::change(tx, "changed", ("kind", Some(id)), &was, &became)
}

fn word(is_so: bool) -> &'static str {
    if is_so { "yes " } else { "no " }
}

/// Moves a kind, retires it or brings it back. Refused to retire what a target asks for.
pub fn do_to_kind(tx: &mut Tx, id: i64, deed: Deed) -> Result<()> {
    let kinds = store::kinds(tx.conn)?;
    let kind = kinds.iter().find(|kind| kind.id == id);
    let kind = kind.ok_or(Error::NotFound)?;
    match deed {
        Deed::First | Deed::Up | Deed::Down => {
            let beside = kinds.iter().filter(|k| k.is_retired == kind.is_retired);
            let ids: Vec<i64> = beside.map(|kind| kind.id).collect();
            for (place, id) in moved(ids, id, deed).into_iter().enumerate() {
                store::place_kind(tx.conn, id, place)?;
            }
        }
        Deed::Retire | Deed::BringBack => {
            if deed == Deed::Retire {
                asked::check_nobody(tx, kind)?;
            }
            store::retire_kind(tx.conn, id, deed == Deed::Retire)?;
        }
    }
    audit::note(tx, deed.verb(), "kind", Some(id), &kind.name)
}

/// The ids with one of them moved: by a place, or before all others.
pub(super) fn moved(mut ids: Vec<i64>, id: i64, deed: Deed) -> Vec<i64> {
    let Some(at) = ids.iter().position(|known| *known == id) else {
        return ids;
    };
    let after = (at + 1).min(ids.len() - 1);
    match deed {
        Deed::First => ids[..=at].rotate_right(1),
        Deed::Up => ids.swap(at, at.saturating_sub(1)),
        _ => ids.swap(at, after),
    }
    ids
}

fn outcomes_of(tx: &mut Tx, kind_id: i64) -> Result<Vec<Outcome>> {
    let mut outcomes = store::outcomes(tx.conn)?;
    outcomes.retain(|outcome| outcome.kind_id == kind_id);
    Ok(outcomes)
}

fn check_outcome(
    tx: &mut Tx,
    kind_id: i64,
    fields: &OutcomeFields,
    own: Option<i64>,
) -> Result<()> {
    let known = outcomes_of(tx, kind_id)?;
    let mut others = known.iter().filter(|outcome| Some(outcome.id) != own);
    if others.any(|outcome| is_same(&outcome.name, &fields.name)) {
        return Err(taken(&fields.name));
    }
    if fields.is_meeting && fields.class != Class::Reached {
        return Err(Error::refused(
            "A meeting booked is a contact: choose the class Reached.",
        ));
    }
    if !fields.arrived && fields.class != Class::BadData {
        return Err(Error::refused(
            "What never arrived is bad data: choose that class.",
        ));
    }
    Ok(())
}

/// Adds an outcome to a kind, after its others.
pub fn add_outcome(tx: &mut Tx, kind_id: i64, fields: &OutcomeFields) -> Result<()> {
    let kind = kind_of(tx, kind_id)?;
    check_outcome(tx, kind_id, fields, None)?;
    let id = store::add_outcome(tx.conn, kind_id, fields)?;
    let detail = format!("{}: {}, {}", kind.name, fields.name, fields.class);
    audit::note(tx, "added", "outcome", Some(id), &detail)
}

/// Changes an outcome. Refused: another class or meaning, once it was used.
pub fn change_outcome(tx: &mut Tx, kind_id: i64, id: i64, fields: &OutcomeFields) -> Result<()> {
    let known = outcomes_of(tx, kind_id)?;
    let before = known.iter().find(|outcome| outcome.id == id);
    let before = before.ok_or(Error::NotFound)?;
    check_outcome(tx, kind_id, fields, Some(id))?;
    let were = (
        before.class,
        before.is_meeting,
        before.arrived,
        before.stops_contact,
    );
    let are = (
        fields.class,
        fields.is_meeting,
        fields.arrived,
        fields.stops_contact,
    );
    if were != are && store::is_outcome_used(tx.conn, id)? {
        return Err(Error::refused(USED));
    }
    store::set_outcome(tx.conn, id, fields)?;
    let meaning = |o: (Class, bool, bool, bool)| {
        format!(
            "{}, meeting {}, arrived {}, stops {}",
            o.0,
            word(o.1),
            word(o.2),
            word(o.3)
        )
    };
    let (was, became) = audit::differing(&[
        ("name", &before.name, &fields.name),
        ("meaning", &meaning(were), &meaning(are)),
    ]);
    audit::change(tx, "changed", ("outcome", Some(id)), &was, &became)
}

/// Moves an outcome, retires it or brings it back.
pub fn do_to_outcome(tx: &mut Tx, kind_id: i64, id: i64, deed: Deed) -> Result<()> {
    let known = outcomes_of(tx, kind_id)?;
    let outcome = known.iter().find(|outcome| outcome.id == id);
    let outcome = outcome.ok_or(Error::NotFound)?;
    match deed {
        Deed::First | Deed::Up | Deed::Down => {
            let beside = known.iter().filter(|o| o.is_retired == outcome.is_retired);
            let ids: Vec<i64> = beside.map(|outcome| outcome.id).collect();
            for (place, id) in moved(ids, id, deed).into_iter().enumerate() {
                store::place_outcome(tx.conn, id, place)?;
            }
        }
        Deed::Retire | Deed::BringBack => {
            store::retire_outcome(tx.conn, id, deed == Deed::Retire)?;
        }
    }
    audit::note(tx, deed.verb(), "outcome", Some(id), &outcome.name)
}
