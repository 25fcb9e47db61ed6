//! What the pages of targets read: the part of the ledger that is the reader's to see.

use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::page::{self, DASH};
use crate::people::{self, Person, Team};
use crate::rules::access::{Me, Role};
use crate::rules::target::{self, TargetRow};
use crate::targets::store::{self, Entry};
use crate::targets::{Ledger, Whose, words};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// All that the page reads, once: the part of the ledger that is the reader's to see.
pub struct Seen {
    pub today: NaiveDate,
    /// Who has targets here, by name: oneself, for a manager their members, for an admin everybody.
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    names: HashMap<Whose, String>,
    pub ledger: Ledger,
    /// Newest first.
    pub entries: Vec<Entry>,
}

impl Seen {
    pub fn read(conn: &mut Conn, cx: &Cx) -> Result<Seen> {
        let me = cx.me()?;
        let today = me.zone.day_of(cx.now);
        let (everybody, teams) = (people::store::all(conn)?, people::store::teams(conn)?);
        let mut names: HashMap<Whose, String> = HashMap::new();
        names.extend(
            everybody
                .iter()
                .map(|p| (Whose::Person(p.id), p.name.clone())),
        );
        names.extend(
            teams
                .iter()
                .map(|team| (Whose::Team(team.id), team.name.clone())),
        );
        let ledger = Ledger::load(conn)?;
        let mut people: Vec<Person> = everybody
            .into_iter()
            .filter(|person| is_in_scope(me, person))
            .collect();
        people.sort_by_key(|person| (person.id != me.id, person.name.to_lowercase(), person.id));
        let mut teams: Vec<Team> = teams
            .into_iter()
            .filter(|team| me.role == Role::Admin || me.teams.contains(&team.id))
            .collect();
        teams.sort_by_key(|team| (team.name.to_lowercase(), team.id));
        let people_ids: Vec<i64> = people.iter().map(|person| person.id).collect();
        let team_ids: Vec<i64> = teams.iter().map(|team| team.id).collect();
        let mut entries = store::of(conn, &people_ids, &team_ids)?;
        entries.reverse();
        Ok(Seen {
            today,
            people,
            teams,
            names,
            ledger,
            entries,
        })
    }

    pub fn name(&self, whose: Option<Whose>) -> String {
        let name = whose.and_then(|whose| self.names.get(&whose));
        name.cloned().unwrap_or_else(|| DASH.to_owned())
    }

    /// Who wrote a row; imported ones were written by nobody.
    pub fn set_by(&self, entry: &Entry) -> String {
        match entry.set_by_id {
            Some(id) => self.name(Some(Whose::Person(id))),
            None => "Import".to_owned(),
        }
    }

    /// Everybody who may be given a target, as an address names them, and by name: teams first.
    pub fn everybody(&self) -> Vec<(String, Whose, String)> {
        let open = self.teams.iter().filter(|team| !team.is_retired);
        let teams = open.map(|team| {
            let name = format!("Team {}", team.name);
            (format!("team:{}", team.id), Whose::Team(team.id), name)
        });
        let people = self.people.iter().map(|person| {
            let key = format!("person:{}", person.uid);
            (key, Whose::Person(person.id), person.name.clone())
        });
        teams.chain(people).collect()
    }

    /// The targets that hold for somebody on a day: a person's own and their team's, or a team's.
    pub fn holding_for(&self, whose: Whose, day: NaiveDate) -> Vec<TargetRow> {
        match whose {
            Whose::Person(id) => self.ledger.in_force(id, day).into_iter().cloned().collect(),
            Whose::Team(_) => {
                let theirs = self.entries.iter().filter(|e| e.whose() == Some(whose));
                let rows: Vec<TargetRow> = theirs.filter_map(Entry::target).collect();
                let held = |row: &&TargetRow| {
                    let last = target::in_force(&rows, &row.metric, row.period, day);
                    row.amount > 0.0 && last.is_some_and(|last| last.id == row.id)
                };
                rows.iter().filter(held).cloned().collect()
            }
        }
    }

    pub fn entry(&self, id: i64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The rows of the ledger that decide today, by id.
    pub fn in_force(&self) -> HashSet<i64> {
        let mut rows: HashMap<Whose, Vec<TargetRow>> = HashMap::new();
        for entry in &self.entries {
            if let (Some(whose), Some(row)) = (entry.whose(), entry.target()) {
                rows.entry(whose).or_default().push(row);
            }
        }
        let mut ids = HashSet::new();
        for theirs in rows.values() {
            let found = theirs
                .iter()
                .filter_map(|row| target::in_force(theirs, &row.metric, row.period, self.today));
            ids.extend(found.map(|row| row.id));
        }
        ids
    }

    /// Rows of the ledger as a file.
    pub fn csv<'e>(&self, entries: impl Iterator<Item = &'e Entry>) -> Result<String> {
        let in_force = self.in_force();
        let header = [
            "whose",
            "is_team",
            "metric",
            "amount",
            "period",
            "weekdays",
            "valid_from",
            "set_by",
            "set_at",
            "reason",
            "state",
        ];
        let rows = entries.map(|entry| {
            vec![
                Cell::from(self.name(entry.whose())),
                Cell::from(if entry.team_id.is_some() {
                    "true"
                } else {
                    "false"
                }),
                Cell::from(entry.metric.as_str()),
                Cell::number(Some(entry.amount)),
                Cell::from(entry.period.word()),
                Cell::from(entry.weekdays.as_str()),
                Cell::from(entry.valid_from.to_string()),
                Cell::from(self.set_by(entry)),
                Cell::from(entry.set_at.to_string()),
                Cell::from(entry.reason.as_str()),
                Cell::from(self.state(entry, &in_force).1),
            ]
        });
        csv_out::table(&header, rows)
    }

    /// Whether a row holds today, among those of the same person or team: tone and word.
    pub fn state(&self, entry: &Entry, in_force: &HashSet<i64>) -> (&'static str, &'static str) {
        match in_force.contains(&entry.id) {
            true if entry.amount > 0.0 => ("good", "In force"),
            true => ("quiet", "Ended"),
            false if entry.valid_from > self.today => ("info", "To come"),
            false => ("quiet", "Replaced"),
        }
    }

    pub fn entry_view(&self, cx: &Cx, entry: &Entry, in_force: &HashSet<i64>) -> EntryView {
        let row = entry.target();
        let (tone, state) = self.state(entry, in_force);
        EntryView {
            whose: self.name(entry.whose()),
            metric: row
                .as_ref()
                .map_or(entry.metric.clone(), |row| row.metric.label().to_owned()),
            target: row
                .as_ref()
                .map_or_else(|| page::amount(entry.amount), words),
            from: page::day(entry.valid_from),
            set_by: self.set_by(entry),
            set_at: page::time(entry.set_at, cx.zone()),
            reason: entry.reason.clone(),
            tone,
            state,
        }
    }
}

/// A row of the ledger.
pub struct EntryView {
    pub whose: String,
    pub metric: String,
    pub target: String,
    pub from: String,
    pub set_by: String,
    pub set_at: String,
    pub reason: String,
    pub tone: &'static str,
    pub state: &'static str,
}

fn is_in_scope(me: &Me, person: &Person) -> bool {
    if person.role == Role::Marketing || person.left_on.is_some() {
        return false;
    }
    person.id == me.id || me.manages(person.id)
}
