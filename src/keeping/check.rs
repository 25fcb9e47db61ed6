//! Looks whether the database is sound, and whether what is kept beside the record is what the record adds up to.
//! Nothing is changed.

use super::store;
use crate::activities::day_totals;
use crate::db::{Conn, files, triggers};
use crate::error::Result;
use crate::habit;
use crate::habit::store::{WrittenVerdict, verdicts};
use crate::kept::{Keep, Kept};
use crate::leads::{history, score};
use crate::people::Directory;
use crate::rules::target::Period;
use crate::value::Instant;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::HashMap;

/// So many of one kind are named one by one.
const NAMED: usize = 10;

/// Says what is wrong, in sentences.
type Look = fn(&mut Conn) -> Result<Vec<String>>;

/// What is looked at, from the database as such to what its rows add up to.
const LOOKS: [Look; 6] = [
    files::faults,
    triggers::faults,
    store::lost,
    wrong_days,
    history::wrong,
    wrong_verdicts,
];

/// What somebody looked at, and what came of it.
#[derive(Debug, Default)]
pub struct Found {
    /// What is wrong and where, in sentences; nothing when all is well.
    pub wrong: Vec<String>,
    /// What is otherwise than it would be worked out now, and should be, in sentences.
    pub by_design: Vec<String>,
}

impl Found {
    /// Takes in what another look found. In a damaged database a query may fail: what else is known is said.
    pub fn take(&mut self, found: Result<Found>) {
        match found {
            Ok(found) => {
                few(&mut self.wrong, found.wrong);
                self.by_design.extend(found.by_design);
            }
            Err(why) => self.wrong.push(format!("some rows cannot be read: {why}")),
        }
    }
}

/// Looks at everything. Call it in a snapshot.
pub fn check(conn: &mut Conn, kept: Kept, now: Instant) -> Found {
    let mut found = Found::default();
    for look in LOOKS {
        let wrong = look(conn);
        found.take(wrong.map(|wrong| Found {
            wrong,
            by_design: Vec::new(),
        }));
    }
    match store::odd(conn) {
        Ok(kinds) => kinds
            .into_iter()
            .for_each(|rows| few(&mut found.wrong, rows)),
        Err(why) => found.take(Err(why)),
    }
    let scores = score::check::wrong(conn, now);
    found.take(scores.map(|wrong| Found {
        wrong,
        by_design: Vec::new(),
    }));
    found.take(written(conn, kept, now));
    found
}

/// Verdicts of closed days that were written down (decision 9): each stands against an entry of the record.
fn written(conn: &mut Conn, kept: Kept, now: Instant) -> Result<Found> {
    let look = habit::look_at_written(conn, kept, now)?;
    let directory = Directory::load(conn)?;
    let wrong = look.unexplained.iter().map(|verdict| {
        let name = directory.name(Some(verdict.person_id));
        let first_day = verdict.first_day;
        format!("verdicts: one of {name} for {first_day} was written down, and the record knows of no change by which")
    });
    let by_design = (look.all > 0).then(|| {
        format!(
            "{} closed days and weeks keep the verdict that was written down: {} would be another one by what calendars, teams, \
             targets and entries say now",
            look.all, look.differing
        )
    });
    Ok(Found {
        wrong: wrong.collect(),
        by_design: by_design.into_iter().collect(),
    })
}

fn few(found: &mut Vec<String>, sentences: Vec<String>) {
    let more = sentences.len().saturating_sub(NAMED);
    found.extend(sentences.into_iter().take(NAMED));
    if more > 0 {
        found.push(format!("and {more} more of this kind"));
    }
}

fn wrong_days(conn: &mut Conn) -> Result<Vec<String>> {
    let directory = Directory::load(conn)?;
    let days = day_totals::store::wrong(conn)?.into_iter();
    let days = days.map(|(person, day)| {
        let name = directory.name(Some(person));
        format!("day_totals: the totals of {name} on {day} are not what the entries of that day add up to")
    });
    Ok(days.collect())
}

/// A verdict that was written down says what the day was before: the one written before it for the same day, if any.
fn wrong_verdicts(conn: &mut Conn) -> Result<Vec<String>> {
    let directory = Directory::load(conn)?;
    let verdicts = verdicts(conn)?;
    let mut last: HashMap<(i64, Period, NaiveDate), &WrittenVerdict> = HashMap::new();
    let mut wrong = Vec::new();
    for verdict in &verdicts {
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
    Ok(wrong)
}
