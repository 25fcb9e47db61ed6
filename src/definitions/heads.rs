//! Who signs: the head of sales and the head of marketing, named by an admin.

use super::store;
use crate::app::Tx;
use crate::audit;
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
    audit::note(tx, "named", side.label(), Some(person_id), &person.name)
}
