//! The points of a lead's score: what it is, and what it did of late (section 6.1).

use super::profile::Profile;
use super::wait::Urgency;
use crate::value::Instant;
use crate::words;

/// After so many days behaviour counts half.
pub const HALF_LIFE_DAYS: f64 = 14.0;
/// Of each behaviour rule so many of the newest events count.
pub const NEWEST_COUNTED: usize = 5;
pub const SCORE_MOST: f64 = 100.0;
/// The most points that one rule may give or take.
pub const POINTS_MOST: f64 = 100.0;

const DAY_S: f64 = 86_400.0;

words! {
    /// What a fit rule looks at.
    pub enum Field {
        Country = "country", Region = "region", PostCode = "post_code", Employees = "employees", Segment = "segment",
        Title = "title", Source = "source", Campaign = "campaign", Urgency = "urgency",
    }
}

impl Field {
    pub fn label(self) -> &'static str {
        match self {
            Field::Country => "Country",
            Field::Region => "Region",
            Field::PostCode => "Post code",
            Field::Employees => "Employees",
            Field::Segment => "Segment",
            Field::Title => "Job title",
            Field::Source => "Source",
            Field::Campaign => "Campaign",
            Field::Urgency => "Urgency",
        }
    }
}

words! {
    /// How a fit rule compares.
    pub enum Comparison {
        Is = "is", IsNot = "is_not", Contains = "contains", Begins = "begins", AtLeast = "at_least", AtMost = "at_most",
    }
}

impl Comparison {
    pub fn label(self) -> &'static str {
        match self {
            Comparison::Is => "is",
            Comparison::IsNot => "is not",
            Comparison::Contains => "contains",
            Comparison::Begins => "begins with",
            Comparison::AtLeast => "is at least",
            Comparison::AtMost => "is at most",
        }
    }
}

/// Points for what a lead is; they may be negative. What is not known of a lead fits no rule.
#[derive(Debug, Clone, PartialEq)]
pub struct FitRule {
    pub field: Field,
    pub comparison: Comparison,
    pub value: String,
    pub points: f64,
}

/// Points for each signal of a kind when it is new.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BehaviourRule {
    pub kind_id: i64,
    pub points: f64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// A lead whose score is at least this may be handed over; below it waits in nurture.
    pub line: f64,
    pub fit: Vec<FitRule>,
    pub behaviour: Vec<BehaviourRule>,
}

/// What fit rules know of a lead; empty for what is not known.
#[derive(Debug, Clone, Copy)]
pub struct Traits<'a> {
    pub profile: &'a Profile,
    pub title: &'a str,
    pub source: &'a str,
    pub campaign: &'a str,
    pub urgency: Urgency,
}

/// Something that a lead did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    pub kind_id: i64,
    pub at: Instant,
}

/// A signal that counts: by the place of its rule and its own place among the signals, with what is left of its points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    pub rule: usize,
    pub signal: usize,
    pub age_days: f64,
    pub points: f64,
}

/// A score with all its reasons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scored {
    /// The fit rules that match, by place, with their points.
    pub fit: Vec<(usize, f64)>,
    pub behaviour: Vec<Counted>,
}

impl Scored {
    /// Whether no rule knows anything of the lead.
    pub fn is_empty(&self) -> bool {
        self.fit.is_empty() && self.behaviour.is_empty()
    }

    pub fn fit_points(&self) -> f64 {
        self.fit.iter().map(|(_, points)| points).sum()
    }

    pub fn behaviour_points(&self) -> f64 {
        self.behaviour.iter().map(|counted| counted.points).sum()
    }

    /// 0 to 100.
    pub fn total(&self) -> f64 {
        total(self.fit_points(), self.behaviour_points())
    }
}

/// The two parts together, 0 to 100.
pub fn total(fit: f64, behaviour: f64) -> f64 {
    (fit + behaviour).clamp(0.0, SCORE_MOST)
}

/// What is left of an event's points after so many days.
pub fn decayed(points: f64, age_days: f64) -> f64 {
    points * 0.5_f64.powf(age_days / HALF_LIFE_DAYS)
}

