//! What was won, back to where it came from: the credit by the first and by the last touch, side by side.
//! Source: METRICS.md 7.

use super::figures::Story;
use super::ground::Ground;
use super::sheet::{Line, Said, Sheet, Table};
use super::{Filters, store, tables};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::Grouping;
use crate::lists;
use crate::page;
use crate::rules::access::Me;
use crate::rules::attribution::{Model, WITHIN_DAYS, credits};
use crate::style;
use crate::value::Instant;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const SECONDS_PER_DAY: f64 = 86_400.0;

#[derive(Serialize)]
pub struct Report {
    pub report: &'static str,
    pub view: &'static str,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Instant,
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
    fn add(&mut self, share: f64, story: &Story) {
        self.wins += share;
        for (currency, micros) in story.value_micros() {
            let units = *micros as f64 / 1e6;
            *self.value.entry(currency.clone()).or_default() += share * units;
        }
    }
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let by = filters.by.unwrap_or(Grouping::Source);
    let ground = Ground::load(conn, filters, me)?;
    let mut touches: HashMap<i64, Vec<(Instant, i64)>> = HashMap::new();
    for (lead_id, at, label_id) in store::origins(conn, ground.span, filters.cohort.as_of, by)? {
        touches.entry(lead_id).or_default().push((at, label_id));
    }
    let mut found: HashMap<i64, (Credit, Credit)> = HashMap::new();
    let (mut wins, mut uncredited) = (0, 0);
    let mut total = Credit::default();
    for story in &ground.stories {
        let Some(at) = story.won_at() else { continue };
        wins += 1;
        total.add(1.0, story);
        let days = |touch: Instant| at.seconds_since(touch) / SECONDS_PER_DAY;
        let all = touches.get(&story.start.lead_id).into_iter().flatten();
        let mut before: Vec<(Instant, i64)> = all
            .copied()
            .filter(|(touch, _)| (0.0..=WITHIN_DAYS).contains(&days(*touch)))
            .collect();
        before.sort_unstable();
        let days: Vec<f64> = before.iter().map(|(touch, _)| days(*touch)).collect();
        let [firsts, lasts] = [Model::First, Model::Last].map(|model| credits(model, &days));
        uncredited += u64::from(before.is_empty());
        for (((_, label_id), first), last) in before.iter().zip(firsts).zip(lasts) {
            let credit = found.entry(*label_id).or_default();
            if first > 0.0 {
                credit.0.add(first, story);
            }
            if last > 0.0 {
                credit.1.add(last, story);
            }
        }
    }
    found.retain(|_, (first, last)| first.wins > 0.0 || last.wins > 0.0);
    let names = lists::store::label_names(conn)?;
    let group = |(id, (first, last)): (i64, (Credit, Credit))| Group {
        name: names.get(&id).cloned().unwrap_or_default(),
        first,
        last,
    };
    let mut groups: Vec<Group> = found.into_iter().map(group).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Report {
        report: "outcomes",
        view: "value",
        from: filters.cohort.from,
        to: filters.cohort.to,
        as_of: filters.cohort.as_of,
        by,
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

    pub fn sheet(&self) -> Result<Sheet> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.first.wins.total_cmp(&a.first.wins));
        let line = |group: &&Group| Line {
            name: page::group_name(&group.name).to_owned(),
            cells: vec![
                Said::plain(page::amount(group.first.wins)),
                Said::plain(tables::money(&group.first.value)),
                Said::plain(page::amount(group.last.wins)),
                Said::plain(tables::money(&group.last.value)),
            ],
            ..Line::default()
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
                note: "How credit is shared, not what caused it".to_owned(),
                first: "Group",
                columns: vec![
                    "Wins by first touch",
                    "Value by first touch",
                    "Wins by last touch",
                    "Value by last touch",
                ],
                rows: groups.iter().map(line).collect(),
            }],
            warnings: match self.uncredited {
                0 => Vec::new(),
                none => vec![format!(
                    "{} of the wins are credited to no {by}: none is known in the 90 days before.",
                    style::count(none)
                )],
            },
            how: "A win's credit goes to where the lead came from in the 90 days before it: the day it was made, its \
                  hand-overs, and for assets also its signals and the touches that used one. By first touch all of it \
                  goes to the first of these, by last touch to the last one before the win.",
            versions: self.versions.clone(),
            csv: self.csv()?,
            ..Sheet::default()
        })
    }
}
