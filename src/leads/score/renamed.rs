//! Renaming a source or a campaign that rules of the score name: the rules take the new name up in the same step. And making two of
//! them one, of which the rules name neither.

use super::store;
use crate::app::{Cx, Tx};
use crate::error::{Error, Result};
use crate::lists::{self, List, labels, same};
use crate::page::Answer;
use crate::rules::lead_score::{Field, FitRule};

/// Renames, retires or makes the same an entry of a list.
pub fn update(cx: &Cx) -> Answer {
    labels::update(cx, rename, make_same)
}

/// What rules look at where they name an entry of a list.
fn field_of(list: List) -> Option<Field> {
    match list {
        List::Source => Some(Field::Source),
        List::Campaign => Some(Field::Campaign),
        List::Asset | List::Territory => None,
    }
}

/// As [`same::make_same`], and brings all scores up to date where rules look at the names. Refused where a rule names the one that
/// goes: whether its points are the other's too is for both sides to say.
pub fn make_same(tx: &mut Tx, list: List, id: i64, name: &str) -> Result<()> {
    let before = lists::store::label_names(tx.conn)?.remove(&id);
    let set = store::current(tx.conn)?;
    let looks = |rule: &&FitRule| Some(rule.field) == field_of(list);
    let rules = set.map(|set| set.rules);
    let mut looking = rules
        .iter()
        .flat_map(|rules| rules.fit.iter())
        .filter(looks);
    let is_looked_at = looking.clone().next().is_some();
    if let Some(before) = &before
        && looking.any(|rule| rule.names(before))
    {
        return Err(Error::refused(format!(
            "A rule of the lead score names {before}: change that rule first."
        )));
    }
    same::make_same(tx, list, id, name)?;
    match rules {
        Some(rules) if is_looked_at => super::settle_all(tx, &rules),
        _ => Ok(()),
    }
}

/// Renames an entry, on every lead and report. Rules of the score that name it are written as a new version with the new
/// name, and all scores are brought up to date: nobody loses points by it.
pub fn rename(tx: &mut Tx, list: List, id: i64, name: &str) -> Result<()> {
    let before = lists::store::label_names(tx.conn)?.remove(&id);
    labels::rename(tx, list, id, name)?;
    let (Some(before), Some(set)) = (before, store::current(tx.conn)?) else {
        return Ok(());
    };
    let Some(field) = field_of(list) else {
        return Ok(());
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
