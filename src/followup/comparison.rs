//! Whether groups, or the days and those before, wait differently long, and how that is said. Source: METRICS.md 3.3.

use super::figures::{Figures, Waiting};
use super::{Awaited, Filters, Group, Study};
use crate::leads::cohort::bar;
use crate::leads::cohort::{Grouping, Key};
use crate::rules::comparison::{
    CLEAR_BELOW, Compared, FEW_EVENTS, MOST_COMPARED, compare, log_rank,
};
use crate::rules::survival::{End, Obs};
use crate::style;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashMap;

/// A group with fewer is "warming up": nothing is concluded of it. Source: PRODUCT.md 7.
pub const LEAST_LEADS: u64 = 10;
/// So many sentences about pairs are read, no more, and so many names in one.
const MOST_SENTENCES: usize = 5;
const MOST_NAMES: usize = 8;

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

    /// All that is said of it, a sentence each; `n` are the hand-overs of the report.
    pub fn sentences(&self, by: Option<Grouping>, event: Awaited, n: u64) -> Vec<String> {
        let of_days = self.before.as_ref().map(|before| before.sentence(event, n));
        let of_groups = self.groups.iter().zip(by);
        let of_groups = of_groups.flat_map(|(groups, by)| groups.sentences(by, event));
        of_days.into_iter().chain(of_groups).collect()
    }
}

fn observations(waitings: &[&Waiting]) -> Vec<Obs> {
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

    fn sentences(&self, by: Grouping, event: Awaited) -> Vec<String> {
        let done = event.done();
        let count = self.compared.len();
        let Some(p) = self.p else {
            return vec![match count {
                0 | 1 => "Fewer than two groups have 10 leads: too few to compare.".to_owned(),
                _ if count > MOST_COMPARED => {
                    format!("More than {MOST_COMPARED} groups are not compared: choose fewer days.")
                }
                _ if self.events == 0 => {
                    format!("Nothing to compare: none of these leads was {done}.")
                }
                _ => format!(
                    "Nothing to compare: no two of these groups had leads waiting when one was {done}."
                ),
            }];
        };
        let which = match &self.compared[..] {
            [one, other] => format!("between {} and {}", by.words(one), by.words(other)),
            _ => format!("among the {count} groups of 10 leads or more"),
        };
        if p >= CLEAR_BELOW {
            return vec![format!(
                "No clear difference {which} ({}){}",
                chance(p),
                how_sure(self.n, self.events, done)
            )];
        }
        let mut sentences = Vec::new();
        if count > 2 {
            sentences.push(format!(
                "The {count} groups of 10 leads or more differ by more than chance would explain ({}).",
                chance(p)
            ));
        }
        let told = self.by_faster();
        sentences.extend(told.iter().take(MOST_SENTENCES).map(|(faster, slower, p)| {
            let differences = match slower.len() {
                1 => "the difference is",
                _ => "each difference is",
            };
            format!(
                "{} are {done} faster than {}; {differences} larger than chance would explain ({}).",
                leads_of(by, &[*faster], true),
                leads_of(by, slower, false),
                chance(*p)
            )
        }));
        if by == Grouping::Owner {
            sentences.push("People are not put in order by their speed.".to_owned());
        } else if told.is_empty() {
            sentences.push("Of no two of them it is clear which is faster.".to_owned());
        }
        sentences
    }
}

impl OfGroups {
    /// Each group with those that it is clearly faster than, and the largest p among these; the clearest first.
    fn by_faster(&self) -> Vec<(&str, Vec<&str>, f64)> {
        let mut told: Vec<(&str, Vec<&str>, f64)> = Vec::new();
        for pair in &self.pairs {
            match told.iter_mut().find(|(faster, ..)| *faster == pair.faster) {
                Some((_, slower, p)) => {
                    slower.push(&pair.slower);
                    *p = p.max(pair.p);
                }
                None => told.push((&pair.faster, vec![&pair.slower], pair.p)),
            }
        }
        told
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

    /// What is said of it; `n` are the hand-overs of the report.
    pub fn sentence(&self, event: Awaited, n: u64) -> String {
        let done = event.done();
        let days = bar::between(self.from, self.to);
        match self.p {
            None if self.maturing => format!(
                "Beside {} leads of {days}: the time for a first {event} is not over for some of all these, so that \
                 nothing is concluded yet (maturing).",
                style::count(self.n)
            ),
            None => format!(
                "Beside {} leads of {days}: too few to compare.",
                style::count(self.n)
            ),
            Some(p) if p < CLEAR_BELOW => format!(
                "These leads were {done} {} than those of {days}; the difference is larger than chance would \
                 explain ({}).",
                match self.is_faster_now {
                    Some(true) => "faster",
                    _ => "more slowly",
                },
                chance(p)
            ),
            Some(p) => format!(
                "No clear difference from the {} leads of {days} ({}){}",
                style::count(self.n),
                chance(p),
                how_sure(n + self.n, self.events, done)
            ),
        }
    }
}

/// The test of all groups, without pairs.
fn all_at_once(groups: &[Vec<Obs>]) -> Option<Compared> {
    let few = Some(groups).filter(|groups| groups.len() <= MOST_COMPARED)?;
    let p = log_rank(few)?.p;
    let pairs = Vec::new();
    Some(Compared { p, pairs })
}

/// The end of a sentence that finds no clear difference.
fn how_sure(n: u64, events: u64, done: &str) -> String {
    match (n < FEW_EVENTS, events < FEW_EVENTS) {
        (true, _) => format!(": {} leads are too few to be sure.", style::count(n)),
        (false, true) => format!(
            ": of {} leads {} were {done}, too few to be sure.",
            style::count(n),
            style::count(events)
        ),
        (false, false) => ".".to_owned(),
    }
}

/// `p = 0.003`.
fn chance(p: f64) -> String {
    match p {
        p if p < 0.001 => "p < 0.001".to_owned(),
        p if p < 0.1 => format!("p = {}", style::decimal(p, 3)),
        p => format!("p = {}", style::decimal(p, 2)),
    }
}

fn leads_of(by: Grouping, names: &[&str], begins: bool) -> String {
    let mut named: Vec<String> = names.iter().map(|name| by.words(name)).collect();
    if named.len() > MOST_NAMES {
        let rest = named.len() - MOST_NAMES;
        named.truncate(MOST_NAMES);
        named.push(format!("{rest} more"));
    }
    let listed = match &named[..] {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        all => all.concat(),
    };
    let is_kind = matches!(
        by,
        Grouping::Source | Grouping::Campaign | Grouping::Asset | Grouping::Urgency
    );
    match (is_kind && !names.contains(&""), begins) {
        (true, true) => {
            let mut letters = listed.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            format!("{}{} leads", first.collect::<String>(), letters.as_str())
        }
        (true, false) => format!("{listed} leads"),
        (false, true) => format!("Leads of {listed}"),
        (false, false) => format!("those of {listed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_leads_are_not_said_to_be_too_few() {
        let few = ": 20 leads are too few to be sure.";
        assert_eq!(how_sure(20, 18, "attempted"), few);
        let seldom = how_sure(5_000, 30, "attempted");
        assert!(
            seldom.ends_with("30 were attempted, too few to be sure."),
            "{seldom}"
        );
        assert_eq!(how_sure(5_000, 4_000, "attempted"), ".");
    }
}
