//! `holidays.csv` and `time_off.csv`: days on which nothing is expected.

use crate::app::Tx;
use crate::audit;
use crate::calendar::store as calendar;
use crate::calendar::{Part, Whose, holidays, time_off};
use crate::db::Conn;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::report::Change;
use crate::imports::row::Incoming;
use crate::rules::access::Role;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What the rows of `holidays.csv` ask to be written.
#[derive(Clone, Default)]
pub struct Holidays {
    known: HashMap<(NaiveDate, Option<i64>), String>,
    rows: Vec<(NaiveDate, String, Option<Ref>)>,
    seen: HashMap<(NaiveDate, Option<Ref>), u64>,
}

impl Holidays {
    pub fn load(conn: &mut Conn) -> Result<Holidays> {
        let known = calendar::holidays(conn)?.into_iter();
        // The file knows those of everybody and of teams alone.
        let known = known.filter(|holiday| holiday.person_id.is_none());
        Ok(Holidays {
            known: known.map(|h| ((h.day, h.team_id), h.name)).collect(),
            ..Holidays::default()
        })
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let [date, name, team] = ["date", "name", "team"].map(|name| file.column(name));
        let zone = books.zone.clone();
        file.rows(&zone, |row| {
            let day = row.needed_day(date)?;
            let name = row.text(name);
            let team = books.teams.named(row.text(team));
            if let Some(line) = self.seen.insert((day, team), row.line) {
                row.refuse(date, format!("the same day and team as in line {line}"));
                return None;
            }
            let before = match team {
                Some(Ref::Made(_)) => None,
                Some(Ref::Known(id)) => self.known.get(&(day, Some(id))),
                None => self.known.get(&(day, None)),
            };
            let change = compare(before.map(String::as_str), name);
            row.report.count(change);
            if change != Change::Unchanged {
                self.rows.push((day, name.to_owned(), team));
            }
            Some(())
        });
    }

    pub fn write(&self, tx: &mut Tx, books: &Books) -> Result<()> {
        let mut said = Vec::with_capacity(self.rows.len());
        for (day, name, team) in &self.rows {
            let team = books.teams.id_of(*team)?;
            let whose = team.map_or(Whose::Workspace, Whose::Team);
            calendar::put_holiday(tx.conn, *day, name, whose)?;
            let was = self.known.get(&(*day, team)).map(String::as_str);
            said.push(holidays::put(whose, *day, was, name));
        }
        audit::changes(tx, &said)
    }
}

/// What the rows of `time_off.csv` ask to be written.
#[derive(Clone, Default)]
pub struct TimeOff {
    known: HashMap<(i64, NaiveDate, NaiveDate), Part>,
    rows: Vec<(Ref, NaiveDate, NaiveDate, Part)>,
    seen: HashMap<(Ref, NaiveDate, NaiveDate), u64>,
}

impl TimeOff {
    pub fn load(conn: &mut Conn) -> Result<TimeOff> {
        let known = calendar::time_off(conn, None)?.into_iter();
        Ok(TimeOff {
            known: known
                .map(|off| ((off.person_id, off.from_day, off.to_day), off.part))
                .collect(),
            ..TimeOff::default()
        })
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let [email, from, to, part] = ["email", "from", "to", "part"].map(|name| file.column(name));
        let zone = books.zone.clone();
        file.rows(&zone, |row| {
            let address = row.needed_email(email);
            let (first, last) = (row.needed_day(from), row.needed_day(to));
            let part = row.parsed(part, "full, morning or afternoon", read_part);
            if first > last && last.is_some() {
                row.refuse(to, "time off must not end before it begins");
            }
            if !row.is_good() {
                return None;
            }
            let person = books.person(&address?, Role::Rep);
            let (first, last, part) = (first?, last?, part.unwrap_or(Part::Full));
            if let Some(line) = self.seen.insert((person, first, last), row.line) {
                row.refuse(from, format!("the same person and days as in line {line}"));
                return None;
            }
            let before = match person {
                Ref::Known(id) => self.known.get(&(id, first, last)).copied(),
                Ref::Made(_) => None,
            };
            let change = compare(before, part);
            row.report.count(change);
            if change != Change::Unchanged {
                self.rows.push((person, first, last, part));
            }
            Some(())
        });
    }

    pub fn write(&self, tx: &mut Tx, books: &Books) -> Result<()> {
        let mut said = Vec::with_capacity(self.rows.len());
        for (person, from, to, part) in &self.rows {
            let id = books.person_id(*person)?;
            calendar::put_time_off(tx.conn, id, *from, *to, *part)?;
            let was = self.known.get(&(id, *from, *to)).copied();
            said.push(time_off::put(id, (*from, *to), was, *part));
        }
        audit::changes(tx, &said)
    }
}

/// A half without a name is the afternoon. Source: METRICS.md 1.
fn read_part(text: &str) -> Option<Part> {
    match text.to_lowercase().as_str() {
        "half" => Some(Part::Afternoon),
        word => Part::from_word(word),
    }
}

fn compare<T: PartialEq>(before: Option<T>, after: T) -> Change {
    match before {
        None => Change::New,
        Some(before) if before == after => Change::Unchanged,
        Some(_) => Change::Changed,
    }
}
