//! Whatever else names a person: every row of a table that no list of its own tells of, as the schema says which those are,
//! so that a new table is never forgotten.

use super::lists::LISTS;
use super::{Section, opens_a_door, said};
use crate::db::Conn;
use crate::db::rows::{self, Value};
use crate::db::tables::{self, Table};
use crate::error::Result;

/// What is told of outside of the lists of rows, and what is made from them: the table, and as what it names a person.
const TOLD: &[(&str, &str)] = &[
    ("audit_entries", "by_id"),
    ("day_totals", "person_id"),
    ("work_weeks", "person_id"),
];

/// Of these the rows are only named: their words are about others, or by them.
const NAMED_ONLY: &[&str] = &[
    "activities",
    "import_uploads",
    "lead_events",
    "leads",
    "notices",
    "packs",
    "targets",
    "verdicts",
];

/// By what they are named.
const NAMES: &[&str] = &[
    "id",
    "uid",
    "name",
    "at",
    "happened_at",
    "set_at",
    "kind",
    "metric",
    "period",
    "first_day",
    "valid_from",
];

/// A long text is cut here.
const CHARS: usize = 200;

fn is_told(table: &str, column: &str) -> bool {
    let is_list = LISTS
        .iter()
        .any(|list| (list.table, list.by) == (table, column));
    is_list || TOLD.contains(&(table, column))
}

pub fn section(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let mut all = Vec::new();
    for table in tables::tables(conn)? {
        let to_people = table
            .references
            .iter()
            .filter(|to| to.to_table == "people" && !is_told(&table.name, &to.column));
        for to in to_people {
            for values in rows::naming(conn, &table, &to.column, person_id)? {
                all.push(vec![
                    table.name.clone(),
                    to.column.clone(),
                    words(&table, &values),
                ]);
            }
        }
    }
    Ok(Section {
        name: "elsewhere",
        about: "Wherever else a row names you",
        header: ["list", "as", "row"].map(str::to_owned).to_vec(),
        rows: all,
    })
}

/// `at 2026-03-04T09:00:00Z, kind due`, without what is empty, and without what opens a door.
fn words(table: &Table, values: &[Value]) -> String {
    let is_named_only = NAMED_ONLY.contains(&table.name.as_str());
    let fields = table
        .columns
        .iter()
        .zip(values)
        .filter_map(|(column, value)| {
            let name = column.name.as_str();
            if opens_a_door(name) {
                return None;
            }
            if is_named_only && !NAMES.contains(&name) {
                return None;
            }
            let said: String = said(name, value).chars().take(CHARS).collect();
            (!said.is_empty()).then(|| format!("{name} {said}"))
        });
    fields.collect::<Vec<_>>().join(", ")
}
