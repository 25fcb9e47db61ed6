//! All SQL about whether what is kept belongs together.

use crate::db::{Conn, tables};
use crate::error::Result;
use crate::schema::{known_devices, password_links, screens, sessions};
use diesel::prelude::*;

/// Tables that have rows from their first migration on, or get them without anybody doing anything. Whatever somebody
/// does to them is in the record, which is not among these.
const BORN_WITH_ROWS: &[&str] = &[
    "definition_levels",
    "definitions",
    "definitions_in_force",
    "job_runs",
    "kinds",
    "outcomes",
    "reasons",
    "reference_version",
    "rotas",
    "signal_kinds",
    "workspace",
];

/// What somebody has put into the database: tables and how many rows each has; nothing for a fresh one.
pub fn contents(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    let mut found = Vec::new();
    for table in tables::tables(conn)? {
        let name = table.name;
        if BORN_WITH_ROWS.contains(&name.as_str()) {
            continue;
        }
        let rows = tables::rows(conn, &name)?;
        if rows > 0 {
            found.push((name, rows));
        }
    }
    Ok(found)
}

/// What it holds, for somebody who knows about how much it should be: `7 people, 120 leads, 900 activities`.
pub fn counted(conn: &mut Conn) -> Result<String> {
    let mut counts = Vec::new();
    for table in ["people", "leads", "activities"] {
        counts.push(format!("{} {table}", tables::rows(conn, table)?));
    }
    Ok(counts.join(", "))
}

/// Ends all sessions and links, those of screens too, and knows no device any more: what was ended since would be good
/// again. Returns how many sessions, links and screens there were.
pub fn end_doors(conn: &mut Conn) -> Result<usize> {
    let sessions = diesel::delete(sessions::table).execute(conn)?;
    let links = diesel::delete(password_links::table).execute(conn)?;
    let screens = diesel::delete(screens::table).execute(conn)?;
    diesel::delete(known_devices::table).execute(conn)?;
    Ok(sessions + links + screens)
}

/// What no reference of the schema can hold: the table, what is wrong with rows of it, and which rows those are.
const LOST: &[(&str, &str, &str)] = &[
    (
        "activities",
        "have an outcome of another kind",
        "activities a JOIN outcomes o ON o.id = a.outcome_id WHERE o.kind_id <> a.kind_id",
    ),
    (
        "activities",
        "still count, though another entry takes their place",
        "activities a WHERE a.is_current AND EXISTS (SELECT 1 FROM activities b WHERE b.replaces_id = a.id)",
    ),
    (
        "activities",
        "still count, though they were ended",
        "activities a WHERE a.is_current AND a.ended_at IS NOT NULL",
    ),
    (
        "audit_entries",
        "have no words",
        "audit_entries e WHERE NOT EXISTS (SELECT 1 FROM audit_words w WHERE w.entry_id = e.id)",
    ),
    (
        "day_totals",
        "name a team that is not there",
        "day_totals d WHERE d.team_id <> 0 AND NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = d.team_id)",
    ),
    (
        "handovers",
        "were made under a version of the definitions that was never in force",
        "handovers h WHERE NOT EXISTS (SELECT 1 FROM definitions_in_force d WHERE d.definition_id = h.definition_id)",
    ),
    (
        "lead_events",
        "name an activity that is not there",
        "lead_events e WHERE e.activity_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.id = e.activity_id)",
    ),
    (
        "lead_events",
        "have the place of an event that is not there",
        "lead_events e WHERE e.place_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lead_events p WHERE p.id = e.place_id)",
    ),
    (
        "lead_events",
        "correct an event of another lead",
        "lead_events e JOIN lead_events p ON p.id = e.replaces_id WHERE p.lead_id <> e.lead_id",
    ),
    (
        "people",
        "are asked for a second factor, and none of theirs is kept",
        "people p WHERE p.has_second_factor AND NOT EXISTS (SELECT 1 FROM second_factors f WHERE f.person_id = p.id)",
    ),
    (
        "rejection_replies",
        "answer an event of another lead",
        "rejection_replies r JOIN lead_events e ON e.id = r.event_id WHERE e.lead_id <> r.lead_id",
    ),
];

/// The columns of leads and hand-overs that name an entry of a list.
const LABELS: [&str; 4] = ["territory", "source", "campaign", "asset"];

/// Rows that do not belong together, in sentences.
pub fn lost(conn: &mut Conn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut look = |table: &str, what: &str, rows: &str| -> Result<()> {
        let count = tables::count(conn, &format!("SELECT count(*) AS n FROM {rows}"))?;
        if count > 0 {
            found.push(format!("{table}: {count} rows {what}"));
        }
        Ok(())
    };
    for (table, what, rows) in LOST {
        look(table, what, rows)?;
    }
    for table in ["leads", "handovers"] {
        for list in LABELS {
            let rows =
                format!("{table} t JOIN labels l ON l.id = t.{list}_id WHERE l.list <> '{list}'");
            look(table, &format!("have a {list} that is none"), &rows)?;
        }
    }
    Ok(found)
}
