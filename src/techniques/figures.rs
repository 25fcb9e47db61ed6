//! From first touches and what followed to the figures of each technique. Pure.

use super::store::{FirstTouch, Touch};
use crate::rules::attribution::{self, Model, WITHIN_DAYS};
use crate::rules::rates::Rate;
use crate::rules::technique::{Comparison, Stratum};
use crate::value::Instant;
use std::collections::{BTreeMap, HashMap, HashSet};

const SECONDS_PER_DAY: f64 = 86_400.0;

crate::words! {
    /// What may come of a lead.
    pub enum Outcome {
        Reached = "reached",
        Booked = "booked",
        Held = "held",
        Won = "won",
    }
}

impl Outcome {
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Reached => "Reached",
            Outcome::Booked => "Meeting booked",
            Outcome::Held => "Meeting held",
            Outcome::Won => "Won",
        }
    }
}

/// A lead by the technique and the kind of its first touch, and when each outcome first came.
#[derive(Debug, Clone)]
pub struct Lead {
    pub first: FirstTouch,
    /// What it is alike in to others.
    pub sort: Sort,
    /// In the order of `Outcome::ALL`.
    first_at: [Option<Instant>; 4],
    /// Its attempts, oldest first.
    touches: Vec<(Instant, String)>,
}

impl Lead {
    fn days_to(&self, at: Instant) -> f64 {
        at.seconds_since(self.first.at) / SECONDS_PER_DAY
    }

    /// Whether it was first touched so many days ago.
    pub fn is_followed(&self, horizon_days: i64, as_of: Instant) -> bool {
        self.days_to(as_of) >= horizon_days as f64
    }

    /// When it had an outcome, if it was within so many days of the first touch.
    pub fn outcome_at(&self, outcome: Outcome, horizon_days: i64) -> Option<Instant> {
        let at = self.first_at[outcome as usize]?;
        (self.days_to(at) <= horizon_days as f64).then_some(at)
    }
}

impl Lead {
    /// How the credit of an outcome is shared among the touches of the 90 days before it: the technique of each, with its
    /// part by first and by last touch. Nothing without the outcome, or without such a touch.
    pub fn credits(&self, outcome: Outcome, horizon_days: i64) -> Vec<(&str, [f64; 2])> {
        let Some(at) = self.outcome_at(outcome, horizon_days) else {
            return Vec::new();
        };
        let before = |touch: &(Instant, String)| at.seconds_since(touch.0) / SECONDS_PER_DAY;
        let counts = |touch: &&(Instant, String)| (0.0..=WITHIN_DAYS).contains(&before(touch));
        let touches: Vec<_> = self.touches.iter().filter(counts).collect();
        let days: Vec<f64> = touches.iter().map(|touch| before(touch)).collect();
        let [firsts, lasts] =
            [Model::First, Model::Last].map(|model| attribution::credits(model, &days));
        let shares = firsts.into_iter().zip(lasts);
        let shared = touches.into_iter().zip(shares);
        shared
            .map(|((_, word), (first, last))| (word.as_str(), [first, last]))
            .collect()
    }
}

/// Puts leads together; `is_held` says of a kind that it is a meeting that took place.
pub fn leads(
    firsts: Vec<FirstTouch>,
    touches: Vec<Touch>,
    sorts: Vec<(i64, Option<i64>, String)>,
    wins: &[(i64, Instant)],
    is_held: impl Fn(i64) -> bool,
) -> Vec<Lead> {
    let mut sorts: HashMap<i64, Sort> = sorts
        .into_iter()
        .map(|(id, source, segment)| (id, (source, segment)))
        .collect();
    let places: HashMap<i64, usize> = firsts.iter().map(|f| f.lead_id).zip(0..).collect();
    let lead = |first: FirstTouch| Lead {
        sort: sorts.remove(&first.lead_id).unwrap_or_default(),
        first_at: [None; 4],
        touches: Vec::new(),
        first,
    };
    let mut leads: Vec<Lead> = firsts.into_iter().map(lead).collect();
    let mut note = |lead_id: i64, outcome: Outcome, at: Instant| {
        let Some(lead) = places.get(&lead_id).map(|place| &mut leads[*place]) else {
            return;
        };
        let first = &mut lead.first_at[outcome as usize];
        if at >= lead.first.at && first.is_none_or(|first| at < first) {
            *first = Some(at);
        }
    };
    for touch in &touches {
        let had = [
            (Outcome::Reached, touch.is_reached),
            (Outcome::Booked, touch.is_meeting),
            (Outcome::Held, touch.is_reached && is_held(touch.kind_id)),
        ];
        for (outcome, _) in had.into_iter().filter(|(_, had)| *had) {
            note(touch.lead_id, outcome, touch.at);
        }
    }
    for (lead_id, at) in wins {
        note(*lead_id, Outcome::Won, *at);
    }
    for touch in touches.into_iter().filter(|touch| touch.is_attempt) {
        if let Some(place) = places.get(&touch.lead_id) {
            leads[*place].touches.push((touch.at, touch.technique));
        }
    }
    leads
}

