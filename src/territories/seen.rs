//! Rules and rotas are changed by those who saw them as they are: who comes second is told what changed.

use super::store;
use super::{DEFAULT_ROTA, NewRule, detail, pages, standing};
use crate::app::Tx;
use crate::audit;
use crate::db;
use crate::error::Result;
use crate::page;
use crate::people;
use crate::rules::territory::{Rule, Seat};

/// What became of a change.
#[derive(Debug, PartialEq, Eq)]
pub enum Done {
    Stored,
    /// Somebody changed it since the asker looked, in a sentence.
    Newer(String),
}

const RULE: &str = "territory rule";
const AGAIN: &str = "What you entered is below: save again if it is still right.";

/// A rule as its forms carry it.
pub fn of_rule(rule: &Rule) -> String {
    detail(rule)
}

/// A rota as its form carries it: `3:1 4:2`, a person and their weight each.
pub fn of_rota(seats: &[Seat]) -> String {
    let seats = seats.iter().map(|seat| (seat.person_id, seat.weight));
    words(seats)
}

fn words(seats: impl Iterator<Item = (i64, i64)>) -> String {
    let mut seats: Vec<(i64, i64)> = seats.collect();
    seats.sort_unstable();
    let seats = seats
        .iter()
        .map(|(person, weight)| format!("{person}:{weight}"));
    seats.collect::<Vec<_>>().join(" ")
}

/// Changes a rule that still reads as the asker saw it.
pub fn change_rule(tx: &mut Tx, id: i64, new: &NewRule, seen: &str) -> Result<Done> {
    db::hold(tx.conn, "territory_rules", id)?;
    let rule = standing(tx, id)?;
    // Sent twice, or changed by both in the same way.
    if detail(&rule) == detail(new) {
        return Ok(Done::Stored);
    }
    if detail(&rule) != seen {
        let last = last_of(tx, RULE, &["changed"], Some(id))?;
        let about = pages::about(&rule);
        return Ok(Done::Newer(format!(
            "{last} changed this rule: it is about \u{201c}{about}\u{201d} now. {AGAIN}"
        )));
    }
    super::change_rule(tx, id, new)?;
    Ok(Done::Stored)
}

/// Retires a rule that still reads as the asker saw it.
pub fn retire_rule(tx: &mut Tx, id: i64, seen: &str) -> Result<Done> {
    db::hold(tx.conn, "territory_rules", id)?;
    if store::is_retired(tx.conn, id)? {
        return Ok(Done::Stored);
    }
    let rule = standing(tx, id)?;
    if detail(&rule) != seen {
        let last = last_of(tx, RULE, &["changed"], Some(id))?;
        return Ok(Done::Newer(format!(
            "{last} changed this rule. Read it again before you retire it."
        )));
    }
    super::retire_rule(tx, id)?;
    Ok(Done::Stored)
}

/// Moves a rule that still stands in the place (from 1 on) where the asker saw it.
pub fn move_rule(tx: &mut Tx, id: i64, is_up: bool, seen: Option<usize>) -> Result<Done> {
    // Rules are put in order by one at a time.
    db::hold(tx.conn, "rotas", DEFAULT_ROTA)?;
    standing(tx, id)?;
    let rules = store::rules(tx.conn)?;
    let place = rules.iter().position(|rule| rule.id == id).map(|at| at + 1);
    if seen.is_none() || seen == place {
        super::move_rule(tx, id, is_up)?;
        return Ok(Done::Stored);
    }
    let wanted = seen.map(|seen| {
        if is_up {
            seen.saturating_sub(1)
        } else {
            seen + 1
        }
    });
    let last = audit::trail(tx.conn, RULE, &["moved"], None, 1)?;
    let is_mine = last
        .first()
        .is_some_and(|last| last.by_id == tx.by_id() && last.subject_id == Some(id));
    // Pressed twice, it is moved once.
    if wanted == place && is_mine {
        return Ok(Done::Stored);
    }
    Ok(Done::Newer("The order changed while you had the page open. This is how it is now: move the rule again if that is still right.".to_owned()))
}

/// Says among whom leads go round, where that still is as the asker saw it.
pub fn set_rota(
    tx: &mut Tx,
    territory_id: Option<i64>,
    seats: &[(i64, i64)],
    seen: &str,
) -> Result<Done> {
    let rota_id = store::rota_id(tx.conn, territory_id)?;
    let now = store::lock(tx.conn, rota_id)?;
    if of_rota(&now) == seen {
        super::set_rota(tx, territory_id, seats)?;
        return Ok(Done::Stored);
    }
    // Sent twice, it is saved once, and nobody begins anew again.
    if of_rota(&now) == words(seats.iter().copied()) {
        return Ok(Done::Stored);
    }
    let last = last_of(tx, "territory", &["set the rota of"], territory_id)?;
    let changed = changed(tx, &now, seen)?;
    Ok(Done::Newer(format!(
        "{last} saved these weights: {changed}. {AGAIN}"
    )))
}

/// Who has another weight now than the asker saw, in words.
fn changed(tx: &mut Tx, now: &[Seat], seen: &str) -> Result<String> {
    let seen: Vec<(i64, i64)> = seen
        .split(' ')
        .filter_map(|seat| seat.split_once(':'))
        .filter_map(|(person, weight)| Some((person.parse().ok()?, weight.parse().ok()?)))
        .collect();
    let was = |id: i64| {
        seen.iter()
            .find(|(person, _)| *person == id)
            .map_or(0, |(_, weight)| *weight)
    };
    let is = |id: i64| {
        now.iter()
            .find(|seat| seat.person_id == id)
            .map_or(0, |seat| seat.weight)
    };
    let people = people::store::all(tx.conn)?;
    let others = people
        .iter()
        .filter(|person| was(person.id) != is(person.id));
    let lines =
        others.map(|person| format!("{} {} (was {})", person.name, is(person.id), was(person.id)));
    Ok(lines.collect::<Vec<_>>().join(", "))
}

/// Who did something last, and when: `Mia Moser (10:15)`.
pub fn last_of(tx: &mut Tx, subject: &str, verbs: &[&str], id: Option<i64>) -> Result<String> {
    let ids: Vec<i64> = id.into_iter().collect();
    let lines = audit::trail(tx.conn, subject, verbs, id.map(|_| ids.as_slice()), 20)?;
    let Some(line) = lines.into_iter().find(|line| line.subject_id == id) else {
        return Ok("Somebody".to_owned());
    };
    let zone = &tx.me()?.zone;
    let when = page::short_time(line.at, zone, zone.day_of(tx.now));
    let name = match line.by_id {
        id if id.is_some() && id == tx.by_id() => Some("You".to_owned()),
        Some(id) => people::store::by_id(tx.conn, id)?.map(|person| person.name),
        None => None,
    };
    let name = name.unwrap_or_else(|| "Somebody".to_owned());
    Ok(format!("{name} ({when})"))
}
