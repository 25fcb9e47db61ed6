//! The lists whose rows are a person's own, each with every column that its table has: a new column is told of as it comes.

use super::{Section, said};
use crate::db::Conn;
use crate::db::rows::{self, Value};
use crate::db::tables::{self, Column, Reference, Table};
use crate::error::{Error, Result};
use std::collections::HashMap;

/// Rows that name somebody in one column.
pub struct List {
    name: &'static str,
    about: &'static str,
    pub table: &'static str,
    /// The column that names the person.
    pub by: &'static str,
    /// What a reader looks for first, as the file calls it; the other columns come after these in order of name.
    first: &'static [&'static str],
}

const fn list(
    name: &'static str,
    about: &'static str,
    (table, by): (&'static str, &'static str),
    first: &'static [&'static str],
) -> List {
    List {
        name,
        about,
        table,
        by,
        first,
    }
}

pub const LISTS: &[List] = &[
    list(
        "account",
        "Who you are here",
        ("people", "id"),
        &["name", "email", "role", "time_zone", "left_on"],
    ),
    list(
        "teams",
        "Teams, by date",
        ("memberships", "person_id"),
        &["team", "from_day", "until_day"],
    ),
    list(
        "sessions",
        "Where you are signed in",
        ("sessions", "person_id"),
        &["created_at", "expires_at", "user_agent", "address"],
    ),
    list(
        "keys",
        "Keys with which programs read as you",
        ("api_keys", "person_id"),
        &["name", "made_at", "used_on", "ended_at"],
    ),
    list(
        "time-off",
        "Time off",
        ("time_off", "person_id"),
        &["from_day", "to_day", "part"],
    ),
    list(
        "activities",
        "What you logged, corrections too",
        ("activities", "person_id"),
        &[
            "happened_at",
            "entered_at",
            "kind",
            "outcome",
            "quantity",
            "lead",
            "note",
        ],
    ),
    list(
        "targets",
        "Targets set for you",
        ("targets", "person_id"),
        &["metric", "amount", "period", "valid_from", "reason"],
    ),
    list(
        "verdicts",
        "Days and weeks of yours that were kept or corrected",
        ("verdicts", "person_id"),
        &["period", "first_day", "state", "origin", "reason", "at"],
    ),
    list(
        "habit",
        "What you chose for your habit",
        ("habit_settings", "person_id"),
        &["remind_at_min", "hides_streak"],
    ),
    list(
        "goals",
        "Goals you set yourself",
        ("goals", "person_id"),
        &["metric", "amount", "starts_on", "by_day", "plan", "made_at"],
    ),
    list(
        "hand-overs",
        "Leads you handed over",
        ("handovers", "by_id"),
        &["handed_over_at", "lead", "urgency", "note"],
    ),
    list(
        "lead-events",
        "What you did to leads",
        ("lead_events", "by_id"),
        &["at", "lead", "kind", "reason", "note"],
    ),
    list(
        "questions",
        "Questions and answers you wrote",
        ("remarks", "by_id"),
        &["at", "lead", "text"],
    ),
    list(
        "ratings",
        "Ratings you gave",
        ("ratings", "by_id"),
        &["at", "lead", "stars", "landed", "note"],
    ),
    list(
        "notices",
        "What you were told",
        ("notices", "person_id"),
        &["at", "kind", "text", "read_at"],
    ),
];

/// Every list, in a fixed number of queries.
pub fn sections(conn: &mut Conn, person_id: i64) -> Result<Vec<Section>> {
    let tables = tables::tables(conn)?;
    let sections = LISTS.iter().map(|list| {
        let table = tables.iter().find(|table| table.name == list.table);
        let table = table.ok_or_else(|| Error::internal(format!("no table {}", list.table)))?;
        list.section(conn, table, person_id)
    });
    sections.collect()
}

/// What is called a row of another table where a row names it: a lead by its number, all else by its name, if it has one.
fn label(reference: &Reference) -> Option<&'static str> {
    match reference.to_table.as_str() {
        "leads" => Some("uid"),
        "assets" | "campaigns" | "kinds" | "outcomes" | "people" | "sources" | "teams"
        | "territories" => Some("name"),
        _ => None,
    }
}

/// A column of the file.
struct Told<'t> {
    name: String,
    place: usize,
    column: &'t Column,
    /// What the rows are called that this column names.
    labels: Option<HashMap<i64, String>>,
}

impl Told<'_> {
    fn of(&self, values: &[Value]) -> String {
        let value = &values[self.place];
        match (value, &self.labels) {
            (Value::Whole(id), Some(labels)) => labels.get(id).cloned().unwrap_or_default(),
            _ => said(&self.column.name, value),
        }
    }
}

impl List {
    fn section(&self, conn: &mut Conn, table: &Table, person_id: i64) -> Result<Section> {
        let whose = (self.by, person_id);
        let mut told = Vec::new();
        for (place, column) in table.columns.iter().enumerate() {
            if column.name == self.by || super::opens_a_door(&column.name) {
                continue;
            }
            let named = (table.references.iter()).find(|to| to.column == column.name);
            let name = match named {
                Some(_) => column.name.trim_end_matches("_id"),
                None => &column.name,
            };
            let labels = match named.and_then(|to| Some((to, label(to)?))) {
                Some((to, label)) => Some(rows::labels(conn, table, whose, to, label)?),
                None => None,
            };
            told.push(Told {
                name: name.to_owned(),
                place,
                column,
                labels,
            });
        }
        let first = |told: &Told| self.first.iter().position(|name| *name == told.name);
        told.sort_by_key(|told| first(told).unwrap_or(usize::MAX));
        let rows = rows::naming(conn, table, self.by, person_id)?;
        let row = |values: Vec<Value>| told.iter().map(|told| told.of(&values)).collect();
        Ok(Section {
            name: self.name,
            about: self.about,
            header: told.iter().map(|told| told.name.clone()).collect(),
            rows: rows.into_iter().map(row).collect(),
        })
    }
}