/// Leads of one technique, or of one technique and kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub n: u64,
    k: [u64; 4],
}

impl Line {
    pub fn rate(&self, outcome: Outcome) -> Rate {
        Rate {
            k: self.k[outcome as usize],
            n: self.n,
        }
    }
}

/// A technique's leads, by kind too, beside those of `cold`, and its share of the credit.
#[derive(Debug, Clone, Default)]
pub struct Technique {
    pub total: Line,
    /// By kind of the first touch.
    pub kinds: BTreeMap<i64, Line>,
    /// `None` for `cold` itself and for what has no technique.
    pub comparison: Option<Comparison>,
    /// Outcomes credited to it by first touch and by last touch.
    pub first_credit: f64,
    pub last_credit: f64,
}

/// The figures of every technique.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By the technique's word; the empty one is "not said".
    pub techniques: BTreeMap<String, Technique>,
    /// Leads counted, and those first touched too short a time ago.
    pub n: u64,
    pub left_out: u64,
    /// Outcomes whose credit is shared.
    pub outcomes: u64,
}

/// With what the others are compared.
pub const BASE: &str = "cold";

impl Figures {
    pub fn of(leads: &[Lead], outcome: Outcome, horizon_days: i64, as_of: Instant) -> Figures {
        let mut figures = Figures::default();
        let followed = leads
            .iter()
            .filter(|lead| lead.is_followed(horizon_days, as_of));
        let followed: Vec<&Lead> = followed.collect();
        for lead in &followed {
            let technique = figures
                .techniques
                .entry(lead.first.technique.clone())
                .or_default();
            let of_kind = technique.kinds.entry(lead.first.kind_id).or_default();
            for line in [&mut technique.total, of_kind] {
                line.n += 1;
                for outcome in Outcome::ALL {
                    let had = lead.outcome_at(*outcome, horizon_days).is_some();
                    line.k[*outcome as usize] += u64::from(had);
                }
            }
            figures.credit(lead, outcome, horizon_days);
        }
        figures.n = followed.len() as u64;
        figures.left_out = leads.len() as u64 - figures.n;
        for (word, technique) in &mut figures.techniques {
            if word != BASE && !word.is_empty() {
                technique.comparison = Some(compared(&followed, word, outcome, horizon_days));
            }
        }
        figures
    }

    fn credit(&mut self, lead: &Lead, outcome: Outcome, horizon_days: i64) {
        let credits = lead.credits(outcome, horizon_days);
        self.outcomes += u64::from(!credits.is_empty());
        for (word, [first, last]) in credits {
            let technique = self.techniques.entry(word.to_owned()).or_default();
            technique.first_credit += first;
            technique.last_credit += last;
        }
    }
}

/// The leads of a technique beside the cold ones.
pub fn compared(leads: &[&Lead], word: &str, outcome: Outcome, horizon_days: i64) -> Comparison {
    let strata = strata(leads, word, outcome, horizon_days);
    Comparison::of(&strata.into_values().collect::<Vec<_>>())
}

/// What a lead is alike in: its source and its segment. Source: METRICS.md 7.
pub type Sort = (Option<i64>, String);

/// The sorts of lead of which the technique and cold have enough to be compared.
pub fn compared_sorts(
    leads: &[&Lead],
    word: &str,
    outcome: Outcome,
    horizon_days: i64,
) -> HashSet<Sort> {
    let strata = strata(leads, word, outcome, horizon_days).into_iter();
    let counted = strata.filter(|(_, stratum)| stratum.is_counted());
    counted.map(|(sort, _)| sort).collect()
}

/// The leads of a technique beside the cold ones, for each source and segment.
fn strata(
    leads: &[&Lead],
    word: &str,
    outcome: Outcome,
    horizon_days: i64,
) -> BTreeMap<Sort, Stratum> {
    let mut strata: BTreeMap<Sort, Stratum> = BTreeMap::new();
    for lead in leads {
        let stratum = strata.entry(lead.sort.clone()).or_default();
        let arm = match lead.first.technique.as_str() {
            technique if technique == word => &mut stratum.these,
            BASE => &mut stratum.others,
            _ => continue,
        };
        arm.n += 1;
        arm.k += u64::from(lead.outcome_at(outcome, horizon_days).is_some());
    }
    strata
}
