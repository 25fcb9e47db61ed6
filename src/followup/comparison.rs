//! Whether groups, or the days and those before, wait differently long, and how that is said. Source: METRICS.md 3.3.

mod said;

use super::figures::{Figures, Waiting};
use super::{Filters, Group, Study};
use crate::leads::cohort::{Grouping, Key};
use crate::rules::comparison::{Compared, MOST_COMPARED, compare, log_rank};
use crate::rules::survival::{End, Obs};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashMap;

pub use said::Said;

/// A group with fewer is "warming up": nothing is concluded of it. Source: PRODUCT.md 7.
pub const LEAST_LEADS: u64 = 10;

/// What was compared, as it is printed.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<OfGroups>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<OfDays>,
}

/// The groups with ten leads or more that are not maturing; `p` is none where fewer than two are left, or nothing
/// happened.
#[derive(Debug, Clone, Serialize)]
pub struct OfGroups {
    pub compared: Vec<String>,
    pub n: u64,
    #[serde(skip)]
    events: u64,
    pub p: Option<f64>,
    /// The pairs that clearly differ, after Holm's correction, the clearest first.
    pub pairs: Vec<Pair>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Pair {
    pub faster: String,
    pub slower: String,
    pub p: f64,
}

/// The days beside as many just before.
#[derive(Debug, Clone, Serialize)]
pub struct OfDays {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub n: u64,
    pub median_s: Option<f64>,
    /// None where there are too few, or the time for what is waited for is not over for some of either.
    pub p: Option<f64>,
    pub maturing: bool,
    #[serde(skip)]
    events: u64,
    /// Whether the days of the report are those on which leads waited less; none where nothing was compared.
    pub is_faster_now: Option<bool>,
}

impl Comparison {
    pub fn of(
        filters: &Filters,
        study: &Study,
        groups: &[Group],
        members: &HashMap<Key, Vec<&Waiting>>,
    ) -> Option<Comparison> {
        let comparison = Comparison {
            groups: filters.by.map(|by| OfGroups::of(by, groups, members)),
            before: OfDays::of(filters, study),
        };
        (comparison.groups.is_some() || comparison.before.is_some()).then_some(comparison)
    }
}

pub fn observations(waitings: &[&Waiting]) -> Vec<Obs> {
    waitings.iter().map(|waiting| waiting.obs).collect()
}

impl OfGroups {
    fn of(by: Grouping, groups: &[Group], members: &HashMap<Key, Vec<&Waiting>>) -> OfGroups {
        let is_told =
            |group: &&Group| group.figures.n >= LEAST_LEADS && group.maturing != Some(true);
        let told: Vec<&Group> = groups.iter().filter(is_told).collect();
        let theirs = told.iter().filter_map(|group| members.get(&group.key));
        let observed: Vec<Vec<Obs>> = theirs.map(|members| observations(members)).collect();
        // People are not put in order by their speed.
        let found = match by {
            Grouping::Owner => all_at_once(&observed),
            _ => compare(&observed),
        };
        let name = |at: usize| {
            told.get(at)
                .map_or(String::new(), |group| group.name.clone())
        };
        let pairs = found.iter().flat_map(|found| &found.pairs);
        OfGroups {
            n: told.iter().map(|group| group.figures.n).sum(),
            events: told.iter().map(|group| group.figures.with_event).sum(),
            compared: told.iter().map(|group| group.name.clone()).collect(),
            p: found.as_ref().map(|found| found.p),
            pairs: pairs
                .map(|pair| Pair {
                    faster: name(pair.faster),
                    slower: name(pair.slower),
                    p: pair.p,
                })
                .collect(),
        }
    }
}

impl OfDays {
    fn of(filters: &Filters, study: &Study) -> Option<OfDays> {
        let before = study.before.as_ref()?;
        let all: Vec<&Waiting> = before.waitings.iter().collect();
        let now: Vec<&Waiting> = study.waitings.iter().collect();
        let figures = Figures::of(&all, filters.limit_us);
        let is_enough = figures.n.min(now.len() as u64) >= LEAST_LEADS;
        let maturing = now.iter().chain(&all).any(|w| w.is_young);
        let is_event = |w: &&&Waiting| w.obs.end == End::Event;
        let test = (is_enough && !maturing)
            .then(|| log_rank(&[observations(&now), observations(&all)]))
            .flatten();
        Some(OfDays {
            from: before.cohort.from,
            to: before.cohort.to,
            n: figures.n,
            median_s: figures.median_s,
            is_faster_now: test
                .as_ref()
                .map(|test| test.observed[0] > test.expected[0]),
            p: test.map(|test| test.p),
            maturing,
            events: now.iter().chain(&all).filter(is_event).count() as u64,
        })
    }
}

/// The test of all groups, without pairs.
fn all_at_once(groups: &[Vec<Obs>]) -> Option<Compared> {
    let few = Some(groups).filter(|groups| groups.len() <= MOST_COMPARED)?;
    let p = log_rank(few)?.p;
    let pairs = Vec::new();
    Some(Compared { p, pairs })
}
