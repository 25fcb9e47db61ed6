//! A score fitted to the outcomes, and how good it is, where section 6.2 of the metrics allows one.

use super::LEAST_LEADS;
use super::figures::{Part, Step, Story};
use super::sheet::{Line, Said, Table};
use crate::page;
use crate::rules::fitted::{Assessment, Bin, LAMBDA, Model, is_enough};
use crate::rules::rates::Rate;
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::style;
use crate::value::Instant;
use serde::Serialize;
use std::collections::HashMap;

/// The older part of the outcomes that a score is fitted to; the rest says how good it is.
const TRAINED_ON: f64 = 0.75;

/// A score fitted to outcomes: where there are too few, only how many there are.
#[derive(Serialize)]
pub struct Fitted {
    pub won: u64,
    pub lost: u64,
    pub parameters: u64,
    /// On the newer quarter of the outcomes.
    pub tested: Option<Tested>,
}

#[derive(Serialize)]
pub struct Tested {
    pub n: u64,
    pub base_rate: f64,
    pub auc: Option<f64>,
    pub brier: f64,
    pub skill: f64,
    pub may_show_percentages: bool,
    /// Where chances may be said: tenths of them. Elsewhere high, medium and low by thirds.
    pub rows: Vec<TestedRow>,
}

#[derive(Serialize)]
pub struct TestedRow {
    pub name: String,
    pub mean: f64,
    pub won: Part,
}

impl Fitted {
    /// Of hand-overs that were won, or ended otherwise for good; what came back or was there twice is neither. Only what
    /// was known when the lead was handed over is asked: source, urgency, and how many signals it had given.
    pub fn of(stories: &[Story], signals: &HashMap<i64, Vec<Instant>>) -> Fitted {
        let is_lost = |story: &Story| {
            let end = story.exit.as_ref().map(|(end, ..)| *end);
            matches!(
                end,
                Some(EventKind::Lost | EventKind::Disqualified | EventKind::Rejected)
            )
        };
        let mut decided: Vec<&Story> = stories
            .iter()
            .filter(|story| story.had(Step::Won) || is_lost(story))
            .collect();
        decided.sort_by_key(|story| (story.start.at, story.start.handover_id));
        let mut sources: HashMap<i64, u64> = HashMap::new();
        for story in &decided {
            if let Some(id) = story.start.source_id {
                *sources.entry(id).or_default() += 1;
            }
        }
        // A source of few leads is as good as none.
        let mut known: Vec<i64> = sources
            .iter()
            .filter(|(_, n)| **n >= LEAST_LEADS)
            .map(|(id, _)| *id)
            .collect();
        known.sort_unstable();
        let row = |story: &Story| {
            let start = &story.start;
            let one = |is_it: bool| f64::from(u8::from(is_it));
            let sources = known.iter().map(|id| one(start.source_id == Some(*id)));
            let urgencies = Urgency::ALL
                .iter()
                .map(|urgency| one(start.urgency == *urgency));
            let given = signals.get(&start.lead_id).into_iter().flatten();
            let given = given.filter(|at| **at < start.at).count() as f64;
            sources
                .chain(urgencies)
                .chain([given.ln_1p()])
                .collect::<Vec<f64>>()
        };
        let xs: Vec<Vec<f64>> = decided.iter().map(|story| row(story)).collect();
        let ys: Vec<bool> = decided.iter().map(|story| story.had(Step::Won)).collect();
        let won = ys.iter().filter(|won| **won).count() as u64;
        let lost = ys.len() as u64 - won;
        let parameters = (known.len() + Urgency::ALL.len() + 2) as u64;
        let tested = is_enough(won, lost, parameters)
            .then(|| Tested::of(&xs, &ys))
            .flatten();
        Fitted {
            won,
            lost,
            parameters,
            tested,
        }
    }
}

impl Tested {
    fn of(xs: &[Vec<f64>], ys: &[bool]) -> Option<Tested> {
        let cut = (xs.len() as f64 * TRAINED_ON).floor() as usize;
        let model = Model::fit(&xs[..cut], &ys[..cut], LAMBDA)?;
        let chances: Vec<f64> = xs[cut..].iter().map(|x| model.chance(x)).collect();
        let found = Assessment::of(&chances, &ys[cut..])?;
        let may_show_percentages = found.may_show_percentages();
        let tenth = |bin: &Bin| TestedRow {
            name: format!(
                "{} to {}",
                page::whole_percent(bin.index as f64 / 10.0),
                page::whole_percent((bin.index + 1) as f64 / 10.0)
            ),
            mean: bin.mean,
            won: bin.won.into(),
        };
        Some(Tested {
            n: found.n,
            base_rate: found.base_rate,
            auc: found.auc,
            brier: found.brier,
            skill: found.skill,
            rows: match may_show_percentages {
                true => found.bins.iter().map(tenth).collect(),
                false => thirds(&chances, &ys[cut..]),
            },
            may_show_percentages,
        })
    }
}

/// High, medium and low, as many in each.
fn thirds(chances: &[f64], ys: &[bool]) -> Vec<TestedRow> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]).then(a.cmp(b)));
    let third = order.len().div_ceil(3).max(1);
    let parts = order.chunks(third).zip(["High", "Medium", "Low"]);
    let row = |(part, name): (&[usize], &str)| TestedRow {
        name: name.to_owned(),
        mean: part.iter().map(|at| chances[*at]).sum::<f64>() / part.len() as f64,
        won: Rate {
            k: part.iter().filter(|at| ys[**at]).count() as u64,
            n: part.len() as u64,
        }
        .into(),
    };
    parts.map(row).collect()
}

impl Fitted {
    pub fn words(&self) -> String {
        let counts = format!(
            "{} won and {} lost",
            style::count(self.won),
            style::count(self.lost)
        );
        match &self.tested {
            None => {
                let least = 50.max(10 * self.parameters);
                format!(
                    "No score is fitted to the outcomes yet: {counts}, and it takes {least} of each and 200 in all. \
                     Until then there are points."
                )
            }
            Some(tested) if tested.may_show_percentages => format!(
                "A score fitted to the outcomes ({counts}) comes true on the newer {}: its chances may be said.",
                style::count(tested.n)
            ),
            Some(tested) => format!(
                "A score fitted to the outcomes ({counts}) does not come true on the newer {} as a percentage: it says \
                 high, medium or low only.",
                style::count(tested.n)
            ),
        }
    }

    pub fn table(&self) -> Option<Table> {
        let tested = self.tested.as_ref()?;
        let line = |row: &TestedRow| {
            let rate = row.won.rate();
            let says = match tested.may_show_percentages {
                true => page::percent(row.mean),
                false => row.name.to_lowercase(),
            };
            Line {
                name: row.name.clone(),
                is_faint: rate.n < LEAST_LEADS,
                cells: vec![
                    Said::plain(style::count(rate.n)),
                    Said::plain(says),
                    Said::share(rate),
                ],
                ..Line::default()
            }
        };
        let auc = tested
            .auc
            .map_or(page::DASH.to_owned(), page::whole_percent);
        Some(Table {
            title: "A score fitted to the outcomes".to_owned(),
            note: format!(
                "On the newer {}: {} won, {auc} of pairs in order, Brier {}, skill {}",
                style::count(tested.n),
                page::percent(tested.base_rate),
                style::decimal(tested.brier, 3),
                style::decimal(tested.skill, 3)
            ),
            first: "Chance",
            columns: vec!["Leads", "Says", "Won"],
            rows: tested.rows.iter().map(line).collect(),
        })
    }
}
