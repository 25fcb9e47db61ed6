//! Where a lead stands, and what moves it.

use crate::value::Instant;
use crate::words;

words! {
    /// Where a lead stands between marketing and a sale.
    pub enum Stage {
        Nurture = "nurture",
        HandedOver = "handed_over",
        Accepted = "accepted",
        Attempting = "attempting",
        Contacted = "contacted",
        MeetingBooked = "meeting_booked",
        Qualified = "qualified",
        Opportunity = "opportunity",
        Won = "won",
        Lost = "lost",
        Rejected = "rejected",
        Disqualified = "disqualified",
        Duplicate = "duplicate",
    }
}

impl Stage {
    /// Those in which a lead may wait for a day to come back: returned to nurture, or disqualified for bad timing.
    pub const RETURNING: [Stage; 2] = [Stage::Nurture, Stage::Disqualified];

    /// With sales, and not ended, in order.
    pub const OPEN: [Stage; 7] = [
        Stage::HandedOver,
        Stage::Accepted,
        Stage::Attempting,
        Stage::Contacted,
        Stage::MeetingBooked,
        Stage::Qualified,
        Stage::Opportunity,
    ];

    /// Those neither with sales nor won.
    pub fn over() -> Vec<Stage> {
        let over = Stage::ALL.iter().copied();
        over.filter(|stage| !stage.is_open() && *stage != Stage::Won)
            .collect()
    }

    /// Neither in nurture nor with sales: what has ended keeps the score that it had.
    pub fn has_ended(self) -> bool {
        self != Stage::Nurture && !self.is_open()
    }

    /// The stage as people read it.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Nurture => "Nurture",
            Stage::HandedOver => "Handed over",
            Stage::Accepted => "Accepted",
            Stage::Attempting => "Attempting",
            Stage::Contacted => "Contacted",
            Stage::MeetingBooked => "Meeting booked",
            Stage::Qualified => "Qualified",
            Stage::Opportunity => "Opportunity",
            Stage::Won => "Won",
            Stage::Lost => "Lost",
            Stage::Rejected => "Rejected",
            Stage::Disqualified => "Disqualified",
            Stage::Duplicate => "Duplicate",
        }
    }

    /// How good that is, for the colour of its badge.
    pub fn tone(self) -> &'static str {
        match self {
            Stage::Nurture | Stage::Duplicate | Stage::Rejected | Stage::Disqualified => "quiet",
            Stage::HandedOver => "warn",
            Stage::Accepted | Stage::Attempting | Stage::Contacted => "info",
            Stage::MeetingBooked | Stage::Qualified | Stage::Opportunity | Stage::Won => "good",
            Stage::Lost => "bad",
        }
    }

    /// With sales, and not ended. The others are [`Stage::is_closed`].
    pub fn is_open(self) -> bool {
        (Stage::HandedOver..=Stage::Opportunity).contains(&self)
    }

    /// Ended, or with marketing.
    pub fn is_closed(self) -> bool {
        !self.is_open()
    }

    /// With sales, and nobody has tried to reach it.
    pub fn is_untouched(self) -> bool {
        matches!(self, Stage::HandedOver | Stage::Accepted)
    }

    /// Moves an open lead on to `stage`, never back; a closed one stays.
    fn at_least(self, stage: Stage) -> Stage {
        if self.is_open() {
            self.max(stage)
        } else {
            self
        }
    }
}

words! {
    /// What is written down about a lead.
    pub enum EventKind {
        HandedOver = "handed_over",
        Assigned = "assigned",
        Accepted = "accepted",
        Rejected = "rejected",
        Disqualified = "disqualified",
        Nurture = "nurture",
        Duplicate = "duplicate",
        Attempting = "attempting",
        Contacted = "contacted",
        MeetingBooked = "meeting_booked",
        Qualified = "qualified",
        Opportunity = "opportunity",
        Won = "won",
        Lost = "lost",
        Withdrawn = "withdrawn",
    }
}

