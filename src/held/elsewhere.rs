//! Whatever else names a person: every row of a table that no list of its own tells of, as the schema says which those are,
//! so that a new table is never forgotten.

use super::Section;
use crate::db::Conn;
use crate::db::rows::{self, Value};
use crate::db::tables::{self, Table};
use crate::error::Result;
use crate::value::Instant;

/// What the other lists tell of, and what is made from it: the table, and as what it names a person.
const TOLD: &[(&str, &str)] = &[
    ("activities", "person_id"),
    ("audit_entries", "by_id"),
    ("day_totals", "person_id"),
    ("goals", "person_id"),
    ("habit_settings", "person_id"),
    ("handovers", "by_id"),
    ("lead_events", "by_id"),
    ("memberships", "person_id"),
    ("notices", "person_id"),
    ("ratings", "by_id"),
    ("remarks", "by_id"),
    ("sessions", "person_id"),
    ("targets", "person_id"),
    ("time_off", "person_id"),
    ("verdicts", "person_id"),
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

pub fn section(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let mut all = Vec::new();
    for table in tables::tables(conn)? {
        let to_people = table
            .references
            .iter()
            .filter(|to| to.to_table == "people" && !TOLD.contains(&(&table.name, &to.column)));
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
            if is_named_only && !NAMES.contains(&name) {
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
