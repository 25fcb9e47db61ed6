//! From judged hand-overs to the figures of both sides. Pure.

use crate::leads::cohort::{Counted, Key};
use crate::rules::level::{Clause, Tally};
use crate::rules::rates::Rate;
use crate::rules::survival::{Obs, Observed, Quantile};
use crate::rules::wait::Verdict;
use crate::value::Instant;

/// One hand-over, with what was kept of the promises for it.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    pub handover_id: i64,
    pub start: Instant,
    pub key: Key,
    /// In the order of [`Clause::ALL`].
    pub verdicts: [Verdict; Clause::ALL.len()],
    pub is_complete: bool,
    /// Neither rejected nor passed on as outside of the owner's territory.
    pub is_in_territory: bool,
    /// Not rejected for a definitional reason.
    pub is_within_definition: bool,
    /// Whether marketing answered its rejection in time; not applicable without one.
    pub answer: Verdict,
    /// How long its rejection waited for an answer in working time, or waits still; `None` without one.
    pub answering: Option<Obs>,
    /// Whether it came on a day for which a number of leads is promised, or there is no such promise.
    pub is_of_volume: bool,
    /// Whether it came of a rejection that was withdrawn: sales has its clocks, and marketing delivered it before.
    pub is_given_back: bool,
}

impl Counted for Judged {
    fn handover(&self) -> (i64, Instant, Key) {
        (self.handover_id, self.start, self.key)
    }
}

impl Judged {
    pub fn verdict(&self, clause: Clause) -> Verdict {
        self.verdicts[clause as usize]
    }
}

/// The figures of some hand-overs.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub n: u64,
    /// In the order of [`Clause::ALL`].
    pub sales: [Tally; Clause::ALL.len()],
    pub complete: Rate,
    pub in_territory: Rate,
    pub within_definition: Rate,
    pub answered: Tally,
    /// Of the hand-overs, those that came of a withdrawn rejection: marketing delivered them before.
    pub given_back: u64,
    pub answer_time: AnswerTime,
}

/// How long rejections wait for marketing's answer, those that still wait not left out. Source: METRICS.md 3.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerTime {
    pub n: u64,
    /// Working time within which half are answered, and within which nine in ten are; no value while fewer are.
    pub median: Quantile,
    pub p90: Quantile,
}

impl AnswerTime {
    pub fn of(waits: &[Obs]) -> AnswerTime {
        let curve = Observed::new(waits).curve();
        AnswerTime {
            n: waits.len() as u64,
            median: curve.quantile(0.5),
            p90: curve.quantile(0.9),
        }
    }
}

/// The words of marketing's promises, in their order.
pub const MARKETING: [&str; 4] = [
    "complete",
    "in_territory",
    "within_definition",
    "answered_in_time",
];

impl Figures {
    pub fn of(judged: &[&Judged]) -> Figures {
        let n = judged.len() as u64;
        let delivered = || judged.iter().filter(|one| !one.is_given_back);
        let rate = |is_so: fn(&Judged) -> bool| Rate {
            k: delivered().filter(|one| is_so(one)).count() as u64,
            n: delivered().count() as u64,
        };
        let mut sales = [Tally::default(); Clause::ALL.len()];
        for (index, tally) in sales.iter_mut().enumerate() {
            *tally = Tally::of(judged.iter().map(|one| one.verdicts[index]));
        }
        Figures {
            n,
            sales,
            complete: rate(|one| one.is_complete),
            in_territory: rate(|one| one.is_in_territory),
            within_definition: rate(|one| one.is_within_definition),
            answered: Tally::of(judged.iter().map(|one| one.answer)),
            given_back: n - delivered().count() as u64,
            answer_time: AnswerTime::of(
                &judged
                    .iter()
                    .filter_map(|one| one.answering)
                    .collect::<Vec<_>>(),
            ),
        }
    }

    /// How a promise of sales was kept.
    pub fn clause(&self, clause: Clause) -> Tally {
        self.sales[clause as usize]
    }

    /// How many hand-overs may still keep a promise by its column, or not: while there are some, those that were judged
    /// are the quick ones, and nothing is concluded. Source: PRODUCT.md 7, rule 4.
    pub fn pending(&self, name: &str) -> u64 {
        match (Clause::from_word(name), name) {
            (Some(clause), _) => self.clause(clause).pending,
            (None, "answered_in_time") => self.answered.pending,
            _ => 0,
        }
    }

    /// Of how many hand-overs a promise by its column does not speak.
    pub fn not_applicable(&self, name: &str) -> u64 {
        match (Clause::from_word(name), name) {
            (Some(clause), _) => self.clause(clause).not_applicable,
            (None, "answered_in_time") => self.answered.not_applicable,
            _ => self.given_back,
        }
    }

    /// What marketing promises of each lead, and of each rejection: the column of a file, what it is called, and how often it was so.
    pub fn marketing(&self) -> [(&'static str, &'static str, Rate); 4] {
        let [complete, in_territory, within_definition, answered] = MARKETING;
        [
            (complete, "Complete", self.complete),
            (in_territory, "In territory", self.in_territory),
            (
                within_definition,
                "Within the definition",
                self.within_definition,
            ),
            (
                answered,
                "Rejections answered in time",
                self.answered.rate(),
            ),
        ]
    }
}