impl EventKind {
    /// The event as people read it in a history.
    pub fn label(self) -> &'static str {
        match self {
            EventKind::HandedOver => "Handed over",
            EventKind::Assigned => "Assigned",
            EventKind::Accepted => "Accepted",
            EventKind::Rejected => "Rejected",
            EventKind::Disqualified => "Disqualified",
            EventKind::Nurture => "Returned to nurture",
            EventKind::Duplicate => "Duplicate",
            EventKind::Attempting => "Attempting",
            EventKind::Contacted => "Contacted",
            EventKind::MeetingBooked => "Meeting booked",
            EventKind::Qualified => "Qualified",
            EventKind::Opportunity => "Opportunity",
            EventKind::Won => "Won",
            EventKind::Lost => "Lost",
            EventKind::Withdrawn => "Withdrawn",
        }
    }

    /// Ends a waiting for a touch or a contact.
    pub fn is_closing(self) -> bool {
        matches!(
            self,
            EventKind::Rejected
                | EventKind::Disqualified
                | EventKind::Nurture
                | EventKind::Duplicate
                | EventKind::Lost
                | EventKind::Won
        )
    }

    /// Says that there was a two-way exchange.
    pub fn is_contact(self) -> bool {
        matches!(
            self,
            EventKind::Contacted
                | EventKind::MeetingBooked
                | EventKind::Qualified
                | EventKind::Opportunity
                | EventKind::Won
        )
    }
}

/// What an activity did for its lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Touch {
    pub attempt: bool,
    pub reached: bool,
    pub meeting_booked: bool,
}

/// One entry of a lead's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    Event(EventKind),
    Touch(Touch),
}

/// The stage after an activity. It moves an open lead on, never back, and never out of a closed stage.
pub fn after(stage: Stage, touch: Touch) -> Stage {
    match touch {
        Touch {
            meeting_booked: true,
            ..
        } => stage.at_least(Stage::MeetingBooked),
        Touch { reached: true, .. } => stage.at_least(Stage::Contacted),
        Touch { attempt: true, .. } => stage.at_least(Stage::Attempting),
        _ => stage,
    }
}

/// The stage after an event. A hand-over opens the lead anew, a closing ends it, and what lies
/// between moves an open lead on, never back. Assigned and withdrawn leave it where it is: who
/// withdraws an event folds the history without it.
pub fn on_event(stage: Stage, event: EventKind) -> Stage {
    match event {
        EventKind::HandedOver => Stage::HandedOver,
        EventKind::Assigned | EventKind::Withdrawn => stage,
        EventKind::Accepted => stage.at_least(Stage::Accepted),
        EventKind::Attempting => stage.at_least(Stage::Attempting),
        EventKind::Contacted => stage.at_least(Stage::Contacted),
        EventKind::MeetingBooked => stage.at_least(Stage::MeetingBooked),
        EventKind::Qualified => stage.at_least(Stage::Qualified),
        EventKind::Opportunity => stage.at_least(Stage::Opportunity),
        EventKind::Rejected => Stage::Rejected,
        EventKind::Disqualified => Stage::Disqualified,
        EventKind::Nurture => Stage::Nurture,
        EventKind::Duplicate => Stage::Duplicate,
        EventKind::Won => Stage::Won,
        EventKind::Lost => Stage::Lost,
    }
}

/// One entry of a history with its instant; of two events at one instant the one with the larger place came later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub at: Instant,
    pub place: i64,
    pub happening: Happening,
}

impl Placed {
    pub fn event(at: Instant, place: i64, kind: EventKind) -> Placed {
        let happening = Happening::Event(kind);
        Placed {
            at,
            place,
            happening,
        }
    }

    pub fn touch(at: Instant, touch: Touch) -> Placed {
        Placed {
            at,
            place: 0,
            happening: Happening::Touch(touch),
        }
    }

