//! All SQL about whether what is kept belongs together.

use crate::both;
use crate::db::{Conn, tables};
use crate::error::Result;
use crate::schema::{api_keys, known_devices, password_links, screens, sessions};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

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

/// Ends all sessions, keys and links, those of screens too, and knows no device any more: what was ended since would be good
/// again. Returns how many of them there were.
pub fn end_doors(conn: &mut Conn) -> Result<usize> {
    let sessions = diesel::delete(sessions::table).execute(conn)?;
    let links = diesel::delete(password_links::table).execute(conn)?;
    let screens = diesel::delete(screens::table).execute(conn)?;
    let keys = diesel::delete(api_keys::table).execute(conn)?;
    diesel::delete(known_devices::table).execute(conn)?;
    Ok(sessions + links + screens + keys)
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
        "count as reached or as a meeting, or not, against their outcome",
        "activities a LEFT JOIN outcomes o ON o.id = a.outcome_id WHERE a.is_reached <> COALESCE(o.class = 'reached', FALSE) \
         OR a.is_meeting <> COALESCE(o.is_meeting, FALSE)",
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

/// What no row may say, whatever the settings were when it was written, with what to do about it: the table, the fault, and
/// a query of the rows that have it. The name of a row is its number, which stands between table and fault.
const ODD: &[(&str, &str, &str)] = &[
    (
        "activities",
        "says that it was entered late, and it was entered within two days: correct it on the page of its person",
        "activities r WHERE r.is_late AND r.entered_at <= r.happened_at + 169200000000",
    ),
    (
        "duplicates",
        "does not say of which lead its event is, or that a lead is its own duplicate: compare with a backup",
        "(SELECT d.event_id AS id FROM duplicates d JOIN lead_events e ON e.id = d.event_id \
         WHERE e.lead_id <> d.lead_id OR d.same_as_id = d.lead_id) r",
    ),
    (
        "labels",
        "was made one with an entry of another list, or with itself: compare with a backup",
        "labels r JOIN labels s ON s.id = r.same_as_id WHERE s.list <> r.list OR s.id = r.id",
    ),
    (
        "lead_events",
        "has an amount below nothing: correct it on the page of its lead",
        "lead_events r WHERE r.amount_micros < 0",
    ),
    (
        "lead_events",
        "came of a touch of another lead: compare with a backup",
        "lead_events r JOIN activities a ON a.id = r.activity_id WHERE a.lead_id IS NULL OR a.lead_id <> r.lead_id",
    ),
    (
        "leads",
        "has an amount below nothing: change it on the page of the lead",
        "leads r WHERE r.amount_micros < 0",
    ),
    (
        "leads_above",
        "is of a lead that is erased: erase the lead once more, which takes it away",
        "(SELECT b.lead_id AS id FROM leads_above b JOIN leads l ON l.id = b.lead_id WHERE l.erased_at IS NOT NULL) r",
    ),
    (
        "memberships",
        "ends before it has begun: compare with a backup",
        "memberships r WHERE r.until_day <= r.from_day",
    ),
    (
        "memberships",
        "overlaps an earlier one of the same person in the same team: take them out of the team and put them in again",
        "memberships r WHERE EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = r.person_id AND m.team_id = r.team_id \
         AND (m.from_day < r.from_day OR m.from_day = r.from_day AND m.id < r.id) \
         AND (m.until_day IS NULL OR m.until_day > r.from_day))",
    ),
    (
        "notices",
        "tells of a hand-over of another lead than it names: compare with a backup",
        "notices r JOIN handovers h ON h.id = r.handover_id WHERE h.lead_id <> r.lead_id",
    ),
];

#[derive(QueryableByName)]
struct OddRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Rows that say what none may say, in sentences, by what is wrong with them.
pub fn odd(conn: &mut Conn) -> Result<Vec<Vec<String>>> {
    let mut found = Vec::new();
    for (table, fault, rows) in ODD {
        let query = sql_query(format!("SELECT r.id AS id FROM {rows} ORDER BY r.id"));
        let rows: Vec<OddRow> = both!(conn, |c| query.load(c))?;
        let sentence = |row: &OddRow| format!("{table}: row {} {fault}", row.id);
        found.push(rows.iter().map(sentence).collect());
    }
    Ok(found)
}
