//! Who signs: the head of sales and the head of marketing, named by an admin.

use super::store;
use crate::app::Tx;
use crate::audit;
use crate::db;
use crate::error::{Error, Result};
use crate::people;
use crate::rules::access::Role;

crate::words! {
    /// One of the two that agree.
    pub enum Side { Sales = "sales", Marketing = "marketing" }
}

impl Side {
    pub fn label(self) -> &'static str {
        match self {
            Side::Sales => "Head of sales",
            Side::Marketing => "Head of marketing",
        }
    }

    /// Who may sign for it.
    pub fn takes(self, role: Role) -> bool {
        match self {
            Side::Sales => matches!(role, Role::Manager | Role::Admin),
            Side::Marketing => matches!(role, Role::Marketing | Role::Admin),
        }
    }

    fn other(self) -> Side {
        match self {
            Side::Sales => Side::Marketing,
            Side::Marketing => Side::Sales,
        }
    }
}

/// Who is to sign for a side, as an admin chose, and who did as they saw it.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    pub side: Side,
    pub person_id: i64,
    pub seen: Option<i64>,
}

/// Names those that the asker changed. Answers the sides that somebody else changed since they looked, with who signs
/// for each now: then nobody is named.
pub fn name_heads(tx: &mut Tx, chosen: &[Chosen]) -> Result<Vec<(Side, i64)>> {
    // Two who name at the same moment wait for each other.
    db::hold(tx.conn, "definitions", FIRST_VERSION)?;
    let heads = store::heads(tx.conn)?;
    let now = |side: Side| heads.iter().find(|(of, _)| *of == side).map(|(_, id)| *id);
    let is_changed = |one: &&Chosen| {
        let is_wanted = one.seen != Some(one.person_id) && now(one.side) != Some(one.person_id);
        is_wanted && now(one.side) != one.seen
    };
    let changed = chosen.iter().filter(is_changed);
    let changed: Vec<(Side, i64)> = changed
        .filter_map(|one| Some((one.side, now(one.side)?)))
        .collect();
    if !changed.is_empty() {
        return Ok(changed);
    }
    let mine = chosen.iter().filter(|one| one.seen != Some(one.person_id));
    for one in mine {
        name_head(tx, one.side, one.person_id)?;
    }
    Ok(Vec::new())
}

/// It is always there.
const FIRST_VERSION: i64 = 1;

/// Names who signs for a side from now on. The signature of the one before goes from a draft. Refused: who has left,
/// is of the wrong role, or signs for the other side.
pub fn name_head(tx: &mut Tx, side: Side, person_id: i64) -> Result<()> {
    if tx.me()?.role != Role::Admin {
        return Err(Error::Forbidden);
    }
    let person = people::store::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
    if person.left_on.is_some() || !side.takes(person.role) {
        return Err(Error::refused(format!(
            "{} cannot be the {}: choose somebody of that side.",
            person.name,
            side.label().to_lowercase()
        )));
    }
    let heads = store::heads(tx.conn)?;
    if heads.contains(&(side, person_id)) {
        return Ok(());
    }
    if heads.contains(&(side.other(), person_id)) {
        return Err(Error::refused(
            "Two people sign: nobody signs for both sides.",
        ));
    }
    store::set_head(tx.conn, side, person_id)?;
    let versions = store::all(tx.conn)?;
    for draft in versions.iter().filter(|version| version.from.is_none()) {
        store::remove_signatures(tx.conn, draft.number, Some(side))?;
    }
    let known = heads.iter().find(|(known, _)| *known == side);
    let was = match known {
        Some((_, id)) => people::store::by_id(tx.conn, *id)?.map(|head| head.name),
        None => None,
    };
    let was = was.unwrap_or_default();
    let subject = (side.label(), Some(person_id));
    audit::change(tx, "named", subject, &was, &person.name)
}
