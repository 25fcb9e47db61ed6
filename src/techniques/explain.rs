//! Explains a figure of techniques: the leads that count for it, and those that do not.

use super::figures::{BASE, Lead, Outcome, Sort, compared, compared_sorts};
use super::pages::{self, points};
use super::{Filters, leads, tables};
use crate::app::Cx;
use crate::error::Error;
use crate::explain::{self, Explanation, Figure, How, Row, parts};
use crate::leads as all_leads;
use crate::lists::Lists;
use crate::page::{self, Answer, DASH};
use crate::rules::rates::Rate;
use crate::style;
use std::collections::HashSet;
use std::sync::Arc;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Leads,
    Share(Outcome),
    /// The difference from cold as it is, and for the same sort of lead.
    Crude,
    Adjusted,
    /// How many leads these are.
    Compared,
    /// Outcomes credited to it by first touch (0) or by last touch (1).
    Credit(usize),
}

/// A figure of a technique, or of one kind of first touch.
struct Part {
    what: What,
    technique: String,
    kind_id: Option<i64>,
    filters: Filters,
    /// The sorts of lead that the adjusted difference is over.
    sorts: HashSet<Sort>,
}

impl What {
    /// `n`, `crude`, `adjusted`, `compared`, `first`, `last`, or the word of an outcome.
    fn read(word: &str) -> Option<What> {
        Some(match word {
            "n" => What::Leads,
            "crude" => What::Crude,
            "adjusted" => What::Adjusted,
            "compared" => What::Compared,
            "first" => What::Credit(0),
            "last" => What::Credit(1),
            _ => What::Share(Outcome::from_word(word)?),
        })
    }
}

impl Part {
    fn is_its(&self, lead: &Lead) -> bool {
        let is_kind = self.kind_id.is_none_or(|kind| kind == lead.first.kind_id);
        is_kind && lead.first.technique == self.technique
    }

    fn had(&self, lead: &Lead, outcome: Outcome) -> bool {
        lead.outcome_at(outcome, self.filters.horizon_days)
            .is_some()
    }

    /// The part of its outcome's credit that goes to the technique.
    fn credit(&self, lead: &Lead, model: usize) -> f64 {
        let Filters {
            outcome,
            horizon_days,
            ..
        } = self.filters;
        let credits = lead.credits(outcome, horizon_days).into_iter();
        let theirs = credits.filter(|(word, _)| *word == self.technique);
        theirs.map(|(_, parts)| parts[model]).sum()
    }

    fn compared_sorts(&self, leads: &[&Lead]) -> HashSet<Sort> {
        let Filters {
            outcome,
            horizon_days,
            as_of,
            ..
        } = self.filters;
        let followed = leads.iter().copied();
        let followed = followed.filter(|lead| lead.is_followed(horizon_days, as_of));
        let followed: Vec<&Lead> = followed.collect();
        compared_sorts(&followed, &self.technique, outcome, horizon_days)
    }

    fn place_of_credit(&self, lead: &Lead, model: usize) -> (How, String) {
        let Filters {
            outcome,
            horizon_days,
            ..
        } = self.filters;
        let (how, reason) = match self.had(lead, outcome) {
            false => (How::LeftOut, "it did not come in time"),
            true if self.credit(lead, model) > 0.0 => (How::Counted, "its credit goes here"),
            true if lead.credits(outcome, horizon_days).is_empty() => {
                (How::LeftOut, "no touch in the 90 days before it")
            }
            true => (How::InWhole, "its credit goes to another technique"),
        };
        (how, reason.to_owned())
    }

    fn place_of_compared(&self, lead: &Lead) -> (How, String) {
        let is_base = lead.first.technique == BASE;
        let (how, reason) = match self.is_its(lead) || is_base {
            false => (How::LeftOut, "first touched in another way"),
            true if !self.sorts.contains(&lead.sort) => (
                How::LeftOut,
                "fewer than 5 on a side of its source and segment",
            ),
            true if is_base => (How::Counted, "cold"),
            true => (How::Counted, "first touched so"),
        };
        (how, reason.to_owned())
    }

