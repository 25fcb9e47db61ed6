//! Touches that were entered late: which waitings they ended, and what these were without them. Source: METRICS.md 2.1.

use super::store::{self, Row};
use super::{Awaited, Filters};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::history;
use crate::value::Instant;
use std::collections::HashSet;

/// The late touches of a span, by lead and instant; none where they are left out.
#[derive(Default)]
pub struct Late(HashSet<(i64, Instant)>);

impl Late {
    /// Whether what ended a waiting was entered late.
    pub fn is_of(&self, row: &Row, filters: &Filters) -> bool {
        let first = match filters.event {
            Awaited::Attempt => row.first_attempt_at,
            Awaited::Contact => row.first_contact_at,
        };
        first.is_some_and(|at| self.0.contains(&(row.lead_id, at)))
    }
}

/// Reads the late touches, and where the filters leave them out gives the rows the first touches that were not late.
pub fn read(
    conn: &mut Conn,
    filters: &Filters,
    span: (Instant, Instant),
    rows: &mut [Row],
) -> Result<Late> {
    let late: HashSet<(i64, Instant)> = store::late(conn, span.0, filters.cohort.as_of)?
        .into_iter()
        .collect();
    if !filters.without_late || late.is_empty() {
        return Ok(Late(late));
    }
    let leads: HashSet<i64> = late.iter().map(|(lead, _)| *lead).collect();
    let ids: HashSet<i64> = rows
        .iter()
        .map(|row| row.lead_id)
        .filter(|id| leads.contains(id))
        .collect();
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    let firsts = history::firsts_in_time(conn, &ids)?;
    for row in rows {
        if let Some(firsts) = firsts.get(&(row.lead_id, row.handed_over_at)) {
            row.first_attempt_at = firsts.first_attempt_at;
            row.first_contact_at = firsts.first_contact_at;
            row.is_in_conversation = firsts.is_in_conversation;
        }
    }
    Ok(Late::default())
}
