//! Techniques beside each other: what became of leads by how they were first touched. Source: METRICS.md 7.

pub mod explain;
mod figures;
pub mod pages;
mod store;
mod tables;

use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::wins;
use crate::lists::Lists;
use crate::value::Instant;
use chrono::NaiveDate;
use figures::{Figures, Lead, Outcome};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The kind of activity that is a meeting that took place.
const HELD: &str = "meeting held";

/// What is asked for: first touches of some days, both included, and an outcome within so many days of them.
#[derive(Debug, Clone, Copy)]
pub struct Filters {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub outcome: Outcome,
    pub horizon_days: i64,
    /// What happened after it is hidden.
    pub as_of: Instant,
}

/// The figures, and the names of what they are about.
pub struct Report {
    pub filters: Filters,
    pub figures: Figures,
    pub lists: Arc<Lists>,
}

/// A rep's own leads, a manager's those of their teams, an admin's all: by who made the first touch. Five queries.
pub fn report(conn: &mut Conn, cx: &Cx, filters: Filters) -> Result<Report> {
    let leads = leads(conn, cx, &filters)?;
    Ok(Report {
        figures: Figures::of(&leads, filters.outcome, filters.horizon_days, filters.as_of),
        filters,
        lists: cx.kept.get(conn)?,
    })
}

/// The leads behind it.
fn leads(conn: &mut Conn, cx: &Cx, filters: &Filters) -> Result<Vec<Lead>> {
    let me = cx.me()?;
    let lists: Arc<Lists> = cx.kept.get(conn)?;
    let Filters {
        from, to, as_of, ..
    } = *filters;
    let firsts = store::first_touches(conn, me, from, to, as_of)?;
    let people: BTreeSet<i64> = firsts.iter().map(|first| first.person_id).collect();
    let people: Vec<i64> = people.into_iter().collect();
    let touches = store::touches(conn, &people, from, to, as_of)?;
    let sorts = store::sorts(conn, &people, from, to)?;
    let earliest = firsts.iter().map(|first| first.at).min().unwrap_or(as_of);
    let wins = wins::wins(conn, (earliest, as_of))?;
    let wins: Vec<_> = wins.into_iter().map(|win| (win.lead_id, win.at)).collect();
    let is_held = |kind: i64| {
        let kind = lists.kind(kind);
        kind.is_some_and(|kind| kind.name.to_lowercase() == HELD)
    };
    Ok(figures::leads(firsts, touches, sorts, &wins, is_held))
}