    /// A lead as a row, with its name and its address where that is the reader's to see.
    fn told(&self, cx: &Cx, lists: &Lists, lead: &Lead, (name, href): (String, String)) -> Row {
        let outcomes = Outcome::ALL.iter();
        let had = outcomes.filter(|outcome| self.had(lead, **outcome));
        let had: Vec<String> = had.map(|outcome| outcome.label().to_lowercase()).collect();
        let kind = lists.kind(lead.first.kind_id);
        Row {
            name,
            href,
            sub: String::new(),
            cells: vec![
                page::time(lead.first.at, cx.zone()),
                tables::name(&lead.first.technique).to_owned(),
                kind.map_or(String::new(), |kind| kind.name.clone()),
                had.join(", "),
            ],
        }
    }
}

impl Figure for Part {
    type Of = Lead;

    fn label(&self) -> String {
        match self.what {
            What::Leads => "Leads".to_owned(),
            What::Share(outcome) => outcome.label().to_owned(),
            What::Crude => "Difference from cold, as they are".to_owned(),
            What::Adjusted => "Difference from cold, same source and segment".to_owned(),
            What::Compared => "Leads compared with cold, same source and segment".to_owned(),
            What::Credit(0) => "Credit by first touch".to_owned(),
            What::Credit(_) => "Credit by last touch".to_owned(),
        }
    }

    fn meaning(&self) -> &'static str {
        match self.what {
            What::Leads => {
                "Leads by the technique of their first touch, that have been followed for so many days. What was \
                 switched to later is not counted."
            }
            What::Share(_) => {
                "Leads to which it came within so many days of their first touch, by the technique of that touch. What \
                 was switched to later is not counted."
            }
            What::Credit(_) => {
                "Outcomes whose credit goes to a touch by this technique, of the touches of the 90 days before each. It says \
                 how credit is shared, not what caused it."
            }
            What::Crude => {
                "How much more often it came to leads that were first touched so than to those touched cold, all as \
                 they are. It says what goes together, not what caused it."
            }
            What::Compared => {
                "Leads first touched so and those touched cold, of the sources and segments of which each side has 5 or \
                 more: the difference for the same sort of lead is over these."
            }
            What::Adjusted => {
                "How much more often it came to leads that were first touched so than to those touched cold, of the \
                 same source and segment. It says what goes together, not what caused it."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            What::Credit(_) => {
                "sum over outcomes of the credit of its touches; the credits of an outcome add up to 1"
            }
            What::Leads | What::Compared => "a count",
            What::Share(_) => "had it / all, with Wilson's 95 % interval",
            What::Crude => "share - share of cold, in points, with Newcombe's 95 % interval",
            What::Adjusted => {
                "Mantel-Haenszel over sources and segments with 5 leads or more on each side, in points"
            }
        }
    }

    fn place(&self, lead: &Lead) -> (How, String) {
        let with = |how, words: &str| (how, words.to_owned());
        if !lead.is_followed(self.filters.horizon_days, self.filters.as_of) {
            return with(How::LeftOut, "first touched too short a time ago");
        }
        let is_its = self.is_its(lead);
        match self.what {
            What::Credit(model) => self.place_of_credit(lead, model),
            What::Leads if is_its => with(How::Counted, "first touched so"),
            What::Share(outcome) if is_its => match self.had(lead, outcome) {
                true => with(How::Counted, "it came in time"),
                false => with(How::InWhole, "it did not come in time"),
            },
            What::Leads | What::Share(_) => with(How::LeftOut, "first touched in another way"),
            What::Compared => self.place_of_compared(lead),
            What::Crude | What::Adjusted => {
                let came = match self.had(lead, self.filters.outcome) {
                    true => "it came in time",
                    false => "it did not come in time",
                };
                match lead.first.technique.as_str() {
                    _ if is_its => (How::Counted, format!("first touched so: {came}")),
                    BASE => (How::InWhole, format!("cold: {came}")),
                    _ => with(How::LeftOut, "first touched in another way"),
                }
            }
        }
    }

