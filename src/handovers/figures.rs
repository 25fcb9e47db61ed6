//! What hand-overs add up to.

use super::filter::{Came, Grouping};
use super::passed::Passed;
use crate::lists::Lists;
use crate::page::{self, DASH};
use crate::style;
use crate::talk::{self, Average, Tally};
use std::collections::HashMap;

/// Counts of some hand-overs; each counts once in each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub n: u64,
    pub untouched: u64,
    pub taken_up: u64,
    pub accepted: u64,
    pub contacted: u64,
    pub won: u64,
    pub rejections: Tally,
    pub rating: Average,
}

impl Totals {
    pub fn of<'p>(all: impl IntoIterator<Item = &'p Passed>) -> Totals {
        let all: Vec<&Passed> = all.into_iter().collect();
        let count = |came: Came| all.iter().filter(|p| came.is_of(p)).count() as u64;
        let mut rating = Average::default();
        for rated in all.iter().filter_map(|p| p.rating.as_ref()) {
            rating.add(rated.stars);
        }
        Totals {
            n: all.len() as u64,
            untouched: count(Came::Untouched),
            taken_up: count(Came::TakenUp),
            accepted: count(Came::Accepted),
            contacted: count(Came::Reached),
            won: count(Came::Won),
            rejections: Tally::of(all.iter().filter_map(|p| p.rejection.as_ref())),
            rating,
        }
    }

    /// "Of 214 hand-overs, 20 wait for a first attempt, 90 were reached and 12 won. 14 were rejected; 3 of these are
    /// disputed, 1 still open."
    pub fn words(&self) -> String {
        let count = style::count;
        let hand_overs = if self.n == 1 {
            "hand-over"
        } else {
            "hand-overs"
        };
        let mut words = format!(
            "Of {} {hand_overs}, {} wait for a first attempt, {} were reached and {} won.",
            count(self.n),
            count(self.untouched),
            count(self.contacted),
            count(self.won)
        );
        let tally = &self.rejections;
        if tally.rejected > 0 {
            words.push_str(&format!(
                " {} were rejected; {} of these are disputed, {} still open.",
                count(tally.rejected),
                count(tally.disputed),
                count(tally.open)
            ));
        }
        words
    }
}

/// `4.2 (n = 13)`; a dash of none.
pub fn rating_words(rating: &Average) -> String {
    let mean = rating.mean();
    mean.map_or(DASH.to_owned(), |mean| {
        format!(
            "{} (n\u{a0}=\u{a0}{})",
            style::decimal(mean, 1),
            style::count(rating.n)
        )
    })
}

/// One group of hand-overs.
pub struct GroupRow {
    /// Empty for those without one.
    pub name: String,
    /// The hand-overs of the group as the page lists them; empty where no filter can name it.
    pub href: String,
    pub totals: Totals,
    /// Of the asset of which they speak, where assets are the groups.
    pub rating: Average,
}

impl GroupRow {
    pub fn title(&self) -> &str {
        page::group_name(&self.name)
    }

    pub fn rating_words(&self) -> String {
        rating_words(&self.rating)
    }
}

/// The groups, the largest first; `href` leads to one of them. A rating counts for the asset of which it speaks.
pub fn groups(
    all: &[&Passed],
    by: Grouping,
    lists: &Lists,
    href: impl Fn(&str) -> String,
) -> Vec<GroupRow> {
    let mut members: HashMap<Option<i64>, Vec<&Passed>> = HashMap::new();
    for passed in all {
        members.entry(by.of(passed)).or_default().push(passed);
    }
    let rated = all.iter().filter_map(|passed| {
        let (rating, key) = (passed.rating.as_ref()?, by.of(passed));
        let key = match by {
            Grouping::Asset => rating.asset(key),
            _ => key,
        };
        Some((key, rating.stars))
    });
    let averages = talk::averages(rated);
    for key in averages.keys() {
        members.entry(*key).or_default();
    }
    let row = |(key, members): (Option<i64>, Vec<&Passed>)| GroupRow {
        name: lists.label_name(key).to_owned(),
        href: key.map_or(String::new(), |id| href(&id.to_string())),
        rating: averages.get(&key).copied().unwrap_or_default(),
        totals: Totals::of(members),
    };
    let mut rows: Vec<GroupRow> = members.into_iter().map(row).collect();
    rows.sort_by(|a, b| {
        b.totals
            .n
            .cmp(&a.totals.n)
            .then_with(|| a.name.cmp(&b.name))
    });
    rows
}
