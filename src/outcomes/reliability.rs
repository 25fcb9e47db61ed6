//! Whether the chances of a fitted score came true, tenth by tenth: what it rests on that they may be said, or not.
//! Source: METRICS.md 6.2.

use super::LEAST_LEADS;
use super::figures::Part;
use super::fitted::Tested;
use super::sheet::{Line, Said, Table, Ways};
use crate::csv_out::Cell;
use crate::page;
use crate::rules::fitted::{Bin, LEAST_IN_BIN};
use crate::style;
use serde::Serialize;

/// What a tenth of the chances said, and what came of it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tenth {
    /// From which chance on, and up to which: 0 to 1.
    pub from: f64,
    pub to: f64,
    #[serde(skip)]
    pub index: usize,
    /// The mean of the chances.
    pub mean: f64,
    pub won: Part,
    /// Between these the mean must lie: the 99.8 % interval of the share won.
    pub limit_low: f64,
    pub limit_high: f64,
    /// Whether it does; none of a tenth with too few to ask.
    pub comes_true: Option<bool>,
}

impl From<&Bin> for Tenth {
    fn from(bin: &Bin) -> Tenth {
        let (limit_low, limit_high) = bin.limits();
        Tenth {
            from: bin.index as f64 / 10.0,
            to: (bin.index + 1) as f64 / 10.0,
            index: bin.index,
            mean: bin.mean,
            won: bin.won.into(),
            limit_low,
            limit_high,
            comes_true: bin.comes_true(),
        }
    }
}

impl Tenth {
    /// `20 % to 30 %`.
    pub fn name(&self) -> String {
        let [from, to] = [self.from, self.to].map(page::whole_percent);
        format!("{from} to {to}")
    }

    /// Whether it came true, in a word for programs; empty of too few.
    pub fn verdict(&self) -> &'static str {
        match self.comes_true {
            Some(true) => "comes_true",
            Some(false) => "does_not",
            None => "",
        }
    }

    fn said(&self) -> String {
        match self.comes_true {
            Some(true) => "Comes true".to_owned(),
            Some(false) => "Does not come true".to_owned(),
            None => format!("Under {LEAST_IN_BIN}: not asked"),
        }
    }

    fn limits(&self) -> String {
        let low = style::decimal(self.limit_low * 100.0, 1);
        format!("{low} to {}", page::percent(self.limit_high))
    }

    fn line(&self, ways: Ways) -> Line {
        let rate = self.won.rate();
        let way = |what: &str| ways(&format!("fitted-tenth-{}-{what}", self.index), "");
        Line {
            name: self.name(),
            is_faint: rate.n < LEAST_LEADS,
            cells: vec![
                Said {
                    href: way("n"),
                    ..Said::plain(style::count(rate.n))
                },
                Said {
                    href: way("says"),
                    ..Said::plain(page::percent(self.mean))
                },
                Said {
                    href: way("won"),
                    ..Said::share(rate)
                },
                Said::plain(match rate.is_warming_up() {
                    true => page::DASH.to_owned(),
                    false => self.limits(),
                }),
                Said::plain(self.said()),
            ],
            ..Line::default()
        }
    }
}

impl Tested {
    /// The tenths of the chances; of those that may be said the score's own rows say the same.
    pub fn reliability_table(&self, ways: Ways) -> Option<Table> {
        (!self.may_show_percentages).then(|| Table {
            title: "Whether its chances come true".to_owned(),
            note: "What it says must lie in the 99.8\u{a0}% interval of what came".to_owned(),
            first: "It said",
            columns: vec!["Leads", "On average", "Won", "99.8 % interval", "So it"],
            rows: self.tenths.iter().map(|tenth| tenth.line(ways)).collect(),
        })
    }

    /// Why the chances may not be said: "it says no more than the share won of all (skill -0.020)".
    pub fn why_refused(&self) -> String {
        let asked = self
            .tenths
            .iter()
            .filter(|t| t.comes_true.is_some())
            .count();
        let wrong = self
            .tenths
            .iter()
            .filter(|t| t.comes_true == Some(false))
            .count();
        let skill = style::decimal(self.skill, 3).replace('-', "\u{2212}");
        let no_skill = (self.skill <= 0.0)
            .then(|| format!("it says no more than the share won of all (skill {skill})"));
        let untrue = (wrong > 0).then(|| {
            format!("in {wrong} of {asked} tenths with {LEAST_IN_BIN} leads or more it does not come true")
        });
        let why: Vec<String> = no_skill.into_iter().chain(untrue).collect();
        why.join(", and ")
    }

    /// The tenths as rows of the file of scores.
    pub fn tenth_cells(&self) -> impl Iterator<Item = Vec<Cell>> + '_ {
        let empty = |count: usize| (0..count).map(|_| Cell::number(None));
        self.tenths.iter().map(move |tenth| {
            let won = &tenth.won;
            let mut cells = vec![
                Cell::number(Some(tenth.from)),
                Cell::number(Some(tenth.to)),
                Cell::number(None),
                Cell::count(won.n as i64),
            ];
            cells.extend(empty(8));
            cells.push(Cell::count(won.k as i64));
            cells.extend([won.share, won.low, won.high].map(Cell::number));
            let name = tenth.name();
            cells.extend([
                Cell::from("tenth"),
                Cell::from(name),
                Cell::number(Some(tenth.mean)),
            ]);
            cells.extend([tenth.limit_low, tenth.limit_high].map(|end| Cell::number(Some(end))));
            cells.push(Cell::from(tenth.verdict()));
            cells
        })
    }
}
