//! What may be written down about a lead by hand, and when (PRODUCT.md 5).

use super::level::ServiceLevel;
use super::stage::{EventKind, Stage};
use super::wait::Urgency;

/// What people write down by hand; activities make the other moves.
pub const BY_HAND: &[EventKind] = &[
    EventKind::Accepted,
    EventKind::Rejected,
    EventKind::Qualified,
    EventKind::Opportunity,
    EventKind::Won,
    EventKind::Lost,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Duplicate,
];

/// Asks for the least attempts.
pub const UNABLE_TO_REACH: &str = "Unable to reach";
/// Asks for a day to come back.
pub const BAD_TIMING: &str = "Bad timing";
/// Asks for a note.
pub const OTHER: &str = "Other";
/// With the right territory named it re-routes, and is no rejection.
pub const NOT_MY_TERRITORY: &str = "Not my territory";
/// A rejection that names another lead.
pub const DUPLICATE: &str = "Duplicate";
/// A rejected lead can be kept in nurture with it.
pub const CONTENT_ONLY: &str = "Content only, no buying intent";
/// No further attempt would have mended it.
pub const BAD_DATA: &str = "Bad data";
/// Stops every further prompt for the lead.
pub const DO_NOT_CONTACT: &str = "Do not contact";

/// The reasons that a rule knows by name: they keep it.
pub const KNOWN_BY_NAME: [&str; 8] = [
    UNABLE_TO_REACH,
    BAD_TIMING,
    OTHER,
    NOT_MY_TERRITORY,
    DUPLICATE,
    CONTENT_ONLY,
    BAD_DATA,
    DO_NOT_CONTACT,
];

impl EventKind {
    /// Whether it is never written down without a reason.
    pub fn needs_reason(self) -> bool {
        matches!(
            self,
            EventKind::Rejected | EventKind::Disqualified | EventKind::Nurture | EventKind::Lost
        )
    }

    /// Whether it is never written down without a day to come back.
    pub fn needs_return(self, reason: &str) -> bool {
        self == EventKind::Nurture || (self == EventKind::Disqualified && reason == BAD_TIMING)
    }
}

/// How a lead stands, as far as moves by hand depend on it; counts are since its newest hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    pub urgency: Urgency,
    pub attempts: u32,
    /// Of how many kinds the attempts were.
    pub kinds: u32,
    pub is_contacted: bool,
}

/// Why a move is not possible now, in a sentence; `None` when it is.
pub fn refusal(kind: EventKind, standing: &Standing) -> Option<String> {
    let stage = standing.stage;
    if stage == Stage::Nurture {
        return Some("This lead is with marketing: hand it over first.".to_owned());
    }
    if stage.is_closed() {
        return Some(format!(
            "This lead is closed ({}): only a new hand-over opens it again.",
            stage.label().to_lowercase()
        ));
    }
    let sentence = match kind {
        EventKind::Accepted if stage > Stage::HandedOver => "This lead is accepted already.",
        EventKind::Rejected if standing.is_contacted => {
            "A lead cannot be rejected after a contact: disqualify it, or return it to nurture."
        }
        EventKind::Qualified if stage >= Stage::Qualified => "This lead is qualified already.",
        EventKind::Opportunity if stage >= Stage::Opportunity => {
            "This lead is an opportunity already."
        }
        kind if BY_HAND.contains(&kind) => return None,
        _ => "Log an activity: it moves the lead by itself.",
    };
    Some(sentence.to_owned())
}

/// What is missing by its service level before a lead may be given up as out of reach, in a sentence; `None` when
/// nothing is.
pub fn missing_attempts(standing: &Standing, level: &ServiceLevel) -> Option<String> {
    let urgency = standing.urgency.label().to_lowercase();
    if standing.attempts < level.least_attempts {
        let missing = level.least_attempts - standing.attempts;
        let (done, least) = (standing.attempts, level.least_attempts);
        let attempts = if missing == 1 {
            "attempt is"
        } else {
            "attempts are"
        };
        return Some(format!(
            "{missing} more {attempts} needed: a {urgency} lead gets at least {least} before it is out of reach, and this one had {done}."
        ));
    }
    (standing.kinds < level.least_kinds).then(|| {
        format!(
            "Try another way too: a {urgency} lead gets attempts of at least {} kinds before it is out of reach.",
            level.least_kinds
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(stage: Stage, attempts: u32) -> Standing {
        Standing {
            stage,
            urgency: Urgency::Warm,
            attempts,
            kinds: 1,
            is_contacted: stage >= Stage::Contacted,
        }
    }

    #[test]
    fn a_lead_is_rejected_before_a_contact_and_not_after() {
        assert_eq!(
            refusal(EventKind::Rejected, &standing(Stage::Attempting, 2)),
            None
        );
        assert!(refusal(EventKind::Rejected, &standing(Stage::Contacted, 2)).is_some());
    }

    #[test]
    fn nothing_is_written_down_about_a_lead_that_is_closed_or_with_marketing() {
        for stage in Stage::ALL.iter().filter(|stage| stage.is_closed()) {
            for kind in BY_HAND {
                assert!(
                    refusal(*kind, &standing(*stage, 9)).is_some(),
                    "{kind} {stage}"
                );
            }
        }
    }

    #[test]
    fn a_move_never_repeats_what_is_so_already() {
        for (kind, stage) in [
            (EventKind::Accepted, Stage::Accepted),
            (EventKind::Qualified, Stage::Opportunity),
            (EventKind::Opportunity, Stage::Opportunity),
        ] {
            assert!(
                refusal(kind, &standing(stage, 1)).is_some(),
                "{kind} {stage}"
            );
        }
        assert_eq!(
            refusal(EventKind::Won, &standing(Stage::HandedOver, 0)),
            None
        );
    }

    #[test]
    fn what_activities_say_is_not_said_by_hand() {
        for kind in EventKind::ALL.iter().filter(|kind| !BY_HAND.contains(kind)) {
            assert!(
                refusal(*kind, &standing(Stage::HandedOver, 0)).is_some(),
                "{kind}"
            );
        }
    }

    #[test]
    fn a_lead_is_out_of_reach_only_after_its_least_attempts() {
        let missing_attempts = |standing: &Standing| {
            missing_attempts(standing, &ServiceLevel::of_house(standing.urgency))
        };
        let four = missing_attempts(&standing(Stage::Attempting, 4)).unwrap();
        assert!(four.starts_with("1 more attempt is needed"), "{four}");
        assert_eq!(missing_attempts(&standing(Stage::Attempting, 5)), None);
        let hot = |kinds| Standing {
            urgency: Urgency::Hot,
            kinds,
            ..standing(Stage::Attempting, 6)
        };
        assert!(missing_attempts(&hot(1)).unwrap().contains("2 kinds"));
        assert_eq!(missing_attempts(&hot(2)), None);
    }
}