    /// At one instant a hand-over comes first and a touch before an event, as on the clocks.
    fn order(&self) -> (Instant, u8, i64) {
        let order = match self.happening {
            Happening::Event(EventKind::HandedOver) => 0,
            Happening::Touch(_) => 1,
            Happening::Event(_) => 2,
        };
        (self.at, order, self.place)
    }
}

/// The stage at the end of a history that began at `start`, in whatever order it comes.
pub fn settle(start: Stage, history: impl IntoIterator<Item = Placed>) -> Stage {
    let mut history: Vec<Placed> = history.into_iter().collect();
    history.sort_by_key(Placed::order);
    fold(start, history.into_iter().map(|placed| placed.happening))
}

/// The stage at the end of a history in order of time that began at `start`.
pub fn fold(start: Stage, history: impl IntoIterator<Item = Happening>) -> Stage {
    history
        .into_iter()
        .fold(start, |stage, happening| match happening {
            Happening::Event(event) => on_event(stage, event),
            Happening::Touch(touch) => after(stage, touch),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTEMPT: Touch = Touch {
        attempt: true,
        reached: false,
        meeting_booked: false,
    };
    const REACHED: Touch = Touch {
        attempt: true,
        reached: true,
        meeting_booked: false,
    };
    const BOOKED: Touch = Touch {
        attempt: true,
        reached: true,
        meeting_booked: true,
    };

    #[test]
    fn activities_move_a_fresh_lead_forward() {
        assert_eq!(after(Stage::HandedOver, ATTEMPT), Stage::Attempting);
        assert_eq!(after(Stage::Accepted, REACHED), Stage::Contacted);
        assert_eq!(after(Stage::Attempting, BOOKED), Stage::MeetingBooked);
        assert_eq!(
            after(Stage::HandedOver, Touch::default()),
            Stage::HandedOver
        );
    }

    #[test]
    fn another_attempt_does_not_take_a_lead_back() {
        assert_eq!(after(Stage::Qualified, ATTEMPT), Stage::Qualified);
        assert_eq!(after(Stage::Opportunity, BOOKED), Stage::Opportunity);
    }

    #[test]
    fn a_lead_with_marketing_stays_there_when_it_is_called() {
        assert_eq!(after(Stage::Nurture, REACHED), Stage::Nurture);
    }

    #[test]
    fn a_history_ends_where_its_last_word_says() {
        use Happening::{Event, Touch};
        let history = [
            Event(EventKind::HandedOver),
            Touch(ATTEMPT),
            Event(EventKind::Accepted),
            Event(EventKind::Lost),
            Touch(REACHED),
            Event(EventKind::Assigned),
        ];
        assert_eq!(
            fold(Stage::Nurture, history[..3].iter().copied()),
            Stage::Attempting
        );
        assert_eq!(fold(Stage::Nurture, history), Stage::Lost);
        let again = history
            .into_iter()
            .chain([Event(EventKind::HandedOver), Touch(BOOKED)]);
        assert_eq!(fold(Stage::Nurture, again), Stage::MeetingBooked);
    }

    #[test]
    fn a_closing_closes_and_a_win_is_also_a_contact() {
        for kind in EventKind::ALL {
            let closed = on_event(Stage::Contacted, *kind).is_closed();
            assert_eq!(closed, kind.is_closing(), "{kind}");
        }
        assert!(EventKind::Won.is_contact() && EventKind::Won.is_closing());
    }

    #[test]
    fn what_is_with_sales_is_open() {
        let open = Stage::ALL.iter().filter(|stage| stage.is_open());
        assert!(open.eq(Stage::OPEN.iter()));
    }

    #[test]
    fn every_stage_is_read_as_words() {
        for stage in Stage::ALL {
            assert_eq!(stage.label().to_lowercase().replace(' ', "_"), stage.word());
        }
    }
}
