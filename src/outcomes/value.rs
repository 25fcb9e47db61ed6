//! What was won, back to where it came from: the credit by the first and by the last touch, side by side.
//! Source: METRICS.md 7.

use super::figures::Story;
use super::ground::Ground;
use super::sheet::{Line, Said, Sheet, Table, Ways};
use super::{Filters, REPORT, store, tables};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{About, Grouping};
use crate::lists;
use crate::page;
use crate::rules::access::Me;
use crate::rules::attribution::{Model, WITHIN_DAYS, credits};
use crate::style;
use crate::value::Instant;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const SECONDS_PER_DAY: f64 = 86_400.0;

/// How the credit is worked out.
const HOW: &str = "A win's credit goes to where the lead came from in the 90 days before it: the day it was made, its \
     hand-overs, and for assets also its signals and the touches that used one. By first touch all of it \
     goes to the first of these, by last touch to the last one before the win. What was won twice counts \
     once, with what it was worth last.";

#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    pub by: Grouping,
    /// In order of name.
    pub groups: Vec<Group>,
    /// Hand-overs that were won, and those of them without a touch in the 90 days before.
    pub wins: u64,
    pub uncredited: u64,
    /// What all of them were worth, by currency.
    pub value_won: BTreeMap<String, f64>,
    #[serde(skip)]
    versions: Vec<i64>,
}

#[derive(Serialize)]
pub struct Group {
    #[serde(rename = "group")]
    pub name: String,
    pub first: Credit,
    pub last: Credit,
}

/// A share of wins and of what they were worth, by currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Credit {
    pub wins: f64,
    pub value: BTreeMap<String, f64>,
}

impl Credit {
    fn add(&mut self, story: &Story) {
        self.wins += 1.0;
        if let Some((currency, micros)) = story.worth() {
            *self.value.entry(currency.clone()).or_default() += *micros as f64 / 1e6;
        }
    }
}

/// What the credit of a win goes to, by its label: that of the first touch and that of the last.
#[derive(Debug, Clone, Copy)]
pub struct Credited {
    pub first: i64,
    pub last: i64,
}

/// What each hand-over that was won is credited to, by its id; not those without a touch in the 90 days before.
pub fn credited(
    conn: &mut Conn,
    ground: &Ground,
    filters: &Filters,
) -> Result<HashMap<i64, Credited>> {
    let mut touches: HashMap<i64, Vec<(Instant, i64)>> = HashMap::new();
    let by = filters.by.unwrap_or(Grouping::Source);
    for (lead_id, at, label_id) in store::origins(conn, ground.span, filters.cohort.as_of, by)? {
        touches.entry(lead_id).or_default().push((at, label_id));
    }
    let credited = |story: &Story| {
        let won_at = story.won_at()?;
        let days = |touch: Instant| won_at.seconds_since(touch) / SECONDS_PER_DAY;
        let all = touches.get(&story.start.lead_id).into_iter().flatten();
        let mut before: Vec<(Instant, i64)> = all
            .copied()
            .filter(|(touch, _)| (0.0..=WITHIN_DAYS).contains(&days(*touch)))
            .collect();
        before.sort_unstable();
        let days: Vec<f64> = before.iter().map(|(touch, _)| days(*touch)).collect();
        let whose = |model| {
            let mut shares = credits(model, &days).into_iter().zip(&before);
            let (_, (_, label_id)) = shares.find(|(share, _)| *share > 0.0)?;
            Some(*label_id)
        };
        let credited = Credited {
            first: whose(Model::First)?,
            last: whose(Model::Last)?,
        };
        Some((story.start.handover_id, credited))
    };
    Ok(ground.stories.iter().filter_map(credited).collect())
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let ground = Ground::load(conn, filters, me)?;
    let credited = credited(conn, &ground, filters)?;
    let mut found: HashMap<i64, (Credit, Credit)> = HashMap::new();
    let (mut wins, mut uncredited) = (0, 0);
    let mut total = Credit::default();
    for story in ground
        .stories
        .iter()
        .filter(|story| story.won_at().is_some())
    {
        wins += 1;
        total.add(story);
        match credited.get(&story.start.handover_id) {
            None => uncredited += 1,
            Some(credited) => {
                found.entry(credited.first).or_default().0.add(story);
                found.entry(credited.last).or_default().1.add(story);
            }
        }
    }
    let names = lists::store::label_names(conn)?;
    let group = |(id, (first, last)): (i64, (Credit, Credit))| Group {
        name: names.get(&id).cloned().unwrap_or_default(),
        first,
        last,
    };
    let mut groups: Vec<Group> = found.into_iter().map(group).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Report {
        about: About::new(REPORT, Some("value"), &filters.cohort),
        by: filters.by.unwrap_or(Grouping::Source),
        groups,
        wins,
        uncredited,
        value_won: total.value,
        versions: ground.versions(),
    })
}

