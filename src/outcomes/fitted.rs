//! A score fitted to the outcomes, and how good it is, where section 6.2 of the metrics allows one.

use super::LEAST_LEADS;
use super::figures::{Part, Step, Story};
use super::reliability::Tenth;
use super::sheet::{Line, Said, Table, Ways};
use crate::csv_out::Cell;
use crate::page;
use crate::rules::fitted::{Assessment, Bin, LAMBDA, Model, bin_of, is_enough};
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

/// Whether a hand-over was won, or ended otherwise for good; `None` for neither.
pub fn decided(story: &Story) -> Option<bool> {
    let end = story.exit.as_ref().map(|(end, ..)| *end);
    let is_lost = matches!(
        end,
        Some(EventKind::Lost | EventKind::Disqualified | EventKind::Rejected)
    );
    match story.had(Step::Won) {
        true => Some(true),
        false => is_lost.then_some(false),
    }
}

#[derive(Serialize)]
pub struct Tested {
    pub n: u64,
    pub base_rate: f64,
    pub auc: Option<f64>,
    pub brier: f64,
    pub skill: f64,
    pub may_show_percentages: bool,
    /// Where chances may be said: tenths of them. Elsewhere high, medium and low by thirds, equal chances together.
    pub rows: Vec<TestedRow>,
    /// The chances by tenths: what it rests on whether they may be said.
    #[serde(rename = "reliability")]
    pub tenths: Vec<Tenth>,
    /// In which row each hand-over of the newer quarter is, by its id.
    #[serde(skip)]
    pub places: HashMap<i64, usize>,
    /// The chance that the score gave each of them, by its id.
    #[serde(skip)]
    pub chances: HashMap<i64, f64>,
}

crate::words! {
    /// How good a fitted score is.
    pub enum Quality { Base = "base", Auc = "auc", Brier = "brier", Skill = "skill" }
}

impl Quality {
    pub fn label(self) -> &'static str {
        match self {
            Quality::Base => "Won of all",
            Quality::Auc => "Pairs in order (AUC)",
            Quality::Brier => "Brier score",
            Quality::Skill => "Skill",
        }
    }
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
        let known = stories.iter().filter(|story| decided(story).is_some());
        let mut decided: Vec<&Story> = known.collect();
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
        let ids: Vec<i64> = decided
            .iter()
            .map(|story| story.start.handover_id)
            .collect();
        let tested = is_enough(won, lost, parameters)
            .then(|| Tested::of(&xs, &ys, &ids))
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
    fn of(xs: &[Vec<f64>], ys: &[bool], ids: &[i64]) -> Option<Tested> {
        let cut = (xs.len() as f64 * TRAINED_ON).floor() as usize;
        let model = Model::fit(&xs[..cut], &ys[..cut], LAMBDA)?;
        let chances: Vec<f64> = xs[cut..].iter().map(|x| model.chance(x)).collect();
        let found = Assessment::of(&chances, &ys[cut..])?;
        let may_show_percentages = found.may_show_percentages();
        let tenth = |bin: &Bin| TestedRow {
            name: Tenth::from(bin).name(),
            mean: bin.mean,
            won: bin.won.into(),
        };
        let (rows, places): (Vec<TestedRow>, Vec<usize>) = match may_show_percentages {
            true => {
                let place = |chance: &f64| {
                    let index = bin_of(*chance);
                    found
                        .bins
                        .iter()
                        .position(|bin| bin.index == index)
                        .unwrap_or(0)
                };
                (
                    found.bins.iter().map(tenth).collect(),
                    chances.iter().map(place).collect(),
                )
            }
            false => thirds(&chances, &ys[cut..]),
        };
        Some(Tested {
            places: ids[cut..].iter().copied().zip(places).collect(),
            chances: ids[cut..].iter().copied().zip(chances).collect(),
            n: found.n,
            base_rate: found.base_rate,
            auc: found.auc,
            brier: found.brier,
            skill: found.skill,
            rows,
            tenths: found.bins.iter().map(Tenth::from).collect(),
            may_show_percentages,
        })
    }
}

/// High, medium and low, about as many in each, and in which of them each chance is. Equal chances are in one row, so
/// there are fewer rows where few chances differ: high and low, or all of them medium.
fn thirds(chances: &[f64], ys: &[bool]) -> (Vec<TestedRow>, Vec<usize>) {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]).then(a.cmp(b)));
    let third = order.len().div_ceil(3).max(1);
    let is_equal = |one: usize, other: usize| chances[one].total_cmp(&chances[other]).is_eq();
    let mut parts: Vec<(usize, Vec<usize>)> = Vec::new();
    for (rank, at) in order.into_iter().enumerate() {
        match parts.last_mut() {
            Some((part, theirs))
                if *part == rank / third
                    || theirs.last().is_some_and(|last| is_equal(*last, at)) =>
            {
                theirs.push(at);
            }
            _ => parts.push((rank / third, vec![at])),
        }
    }
    let names: &[&str] = match parts.len() {
        0 | 1 => &["Medium"],
        2 => &["High", "Low"],
        _ => &["High", "Medium", "Low"],
    };
    let row = |((_, theirs), name): (&(usize, Vec<usize>), &&str)| TestedRow {
        name: (*name).to_owned(),
        mean: theirs.iter().map(|at| chances[*at]).sum::<f64>() / theirs.len() as f64,
        won: Rate {
            k: theirs.iter().filter(|at| ys[**at]).count() as u64,
            n: theirs.len() as u64,
        }
        .into(),
    };
    let rows = parts.iter().zip(names).map(row).collect();
    let mut places = vec![0; chances.len()];
    for (place, (_, theirs)) in parts.iter().enumerate() {
        for at in theirs {
            places[*at] = place;
        }
    }
    (rows, places)
}

