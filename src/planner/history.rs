//! What became of the prospects that people worked. Pure.

use super::store::{Pair, Worked};
use crate::rules::day;
use crate::rules::plan::Lag;
use crate::rules::rates::Rate;
use crate::rules::survival::{End, Obs};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Prospects have matured after so many days where too few outcomes tell how late they land.
const MATURED_AFTER_DAYS: i64 = 60;
/// Own touches a prospect are told by so many prospects; else the team's are taken.
const LEAST_PROSPECTS: usize = 30;

/// A person's expected days from a first one on, so that those between two days are two look-ups.
#[derive(Debug, Clone)]
pub struct WorkDays {
    from: NaiveDate,
    before: Vec<f64>,
}

impl WorkDays {
    /// `fraction` is f(d) of the days from `from` to `to`, both included.
    pub fn new(from: NaiveDate, to: NaiveDate, fraction: impl Fn(NaiveDate) -> f64) -> WorkDays {
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for day in from.iter_days().take_while(|day| *day <= to) {
            sum += fraction(day);
            before.push(sum);
        }
        WorkDays { from, before }
    }

    fn until(&self, day: NaiveDate) -> f64 {
        let days = (day - self.from).num_days() + 1;
        let place = usize::try_from(days).unwrap_or(0);
        self.before[place.min(self.before.len() - 1)]
    }

    /// The expected days after `from` up to `to`: 0 on the same day.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> f64 {
        (self.until(to) - self.until(from)).max(0.0)
    }
}

/// One prospect, and what became of it: days are the person's own.
#[derive(Debug, Clone, Copy)]
pub struct Prospect {
    pub worked: Worked,
    /// The first meeting booked on or after the first touch.
    pub met_on: Option<NaiveDate>,
    pub won_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
}

impl Prospect {
    /// When what the goal is about came of it, as [`Counts`] count it: a win without a meeting is one of either.
    pub fn outcome(&self, is_wins: bool) -> Option<NaiveDate> {
        match is_wins {
            true => self.won_on,
            false => self.met_on.or(self.won_on),
        }
    }

    fn obs(&self, is_wins: bool, today: NaiveDate, days: &WorkDays) -> Obs {
        let first = self.worked.first_day;
        // An outcome that came after a closing came all the same, late as it was.
        let (until, end) = match (self.outcome(is_wins), self.closed_on) {
            (Some(day), _) => (day, End::Event),
            (None, Some(closed)) => (closed, End::Closed),
            (None, None) => (today, End::Open),
        };
        Obs {
            t_s: days.between(first, until),
            end,
        }
    }

    /// Whether something may still come of it.
    fn is_in_flight(&self, is_wins: bool) -> bool {
        self.outcome(is_wins).is_none() && self.closed_on.is_none()
    }
}

/// The prospects of the asker and their team.
pub struct History {
    pub me: i64,
    pub today: NaiveDate,
    pub is_wins: bool,
    pub prospects: Vec<Prospect>,
    pub days: HashMap<i64, WorkDays>,
}

/// What a plan rests on.
#[derive(Debug, Clone)]
pub struct Learnt {
    pub lag: Option<Lag>,
    /// Of each person, own first: outcomes of matured prospects.
    pub own: Counts,
    pub team: Vec<Counts>,
    /// How many working days ago those in flight were first worked.
    pub in_flight: Vec<f64>,
    /// Touches a prospect, and whether they are one's own.
    pub touches: Option<(f64, bool)>,
    /// The most prospects first worked in a week, and whose week it is.
    pub best_week: Option<(u64, i64, NaiveDate)>,
    /// One's own prospects not counted since outcomes may still land.
    pub maturing: u64,
}

/// Matured prospects of one person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub prospects: u64,
    pub touches: u64,
    /// Met, or won without a meeting.
    pub met: u64,
    pub won: u64,
}

impl Counts {
    pub fn met_of_prospects(self) -> Rate {
        rate(self.met, self.prospects)
    }

    /// Several meetings never come of one touch.
    pub fn met_of_touches(self) -> Rate {
        rate(self.met, self.touches)
    }

    pub fn won_of_met(self) -> Rate {
        rate(self.won, self.met)
    }
}

fn rate(k: u64, n: u64) -> Rate {
    Rate { k, n: n.max(k) }
}

impl History {
    pub fn learn(&self) -> Learnt {
        let obs = self.prospects.iter().filter_map(|prospect| {
            let days = self.days.get(&prospect.worked.pair.person_id)?;
            Some(prospect.obs(self.is_wins, self.today, days))
        });
        let lag = Lag::of(&obs.collect::<Vec<_>>());
        let mut counts: HashMap<i64, Counts> = HashMap::new();
        let mut maturing = 0;
        for prospect in &self.prospects {
            let person = prospect.worked.pair.person_id;
            if self.has_matured(prospect, lag.as_ref()) {
                counts.entry(person).or_default().add(prospect);
            } else if person == self.me {
                maturing += 1;
            }
        }
        let own = counts.remove(&self.me).unwrap_or_default();
        let mine = self.prospects.iter().filter(|p| self.is_mine(p));
        let flying = mine.clone().filter(|p| p.is_in_flight(self.is_wins));
        Learnt {
            in_flight: flying.filter_map(|p| self.age(p)).collect(),
            touches: self.touches(),
            best_week: self.best_week(),
            maturing,
            team: counts.into_values().collect(),
            own,
            lag,
        }
    }

