//! Whether the score says what comes: each band beside its outcomes, and a score fitted to them where section 6.2 of the
//! metrics allows one.

mod file;

use super::figures::{Part, Step, Story};
use super::fitted::Fitted;
use super::ground::Ground;
use super::sheet::{Line, Said, Sheet, Table, Ways};
use super::{Filters, LEAST_LEADS, REPORT, store};
use crate::charts::bars::{self, Bars, Fill};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::About;
use crate::page;
use crate::rules::access::Me;
use crate::rules::fitted::auc;
use crate::rules::rates::{Rate, newcombe};
use crate::style;
use crate::value::Instant;
use serde::Serialize;
use std::collections::HashMap;

const BANDS: usize = 10;
const BAND_WIDTH: f64 = 10.0;

#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    /// Those with somebody in them, from the lowest scores on.
    pub bands: Vec<Band>,
    /// Hand-overs without a score.
    pub unscored: u64,
    /// Those with one of which nothing can be concluded yet: left out of all that follows, and of the bands.
    pub maturing: u64,
    /// How often the higher score of a pair is that of the won one.
    pub auc: Option<f64>,
    /// Won of those above and of those at or below the score in the middle.
    pub upper: Part,
    pub lower: Part,
    pub fitted: Fitted,
    #[serde(skip)]
    versions: Vec<i64>,
}

/// What came of the hand-overs whose score was in a band when they were handed over.
#[derive(Serialize)]
pub struct Band {
    pub from: f64,
    pub to: f64,
    pub mean_score: f64,
    pub n: u64,
    pub accepted: Part,
    pub reached: Part,
    pub won: Part,
    /// Accepted, tried or reached.
    pub taken_up: Part,
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let ground = Ground::load(conn, filters, me)?;
    let stories = &ground.stories;
    let scored: Vec<(f64, &Story)> = stories
        .iter()
        .filter_map(|story| Some((told(story)?, story)))
        .collect();
    let unscored = stories.iter().filter(|story| story.start.score.is_none());
    let unscored = unscored.count();
    let values: Vec<f64> = scored.iter().map(|(score, _)| *score).collect();
    let won: Vec<bool> = scored
        .iter()
        .map(|(_, story)| story.had(Step::Won))
        .collect();
    let middle = middle(&values);
    let half = |is_upper: bool| {
        let theirs: Vec<&Story> = scored
            .iter()
            .filter(|(score, _)| (*score > middle) == is_upper)
            .map(|(_, story)| *story)
            .collect();
        rate(&theirs, Step::Won).into()
    };
    Ok(Report {
        about: About::new(REPORT, Some("scores"), &filters.cohort),
        bands: bands(&scored),
        unscored: unscored as u64,
        maturing: (stories.len() - scored.len() - unscored) as u64,
        auc: auc(&values, &won),
        upper: half(true),
        lower: half(false),
        fitted: fitted(conn, &ground, filters.cohort.as_of)?,
        versions: ground.versions(),
    })
}

/// The score of a hand-over of which something can be concluded; `None` of one without, and of one that is maturing.
pub fn told(story: &Story) -> Option<f64> {
    story.start.score.filter(|_| !story.is_maturing)
}

/// The score in the middle: those above it are the higher half.
pub fn middle(scores: &[f64]) -> f64 {
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = sorted.len().saturating_sub(1) / 2;
    sorted.get(at).copied().unwrap_or(0.0)
}

/// The score that is fitted to the outcomes.
pub fn fitted(conn: &mut Conn, ground: &Ground, as_of: Instant) -> Result<Fitted> {
    let mut signals: HashMap<i64, Vec<Instant>> = HashMap::new();
    for (lead_id, at) in store::signals(conn, ground.span, as_of)? {
        signals.entry(lead_id).or_default().push(at);
    }
    Ok(Fitted::of(&ground.stories, &signals))
}

fn rate(members: &[&Story], step: Step) -> Rate {
    Rate {
        k: members.iter().filter(|story| story.had(step)).count() as u64,
        n: members.len() as u64,
    }
}

/// The place of a score's band, from 0 for the lowest.
pub fn band_of(score: f64) -> usize {
    ((score.max(0.0) / BAND_WIDTH).floor() as usize).min(BANDS - 1)
}

/// `70 to 79`.
pub fn band_name(place: usize) -> String {
    let from = place * BAND_WIDTH as usize;
    match place + 1 < BANDS {
        true => format!("{from} to {}", from + BAND_WIDTH as usize - 1),
        false => format!("{from} to 100"),
    }
}

fn bands(scored: &[(f64, &Story)]) -> Vec<Band> {
    let band = |at: usize| {
        let theirs = scored.iter().filter(|(score, _)| band_of(*score) == at);
        let (scores, members): (Vec<f64>, Vec<&Story>) = theirs.copied().unzip();
        let of = |step| rate(&members, step).into();
        (!members.is_empty()).then(|| Band {
            from: at as f64 * BAND_WIDTH,
            to: (at + 1) as f64 * BAND_WIDTH,
            mean_score: scores.iter().sum::<f64>() / scores.len() as f64,
            n: members.len() as u64,
            accepted: of(Step::Accepted),
            reached: of(Step::Contacted),
            won: of(Step::Won),
            taken_up: of(Step::TakenUp),
        })
    };
    (0..BANDS).filter_map(band).collect()
}

