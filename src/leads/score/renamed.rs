//! Renaming a source or a campaign that rules of the score name: the rules take the new name up in the same step.

use super::store;
use crate::app::{Cx, Tx};
use crate::error::Result;
use crate::lists::{self, List, labels};
use crate::page::Answer;
use crate::rules::lead_score::Field;

/// Renames or retires an entry of a list.
pub fn update(cx: &Cx) -> Answer {
    labels::update(cx, rename)
}

/// Renames an entry, on every lead and report. Rules of the score that name it are written as a new version with the new
/// name, and all scores are brought up to date: nobody loses points by it.
pub fn rename(tx: &mut Tx, list: List, id: i64, name: &str) -> Result<()> {
    let before = lists::store::label_names(tx.conn)?.remove(&id);
    labels::rename(tx, list, id, name)?;
    let (Some(before), Some(set)) = (before, store::current(tx.conn)?) else {
        return Ok(());
    };
    let field = match list {
        List::Source => Field::Source,
        List::Campaign => Field::Campaign,
        List::Asset | List::Territory => return Ok(()),
    };
    let mut rules = set.rules.clone();
    for rule in rules.fit.iter_mut().filter(|rule| rule.field == field) {
        if rule.names(&before) {
            name.clone_into(&mut rule.value);
        }
    }
    if rules != set.rules {
        let why = format!("{before} is called {name} now");
        return super::add(tx, set.version + 1, &rules, &why);
    }
    // What a rule looks for within a name may be in the new one, or not any more.
    match rules.fit.iter().any(|rule| rule.field == field) {
        true => super::settle_all(tx, &rules),
        false => Ok(()),
    }
}
