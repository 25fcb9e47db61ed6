//! Whatever else names a person: every row of a table that no list of its own tells of, as the schema says which those are,
//! so that a new table is never forgotten.

use super::Section;
use crate::db::Conn;
use crate::db::rows::{self, Value};
use crate::db::tables::{self, Table};
use crate::error::Result;
use crate::value::Instant;

/// What the other lists tell of, and what is made from it.
const TOLD: &[&str] = &[
    "activities",
    "audit_entries",
    "day_totals",
    "goals",
    "habit_settings",
    "handovers",
    "lead_events",
    "memberships",
    "notices",
    "ratings",
    "remarks",
    "sessions",
    "targets",
    "time_off",
    "verdicts",
    "work_weeks",
];

/// Of these the rows are only named: their words are about others.
const NAMED_ONLY: &[&str] = &["import_uploads", "leads", "packs"];

/// A long text is cut here.
const CHARS: usize = 200;

pub fn section(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let mut all = Vec::new();
    for table in tables::tables(conn)? {
        if TOLD.contains(&table.name.as_str()) {
            continue;
        }
        let to_people = table.references.iter().filter(|to| to.to_table == "people");
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
        header: &["list", "as", "row"],
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
            let opens = ["hash", "secret", "token"];
            if opens.iter().any(|word| name.contains(word)) {
                return None;
            }
            if is_named_only && !["id", "uid", "name", "at"].contains(&name) {
                return None;
            }
            let said = match value {
                Value::Whole(us) if name == "at" || name.ends_with("_at") => {
                    Instant(*us).to_string()
                }
                value => value.to_string().chars().take(CHARS).collect(),
            };
            (!said.is_empty()).then(|| format!("{name} {said}"))
        });
    fields.collect::<Vec<_>>().join(", ")
}
