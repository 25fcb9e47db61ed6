//! The way of one hand-over in legs, each with whose it was (PRODUCT.md 6):
//! created, handed over, assigned, accepted, first attempt, first contact, qualified.

use super::survival::End;
use crate::value::Instant;

crate::words! {
    /// A place on the way.
    pub enum Step {
        Created = "created", HandedOver = "handed_over", Assigned = "assigned", Accepted = "accepted",
        FirstAttempt = "first_attempt", FirstContact = "first_contact", Qualified = "qualified",
    }
}

impl Step {
    pub fn label(self) -> &'static str {
        match self {
            Step::Created => "Created",
            Step::HandedOver => "Handed over",
            Step::Assigned => "Assigned",
            Step::Accepted => "Accepted",
            Step::FirstAttempt => "First attempt",
            Step::FirstContact => "First contact",
            Step::Qualified => "Qualified",
        }
    }
}

/// Whose time a part of a leg was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Marketing,
    /// Nobody's: it waited for an owner.
    Queue,
    Person(i64),
}

/// What happened, as far as the legs ask. Instants before `handed_over_at` are ignored, but for `created_at` and
/// the owners.
#[derive(Debug, Clone)]
pub struct Way {
    /// When marketing had it: as it was made, or came back from sales.
    pub created_at: Instant,
    pub handed_over_at: Instant,
    /// Who owned the lead from when on, in order of time, also before the hand-over; `None` is nobody.
    pub owners: Vec<(Instant, Option<i64>)>,
    pub accepted_at: Option<Instant>,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    /// Qualified, or anything that lies beyond it.
    pub qualified_at: Option<Instant>,
    /// The first closing, or the next hand-over where there was none.
    pub closed_at: Option<Instant>,
}

/// A stretch of a leg that was one side's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub whose: Whose,
    pub from: Instant,
    pub until: Instant,
    /// It ended because the lead went to somebody else.
    pub is_transferred: bool,
}

/// The way from one step to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    pub to: Step,
    pub from_at: Instant,
    pub until: Instant,
    pub end: End,
    /// The step was taken with a later one and not by itself: who calls has accepted.
    pub is_implied: bool,
    pub parts: Vec<Part>,
}

impl Way {
    /// The legs that were begun, in order: the last one may be open or closed before its end. A step without an
    /// instant of its own is taken with the next one that has one. At the same instant a step goes before a closing.
    pub fn legs(&self, as_of: Instant) -> Vec<Leg> {
        let (created, start) = (self.created_at, self.handed_over_at);
        let mut legs = vec![Leg {
            to: Step::HandedOver,
            from_at: created.min(start),
            until: start,
            end: End::Event,
            is_implied: false,
            parts: part(Whose::Marketing, created.min(start), start),
        }];
        let closed = self.closed_at.filter(|at| *at <= as_of);
        let last = closed.unwrap_or(as_of);
        let mut from_at = start;
        for (step, at, is_implied) in self.steps(start, last.max(start)) {
            let (until, end) = match at {
                Some(at) => (at, End::Event),
                None if closed.is_some() => (last, End::Closed),
                None => (last, End::Open),
            };
            let until = until.max(from_at);
            legs.push(Leg {
                to: step,
                from_at,
                until,
                end,
                is_implied,
                parts: self.parts(from_at, until),
            });
            if end != End::Event {
                break;
            }
            from_at = until;
        }
        legs
    }

    /// The steps after the hand-over with the instant at which each was taken, up to `last`.
    fn steps(&self, start: Instant, last: Instant) -> Vec<(Step, Option<Instant>, bool)> {
        let own = [
            (Step::Assigned, self.assigned_at(start)),
            (Step::Accepted, self.accepted_at),
            (Step::FirstAttempt, self.first_attempt_at),
            (Step::FirstContact, self.first_contact_at),
            (Step::Qualified, self.qualified_at),
        ];
        let own = own.map(|(step, at)| (step, at.filter(|at| start <= *at && *at <= last)));
        let mut next: Option<Instant> = None;
        let mut steps: Vec<_> = own
            .into_iter()
            .rev()
            .map(|(step, own)| {
                let at = own.into_iter().chain(next).min();
                next = at;
                (step, at, at.is_some() && at != own)
            })
            .collect();
        steps.reverse();
        steps
    }

    /// When it first had an owner: at once where the lead had one already.
    fn assigned_at(&self, start: Instant) -> Option<Instant> {
        match self.owner_at(start) {
            Some(_) => Some(start),
            None => {
                let mut later = self.owners.iter().filter(|(at, _)| *at > start);
                later.find(|(_, owner)| owner.is_some()).map(|(at, _)| *at)
            }
        }
    }

    fn owner_at(&self, at: Instant) -> Option<i64> {
        let begun = self.owners.partition_point(|(from, _)| *from <= at);
        self.owners[..begun].last()?.1
    }

    /// A stretch cut where the owner changed.
    fn parts(&self, from: Instant, until: Instant) -> Vec<Part> {
        let whose = |owner: Option<i64>| owner.map_or(Whose::Queue, Whose::Person);
        let mut parts: Vec<Part> = Vec::new();
        let mut now = whose(self.owner_at(from));
        let mut begun = from;
        let changes = self.owners.iter();
        for (at, owner) in changes.filter(|(at, _)| from < *at && *at < until) {
            if whose(*owner) != now {
                parts.extend(part(now, begun, *at).into_iter().map(|part| Part {
                    is_transferred: matches!(now, Whose::Person(_)),
                    ..part
                }));
                (now, begun) = (whose(*owner), *at);
            }
        }
        parts.extend(part(now, begun, until));
        parts
    }
}