impl Rules {
    /// The score as of `now`; signals after it have not happened yet.
    pub fn score(&self, traits: &Traits, signals: &[Happened], now: Instant) -> Scored {
        let fit = self.fit.iter().enumerate();
        let fit = fit.filter(|(_, rule)| rule.matches(traits));
        let behaviour = self.behaviour.iter().enumerate();
        Scored {
            fit: fit.map(|(place, rule)| (place, rule.points)).collect(),
            behaviour: behaviour
                .flat_map(|(place, rule)| counted(place, rule, signals, now))
                .collect(),
        }
    }

    pub fn is_above(&self, score: Option<f64>) -> bool {
        score.is_some_and(|score| score >= self.line)
    }
}

/// The newest signals of a rule, newest first.
fn counted(
    place: usize,
    rule: &BehaviourRule,
    signals: &[Happened],
    now: Instant,
) -> impl Iterator<Item = Counted> + use<> {
    let theirs = signals.iter().enumerate();
    let theirs = theirs.filter(|(_, s)| s.kind_id == rule.kind_id && s.at <= now);
    let mut theirs: Vec<(usize, Instant)> = theirs.map(|(index, s)| (index, s.at)).collect();
    theirs.sort_by_key(|(index, at)| (std::cmp::Reverse(*at), *index));
    theirs.truncate(NEWEST_COUNTED);
    let full = rule.points;
    theirs.into_iter().map(move |(signal, at)| {
        let age_days = now.seconds_since(at) / DAY_S;
        Counted {
            rule: place,
            signal,
            age_days,
            points: decayed(full, age_days),
        }
    })
}

impl FitRule {
    /// Which field is wrong, and what it should be: `comparison`, `value` or `points`.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        use Comparison::{AtLeast, AtMost, Is, IsNot};
        if !(-POINTS_MOST..=POINTS_MOST).contains(&self.points) {
            return Some(("points", "Enter points from -100 to 100."));
        }
        match self.field {
            Field::Employees if !matches!(self.comparison, Is | IsNot | AtLeast | AtMost) => {
                Some((
                    "comparison",
                    "Employees are a number: choose is, is not, is at least or is at most.",
                ))
            }
            Field::Employees if self.value.parse::<u32>().is_err() => {
                Some(("value", "Enter a whole number of people."))
            }
            Field::Employees => None,
            _ if matches!(self.comparison, AtLeast | AtMost) => Some((
                "comparison",
                "Only employees are a number: choose is, is not, contains or begins with.",
            )),
            Field::Urgency if Urgency::from_word(&plain(&self.value)).is_none() => {
                Some(("value", "Enter hot, warm, content or referral."))
            }
            _ if plain(&self.value).is_empty() => Some(("value", "Enter what to look for.")),
            _ => None,
        }
    }

    /// Whether it compares with the whole of a name, and not with a part of it.
    pub fn names(&self, name: &str) -> bool {
        let is_whole = matches!(self.comparison, Comparison::Is | Comparison::IsNot);
        is_whole && self.read(&self.value) == self.read(name)
    }

    pub fn matches(&self, traits: &Traits) -> bool {
        if self.field == Field::Employees {
            let asked: Option<u32> = self.value.parse().ok();
            let known = traits.profile.employees.zip(asked);
            return known.is_some_and(|(known, asked)| match self.comparison {
                Comparison::Is => known == asked,
                Comparison::IsNot => known != asked,
                Comparison::AtLeast => known >= asked,
                Comparison::AtMost => known <= asked,
                Comparison::Contains | Comparison::Begins => false,
            });
        }
        let known = self.read(self.known(traits));
        let asked = self.read(&self.value);
        !known.is_empty()
            && match self.comparison {
                Comparison::Is => known == asked,
                Comparison::IsNot => known != asked,
                Comparison::Contains => known.contains(&asked),
                Comparison::Begins => known.starts_with(&asked),
                Comparison::AtLeast | Comparison::AtMost => false,
            }
    }

    fn known<'a>(&self, traits: &Traits<'a>) -> &'a str {
        match self.field {
            Field::Country => &traits.profile.country,
            Field::Region => &traits.profile.region,
            Field::PostCode => &traits.profile.post_code,
            Field::Segment => &traits.profile.segment,
            Field::Title => traits.title,
            Field::Source => traits.source,
            Field::Campaign => traits.campaign,
            Field::Urgency => traits.urgency.word(),
            Field::Employees => "",
        }
    }

    /// Without regard to case; a country and a post code without regard to spaces too.
    fn read(&self, text: &str) -> String {
        match self.field {
            Field::Country | Field::PostCode => plain(text).replace(' ', ""),
            _ => plain(text),
        }
    }
}

fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(field: Field, comparison: Comparison, value: &str) -> FitRule {
        FitRule {
            field,
            comparison,
            value: value.to_owned(),
            points: 10.0,
        }
    }

    fn traits(profile: &Profile) -> Traits<'_> {
        Traits {
            profile,
            title: "Head of  Operations",
            source: "Webinar",
            campaign: "",
            urgency: Urgency::Hot,
        }
    }

    #[test]
    fn a_fit_rule_matches_what_is_known_and_never_what_is_not() {
        use Comparison::*;
        let profile = Profile {
            country: "Germany".to_owned(),
            post_code: "10 115".to_owned(),
            employees: Some(250),
            ..Profile::default()
        };
        for (field, comparison, value, fits) in [
            (Field::Country, Is, "germany", true),
            (Field::Country, IsNot, "Austria", true),
            (Field::Country, Is, "Austria", false),
            (Field::PostCode, Begins, "101", true),
            (Field::Title, Contains, "head of operations", true),
            (Field::Title, Begins, "operations", false),
            (Field::Source, Is, " WEBINAR ", true),
            (Field::Urgency, Is, "Hot", true),
            (Field::Employees, AtLeast, "250", true),
            (Field::Employees, AtMost, "249", false),
            (Field::Employees, IsNot, "10", true),
            (Field::Region, Is, "", false),
            (Field::Region, IsNot, "Bavaria", false),
            (Field::Campaign, IsNot, "Spring", false),
        ] {
            let rule = rule(field, comparison, value);
            assert_eq!(rule.matches(&traits(&profile)), fits, "{rule:?}");
        }
        let nothing = Profile::default();
        assert!(!rule(Field::Employees, AtMost, "10").matches(&traits(&nothing)));
    }

    #[test]
    fn a_rule_that_makes_no_sense_says_which_field_is_wrong() {
        use Comparison::*;
        for (field, comparison, value, fault) in [
            (Field::Employees, Contains, "5", Some("comparison")),
            (Field::Employees, AtLeast, "many", Some("value")),
            (Field::Country, AtMost, "5", Some("comparison")),
            (Field::Urgency, Is, "boiling", Some("value")),
            (Field::Title, Contains, " ", Some("value")),
            (Field::Title, Contains, "head", None),
            (Field::Employees, AtLeast, "5", None),
        ] {
            let found = rule(field, comparison, value).fault();
            assert_eq!(found.map(|(name, _)| name), fault);
        }
        let heavy = FitRule {
            points: f64::NAN,
            ..rule(Field::Title, Is, "x")
        };
        assert_eq!(heavy.fault().map(|(name, _)| name), Some("points"));
    }

    #[test]
    fn the_five_newest_signals_of_a_rule_count_and_none_that_lies_ahead() {
        let now = Instant(0).plus_seconds(100 * 86_400);
        let rules = Rules {
            line: 50.0,
            fit: Vec::new(),
            behaviour: vec![BehaviourRule {
                kind_id: 4,
                points: 8.0,
            }],
        };
        let at = |days: i64, kind_id| Happened {
            kind_id,
            at: now.plus_seconds(-days * 86_400),
        };
        let mut signals: Vec<Happened> = (0..7).map(|n| at(14 * n, 4)).collect();
        signals.push(at(-1, 4));
        signals.push(at(0, 3));
        let profile = Profile::default();
        let scored = rules.score(&traits(&profile), &signals, now);
        let points: Vec<f64> = scored.behaviour.iter().map(|c| c.points).collect();
        assert_eq!(points, [8.0, 4.0, 2.0, 1.0, 0.5]);
        assert_eq!((scored.total(), scored.fit_points()), (15.5, 0.0));
    }

    #[test]
    fn a_score_lies_between_0_and_100_and_reaches_the_line_at_the_line() {
        assert_eq!(total(-30.0, 10.0), 0.0);
        assert_eq!(total(90.0, 40.0), 100.0);
        let rules = Rules {
            line: 50.0,
            ..Rules::default()
        };
        assert!(rules.is_above(Some(50.0)));
        assert!(!rules.is_above(Some(49.9)) && !rules.is_above(None));
    }
}