impl Tested {
    /// How good it is, as it is printed.
    pub fn quality(&self, quality: Quality) -> String {
        let auc = self.auc.map_or(page::DASH.to_owned(), page::whole_percent);
        match quality {
            Quality::Base => page::percent(self.base_rate),
            Quality::Auc => auc,
            Quality::Brier => style::decimal(self.brier, 3),
            Quality::Skill => style::decimal(self.skill, 3),
        }
    }

    fn quality_table(&self, ways: Ways) -> Table {
        let line = |quality: &Quality| Line {
            name: quality.label().to_owned(),
            cells: vec![Said {
                href: ways(&format!("fitted-{quality}"), ""),
                ..Said::plain(self.quality(*quality))
            }],
            ..Line::default()
        };
        Table {
            title: "How good the fitted score is".to_owned(),
            note: format!("On the newer {}", style::count(self.n)),
            first: "Measure",
            columns: vec!["Value"],
            rows: Quality::ALL.iter().map(line).collect(),
        }
    }
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
                "A score fitted to the outcomes ({counts}) does not come true on the newer {} as a percentage: {}. It \
                 says high, medium or low only.",
                style::count(tested.n),
                tested.why_refused()
            ),
        }
    }

    /// The same as rows of the file of scores.
    pub fn cells(&self) -> Vec<Vec<Cell>> {
        let Some(tested) = &self.tested else {
            return Vec::new();
        };
        let empty = |count: usize| (0..count).map(|_| Cell::number(None));
        let row = |row: &TestedRow| {
            let won = &row.won;
            let mut cells: Vec<Cell> = empty(3).collect();
            cells.push(Cell::count(won.n as i64));
            cells.extend(empty(8));
            cells.push(Cell::count(won.k as i64));
            cells.extend([won.share, won.low, won.high].map(Cell::number));
            let name = Cell::from(row.name.as_str());
            cells.extend([Cell::from("chance"), name, Cell::number(Some(row.mean))]);
            cells.extend(empty(3));
            cells
        };
        let measure = |quality: &Quality| {
            let value = match quality {
                Quality::Base => Some(tested.base_rate),
                Quality::Auc => tested.auc,
                Quality::Brier => Some(tested.brier),
                Quality::Skill => Some(tested.skill),
            };
            let mut cells: Vec<Cell> = empty(3).collect();
            cells.push(Cell::count(tested.n as i64));
            cells.extend(empty(12));
            let name = Cell::from(quality.word());
            cells.extend([Cell::from("measure"), name, Cell::number(value)]);
            cells.extend(empty(3));
            cells
        };
        let rows = tested.rows.iter().map(row);
        let rows = rows.chain(Quality::ALL.iter().map(measure));
        rows.chain(tested.tenth_cells()).collect()
    }

    /// What the score says and what came of it, and how good it is; nothing without one.
    pub fn tables(&self, ways: Ways) -> Vec<Table> {
        let tested = self.tested.iter();
        let all = tested.map(|tested| {
            let both = [said(tested, ways), tested.quality_table(ways)];
            both.into_iter().chain(tested.reliability_table(ways))
        });
        all.flatten().collect()
    }
}

fn said(tested: &Tested, ways: Ways) -> Table {
    let line = |(at, row): (usize, &TestedRow)| {
        let rate = row.won.rate();
        let says = match tested.may_show_percentages {
            true => Said {
                href: ways(&format!("fitted-{at}-says"), ""),
                ..Said::plain(page::percent(row.mean))
            },
            false => Said::plain(row.name.to_lowercase()),
        };
        Line {
            name: row.name.clone(),
            is_faint: rate.n < LEAST_LEADS,
            cells: vec![
                Said {
                    href: ways(&format!("fitted-{at}-n"), ""),
                    ..Said::plain(style::count(rate.n))
                },
                says,
                Said {
                    href: ways(&format!("fitted-{at}-won"), ""),
                    ..Said::share(rate)
                },
            ],
            ..Line::default()
        }
    };
    Table {
        title: "A score fitted to the outcomes".to_owned(),
        note: format!("On the newer {}", style::count(tested.n)),
        first: "Chance",
        columns: vec!["Leads", "Says", "Won"],
        rows: tested.rows.iter().enumerate().map(line).collect(),
    }
}
