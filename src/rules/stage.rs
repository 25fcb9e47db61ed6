//! Where a lead stands, and what moves it.

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

    /// With sales, and not ended. The others are [`Stage::is_closed`].
    pub fn is_open(self) -> bool {
        (Stage::HandedOver..=Stage::Opportunity).contains(&self)
    }

    /// Ended, or with marketing.
    pub fn is_closed(self) -> bool {
        !self.is_open()
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

/// The stage at the end of a history in order of time that began at `start`.
pub fn fold(start: Stage, history: impl IntoIterator<Item = Happening>) -> Stage {
    history
        .into_iter()
        .fold(start, |stage, happening| match happening {
            Happening::Event(event) => on_event(stage, event),
            Happening::Touch(touch) => after(stage, touch),
        })
}
