//! Lead outcomes: what became of handed-over leads, from accepted to won.

pub mod figures;
pub mod pages;
mod store;
pub mod tables;

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::leads::cohort::{self, Cohort, Grouping, Key, Names, Ownerships};
use crate::rules::access::Me;
use crate::value::Instant;
use chrono::NaiveDate;
use figures::{Figures, Start, Story};
use serde::Serialize;
use std::collections::HashMap;

/// What the page and the command line offer to group it by.
pub const GROUPINGS: &[Grouping] = &[
    Grouping::Source,
    Grouping::Campaign,
    Grouping::Asset,
    Grouping::Owner,
    Grouping::Week,
];

/// What the report is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Filters {
    pub cohort: Cohort,
    pub by: Option<Grouping>,
}

/// The report as it is printed: IMPORT.md, "Reports".
#[derive(Serialize)]
pub struct Report {
    pub report: &'static str,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Instant,
    /// Where only hand-overs made under one version were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<i64>,
    pub by: Option<Grouping>,
    pub groups: Vec<Group>,
    /// Whether the workspace has set neither zone nor hours.
    #[serde(skip)]
    pub is_default_hours: bool,
    /// Of all groups together, for the page.
    #[serde(skip)]
    pub total: Figures,
    #[serde(skip)]
    pub names: Names,
    /// The versions of the definitions that they were made under, in order.
    #[serde(skip)]
    pub versions: Vec<i64>,
}

/// One row of the report.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    #[serde(rename = "group")]
    pub name: String,
    #[serde(flatten)]
    pub figures: Figures,
    #[serde(skip)]
    pub key: Key,
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let as_of = filters.cohort.as_of;
    let calendars = Calendars::load(conn)?;
    let span = filters.cohort.span(calendars.zone());
    let owners = if filters.by.is_some_and(Grouping::is_of_owners) {
        cohort::owners(conn, span)?
    } else {
        cohort::Owners::default()
    };
    let ownerships = Ownerships {
        owners,
        calendars: &calendars,
    };
    let mut rows = store::rows(conn, span, as_of, filters.by)?;
    leave_later_closings(&mut rows);
    if let Some(visible) = cohort::visible(conn, me)? {
        rows.retain(|row| visible.contains(&row.lead_id));
    }
    let starts = rows.iter().map(|row| Start {
        lead_id: row.lead_id,
        at: row.handed_over_at,
        key: key(row, filters, &ownerships),
    });
    let mut happenings = store::events(conn, span, as_of)?;
    happenings.extend(store::touches(conn, span, as_of)?);
    // A lead's other hand-overs are read too, so that each happening finds the one it belongs to.
    let mut stories = figures::stories(starts.collect(), &happenings, as_of);
    stories.retain(|story| (span.0..=span.1).contains(&story.start.at));
    let under: HashMap<(i64, Instant), i64> = rows
        .iter()
        .map(|row| ((row.lead_id, row.handed_over_at), row.definition_id))
        .collect();
    let version = |story: &Story| under.get(&(story.start.lead_id, story.start.at)).copied();
    stories.retain(|story| version(story).is_some_and(|version| filters.cohort.has(version)));
    let keys = stories.iter().map(|story| story.start.key);
    let names = Names::load(conn, filters.by, keys, me)?;
    Ok(Report {
        report: "outcomes",
        from: filters.cohort.from,
        to: filters.cohort.to,
        as_of,
        definition: filters.cohort.definition,
        by: filters.by,
        groups: groups(&stories, filters, &names),
        is_default_hours: calendars.is_default,
        total: Figures::of(&stories.iter().collect::<Vec<_>>()),
        names,
        versions: cohort::versions(stories.iter().filter_map(version)),
    })
}

/// A closing after the lead's next hand-over is that one's.
fn leave_later_closings(rows: &mut [store::Row]) {
    rows.sort_by_key(|row| (row.lead_id, row.handed_over_at));
    let mut next: Option<(i64, Instant)> = None;
    for row in rows.iter_mut().rev() {
        let ended = next.filter(|(lead, _)| *lead == row.lead_id);
        row.closed_at = row
            .closed_at
            .filter(|closed| ended.is_none_or(|(_, at)| *closed < at));
        next = Some((row.lead_id, row.handed_over_at));
    }
}

/// Whose lead it is: that of whoever owned it at its first closing, else as of the report.
fn key(row: &store::Row, filters: &Filters, ownerships: &Ownerships) -> Key {
    let as_of = filters.cohort.as_of;
    let until = row.closed_at.map_or(as_of, |closed| closed.min(as_of));
    cohort::key(filters.by, row.member(), until, ownerships)
}

/// In order of name; one group of all where nothing groups them, also when it is empty.
fn groups(stories: &[Story], filters: &Filters, names: &Names) -> Vec<Group> {
    let mut members: HashMap<Key, Vec<&Story>> = HashMap::new();
    if filters.by.is_none() {
        members.insert(Key::All, Vec::new());
    }
    for story in stories {
        members.entry(story.start.key).or_default().push(story);
    }
    let group = |(key, members): (Key, Vec<&Story>)| Group {
        name: names.of(key),
        figures: Figures::of(&members),
        key,
    };
    let mut groups: Vec<Group> = members.into_iter().map(group).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}
