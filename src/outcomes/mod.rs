//! Lead outcomes: what became of handed-over leads, from accepted to won.

pub mod content;
pub mod days;
pub mod explain;
mod face;
pub mod figures;
pub mod fitted;
mod ground;
pub mod pages;
pub mod printed;
mod quality;
pub mod reasons;
mod reliability;
pub mod scores;
pub mod sheet;
pub mod speed;
mod store;
mod story;
pub mod tables;
mod trend;
pub mod value;

use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{About, Cohort, Grouping, Key, Names, grouped};
use crate::page::Said;
use crate::rules::access::Me;
use crate::style;
use figures::{Figures, Story};
use ground::Ground;
use serde::Serialize;

/// What the page and the command line offer to group it by.
pub const GROUPINGS: &[Grouping] = &[
    Grouping::Source,
    Grouping::Campaign,
    Grouping::Asset,
    Grouping::Owner,
    Grouping::Week,
];

/// A group with fewer is "warming up": no conclusion, listed last. Source: PRODUCT.md 7.
pub const LEAST_LEADS: u64 = 10;

/// What the report is called.
const REPORT: &str = "outcomes";

/// What the report is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Filters {
    pub cohort: Cohort,
    pub by: Option<Grouping>,
    /// Only hand-overs of one source, campaign or asset.
    pub only: Option<(Grouping, i64)>,
}

crate::words! {
    /// What the report is about.
    pub enum Face {
        /// How far hand-overs came.
        Funnel = "funnel",
        /// How many a source brings, and how good they are.
        Quality = "quality",
        /// Why they ended.
        Reasons = "reasons",
        /// What was won, back to where it came from.
        Value = "value",
        /// Whether the score says what comes.
        Scores = "scores",
        /// Which assets resonate.
        Content = "content",
        /// Whether what is tried sooner comes to more.
        Speed = "speed",
    }
}

/// The report as it is printed: IMPORT.md, "Reports".
#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    pub by: Option<Grouping>,
    pub groups: Vec<Group>,
    /// Whether the workspace has set neither zone nor hours.
    #[serde(skip)]
    pub is_default_hours: bool,
    /// Of all groups together, for the page.
    #[serde(skip)]
    pub total: Figures,
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
    let ground = Ground::load(conn, filters, me)?;
    let keys = ground.stories.iter().map(|story| story.start.key);
    let names = Names::load(conn, filters.by, keys)?;
    Ok(Report {
        about: About::new(REPORT, None, &filters.cohort),
        by: filters.by,
        groups: groups(&ground.stories, filters, &names),
        is_default_hours: ground.is_default_hours,
        total: Figures::of(&ground.stories.iter().collect::<Vec<_>>()),
        versions: ground.versions(),
    })
}

/// That some hand-overs are left out of what is concluded, since they are maturing, and the address that lists them; `None`
/// where none is.
fn left_out_maturing(n: u64, href: String) -> Option<Vec<Said>> {
    let are = match n {
        0 => return None,
        1 => "hand-over is",
        _ => "hand-overs are",
    };
    let rest = "open and not reached, and the time in which they should be is not over";
    Some(vec![Said {
        figure: style::count(n),
        after: format!(" {are} still maturing and left out: {rest}."),
        href,
        ..Said::default()
    }])
}

/// In order of name.
fn groups(stories: &[Story], filters: &Filters, names: &Names) -> Vec<Group> {
    let group = |(key, members): (Key, Vec<&Story>)| Group {
        name: names.of(key),
        figures: Figures::of(&members),
        key,
    };
    let mut groups: Vec<Group> = grouped(filters.by, stories)
        .into_iter()
        .map(group)
        .collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}
