//! What can be counted and be a target (section 0).

use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// All prospecting activities.
    Activities,
    /// Activities with a *reached* outcome.
    Reached,
    /// Distinct leads with a *reached* outcome.
    LeadsReached,
    MeetingsBooked,
    /// The weighted score.
    Score,
    /// Activities of the kind of this name.
    Kind(String),
}

/// A metric that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMetric(pub String);

impl Metric {
    /// Every metric but those of a kind.
    pub const GENERAL: [Metric; 5] = [
        Metric::Activities,
        Metric::Reached,
        Metric::LeadsReached,
        Metric::MeetingsBooked,
        Metric::Score,
    ];

    /// The metric in words: "Leads reached", or the name of the kind.
    pub fn label(&self) -> &str {
        match self {
            Metric::Activities => "Activities",
            Metric::Reached => "Reached",
            Metric::LeadsReached => "Leads reached",
            Metric::MeetingsBooked => "Meetings booked",
            Metric::Score => "Score",
            Metric::Kind(name) => name,
        }
    }

    /// The metric of a label; what is none of the general ones is a kind.
    pub fn of_label(label: &str) -> Metric {
        let mut general = Metric::GENERAL.into_iter();
        let found = general.find(|metric| metric.label() == label);
        found.unwrap_or_else(|| Metric::Kind(label.to_owned()))
    }

    /// Why an entry that it does not count is left out; the entry has a lead or not, and reached somebody or not.
    pub fn why_not(&self, has_lead: bool, is_reached: bool) -> &'static str {
        match self {
            Metric::LeadsReached if !has_lead => "without a lead",
            Metric::Reached | Metric::LeadsReached if !is_reached => "reached nobody",
            Metric::MeetingsBooked => "no meeting was booked",
            Metric::Kind(_) => "another kind",
            _ => "its kind does not count as prospecting",
        }
    }
}

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(text: &str) -> Result<Metric, UnknownMetric> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix("kind:").map(str::trim)
            && !name.is_empty()
        {
            return Ok(Metric::Kind(name.to_string()));
        }
        Metric::GENERAL
            .into_iter()
            .find(|metric| metric.to_string() == text)
            .ok_or_else(|| UnknownMetric(text.to_string()))
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Activities => f.write_str("activities"),
            Metric::Reached => f.write_str("reached"),
            Metric::LeadsReached => f.write_str("leads_reached"),
            Metric::MeetingsBooked => f.write_str("meetings_booked"),
            Metric::Score => f.write_str("score"),
            Metric::Kind(name) => write!(f, "kind:{name}"),
        }
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for UnknownMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a metric; use activities, reached, leads_reached, meetings_booked, score or kind:NAME",
            self.0
        )
    }
}

impl std::error::Error for UnknownMetric {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_read_as_it_is_written() {
        for metric in Metric::GENERAL
            .into_iter()
            .chain([Metric::Kind("Social touch".into())])
        {
            assert_eq!(metric.to_string().parse(), Ok(metric));
        }
        for text in ["", "kind:", "kind: ", "Activities", "calls"] {
            let error = text.parse::<Metric>().unwrap_err();
            assert!(error.to_string().ends_with("score or kind:NAME"));
        }
    }
}