impl Report {
    pub fn sheet(&self, ways: Ways) -> Result<Sheet> {
        let unscored = (self.unscored > 0).then(|| {
            vec![page::Said {
                figure: style::count(self.unscored),
                after: match self.unscored {
                    1 => " hand-over had no score and is left out.",
                    _ => " hand-overs had no score and are left out.",
                }
                .to_owned(),
                href: ways("score-unscored", ""),
                ..page::Said::default()
            }]
        });
        let maturing = super::left_out_maturing(self.maturing, ways("score-maturing", ""));
        let mut tables = vec![self.bands_table(ways)];
        tables.extend(self.apart_table(ways));
        tables.extend(self.fitted.tables(ways));
        Ok(Sheet {
            headline: format!("{} {}", self.verdict(), self.fitted.words()),
            warnings: unscored.into_iter().chain(maturing).collect(),
            bars: (!self.bands.is_empty()).then(|| self.picture()),
            tables,
            how: "The score is that of the hand-over, as it was frozen then. Each band shows what came of its hand-overs \
                  so far, with 95 % intervals; those of the last weeks have had less time to be won, and those that are \
                  open and not reached while their time for that is not over are left out. Taken up is what was accepted, \
                  tried or reached. A fitted score is a logistic regression on source, urgency and the number \
                  of signals before the hand-over, made on the older three quarters of the outcomes and tested on the newer \
                  quarter. It is shown in percent only where it says more than the average and comes true in each tenth \
                  with 30 leads or more.",
            versions: self.versions.clone(),
            csv: self.csv()?,
            ..Sheet::default()
        })
    }

    /// "Leads scored 70 to 80 were won in 12 % of cases. Higher scores are won more often ..."
    fn verdict(&self) -> String {
        let told = self.bands.iter().rev().find(|band| band.n >= LEAST_LEADS);
        let Some(top) = told else {
            return "Too few leads with a score: warming up.".to_owned();
        };
        let says = format!(
            "Scores around {} say the best, and {} of them were won so far ({}).",
            style::decimal(top.mean_score, 0),
            page::share(top.won.rate()),
            page::of(top.won.rate())
        );
        let pairs = self.auc.map_or(String::new(), |auc| {
            format!(
                " In {} of all pairs the won lead had the higher score; a coin gives 50\u{a0}%.",
                page::whole_percent(auc)
            )
        });
        let difference = newcombe(self.upper.rate(), self.lower.rate());
        let predicts = match difference.and_then(|difference| difference.clear()) {
            Some(std::cmp::Ordering::Greater) => {
                " The higher half is won more often than the lower one, by more than chance would explain."
            }
            Some(_) => {
                " The higher half is won less often than the lower one: the score does not predict."
            }
            None => {
                " The higher half is not clearly won more often than the lower one: the score is not shown to predict."
            }
        };
        format!("{says}{pairs}{predicts}")
    }

    fn bands_table(&self, ways: Ways) -> Table {
        let told = |band: &Band, part: &Part, step: Step| Said {
            href: ways(&format!("score-{}-{step}", band.place()), ""),
            ..Said::share(part.rate())
        };
        let line = |band: &Band| Line {
            name: band.name(),
            badge: if band.n < LEAST_LEADS {
                "Warming up"
            } else {
                ""
            },
            is_faint: band.n < LEAST_LEADS,
            cells: vec![
                Said {
                    href: ways(&format!("score-{}-n", band.place()), ""),
                    ..Said::plain(style::count(band.n))
                },
                Said {
                    href: ways(&format!("score-{}-says", band.place()), ""),
                    ..Said::plain(style::decimal(band.mean_score, 0))
                },
                told(band, &band.taken_up, Step::TakenUp),
                told(band, &band.accepted, Step::Accepted),
                told(band, &band.reached, Step::Contacted),
                told(band, &band.won, Step::Won),
            ],
        };
        Table {
            title: "What came of each score".to_owned(),
            note: "Shares of all hand-overs of the band that are not maturing".to_owned(),
            first: "Score",
            columns: vec!["Leads", "Says", "Taken up", "Accepted", "Reached", "Won"],
            rows: self.bands.iter().map(line).collect(),
        }
    }

    /// What the verdict rests on; nothing where no lead has a score.
    fn apart_table(&self, ways: Ways) -> Option<Table> {
        let line = |name: &str, figure: &str, said: Said| Line {
            name: name.to_owned(),
            cells: vec![Said {
                href: ways(figure, ""),
                ..said
            }],
            ..Line::default()
        };
        let auc = self.auc.map_or(page::DASH.to_owned(), page::whole_percent);
        (!self.bands.is_empty()).then(|| Table {
            title: "Whether the score tells them apart".to_owned(),
            note: "Of those with a score".to_owned(),
            first: "Measure",
            columns: vec!["Value"],
            rows: vec![
                line("Pairs in order (AUC)", "score-auc", Said::plain(auc)),
                line(
                    "Won, higher half",
                    "score-upper",
                    Said::share(self.upper.rate()),
                ),
                line(
                    "Won, lower half",
                    "score-lower",
                    Said::share(self.lower.rate()),
                ),
            ],
        })
    }

    fn picture(&self) -> Bars {
        let row = |band: &Band| {
            let rate = band.won.rate();
            let figure = format!("{}, {}", page::share(rate), page::of(rate));
            let label = format!("Score {}", band.name());
            let share = rate.share().unwrap_or(0.0);
            bars::Row::share(label, figure, share, rate.interval(), Fill::Plain)
        };
        Bars {
            label: "Share won by score".to_owned(),
            about: "A bar for each band of the score with its likely range. A score that predicts makes a staircase; \
                    the table below has the same figures."
                .to_owned(),
            rows: self.bands.iter().map(row).collect(),
        }
    }
}

impl Band {
    fn place(&self) -> usize {
        band_of(self.from)
    }

    fn name(&self) -> String {
        band_name(self.place())
    }
}