    pub fn is_mine(&self, prospect: &Prospect) -> bool {
        prospect.worked.pair.person_id == self.me
    }

    fn age(&self, prospect: &Prospect) -> Option<f64> {
        let days = self.days.get(&prospect.worked.pair.person_id)?;
        Some(days.between(prospect.worked.first_day, self.today))
    }

    pub fn has_matured(&self, prospect: &Prospect, lag: Option<&Lag>) -> bool {
        match lag {
            Some(lag) => self
                .age(prospect)
                .is_some_and(|age| age >= lag.matured_days()),
            None => (self.today - prospect.worked.first_day).num_days() >= MATURED_AFTER_DAYS,
        }
    }

    fn touches(&self) -> Option<(f64, bool)> {
        let mean = |prospects: &[&Prospect]| {
            let sum: u64 = prospects.iter().map(|p| p.worked.touches).sum();
            (!prospects.is_empty()).then(|| sum as f64 / prospects.len() as f64)
        };
        let own: Vec<&Prospect> = self.prospects.iter().filter(|p| self.is_mine(p)).collect();
        if own.len() >= LEAST_PROSPECTS {
            return mean(&own).map(|touches| (touches, true));
        }
        let all: Vec<&Prospect> = self.prospects.iter().collect();
        mean(&all).map(|touches| (touches, all.len() == own.len()))
    }

    /// One's own best week, or where one has none yet, the team's.
    fn best_week(&self) -> Option<(u64, i64, NaiveDate)> {
        let mut weeks: HashMap<(i64, NaiveDate), u64> = HashMap::new();
        for Prospect { worked, .. } in &self.prospects {
            let week = day::week_of(worked.first_day);
            *weeks.entry((worked.pair.person_id, week)).or_default() += 1;
        }
        let best = weeks
            .into_iter()
            .max_by_key(|((person, week), count)| (*person == self.me, *count, *week, *person));
        best.map(|((person, week), count)| (count, person, week))
    }

    /// Own prospects first worked from a day on, to today.
    pub fn own_since(&self, from: NaiveDate) -> u64 {
        let mine = self.prospects.iter().filter(|p| self.is_mine(p));
        mine.filter(|p| p.worked.first_day >= from).count() as u64
    }
}

impl Counts {
    fn add(&mut self, prospect: &Prospect) {
        self.prospects += 1;
        self.touches += prospect.worked.touches;
        self.met += u64::from(prospect.met_on.is_some() || prospect.won_on.is_some());
        self.won += u64::from(prospect.won_on.is_some());
    }
}

/// Puts together what the queries read; `day_of` is a person's day of something that happened on a lead.
pub fn prospects(
    worked: Vec<Worked>,
    meetings: &HashMap<Pair, NaiveDate>,
    wins: &HashMap<Pair, Vec<NaiveDate>>,
    closed_on: impl Fn(&Worked) -> Option<NaiveDate>,
) -> Vec<Prospect> {
    let prospect = |worked: Worked| {
        let not_before = |day: &NaiveDate| *day >= worked.first_day;
        let won = wins.get(&worked.pair).into_iter().flatten().copied();
        Prospect {
            met_on: meetings.get(&worked.pair).copied().filter(not_before),
            won_on: won.filter(not_before).min(),
            closed_on: closed_on(&worked),
            worked,
        }
    };
    worked.into_iter().map(prospect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
    }

    /// Worked on 2 March; on which days of March it was met, won and closed.
    fn prospect(met: Option<u32>, won: Option<u32>, closed: Option<u32>) -> Prospect {
        let pair = Pair {
            person_id: 1,
            lead_id: 1,
        };
        Prospect {
            worked: Worked {
                pair,
                first_day: day(2),
                touches: 1,
            },
            met_on: met.map(day),
            won_on: won.map(day),
            closed_on: closed.map(day),
        }
    }

    #[test]
    fn how_late_outcomes_land_is_told_of_all_that_the_rates_count() {
        let days = WorkDays::new(day(1), day(31), |_| 1.0);
        for (met, won, closed, landed) in [
            (Some(6), None, None, Some(4.0)),
            // Closed, and worked again: it was met all the same.
            (Some(12), None, Some(4), Some(10.0)),
            (None, Some(9), None, Some(7.0)),
            (None, None, Some(4), None),
            (None, None, None, None),
        ] {
            let prospect = prospect(met, won, closed);
            let mut counts = Counts::default();
            counts.add(&prospect);
            let obs = prospect.obs(false, day(31), &days);
            let is_event = matches!(obs.end, End::Event);
            assert_eq!(counts.met, u64::from(is_event), "{prospect:?}");
            assert_eq!(is_event.then_some(obs.t_s), landed, "{prospect:?}");
            assert_eq!(prospect.outcome(false).is_some(), is_event);
        }
    }
}