impl Report {
    /// One row a group. Columns: group, first_wins, last_wins, and first_value_CURRENCY, last_value_CURRENCY for each
    /// currency in which something was won.
    fn csv(&self) -> Result<String> {
        let credits = self
            .groups
            .iter()
            .flat_map(|group| [&group.first, &group.last]);
        let currencies: BTreeSet<&String> =
            credits.flat_map(|credit| credit.value.keys()).collect();
        let mut columns: Vec<String> = ["group", "first_wins", "last_wins"]
            .map(str::to_owned)
            .into();
        for currency in &currencies {
            columns.extend(["first", "last"].map(|side| format!("{side}_value_{currency}")));
        }
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        let row = |group: &Group| {
            let mut cells = vec![Cell::from(group.name.as_str())];
            cells.extend([group.first.wins, group.last.wins].map(|wins| Cell::number(Some(wins))));
            for currency in &currencies {
                let value = |credit: &Credit| Cell::number(credit.value.get(*currency).copied());
                cells.extend([value(&group.first), value(&group.last)]);
            }
            cells
        };
        csv_out::table(&header, self.groups.iter().map(row))
    }

    /// The wins that are in no row.
    fn left_out(&self, by: &str, ways: Ways) -> Vec<Vec<page::Said>> {
        match self.uncredited {
            0 => Vec::new(),
            none => vec![vec![page::Said {
                figure: style::count(none),
                after: format!(
                    " of the wins are credited to no {by}: none is known in the 90 days before."
                ),
                href: ways("no-wins", ""),
                ..page::Said::default()
            }]],
        }
    }

    pub fn sheet(&self, ways: Ways) -> Result<Sheet> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.first.wins.total_cmp(&a.first.wins));
        let line = |group: &&Group| {
            let name = page::group_name(&group.name);
            let told = |side: &str, credit: &Credit| {
                let wins = page::amount(credit.wins);
                let value = tables::money(&credit.value);
                [("wins", wins), ("value", value)].map(|(what, words)| Said {
                    href: ways(&format!("{side}-{what}"), name),
                    ..Said::plain(words)
                })
            };
            let sides = [("first", &group.first), ("last", &group.last)];
            Line {
                name: name.to_owned(),
                cells: sides
                    .into_iter()
                    .flat_map(|(side, credit)| told(side, credit))
                    .collect(),
                ..Line::default()
            }
        };
        let by = self.by.label().to_lowercase();
        Ok(Sheet {
            headline: match self.wins {
                0 => "Nothing was won yet of what was handed over in these days.".to_owned(),
                wins => format!(
                    "{} hand-overs were won: {}. This is how the credit is shared by {by}, not what caused it.",
                    style::count(wins),
                    tables::money(&self.value_won)
                ),
            },
            tables: vec![Table {
                title: format!("Value won, back to its {by}"),
                note: "How credit is shared, not what caused it; most first wins on top".to_owned(),
                first: "Group",
                columns: vec![
                    "Wins by first touch",
                    "Value by first touch",
                    "Wins by last touch",
                    "Value by last touch",
                ],
                rows: groups.iter().map(line).collect(),
            }],
            warnings: self.left_out(&by, ways),
            how: HOW,
            versions: self.versions.clone(),
            csv: self.csv()?,
            ..Sheet::default()
        })
    }
}