    fn worked_out(&self, leads: &[&Lead]) -> (String, String) {
        let rate = self.rate(leads);
        let Filters {
            outcome,
            horizon_days,
            as_of,
            ..
        } = self.filters;
        match self.what {
            What::Leads => {
                let n = style::count(rate.k);
                (n.clone(), format!("{n} leads"))
            }
            What::Compared => {
                let n = style::count(rate.k);
                let sorts = style::count(self.sorts.len() as u64);
                (n.clone(), format!("{n} leads of {sorts} sorts"))
            }
            What::Share(_) => explain::share(rate),
            What::Credit(model) => {
                let followed = leads
                    .iter()
                    .filter(|lead| lead.is_followed(horizon_days, as_of));
                let sum: f64 = followed.map(|lead| self.credit(lead, model)).sum();
                let value = page::amount(sum);
                (
                    value.clone(),
                    format!("{value} of {} outcomes", style::count(rate.n)),
                )
            }
            What::Crude | What::Adjusted => {
                let followed = leads.iter().copied();
                let followed = followed.filter(|lead| lead.is_followed(horizon_days, as_of));
                let followed: Vec<&Lead> = followed.collect();
                let of = |word: &str| {
                    let theirs = followed.iter().filter(|lead| lead.first.technique == word);
                    let had = theirs.clone().filter(|lead| self.had(lead, outcome));
                    Rate {
                        k: had.count() as u64,
                        n: theirs.count() as u64,
                    }
                };
                let (own, cold) = (of(&self.technique), of(BASE));
                let found = compared(&followed, &self.technique, outcome, horizon_days);
                let difference = match self.what {
                    What::Crude => found.crude,
                    _ => found.adjusted,
                };
                let difference = difference.filter(|_| own.n.min(cold.n) >= tables::LEAST);
                let value = difference.map_or(DASH.to_owned(), points);
                let counted = match self.what {
                    What::Crude => String::new(),
                    _ => format!(", {} leads compared", style::count(found.adjusted_n)),
                };
                let filled = format!("{} - {}{counted}: {value}", page::of(own), page::of(cold));
                (value, filled)
            }
        }
    }
}

/// `/techniques/explain?figure=held&technique=trigger&kind=Call`; `?format=csv` for its rows as a file.
pub fn show(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = pages::form(cx);
    let filters = pages::read(&mut form, cx).ok_or(Error::NotFound)?;
    let what = What::read(form.value("figure")).ok_or(Error::NotFound)?;
    let lists: Arc<Lists> = cx.reference()?;
    let kind = form.value("kind");
    let kind_id = lists
        .kinds
        .iter()
        .find(|one| one.name == kind)
        .map(|one| one.id);
    if kind_id.is_none() && !kind.is_empty() {
        return Err(Error::NotFound);
    }
    let mut figure = Part {
        what,
        technique: form.value("technique").to_owned(),
        kind_id,
        filters,
        sorts: HashSet::new(),
    };
    let (mut leads, names) = cx.snapshot(|conn| {
        let leads = leads(conn, cx, &filters)?;
        let ids = leads.iter().map(|lead| lead.first.lead_id).collect();
        Ok((leads, all_leads::names(conn, me, ids)?))
    })?;
    leads.sort_by_key(|lead| (lead.first.at, lead.first.lead_id));
    let members: Vec<&Lead> = leads.iter().collect();
    figure.sorts = figure.compared_sorts(&members);
    let row = |lead: &&Lead| {
        let (how, reason) = figure.place(lead);
        let name = names.get(&lead.first.lead_id).cloned().unwrap_or_default();
        (how, reason, figure.told(cx, &lists, lead, name))
    };
    let (value, filled) = figure.worked_out(&members);
    let technique = tables::name(&figure.technique);
    let explanation = Explanation {
        figure: figure.label(),
        group: match kind {
            "" => technique.to_owned(),
            kind => format!("{technique}, {kind}"),
        },
        value,
        meaning: figure.meaning(),
        formula: figure.formula(),
        filled,
        filters: asked(cx, &filters),
        first: "Lead",
        columns: vec!["First touch", "Technique", "Kind", "Had in time"],
        parts: parts(members.iter().map(row)),
        under: Vec::new(),
        back: explain::way_back("/techniques", pages::pairs(&form), "Techniques".to_owned()),
    };
    explain::show(cx, &form, explanation)
}

fn asked(cx: &Cx, filters: &Filters) -> Vec<String> {
    let as_of = page::time_and_zone(filters.as_of, cx.zone());
    let (from, to) = (page::day(filters.from), page::day(filters.to));
    let outcome = filters.outcome.label().to_lowercase();
    vec![
        format!("first touched {from} to {to}, as of {as_of}"),
        format!(
            "{outcome} within {} days of the first touch",
            filters.horizon_days
        ),
    ]
}