fn part(whose: Whose, from: Instant, until: Instant) -> Vec<Part> {
    let part = Part {
        whose,
        from,
        until,
        is_transferred: false,
    };
    (from < until).then_some(part).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(&format!("2026-03-{text}:00Z")).unwrap()
    }

    /// Created on Monday 2 March at nine, handed over at ten, Ana's (1) from half past on.
    fn way() -> Way {
        Way {
            created_at: at("02T09:00"),
            handed_over_at: at("02T10:00"),
            owners: vec![(at("02T10:30"), Some(1))],
            accepted_at: None,
            first_attempt_at: None,
            first_contact_at: None,
            qualified_at: None,
            closed_at: None,
        }
    }

    /// Step, end, from, until, and how many parts.
    fn told(way: &Way, as_of: &str) -> Vec<(Step, End, Instant, Instant)> {
        let legs = way.legs(at(as_of)).into_iter();
        legs.map(|leg| (leg.to, leg.end, leg.from_at, leg.until))
            .collect()
    }

    #[test]
    fn each_step_ends_the_leg_before_it_and_begins_the_next() {
        let way = Way {
            accepted_at: Some(at("02T11:00")),
            first_attempt_at: Some(at("02T12:00")),
            first_contact_at: Some(at("03T09:00")),
            qualified_at: Some(at("04T09:00")),
            ..way()
        };
        let legs = way.legs(at("05T09:00"));
        let ends: Vec<Instant> = legs.iter().map(|leg| leg.until).collect();
        let expected = [
            "02T10:00", "02T10:30", "02T11:00", "02T12:00", "03T09:00", "04T09:00",
        ];
        assert_eq!(ends, expected.map(at));
        assert!(
            legs.iter()
                .all(|leg| leg.end == End::Event && !leg.is_implied)
        );
        let whose: Vec<Whose> = legs.iter().map(|leg| leg.parts[0].whose).collect();
        let ana = Whose::Person(1);
        assert_eq!(whose, [Whose::Marketing, Whose::Queue, ana, ana, ana, ana]);
    }

    #[test]
    fn an_attempt_accepts_and_what_nobody_wrote_down_is_taken_with_the_next_step() {
        let way = Way {
            accepted_at: Some(at("02T14:00")),
            first_attempt_at: Some(at("02T12:00")),
            ..way()
        };
        let legs = way.legs(at("02T13:00"));
        assert_eq!(
            (legs[2].to, legs[2].until, legs[2].is_implied),
            (Step::Accepted, at("02T12:00"), true)
        );
        assert_eq!(
            (legs[3].to, legs[3].until, legs[3].is_implied),
            (Step::FirstAttempt, at("02T12:00"), false)
        );
        assert!(legs[3].parts.is_empty(), "it took no time");
        let inbound = Way {
            first_contact_at: Some(at("02T10:10")),
            ..self::way()
        };
        let legs = inbound.legs(at("02T13:00"));
        let implied: Vec<bool> = legs.iter().map(|leg| leg.is_implied).collect();
        assert_eq!(implied, [false, true, true, true, false, false]);
        assert_eq!(legs[5].end, End::Open);
    }

    #[test]
    fn a_leg_of_two_owners_is_cut_where_the_lead_changed_hands() {
        let way = Way {
            owners: vec![
                (at("02T10:30"), Some(1)),
                (at("02T15:00"), Some(2)),
                (at("02T16:00"), None),
            ],
            ..way()
        };
        let legs = way.legs(at("02T17:00"));
        let last = legs.last().unwrap();
        assert_eq!((last.to, last.end), (Step::Accepted, End::Open));
        let part = |whose, from, until, is_transferred| Part {
            whose,
            from: at(from),
            until: at(until),
            is_transferred,
        };
        assert_eq!(
            last.parts,
            [
                part(Whose::Person(1), "02T10:30", "02T15:00", true),
                part(Whose::Person(2), "02T15:00", "02T16:00", true),
                part(Whose::Queue, "02T16:00", "02T17:00", false),
            ]
        );
    }

    #[test]
    fn a_closing_ends_the_way_and_at_the_same_instant_the_step_goes_first() {
        let rejected = Way {
            closed_at: Some(at("02T11:00")),
            first_attempt_at: Some(at("02T12:00")),
            ..way()
        };
        let told_then = told(&rejected, "05T09:00");
        assert_eq!(told_then.len(), 3, "{told_then:?}");
        assert_eq!(
            told_then[2],
            (Step::Accepted, End::Closed, at("02T10:30"), at("02T11:00"))
        );
        let called = Way {
            first_attempt_at: Some(at("02T11:00")),
            ..rejected.clone()
        };
        let last = told(&called, "05T09:00").pop().unwrap();
        assert_eq!(
            last,
            (
                Step::FirstContact,
                End::Closed,
                at("02T11:00"),
                at("02T11:00")
            )
        );
        assert_eq!(told(&rejected, "02T10:45").pop().unwrap().1, End::Open);
    }

    #[test]
    fn what_happened_before_the_hand_over_is_not_of_it() {
        let way = Way {
            owners: vec![(at("01T10:00"), Some(1))],
            accepted_at: Some(at("01T11:00")),
            first_attempt_at: Some(at("01T12:00")),
            created_at: at("02T10:15"),
            ..way()
        };
        assert_eq!(
            told(&way, "02T11:00"),
            [
                (Step::HandedOver, End::Event, at("02T10:00"), at("02T10:00")),
                (Step::Assigned, End::Event, at("02T10:00"), at("02T10:00")),
                (Step::Accepted, End::Open, at("02T10:00"), at("02T11:00")),
            ]
        );
    }
}
