//! Why a score is what it is: what counted, what a cap left out, which repeats scored nothing. It adds up to the figure.

use crate::activities::Activity;
use crate::lists::Lists;
use crate::page;
use crate::rules::score::{Fate, Line};
use std::collections::{BTreeMap, HashMap};

/// What the entries of one kind scored.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct KindSum {
    pub kind: String,
    pub counted: u64,
    pub repeats: u64,
    pub over_cap: u64,
    pub not_arrived: u64,
    pub points: f64,
}

impl KindSum {
    pub fn points_words(&self) -> String {
        page::amount(self.points)
    }
}

/// One sum for each kind, in the order of the list, and all of them together at the end.
pub fn sums(entries: &[Activity], lines: &HashMap<i64, Line>, lists: &Lists) -> Vec<KindSum> {
    let mut by_kind: BTreeMap<(Option<usize>, i64), KindSum> = BTreeMap::new();
    let mut all = KindSum {
        kind: "Together".to_owned(),
        ..KindSum::default()
    };
    for entry in entries {
        let Some(line) = lines.get(&entry.id) else {
            continue;
        };
        let kind = lists.kind(entry.kind_id);
        let position = lists.kinds.iter().position(|kind| kind.id == entry.kind_id);
        let sum = by_kind.entry((position, entry.kind_id)).or_default();
        sum.kind = kind.map(|kind| kind.name.clone()).unwrap_or_default();
        sum.add(entry, line);
        all.add(entry, line);
    }
    let mut sums: Vec<KindSum> = by_kind.into_values().collect();
    sums.push(all);
    sums
}

impl KindSum {
    fn add(&mut self, entry: &Activity, line: &Line) {
        let quantity = u64::from(entry.quantity.max(0) as u32);
        let counts = u64::from(line.counts);
        self.counted += counts;
        match line.fate {
            Fate::Counted => {}
            Fate::Repeat => self.repeats += quantity,
            Fate::Capped => self.over_cap += quantity.saturating_sub(counts),
            Fate::NotArrived => self.not_arrived += quantity,
        }
        self.points += line.points;
    }
}

/// Why an entry scores what it does: `2 × 2, reached`, or why it scores nothing.
pub fn words(line: &Line) -> String {
    let times = match line.weight * f64::from(line.counts) {
        plain if line.points > plain => ", twice for reaching somebody",
        _ => "",
    };
    let counted = || {
        format!(
            "{} \u{d7} {}{times}",
            page::amount(f64::from(line.counts)),
            page::amount(line.weight)
        )
    };
    match line.fate {
        Fate::Counted => counted(),
        Fate::Capped if line.counts > 0 => {
            format!("{}; over the day\u{2019}s number the rest", counted())
        }
        Fate::Capped => "over the day\u{2019}s number".to_owned(),
        Fate::Repeat => "the same lead by the same kind that day".to_owned(),
        Fate::NotArrived => "never arrived".to_owned(),
    }
}
