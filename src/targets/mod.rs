//! The target ledger: dated rows that say who is to do how much, set by whom, when and why.

mod ledger;
pub mod store;

pub use ledger::Ledger;

use crate::app::Tx;
use crate::audit;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::lists::Lists;
use crate::page;
use crate::people::{self, Directory};
use crate::rules::access::{Me, Role};
use crate::rules::day;
pub use crate::rules::target::AMOUNT_MOST;
use crate::rules::target::{Metric, Period, TargetRow, Weekdays};
use crate::value::Instant;
use chrono::{NaiveDate, Weekday};
use std::sync::Arc;

/// For whom a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whose {
    Team(i64),
    Person(i64),
}

/// A row to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTarget {
    pub whose: Whose,
    pub metric: Metric,
    /// 0 ends the target.
    pub amount: f64,
    pub period: Period,
    pub weekdays: Weekdays,
    pub valid_from: NaiveDate,
    pub reason: String,
}

/// Writes a row. A manager sets targets for their teams and the members of these, an admin for everybody;
/// others are not found. Refused: a first day that is over already for whom it is, and for a week or a month
/// one before the week of today, so that it turns no past verdict.
pub fn set(tx: &mut Tx, new: &NewTarget) -> Result<i64> {
    let me = tx.me()?;
    if !may_set(tx, me, new.whose)? {
        return Err(Error::NotFound);
    }
    let today = today_of(tx, me, new.whose)?;
    // The week that goes on has no verdict yet, its days that are over have.
    let first = match new.period {
        Period::Day => today,
        Period::Week | Period::Month => day::week_of(today),
    };
    if new.valid_from < first {
        return Err(Error::refused(format!(
            "A new target leaves the days before it as they are: choose {} or later.",
            page::day(first)
        )));
    }
    if new.amount > 0.0 && is_retired(tx, &new.metric)? {
        return Err(Error::refused(
            "This kind is retired, and nobody can log it: only 0 can be set, which ends its target.",
        ));
    }
    if !(0.0..=AMOUNT_MOST).contains(&new.amount) {
        return Err(Error::refused("Enter an amount from 0 to 1,000,000."));
    }
    let was = before(tx, new)?;
    let id = store::add(tx.conn, new, tx.by_id(), tx.now)?;
    let (subject, subject_id) = match new.whose {
        Whose::Person(id) => ("person", id),
        Whose::Team(id) => ("team", id),
    };
    let became = format!(
        "{} {} a {} from {}",
        new.metric, new.amount, new.period, new.valid_from
    );
    let subject = (subject, Some(subject_id));
    audit::change(tx, "set target", subject, &was, &became)?;
    Ok(id)
}

/// The day that it is for whom a target is meant: for a team, where it is latest among its members.
fn today_of(tx: &mut Tx, me: &Me, whose: Whose) -> Result<NaiveDate> {
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    let today = me.zone.day_of(tx.now);
    let people = match whose {
        Whose::Person(id) => vec![id],
        Whose::Team(id) => tx.kept.get::<Directory>(tx.conn)?.members(&[id], today),
    };
    let days = people.into_iter().map(|id| calendars.day_at(id, tx.now));
    Ok(days.max().unwrap_or(today))
}

/// The latest local day among those who may log: what is for everybody begins then at the earliest (decision 9).
pub fn latest_day(conn: &mut Conn, kept: Kept, me: &Me, now: Instant) -> Result<NaiveDate> {
    let calendars: Arc<Calendars> = kept.get(conn)?;
    let directory: Arc<Directory> = kept.get(conn)?;
    let people = directory.people.iter();
    let loggers = people.filter(|p| p.role != Role::Marketing && p.left_on.is_none());
    let days = loggers.map(|person| calendars.day_at(person.id, now));
    Ok(days.fold(me.zone.day_of(now), NaiveDate::max))
}

