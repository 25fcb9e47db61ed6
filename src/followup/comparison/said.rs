//! What is said of a comparison, and in each sentence the figure that leads to what it rests on. Source: METRICS.md 3.3.

use super::{Comparison, OfDays, OfGroups};
use crate::followup::Awaited;
use crate::leads::cohort::{Grouping, bar};
use crate::page;
use crate::rules::comparison::{CLEAR_BELOW, FEW_EVENTS, MOST_COMPARED};
use crate::style;
use std::fmt;

/// So many sentences about pairs are read, no more, and so many names in one.
const MOST_SENTENCES: usize = 5;
const MOST_NAMES: usize = 8;

/// A sentence round a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub before: String,
    /// As it is printed; empty where the sentence has none.
    pub figure: String,
    pub after: String,
    /// Which figure explains it: `compared`, `faster-Webinar`, `before`.
    pub word: String,
}

impl Said {
    fn new(
        word: impl Into<String>,
        before: impl Into<String>,
        figure: impl Into<String>,
        after: impl Into<String>,
    ) -> Said {
        Said {
            before: before.into(),
            figure: figure.into(),
            after: after.into(),
            word: word.into(),
        }
    }

    fn plain(text: &str) -> Said {
        Said::new("", text, "", "")
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{}{}", self.before, self.figure, self.after)
    }
}

impl Comparison {
    /// All that is said of it, a sentence each; `n` are the hand-overs of the report.
    pub fn sentences(&self, by: Option<Grouping>, event: Awaited, n: u64) -> Vec<Said> {
        let of_days = self.before.as_ref().map(|before| before.sentence(event, n));
        let of_groups = self.groups.iter().zip(by);
        let of_groups = of_groups.flat_map(|(groups, by)| groups.sentences(by, event));
        of_days.into_iter().chain(of_groups).collect()
    }
}

/// The word of the test of all groups.
const COMPARED: &str = "compared";

impl OfGroups {
    fn sentences(&self, by: Grouping, event: Awaited) -> Vec<Said> {
        let done = event.done();
        let Some(p) = self.p else {
            return vec![self.nothing(done)];
        };
        let count = self.compared.len();
        let which = match &self.compared[..] {
            [one, other] => format!("between {} and {}", by.words(one), by.words(other)),
            _ => format!("among the {count} groups of 10 leads or more"),
        };
        if p >= CLEAR_BELOW {
            let sure = how_sure(self.n, self.events, done);
            let before = format!("No clear difference {which} (");
            return vec![Said::new(
                COMPARED,
                before,
                style::chance(p),
                format!("){sure}"),
            )];
        }
        let mut sentences = Vec::new();
        if count > 2 || self.pairs.is_empty() {
            let before = format!(
                "The {count} groups of 10 leads or more differ by more than chance would explain ("
            );
            sentences.push(Said::new(COMPARED, before, style::chance(p), ")."));
        }
        let told = self.by_faster();
        sentences.extend(told.iter().take(MOST_SENTENCES).map(|(faster, slower, p)| {
            let differences = match slower.len() {
                1 => "the difference is",
                _ => "each difference is",
            };
            let before = format!(
                "{} are {done} faster than {}; {differences} larger than chance would explain (",
                leads_of(by, &[*faster], true),
                leads_of(by, slower, false),
            );
            // Of two groups the test of both is that of the pair.
            let word = match count {
                2 => COMPARED.to_owned(),
                _ => format!("faster-{}", page::group_name(faster)),
            };
            Said::new(word, before, style::chance(*p), ").")
        }));
        if by == Grouping::Owner {
            sentences.push(Said::plain("People are not put in order by their speed."));
        } else if told.is_empty() {
            sentences.push(Said::plain(
                "Of no two of them it is clear which is faster.",
            ));
        }
        sentences
    }

    /// Why nothing was tested.
    fn nothing(&self, done: &str) -> Said {
        let figure = self.verdict();
        let (before, after) = match self.compared.len() {
            0 | 1 => (
                "Fewer than two groups have 10 leads: ".to_owned(),
                ".".to_owned(),
            ),
            count if count > MOST_COMPARED => (
                format!("More than {MOST_COMPARED} groups are "),
                ": choose fewer days.".to_owned(),
            ),
            _ if self.events == 0 => (String::new(), format!(": none of these leads was {done}.")),
            _ => (
                String::new(),
                format!(": no two of these groups had leads waiting when one was {done}."),
            ),
        };
        Said::new(COMPARED, before, figure, after)
    }

    /// The figure of the test of all groups: `p = 0.003`, or why there is none.
    pub fn verdict(&self) -> String {
        match (self.p, self.compared.len()) {
            (Some(p), _) => style::chance(p),
            (None, 0 | 1) => "too few to compare".to_owned(),
            (None, count) if count > MOST_COMPARED => "not compared".to_owned(),
            (None, _) => "Nothing to compare".to_owned(),
        }
    }

    /// Each group with those that it is clearly faster than, and the largest p among these; the clearest first.
    pub fn by_faster(&self) -> Vec<(&str, Vec<&str>, f64)> {
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
    /// What is said of it; `n` are the hand-overs of the report.
    pub fn sentence(&self, event: Awaited, n: u64) -> Said {
        let done = event.done();
        let days = bar::between(self.from, self.to);
        let theirs = style::count(self.n);
        let (before, after) = match self.p {
            None if self.maturing => (
                format!(
                    "Beside {theirs} leads of {days}: the time for a first {event} is not over for some of all these, so \
                     that "
                ),
                " (maturing).".to_owned(),
            ),
            None => (format!("Beside {theirs} leads of {days}: "), ".".to_owned()),
            Some(p) if p < CLEAR_BELOW => (
                format!(
                    "These leads were {done} {} than those of {days}; the difference is larger than chance would \
                     explain (",
                    match self.is_faster_now {
                        Some(true) => "faster",
                        _ => "more slowly",
                    },
                ),
                ").".to_owned(),
            ),
            Some(_) => (
                format!("No clear difference from the {theirs} leads of {days} ("),
                format!("){}", how_sure(n + self.n, self.events, done)),
            ),
        };
        Said::new("before", before, self.verdict(), after)
    }

    /// The figure of the test: `p = 0.003`, or why there is none.
    pub fn verdict(&self) -> String {
        match self.p {
            Some(p) => style::chance(p),
            None if self.maturing => "nothing is concluded yet".to_owned(),
            None => "too few to compare".to_owned(),
        }
    }
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
