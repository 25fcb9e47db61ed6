//! Whether content resonates: leads that got it beside comparable ones that did not (section 7).

use super::rates::{Difference, Prior, Rate, newcombe};
use super::technique::{Stratum, mantel_haenszel};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// With it, and without; and how much more with it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Beside {
    pub with: Rate,
    pub without: Rate,
    /// Of leads of one source at one number of attempts Newcombe's; of several such strata weighed over them.
    pub difference: Option<Difference>,
}

/// How a lead stands to an asset at one of its attempts: as one that got it, or as a comparable one that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    pub got_it: bool,
    pub source: Option<i64>,
    /// How many attempts came before.
    pub before: usize,
    /// Whether a reply came in time, and a meeting; `None` where that time is not over.
    pub reply: Option<bool>,
    pub meeting: Option<bool>,
}

impl Beside {
    /// Of leads by how they stand, and whether it came.
    pub fn of<'s>(leads: impl Iterator<Item = (&'s Stands, Option<bool>)>) -> Beside {
        let mut strata: BTreeMap<(Option<i64>, usize), Stratum> = BTreeMap::new();
        for (stands, came) in leads {
            let Some(came) = came else { continue };
            let stratum = strata.entry((stands.source, stands.before)).or_default();
            let rate = match stands.got_it {
                true => &mut stratum.these,
                false => &mut stratum.others,
            };
            rate.n += 1;
            rate.k += u64::from(came);
        }
        let strata: Vec<Stratum> = strata.into_values().collect();
        let sum = |side: fn(&Stratum) -> Rate| {
            let rates = strata.iter().map(side);
            rates.fold(Rate::default(), |sum, rate| Rate {
                k: sum.k + rate.k,
                n: sum.n + rate.n,
            })
        };
        let (with, without) = (sum(|s| s.these), sum(|s| s.others));
        Beside {
            with,
            without,
            difference: match strata.len() {
                0 | 1 => newcombe(with, without),
                _ => mantel_haenszel(&strata),
            },
        }
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

fn resonance(leads: &[Lead], asset: i64, as_of: f64) -> Resonance {
    let all = stand(leads, asset, as_of);
    let known = || all.iter().flatten();
    Resonance {
        asset,
        leads: known().filter(|lead| lead.got_it).count() as u64,
        reply: Beside::of(known().map(|lead| (lead, lead.reply))),
        meeting: Beside::of(known().map(|lead| (lead, lead.meeting))),
    }
}

/// How each lead stands to an asset; nothing for those that neither got it nor are comparable. A lead that got it stands
/// where it first did, by its source and the number of attempts before. One that got none of it stands beside those of
/// its source, once at each such number that it came to.
pub fn stand(leads: &[Lead], asset: i64, as_of: f64) -> Vec<Vec<Stands>> {
    let got_it = |lead: &Lead| {
        let mut touches = lead.touches.iter();
        touches.position(|touch| touch.asset == Some(asset))
    };
    // The numbers of attempts after which leads of a source first got it.
    let mut when: HashMap<Option<i64>, BTreeSet<usize>> = HashMap::new();
    for lead in leads {
        if let Some(at) = got_it(lead) {
            when.entry(lead.source)
                .or_default()
                .insert(lead.attempts_before(at));
        }
    }
    let stands = |lead: &Lead, at: usize, got_it: bool| Stands {
        got_it,
        source: lead.source,
        before: lead.attempts_before(at),
        reply: lead.came(at, REPLY_DAYS, as_of, |touch| touch.is_reached),
        meeting: lead.came(at, MEETING_DAYS, as_of, |touch| touch.is_meeting),
    };
    let all = |lead: &Lead| {
        if let Some(at) = got_it(lead) {
            return vec![stands(lead, at, true)];
        }
        let touches = lead.touches.iter().enumerate();
        let attempts = touches.filter(|(_, touch)| touch.is_attempt).enumerate();
        let numbers = when.get(&lead.source);
        let comparable =
            attempts.filter(|(number, _)| numbers.is_some_and(|numbers| numbers.contains(number)));
        comparable
            .map(|(_, (at, _))| stands(lead, at, false))
            .collect()
    };
    leads.iter().map(all).collect()
}

impl Lead {
    fn attempts_before(&self, at: usize) -> usize {
        self.touches[..at]
            .iter()
            .filter(|touch| touch.is_attempt)
            .count()
    }

    /// Whether it came with the touch at a place or within so many days of it; `None` where that time is not over.
    fn came(&self, at: usize, days: f64, as_of: f64, is_it: fn(&Touch) -> bool) -> Option<bool> {
        let from = self.touches[at].day;
        let mut later = self.touches[at..].iter();
        let came = later.any(|touch| is_it(touch) && touch.day <= from + days);
        (as_of >= from + days).then_some(came)
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
    fn a_later_attempt_is_compared_with_later_attempts() {
        // First attempts get a reply, second ones none. Ten leads got it at the first, ten at the second attempt.
        let first = lead(1, &[(0.0, Some(7), true)]);
        let second = lead(1, &[(0.0, None, false), (20.0, Some(7), false)]);
        let without = lead(1, &[(0.0, None, true), (20.0, None, false)]);
        let mut leads = vec![first; 10];
        leads.extend(vec![second; 10]);
        leads.extend(vec![without; 10]);
        let reply = resonances(&leads, 100.0)[0].reply;
        assert_eq!(
            (reply.with, reply.without),
            (Rate { k: 10, n: 20 }, Rate { k: 10, n: 20 })
        );
        // At each attempt as many reply with it as without.
        assert!(reply.difference.unwrap().value.abs() < 1e-12);
        leads.extend(vec![lead(1, &[(0.0, None, true)]); 60]);
        let more = resonances(&leads, 100.0)[0].reply;
        assert_eq!(more.without, Rate { k: 70, n: 80 });
        assert!(more.difference.unwrap().value.abs() < 1e-12);
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
