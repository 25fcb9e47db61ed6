//! Two names of one thing: "White paper" and "Whitepaper" become one source.

pub mod store;

use super::List;
use super::labels::known;
use super::store::{self as lists, Label};
use crate::app::Tx;
use crate::audit;
use crate::db::hold;
use crate::error::{Error, Result};

impl List {
    /// Whether two of its entries can be made one. What activities, ratings and signals name stays as it was entered, and where a
    /// territory's leads go is said by rules and turns.
    pub fn makes_one(self) -> bool {
        matches!(self, List::Source | List::Campaign)
    }
}

/// Makes an entry the same as another of its list, which is named: its leads and hand-overs become the other's, it is retired,
/// and who names it from then on, in a file or a form, means the other. Pressed twice it is done once. Not found: an entry that is
/// not there. Refused: a name that no entry to choose has, itself, and where a version of the definitions has a level
/// for either, since past promises would change.
pub fn make_same(tx: &mut Tx, list: List, id: i64, name: &str) -> Result<()> {
    let (label, kept) = (known(tx, list, id)?, named(tx, list, (id, name))?);
    // In one order, so that two who make two of them one in both ways wait for each other.
    for id in [id.min(kept.id), id.max(kept.id)] {
        hold(tx.conn, "labels", id)?;
    }
    let (label, kept) = (known(tx, list, label.id)?, known(tx, list, kept.id)?);
    if label.same_as_id == Some(kept.id) {
        return Ok(());
    }
    if kept.is_retired {
        return Err(unknown(name));
    }
    if !list.makes_one() {
        return Err(Error::refused(
            "Only sources and campaigns can be made one: rename it, or retire it.",
        ));
    }
    if let Some(number) = store::level_of(tx.conn, &[id, kept.id])? {
        return Err(Error::refused(format!(
            "Version {number} of the definitions promises a level of its own for one of them: what was promised would change."
        )));
    }
    let leads = store::move_leads(tx.conn, list, id, kept.id)?;
    store::mean(tx.conn, id, kept.id)?;
    let became = match leads {
        1 => format!("{}, with 1 lead", kept.name),
        leads => format!("{}, with {leads} leads", kept.name),
    };
    let subject = (list.word(), Some(id));
    audit::change(tx, "made the same", subject, &label.name, &became)
}

/// Another one that may be chosen, by its name, else by it in any case.
fn named(tx: &mut Tx, list: List, (id, name): (i64, &str)) -> Result<Label> {
    let mut others = lists::all_labels(tx.conn)?;
    others.retain(|l| l.list == list && l.id != id && !l.is_retired);
    let is_near = |l: &Label| l.name.to_lowercase() == name.to_lowercase();
    let found = others.iter().find(|l| l.name == name);
    let found = found.or_else(|| others.iter().find(|l| is_near(l)));
    found.cloned().ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    Error::refused(format!(
        "There is no other one called {name} to choose: take its name from the list."
    ))
}
