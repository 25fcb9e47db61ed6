//! The weighted score of a person's day (section 4.2): effort times quality, with little to gain
//! from doing the same thing to the same lead twice, or from a blast of e-mails.

use crate::words;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

words! {
    /// What came of an activity, as far as the score cares.
    pub enum Quality {
        /// Never arrived: the outcomes *Bounced* and *Not delivered*.
        Bounced = "bounced",
        /// Any other outcome, or none.
        Logged = "logged",
        /// An outcome of the class *reached*.
        Connected = "connected",
    }
}

impl Quality {
    pub fn factor(self) -> f64 {
        match self {
            Quality::Bounced => 0.0,
            Quality::Logged => 1.0,
            Quality::Connected => 2.0,
        }
    }
}

/// One activity, or a count of them without a lead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry<'a> {
    /// The stored local day.
    pub day: NaiveDate,
    /// The kind's name; a kind is the score's channel.
    pub kind: &'a str,
    pub lead: Option<i64>,
    pub quality: Quality,
    pub quantity: u32,
}

/// What one activity of a kind is worth, and how many of them count on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channel {
    pub weight: f64,
    pub daily_cap: Option<u32>,
}

impl Channel {
    /// The default worth of a kind by its name. A text is worth what an e-mail is, a visit what a
    /// call is; a kind that an admin made is worth 1.
    pub fn of(kind: &str) -> Channel {
        let (weight, daily_cap) = match kind.to_lowercase().as_str() {
            "call" | "visit" => (2.0, None),
            "e-mail" | "email" => (1.0, Some(15)),
            "social touch" | "social" => (1.0, Some(10)),
            "meeting held" | "meeting" => (10.0, None),
            _ => (1.0, None),
        };
        Channel { weight, daily_cap }
    }
}

words! {
    /// Why an entry scores what it scores.
    pub enum Fate {
        /// All of it counts.
        Counted = "counted",
        /// The lead was touched by the same kind on that day already.
        Repeat = "repeat",
        /// The day's number of the kind was reached: a part of it counts, or nothing.
        Capped = "capped",
        NotArrived = "not_arrived",
    }
}

/// What one entry scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// How many of its quantity count.
    pub counts: u32,
    /// What its kind was worth on that day.
    pub weight: f64,
    pub points: f64,
    pub fate: Fate,
}

/// What each of one person's prospecting activities scores, given in the order in which they happened, over any
/// days; `channel` says what a kind is worth on a day.
///
/// A lead counts once for each kind and day: the first entry that arrived, and a repeat scores
/// nothing. Entries without a lead count by quantity. A cap takes the day's first ones. What never
/// arrived scores nothing, and neither uses up the lead nor the cap.
pub fn lines<'a>(
    entries: impl IntoIterator<Item = Entry<'a>>,
    channel: impl Fn(&str, NaiveDate) -> Channel,
) -> Vec<Line> {
    let mut touched: HashSet<(NaiveDate, &str, i64)> = HashSet::new();
    let mut counted: HashMap<(NaiveDate, &str), u32> = HashMap::new();
    let mut line = |entry: Entry<'a>| {
        let Channel { weight, daily_cap } = channel(entry.kind, entry.day);
        let nothing = |fate| Line {
            counts: 0,
            weight,
            points: 0.0,
            fate,
        };
        if entry.quality == Quality::Bounced {
            return nothing(Fate::NotArrived);
        }
        let quantity = match entry.lead {
            Some(lead) if touched.insert((entry.day, entry.kind, lead)) => 1,
            Some(_) => return nothing(Fate::Repeat),
            None => entry.quantity,
        };
        let so_far = counted.entry((entry.day, entry.kind)).or_default();
        let left = daily_cap.map_or(u32::MAX, |cap| cap.saturating_sub(*so_far));
        let counts = quantity.min(left);
        if daily_cap.is_some() {
            *so_far += counts;
        }
        Line {
            counts,
            weight,
            points: weight * entry.quality.factor() * f64::from(counts),
            fate: match counts < quantity {
                true => Fate::Capped,
                false => Fate::Counted,
            },
        }
    };
    entries.into_iter().map(&mut line).collect()
}

/// The points of [`lines`] together.
pub fn points<'a>(
    entries: impl IntoIterator<Item = Entry<'a>>,
    channel: impl Fn(&str, NaiveDate) -> Channel,
) -> f64 {
    let lines = lines(entries, channel);
    lines.iter().fold(0.0, |sum, line| sum + line.points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> f64 {
        super::points(entries, |kind, _| Channel::of(kind))
    }

    fn entry(kind: &str, lead: Option<i64>, quality: Quality, quantity: u32) -> Entry<'_> {
        let day = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
        Entry {
            day,
            kind,
            lead,
            quality,
            quantity,
        }
    }

    #[test]
    fn the_same_lead_counts_again_on_another_day_or_by_another_kind() {
        let call = entry("Call", Some(1), Quality::Logged, 1);
        let tomorrow = Entry {
            day: call.day.succ_opt().unwrap(),
            ..call
        };
        assert_eq!(points([call, call]), 2.0);
        assert_eq!(points([call, tomorrow]), 4.0);
        assert_eq!(
            points([call, entry("Visit", Some(1), Quality::Connected, 1)]),
            6.0
        );
    }

    #[test]
    fn a_count_without_a_lead_scores_each_up_to_the_cap_of_the_day() {
        assert_eq!(points([entry("Call", None, Quality::Logged, 12)]), 24.0);
        let social = entry("Social touch", None, Quality::Logged, 8);
        assert_eq!(points([social, social]), 10.0);
    }

    #[test]
    fn what_never_arrived_takes_nothing_from_what_did() {
        let bounced = entry("E-mail", Some(1), Quality::Bounced, 1);
        let sent = entry("E-mail", Some(1), Quality::Logged, 1);
        let bulk = entry("E-mail", None, Quality::Bounced, 100);
        assert_eq!(points([bounced, bulk, sent]), 1.0);
    }

    #[test]
    fn each_day_is_weighed_by_what_held_on_it() {
        let social = entry("Social touch", None, Quality::Logged, 12);
        let tomorrow = Entry {
            day: social.day.succ_opt().unwrap(),
            ..social
        };
        let channel = |_: &str, day| match day == social.day {
            true => Channel::of("Social touch"),
            false => Channel {
                weight: 0.5,
                daily_cap: Some(4),
            },
        };
        assert_eq!(super::points([social, tomorrow], channel), 10.0 + 2.0);
    }

    #[test]
    fn enormous_counts_are_only_numbers() {
        let huge = entry("Call", None, Quality::Connected, u32::MAX);
        assert_eq!(points([huge, huge]), 8.0 * f64::from(u32::MAX));
    }

    #[test]
    fn each_line_says_why_it_scores_what_it_does() {
        let mail = |lead, quality, quantity| entry("E-mail", lead, quality, quantity);
        let lines = lines(
            [
                mail(Some(1), Quality::Bounced, 1),
                mail(Some(1), Quality::Logged, 1),
                mail(Some(1), Quality::Logged, 1),
                mail(None, Quality::Logged, 20),
                mail(Some(2), Quality::Connected, 1),
            ],
            |kind, _| Channel::of(kind),
        );
        let told: Vec<_> = lines.iter().map(|l| (l.counts, l.points, l.fate)).collect();
        let wanted = [
            (0, 0.0, Fate::NotArrived),
            (1, 1.0, Fate::Counted),
            (0, 0.0, Fate::Repeat),
            (14, 14.0, Fate::Capped),
            (0, 0.0, Fate::Capped),
        ];
        assert_eq!(told, wanted);
    }
}