fn is_retired(tx: &mut Tx, metric: &Metric) -> Result<bool> {
    let Metric::Kind(name) = metric else {
        return Ok(false);
    };
    let lists: Arc<Lists> = tx.kept.get(tx.conn)?;
    let kind = lists.kinds.iter().find(|kind| kind.name == *name);
    Ok(kind.is_some_and(|kind| kind.is_retired))
}

/// What their own ledger asks on the day from which a new row holds, in words; empty for nothing.
fn before(tx: &mut Tx, new: &NewTarget) -> Result<String> {
    let rows = match new.whose {
        Whose::Person(id) => store::of(tx.conn, &[id], &[])?,
        Whose::Team(id) => store::of(tx.conn, &[], &[id])?,
    };
    let rows = rows.iter().filter_map(store::Entry::target);
    let of_it = rows.filter(|row| row.metric == new.metric && row.period == new.period);
    let holding = of_it.filter(|row| row.valid_from <= new.valid_from);
    let newest = holding.max_by_key(|row| (row.valid_from, row.id));
    Ok(newest.map_or_else(String::new, |row| {
        format!("{} {} a {}", row.metric, row.amount, row.period)
    }))
}

fn may_set(tx: &mut Tx, me: &Me, whose: Whose) -> Result<bool> {
    let mine = |team: &i64| me.role == Role::Admin || me.teams.contains(team);
    Ok(match whose {
        Whose::Team(id) => people::store::team(tx.conn, id)?.is_some_and(|team| mine(&team.id)),
        Whose::Person(id) => {
            let today = me.zone.day_of(tx.now);
            let person = people::store::by_id(tx.conn, id)?;
            let can_log = person.is_some_and(|p| p.role != Role::Marketing && p.left_on.is_none());
            let memberships = people::store::memberships_of(tx.conn, id)?;
            let mut teams = memberships.iter().filter(|m| m.holds_on(today));
            can_log && (me.role == Role::Admin || teams.any(|m| mine(&m.team_id)))
        }
    })
}

/// Writes several rows, all or none.
pub fn set_all(tx: &mut Tx, news: &[NewTarget]) -> Result<()> {
    news.iter().try_for_each(|new| set(tx, new).map(|_| ()))
}

/// What a target asks, in words: "20 a day, Mon to Thu; 10 on Fri".
pub fn words(row: &TargetRow) -> String {
    let amount = |amount| format!("{} a {}", page::amount(amount), row.period);
    let groups = row.weekdays.groups(row.amount);
    match (row.period, groups.as_slice()) {
        (Period::Day, [(first, days), others @ ..]) if days.len() < 7 => {
            let others = others.iter().map(|(amount, days)| {
                format!("; {} on {}", page::amount(*amount), weekday_words(days))
            });
            let others: String = others.collect();
            format!("{}, {}{others}", amount(*first), weekday_words(days))
        }
        _ => amount(row.amount),
    }
}

fn weekday_words(days: &[Weekday]) -> String {
    match days {
        // In a row, as no day is left out between the first and the last.
        [first, _, .., last] if (*last as usize) - (*first as usize) + 1 == days.len() => {
            format!("{first} to {last}")
        }
        _ => {
            let names: Vec<String> = days.iter().map(ToString::to_string).collect();
            names.join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_says_its_weekdays_unless_it_is_for_all() {
        let row = |weekdays: &str| TargetRow {
            id: 1,
            metric: Metric::Activities,
            amount: 12.5,
            period: Period::Day,
            weekdays: Weekdays::parse(weekdays).expect("weekdays"),
            valid_from: people::since_ever(),
            personal: true,
        };
        assert_eq!(words(&row("")), "12.5 a day");
        assert_eq!(words(&row("1234")), "12.5 a day, Mon to Thu");
        assert_eq!(words(&row("124")), "12.5 a day, Mon, Tue, Thu");
        assert_eq!(words(&row("7")), "12.5 a day, Sun");
        let mixed = "12.5 a day, Mon to Thu; 6 on Fri";
        assert_eq!(words(&row("1234 5=6")), mixed);
    }
}
