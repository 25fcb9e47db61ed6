//! Looks whether the database is sound, and whether what is kept beside the record is what the record adds up to.
//! Nothing is changed.

use super::store;
use crate::activities::day_totals;
use crate::db::{Conn, files};
use crate::error::Result;
use crate::habit::store::{WrittenVerdict, verdicts};
use crate::kept::Keep;
use crate::leads::history;
use crate::people::Directory;
use crate::rules::target::Period;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::HashMap;

/// So many of one kind are named one by one.
const NAMED: usize = 10;

/// What is wrong and where, in sentences; nothing when all is well. Call it in a snapshot.
pub fn check(conn: &mut Conn) -> Result<Vec<String>> {
    let faults = files::faults(conn)?;
    let more = beyond_faults(conn);
    match (faults.is_empty(), more) {
        // In a damaged database a query may fail: what is known is said.
        (false, Err(_)) => Ok(faults),
        (_, more) => Ok(faults.into_iter().chain(more?).collect()),
    }
}

fn beyond_faults(conn: &mut Conn) -> Result<Vec<String>> {
    let mut found = store::lost(conn)?;
    let directory = Directory::load(conn)?;
    let days = day_totals::store::wrong(conn)?;
    let days = days.into_iter().map(|(person, day)| {
        let name = directory.name(Some(person));
        format!("day_totals: the totals of {name} on {day} are not what the entries of that day add up to")
    });
    few(&mut found, days.collect(), "days with wrong totals");
    few(
        &mut found,
        history::wrong(conn)?,
        "wrong columns of leads and hand-overs",
    );
    let verdicts = wrong_verdicts(&verdicts(conn)?, &directory);
    few(&mut found, verdicts, "wrong verdicts");
    Ok(found)
}

fn few(found: &mut Vec<String>, all: Vec<String>, what: &str) {
    let more = all.len().saturating_sub(NAMED);
    found.extend(all.into_iter().take(NAMED));
    if more > 0 {
        found.push(format!("and {more} more {what}"));
    }
}

/// A verdict that was written down says what the day was before: the one written before it for the same day, if any.
fn wrong_verdicts(verdicts: &[WrittenVerdict], directory: &Directory) -> Vec<String> {
    let mut last: HashMap<(i64, Period, NaiveDate), &WrittenVerdict> = HashMap::new();
    let mut wrong = Vec::new();
    for verdict in verdicts {
        let first_day = verdict.first_day;
        let key = (verdict.person_id, verdict.period, first_day);
        let before = last.insert(key, verdict);
        let fault = if before.is_some_and(|before| before.state != verdict.was) {
            "does not follow the one written before it"
        } else if verdict.period == Period::Week && first_day.weekday() != Weekday::Mon {
            "is of a week that does not begin on a Monday"
        } else {
            continue;
        };
        let name = directory.name(Some(verdict.person_id));
        wrong.push(format!("verdicts: one of {name} for {first_day} {fault}"));
    }
    wrong
}
