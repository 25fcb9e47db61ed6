//! `targets.csv`: rows for the ledger. A changed one is a newer row, as when somebody sets a target anew.

use crate::app::Tx;
use crate::db::Conn;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::columns::Column;
use crate::imports::report::Change;
use crate::imports::row::{Incoming, Row, any_case};
use crate::people::since_ever;
use crate::rules::access::Role;
use crate::rules::target::{Metric, Period, Weekdays};
use crate::targets::store as targets;
use crate::targets::{AMOUNT_MOST, NewTarget, Whose};
use chrono::NaiveDate;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Person(Ref),
    Team(Ref),
}

type Key = (Who, String, Period, NaiveDate);

#[derive(Clone)]
struct Wanted {
    who: Who,
    metric: Metric,
    amount: f64,
    period: Period,
    weekdays: Weekdays,
    valid_from: NaiveDate,
    reason: String,
}

/// What the rows ask to be written.
#[derive(Clone, Default)]
pub struct Targets {
    /// The newest row of each key: amount, weekdays and reason.
    known: HashMap<Key, (f64, String, String)>,
    kinds: Vec<String>,
    wanted: Vec<Wanted>,
    seen: HashMap<Key, u64>,
}

struct Columns {
    metric: Column,
    amount: Column,
    period: Column,
    email: Column,
    team: Column,
    valid_from: Column,
    weekdays: Column,
    reason: Column,
}

impl Columns {
    fn of(file: &Incoming) -> Columns {
        Columns {
            metric: file.column("metric"),
            amount: file.column("amount"),
            period: file.column("period"),
            email: file.column("email"),
            team: file.column("team"),
            valid_from: file.column("valid_from"),
            weekdays: file.column("weekdays"),
            reason: file.column("reason"),
        }
    }
}

impl Targets {
    /// `kinds` are the names of the kinds of activity.
    pub fn load(conn: &mut Conn, kinds: Vec<String>) -> Result<Targets> {
        let mut known = HashMap::new();
        for row in targets::all(conn)? {
            let who = match row.whose() {
                Some(Whose::Person(id)) => Who::Person(Ref::Known(id)),
                Some(Whose::Team(id)) => Who::Team(Ref::Known(id)),
                None => continue,
            };
            let key = (who, row.metric, row.period, row.valid_from);
            known.insert(key, (row.amount, row.weekdays, row.reason));
        }
        Ok(Targets {
            known,
            kinds,
            ..Targets::default()
        })
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let columns = Columns::of(file);
        let zone = books.zone.clone();
        file.rows(&zone, |row| {
            let wanted = self.read_row(row, &columns, books)?;
            let key = wanted.key();
            if let Some(line) = self.seen.insert(key.clone(), row.line) {
                row.refuse_row(format!(
                    "the same target as in line {line}: one amount for each first day"
                ));
                return None;
            }
            let change = match self.known.get(&key) {
                None => Change::New,
                Some(known) if *known == wanted.values() => Change::Unchanged,
                Some(_) => Change::Changed,
            };
            row.report.count(change);
            if change != Change::Unchanged {
                self.wanted.push(wanted);
            }
            Some(())
        });
    }

    fn read_row(&self, row: &mut Row, columns: &Columns, books: &mut Books) -> Option<Wanted> {
        let metrics = self.metrics();
        let metric = row.needed_parsed(columns.metric, &metrics, |text| self.metric(text));
        let an_amount = "a number from 0 to 1000000";
        let amount = row.needed_parsed(columns.amount, an_amount, |text| {
            let amount = text.parse().ok();
            amount.filter(|amount| (0.0..=AMOUNT_MOST).contains(amount))
        });
        let a_period = "day, week or month";
        let period = row.needed_parsed(columns.period, a_period, any_case(Period::from_word));
        let valid_from = row.day(columns.valid_from);
        let some_days = "digits from 1 (Monday) to 7, such as 12345";
        let weekdays = row.parsed(columns.weekdays, some_days, Weekdays::parse);
        let address = row.email(columns.email);
        let team = row.text(columns.team);
        if row.text(columns.email).is_empty() == team.is_empty() {
            row.refuse(
                columns.email,
                "a target is a person's or a team's: fill one of email and team",
            );
        }
        if !row.is_good() {
            return None;
        }
        let who = match address {
            Some(address) => Who::Person(books.person(&address, Role::Rep)),
            None => Who::Team(books.teams.find_or_make(team)),
        };
        Some(Wanted {
            who,
            metric: metric?,
            amount: amount?,
            period: period?,
            weekdays: weekdays.unwrap_or(Weekdays::ALL),
            valid_from: valid_from.unwrap_or(since_ever()),
            reason: row.text(columns.reason).to_owned(),
        })
    }

    fn metric(&self, text: &str) -> Option<Metric> {
        let metric = text.parse().ok()?;
        match &metric {
            Metric::Kind(name) => {
                let known = self
                    .kinds
                    .iter()
                    .find(|kind| kind.to_lowercase() == name.to_lowercase())?;
                Some(Metric::Kind(known.clone()))
            }
            _ => Some(metric),
        }
    }

    fn metrics(&self) -> String {
        let general = Metric::GENERAL.iter().map(ToString::to_string);
        let kinds = self.kinds.iter().map(|kind| format!("kind:{kind}"));
        let all: Vec<String> = general.chain(kinds).collect();
        format!("one of {}", all.join(", "))
    }

    pub fn write(self, tx: &mut Tx, books: &Books) -> Result<()> {
        for wanted in self.wanted {
            let new = NewTarget {
                whose: match wanted.who {
                    Who::Person(person) => Whose::Person(books.person_id(person)?),
                    Who::Team(team) => Whose::Team(books.teams.id(team)?),
                },
                metric: wanted.metric,
                amount: wanted.amount,
                period: wanted.period,
                weekdays: wanted.weekdays,
                valid_from: wanted.valid_from,
                reason: wanted.reason,
            };
            targets::add(tx.conn, &new, tx.by_id(), tx.now)?;
        }
        Ok(())
    }
}

impl Wanted {
    fn key(&self) -> Key {
        (
            self.who,
            self.metric.to_string(),
            self.period,
            self.valid_from,
        )
    }

    fn values(&self) -> (f64, String, String) {
        (self.amount, self.weekdays.to_string(), self.reason.clone())
    }
}
