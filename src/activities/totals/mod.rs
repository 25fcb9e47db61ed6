//! Totals of a metric, and the entries behind a total. Source: METRICS.md 0.

pub mod beside;
mod store;

pub use beside::Beside;
pub use store::{
    Behind, PerDay, Prospect, ReachedOrNot, behind, count_behind, count_left_out, first_day, late,
    left_out, prospects,
};

use super::day_totals;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::lists::Lists;
use crate::rules::day;
use crate::rules::score::{self, Line, Quality};
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
pub use day_totals::store::people_of;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// Which entries a total is over.
#[derive(Debug, Clone)]
pub struct Span {
    /// Both days included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// What happened after it is hidden.
    pub as_of: Instant,
    /// These people, or everybody.
    pub people: Option<Vec<i64>>,
}

/// A metric's total under each key that `key` gives to (person, team at that time, local day), in one query. What has no key is not counted, and a key without an entry is not there. A lead counts as reached
/// once under each key.
pub fn by<K: Hash + Eq + Copy>(
    conn: &mut Conn,
    kept: Kept,
    metric: &Metric,
    span: &Span,
    key: impl Fn(i64, Option<i64>, NaiveDate) -> Option<K>,
) -> Result<HashMap<K, f64>> {
    let mut totals = HashMap::new();
    match metric {
        Metric::LeadsReached => {
            let rows = store::leads_reached(conn, span)?.into_iter();
            let pairs: HashSet<(K, i64)> = rows
                .filter_map(|(person, team, day, lead)| Some((key(person, team, day)?, lead)))
                .collect();
            for (key, _) in pairs {
                *totals.entry(key).or_insert(0.0) += 1.0;
            }
        }
        Metric::Score => {
            for ((_, key), points) in scores(conn, kept, span, key)? {
                *totals.entry(key).or_insert(0.0) += points;
            }
        }
        _ => {
            for (person, team, day, sum) in sums(conn, metric, span)? {
                if let Some(key) = key(person, team, day) {
                    *totals.entry(key).or_insert(0.0) += sum as f64;
                }
            }
        }
    }
    Ok(totals)
}

/// Quantities of prospecting activities by person, team at that time, and whether somebody was reached: of days that are
/// over from what is kept of them, as [`by`] reads them.
pub fn reached_or_not(conn: &mut Conn, span: &Span) -> Result<Vec<ReachedOrNot>> {
    let (kept, rest) = over_and_rest(span);
    let mut all = Vec::new();
    if let Some(kept) = kept {
        all.extend(day_totals::store::reached_or_not(conn, &kept)?);
    }
    if let Some(rest) = rest {
        all.extend(store::reached_or_not(conn, &rest)?);
    }
    Ok(all)
}

/// A span with so many days that are over is read by its days, and not by its entries.
const MANY_DAYS: i64 = 14;

/// Sums of quantities for each (person, team at that time, local day): of days that were over everywhere at the as-of from
/// what is kept of them, where there are many, and of the others from their entries.
fn sums(conn: &mut Conn, metric: &Metric, span: &Span) -> Result<Vec<store::PerDay>> {
    let (kept, rest) = over_and_rest(span);
    let mut sums = Vec::new();
    if let Some(kept) = kept {
        sums.extend(day_totals::store::sums(conn, metric, &kept)?);
    }
    if let Some(rest) = rest {
        sums.extend(store::sums(conn, metric, &rest)?);
    }
    Ok(sums)
}

/// The part of a span to read by what is kept of its days, and the part to read by its entries.
fn over_and_rest(span: &Span) -> (Option<Span>, Option<Span>) {
    let over = day::over_everywhere(span.as_of).min(span.to);
    if (over - span.from).num_days() < MANY_DAYS {
        return (None, Some(span.clone()));
    }
    let from = over.checked_add_days(Days::new(1)).unwrap_or(over);
    let kept = Span {
        to: over,
        ..span.clone()
    };
    let rest = Span {
        from,
        ..span.clone()
    };
    (Some(kept), Some(rest).filter(|rest| rest.from <= rest.to))
}

/// The points of each person under each key: a lead counts once a day for each person.
fn scores<K: Hash + Eq + Copy>(
    conn: &mut Conn,
    kept: Kept,
    span: &Span,
    key: impl Fn(i64, Option<i64>, NaiveDate) -> Option<K>,
) -> Result<HashMap<(i64, K), f64>> {
    let lines = scored_lines(conn, kept, span, key)?.into_iter();
    let sum = |lines: Vec<(i64, Line)>| lines.iter().fold(0.0, |sum, (_, line)| sum + line.points);
    Ok(lines.map(|(key, lines)| (key, sum(lines))).collect())
}

/// What each entry scores that `is_counted` of (person, team at that time), by its id: they add up to the score.
pub fn score_lines(
    conn: &mut Conn,
    kept: Kept,
    span: &Span,
    is_counted: impl Fn(i64, Option<i64>) -> bool,
) -> Result<HashMap<i64, Line>> {
    let key = |person, team, _| is_counted(person, team).then_some(());
    let lines = scored_lines(conn, kept, span, key)?.into_values();
    Ok(lines.flatten().collect())
}

type Lines<K> = HashMap<(i64, K), Vec<(i64, Line)>>;

/// What each entry scores, with its id, in the order in which they happened.
fn scored_lines<K: Hash + Eq + Copy>(
    conn: &mut Conn,
    kept: Kept,
    span: &Span,
    key: impl Fn(i64, Option<i64>, NaiveDate) -> Option<K>,
) -> Result<Lines<K>> {
    let lists: Arc<Lists> = kept.get(conn)?;
    let mut entries: HashMap<(i64, K), Vec<(i64, score::Entry)>> = HashMap::new();
    let rows = store::scored(conn, span)?;
    for row in &rows {
        let Some(key) = key(row.person_id, row.team_id, row.local_day) else {
            continue;
        };
        let quality = match row.outcome_id {
            _ if row.is_reached => Quality::Connected,
            Some(id) if lists.outcome(id).is_some_and(|o| !o.arrived) => Quality::Bounced,
            _ => Quality::Logged,
        };
        let theirs = entries.entry((row.person_id, key)).or_default();
        let entry = score::Entry {
            day: row.local_day,
            kind: lists.kind(row.kind_id).map_or("", |kind| &kind.name),
            lead: row.lead_id,
            quality,
            quantity: row.quantity.max(0) as u32,
        };
        theirs.push((row.id, entry));
    }
    let channel = |kind: &str, day| lists.channel_named(kind, day);
    let lines = |entries: Vec<(i64, score::Entry)>| {
        let (ids, entries): (Vec<i64>, Vec<score::Entry>) = entries.into_iter().unzip();
        ids.into_iter()
            .zip(score::lines(entries, channel))
            .collect()
    };
    let keyed = entries.into_iter();
    Ok(keyed.map(|(key, entries)| (key, lines(entries))).collect())
}
