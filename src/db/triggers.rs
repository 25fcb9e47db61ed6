//! The triggers that keep what is only added to as it is, and count what changes: whether each is there and works.

use super::{Conn, migrate};
use crate::error::{Error, Result};
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    /// SQLite: what made it. PostgreSQL: the letter that says when it works.
    #[diesel(sql_type = Text)]
    made_by: String,
}

/// What mends a database that has lost some.
const WAY_OUT: &str = "rows could have been changed that are only added to. Bring all rows into a new database with \
     touchline move-to, which makes every trigger anew, and compare with a backup";

/// Triggers that are gone, are others than this program makes, or are switched off, in sentences.
///
/// # Errors
/// Those of the database.
pub fn faults(conn: &mut Conn) -> Result<Vec<String>> {
    let there = list(conn)?;
    let find = |table: &str, name: &str| {
        let mut there = there.iter();
        there.find(|trigger| trigger.of_table == table && trigger.name == name)
    };
    let gone = |table: &str, name: &str| format!("{table}: the trigger {name} is gone: {WAY_OUT}");
    let mut found = Vec::new();
    if let Conn::Sqlite(_) = conn {
        for made in made_anew()? {
            let (table, name) = (&made.of_table, &made.name);
            match find(table, name) {
                None => found.push(gone(table, name)),
                Some(trigger) if trigger.made_by != made.made_by => found.push(format!(
                    "{table}: the trigger {name} is not the one that this program makes: {WAY_OUT}"
                )),
                Some(_) => {}
            }
        }
        return Ok(found);
    }
    for (table, names) in ON_POSTGRES {
        for name in *names {
            match find(table, name) {
                None => found.push(gone(table, name)),
                // Always, or whenever the server is no copy of another one.
                Some(trigger) if ["O", "A"].contains(&trigger.made_by.as_str()) => {}
                Some(_) => found.push(format!(
                    "{table}: the trigger {name} is switched off: rows could have been changed that are only added to. \
                     ALTER TABLE {table} ENABLE TRIGGER {name} switches it on; compare with a backup"
                )),
            }
        }
    }
    Ok(found)
}

fn list(conn: &mut Conn) -> Result<Vec<Trigger>> {
    Ok(match conn {
        Conn::Sqlite(c) => sql_query(
            "SELECT tbl_name AS of_table, name, sql AS made_by FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
        )
        .load(c)?,
        Conn::Postgres(c) => sql_query(
            "SELECT CAST(t.relname AS TEXT) AS of_table, CAST(g.tgname AS TEXT) AS name, CAST(g.tgenabled AS TEXT) AS made_by \
             FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal \
             AND t.relnamespace = CAST(current_schema() AS REGNAMESPACE) ORDER BY 1, 2",
        )
        .load(c)?,
    })
}

/// Those of a new SQLite database.
fn made_anew() -> Result<Vec<Trigger>> {
    let new = SqliteConnection::establish(":memory:").map_err(Error::internal)?;
    let mut new = Conn::Sqlite(new);
    migrate(&mut new)?;
    list(&mut new)
}

/// Those that the migrations make on PostgreSQL, by table; a test compares them with a new database.
pub const ON_POSTGRES: &[(&str, &[&str])] = &[
    (
        "activities",
        &[
            "activities_become_blank",
            "activities_end_once",
            "activities_stay",
        ],
    ),
    ("audit_entries", &["audit_entries_stay"]),
    (
        "audit_words",
        &["audit_words_become_blank", "audit_words_stay"],
    ),
    (
        "commitment_ends",
        &["commitment_ends_are_erased", "commitment_ends_stay"],
    ),
    (
        "commitments",
        &["commitments_are_erased", "commitments_stay"],
    ),
    (
        "definition_levels",
        &["definition_levels_stay", "definition_levels_stay_here"],
    ),
    (
        "definition_signatures",
        &[
            "definition_signatures_stay",
            "definition_signatures_stay_here",
        ],
    ),
    (
        "definitions",
        &["definitions_stay", "definitions_stay_here"],
    ),
    (
        "definitions_in_force",
        &["definitions_in_force_counts", "definitions_in_force_stay"],
    ),
    ("duplicates", &["duplicates_stay"]),
    ("habit_settings", &["habit_settings_counts"]),
    (
        "handover_lines",
        &[
            "handover_lines_become_blank",
            "handover_lines_stay",
            "handover_lines_stay_here",
        ],
    ),
    (
        "handovers",
        &[
            "handovers_keep_their_promise",
            "handovers_keep_their_version",
            "handovers_stay",
            "handovers_stay_cut",
            "handovers_stay_here",
        ],
    ),
    ("holidays", &["holidays_counts"]),
    ("kinds", &["kinds_counts"]),
    ("labels", &["labels_counts"]),
    (
        "lead_events",
        &["lead_events_become_blank", "lead_events_stay"],
    ),
    (
        "lead_signals",
        &["lead_signals_become_blank", "lead_signals_stay"],
    ),
    ("memberships", &["memberships_counts"]),
    ("outcomes", &["outcomes_counts"]),
    ("packs", &["packs_are_forgotten", "packs_stay"]),
    ("past_zones", &["past_zones_counts"]),
    ("peer_groups", &["peer_groups_counts", "peer_groups_stay"]),
    ("people", &["people_counts"]),
    ("ratings", &["ratings_become_blank", "ratings_stay"]),
    ("reasons", &["reasons_counts"]),
    (
        "rejection_replies",
        &["rejection_replies_become_blank", "rejection_replies_stay"],
    ),
    ("remark_people", &["remark_people_stay"]),
    ("remarks", &["remarks_become_blank", "remarks_stay"]),
    ("score_behaviour_rules", &["score_behaviour_rules_stay"]),
    ("score_fit_rules", &["score_fit_rules_stay"]),
    (
        "score_rule_sets",
        &["score_rule_sets_become_blank", "score_rule_sets_stay"],
    ),
    (
        "score_weights",
        &[
            "score_weights_become_blank",
            "score_weights_counts",
            "score_weights_stay",
        ],
    ),
    ("stage_names", &["stage_names_counts"]),
    (
        "targets",
        &["targets_become_blank", "targets_counts", "targets_stay"],
    ),
    ("teams", &["teams_counts"]),
    ("time_off", &["time_off_counts"]),
    (
        "verdicts",
        &["verdicts_are_erased", "verdicts_counts", "verdicts_stay"],
    ),
    (
        "watch_words",
        &["watch_words_are_erased", "watch_words_stay"],
    ),
    ("work_hours", &["work_hours_counts"]),
    ("work_weeks", &["work_weeks_counts"]),
    ("workspace", &["workspace_counts"]),
];
