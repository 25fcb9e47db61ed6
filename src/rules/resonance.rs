//! Whether content resonates: leads that got it beside comparable ones that did not (section 7).

use super::rates::{Difference, Prior, Rate, newcombe};
use std::collections::HashMap;

/// A reply counts within so many days of the touch, a meeting within so many.
pub const REPLY_DAYS: f64 = 7.0;
pub const MEETING_DAYS: f64 = 30.0;
/// Content used with fewer leads is told without a figure.
pub const LEAST_USES: u64 = 30;

/// A touch of a lead, at a time in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Touch {
    pub day: f64,
    pub asset: Option<i64>,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
}

/// A lead, with all its touches, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Lead {
    pub source: Option<i64>,
    pub touches: Vec<Touch>,
}

/// What came of the leads that got an asset, and of comparable ones that got none of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resonance {
    pub asset: i64,
    /// Leads that ever got it, also those of which too little time has gone.
    pub leads: u64,
    pub reply: Beside,
    pub meeting: Beside,
}

/// With it, and without.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Beside {
    pub with: Rate,
    pub without: Rate,
}

impl Beside {
    pub fn difference(self) -> Option<Difference> {
        newcombe(self.with, self.without)
    }
}

/// The assets that some lead got, the best first by their shrunk reply rate: with few uses the rate of all counts more.
/// `as_of` is the day of the report; only what was followed for long enough is counted.
pub fn resonances(leads: &[Lead], as_of: f64) -> Vec<Resonance> {
    let mut assets: Vec<i64> = leads
        .iter()
        .flat_map(|lead| lead.touches.iter().filter_map(|touch| touch.asset))
        .collect();
    assets.sort_unstable();
    assets.dedup();
    let mut all: Vec<Resonance> = assets
        .iter()
        .map(|asset| resonance(leads, *asset, as_of))
        .collect();
    let rates: Vec<Rate> = all.iter().map(|one| one.reply.with).collect();
    let prior = Prior::of(&rates);
    let shrunk = |rate: Rate| match prior {
        Some(prior) => {
            (prior.mean * prior.strength + rate.k as f64) / (prior.strength + rate.n as f64)
        }
        None => 0.0,
    };
    all.sort_by(|a, b| {
        let (one, other) = (shrunk(a.reply.with), shrunk(b.reply.with));
        other.total_cmp(&one).then(a.asset.cmp(&b.asset))
    });
    all
}

/// Comparable are leads of a source from which others got it, at the number of attempts at which these first did.
fn resonance(leads: &[Lead], asset: i64, as_of: f64) -> Resonance {
    let mut found = Resonance {
        asset,
        leads: 0,
        reply: Beside::default(),
        meeting: Beside::default(),
    };
    // The attempts at which leads of a source first got it.
    let mut when: HashMap<Option<i64>, Vec<usize>> = HashMap::new();
    let mut others: Vec<&Lead> = Vec::new();
    for lead in leads {
        match lead
            .touches
            .iter()
            .position(|touch| touch.asset == Some(asset))
        {
            None => others.push(lead),
            Some(at) => {
                let number = lead.touches[..at]
                    .iter()
                    .filter(|touch| touch.is_attempt)
                    .count();
                when.entry(lead.source).or_default().push(number);
                found.leads += 1;
                found
                    .reply
                    .with
                    .add(lead.came(at, REPLY_DAYS, as_of, |touch| touch.is_reached));
                found
                    .meeting
                    .with
                    .add(lead.came(at, MEETING_DAYS, as_of, |touch| touch.is_meeting));
            }
        }
    }
    for lead in others {
        let numbers = when.get(&lead.source).into_iter().flatten();
        let mut attempts = lead
            .touches
            .iter()
            .enumerate()
            .filter(|(_, touch)| touch.is_attempt);
        // A lead counts once, at the earliest of these attempts.
        let Some((at, _)) = numbers.min().and_then(|number| attempts.nth(*number)) else {
            continue;
        };
        found
            .reply
            .without
            .add(lead.came(at, REPLY_DAYS, as_of, |touch| touch.is_reached));
        found
            .meeting
            .without
            .add(lead.came(at, MEETING_DAYS, as_of, |touch| touch.is_meeting));
    }
    found
}

impl Lead {
    /// Whether it came with the touch at a place or within so many days of it; `None` where that time is not over.
    fn came(&self, at: usize, days: f64, as_of: f64, is_it: fn(&Touch) -> bool) -> Option<bool> {
        let from = self.touches[at].day;
        let mut later = self.touches[at..].iter();
        let came = later.any(|touch| is_it(touch) && touch.day <= from + days);
        (as_of >= from + days).then_some(came)
    }
}

impl Rate {
    fn add(&mut self, came: Option<bool>) {
        if let Some(came) = came {
            self.n += 1;
            self.k += u64::from(came);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(source: i64, touches: &[(f64, Option<i64>, bool)]) -> Lead {
        let touches = touches.iter().map(|(day, asset, is_reached)| Touch {
            day: *day,
            asset: *asset,
            is_attempt: true,
            is_reached: *is_reached,
            is_meeting: false,
        });
        Lead {
            source: Some(source),
            touches: touches.collect(),
        }
    }

    #[test]
    fn leads_are_compared_with_those_of_their_source_at_the_same_attempt() {
        let leads = [
            // Got it at the second attempt, and replied.
            lead(
                1,
                &[(0.0, None, false), (1.0, Some(7), false), (5.0, None, true)],
            ),
            // The same source without it: at its second attempt no reply came within a week.
            lead(
                1,
                &[(0.0, None, true), (1.0, None, false), (9.0, None, true)],
            ),
            // One attempt only, and another source: neither is comparable.
            lead(1, &[(0.0, None, true)]),
            lead(2, &[(0.0, None, true), (1.0, None, true)]),
        ];
        let found = resonances(&leads, 100.0);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].asset, found[0].leads), (7, 1));
        assert_eq!(found[0].reply.with, Rate { k: 1, n: 1 });
        assert_eq!(found[0].reply.without, Rate { k: 0, n: 1 });
    }

    #[test]
    fn what_was_not_followed_long_enough_is_not_counted() {
        let leads = [lead(1, &[(0.0, Some(7), true)])];
        let found = resonances(&leads, 10.0);
        assert_eq!(
            (
                found[0].leads,
                found[0].reply.with.n,
                found[0].meeting.with.n
            ),
            (1, 1, 0)
        );
        assert!(resonances(&[], 10.0).is_empty());
    }

    #[test]
    fn one_lucky_use_does_not_come_before_many_good_ones() {
        let mut leads = vec![lead(1, &[(0.0, Some(1), true)])];
        for at in 0..60 {
            leads.push(lead(1, &[(0.0, Some(2), at % 2 == 0)]));
            leads.push(lead(1, &[(0.0, Some(3), at % 20 == 0)]));
        }
        let order: Vec<i64> = resonances(&leads, 100.0)
            .iter()
            .map(|one| one.asset)
            .collect();
        assert_eq!(order.last(), Some(&3));
        assert_eq!(order.len(), 3);
    }
}
