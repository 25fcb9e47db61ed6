//! What became of one hand-over, told from what happened to its lead. Pure.

use super::figures::Step;
use crate::leads::cohort::{Counted, Key};
use crate::rules::stage::EventKind;
use crate::rules::survival::Obs;
use crate::rules::wait::{Urgency, Wait};
use crate::value::Instant;

const SECONDS_PER_DAY: f64 = 86_400.0;
const DAY_S: i64 = 86_400;

/// One hand-over, and the group it is in.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub handover_id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub key: Key,
    /// Frozen with the hand-over.
    pub score: Option<f64>,
    pub source_id: Option<i64>,
    pub urgency: Urgency,
    pub definition_id: i64,
    /// As of the report.
    pub first_attempt_at: Option<Instant>,
}

/// Something that happened to a lead.
#[derive(Debug, Clone)]
pub struct Happening {
    pub lead_id: i64,
    pub at: Instant,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    /// An event and its reason.
    Event(EventKind, String),
    /// A win and what it is worth: millionths of a currency.
    Won(Option<(String, i64)>),
    /// A touch that reached somebody or booked a meeting.
    Touch { reached: bool, meeting: bool },
}

/// What one hand-over ever had.
#[derive(Debug, Clone)]
pub struct Story {
    pub start: Start,
    accepted: bool,
    rejected: bool,
    disqualified: bool,
    nurture: bool,
    contacted: bool,
    /// Whether anything says that there was a two-way exchange, also where nobody said "contacted".
    is_in_contact: bool,
    meeting: bool,
    qualified: bool,
    lost: bool,
    first_won: Option<Instant>,
    first_other_closing: Option<Instant>,
    last_won: Option<Instant>,
    /// What its last win is worth: a currency, and millionths of it.
    worth: Option<(String, i64)>,
    as_of: Instant,
    /// How it ended first without a win: what, when and why.
    pub exit: Option<(EventKind, Instant, String)>,
    /// Open and not reached, and the time in which it should be is not over.
    pub is_maturing: bool,
}

impl Counted for Story {
    fn handover(&self) -> (i64, Instant, Key) {
        let Start {
            handover_id,
            at,
            key,
            ..
        } = self.start;
        (handover_id, at, key)
    }
}

/// The story of each hand-over; of what happened at one instant the last one given came later. What happened belongs to the lead's last hand-over at or before it; what happened
/// before the first belongs to the first. Source: METRICS.md 2.1.
pub fn stories(mut starts: Vec<Start>, happenings: &[Happening], as_of: Instant) -> Vec<Story> {
    starts.sort_by_key(|start| (start.lead_id, start.at));
    let mut stories: Vec<Story> = starts
        .into_iter()
        .map(|start| Story::new(start, as_of))
        .collect();
    for happening in happenings {
        let first = stories.partition_point(|s| s.start.lead_id < happening.lead_id);
        let theirs = stories[first..].partition_point(|s| s.start.lead_id == happening.lead_id);
        let theirs = &mut stories[first..first + theirs];
        let begun = theirs.partition_point(|s| s.start.at <= happening.at);
        if let Some(story) = theirs.get_mut(begun.saturating_sub(1)) {
            story.add(happening);
        }
    }
    stories
}

impl Story {
    fn new(start: Start, as_of: Instant) -> Story {
        Story {
            start,
            accepted: false,
            rejected: false,
            disqualified: false,
            nurture: false,
            contacted: false,
            is_in_contact: false,
            meeting: false,
            qualified: false,
            lost: false,
            first_won: None,
            first_other_closing: None,
            last_won: None,
            worth: None,
            as_of,
            exit: None,
            is_maturing: false,
        }
    }

    /// Calendar seconds from the hand-over to the first attempt; `None` where nobody tried.
    pub fn first_attempt_s(&self) -> Option<f64> {
        let first = self.start.first_attempt_at?;
        Some(first.seconds_since(self.start.at).max(0.0))
    }

    /// Whether it has been followed for so many days after the hand-over.
    pub fn is_followed_for(&self, days: i64) -> bool {
        self.start.at.plus_seconds(days * DAY_S) <= self.as_of
    }

    /// Whether it ended without a win within so many days.
    pub fn ended_within(&self, days: i64) -> bool {
        let last = self.start.at.plus_seconds(days * DAY_S);
        self.exit.as_ref().is_some_and(|(_, at, _)| *at <= last)
    }

    fn add(&mut self, happening: &Happening) {
        match &happening.what {
            What::Event(kind, reason) => self.add_event(*kind, happening.at, reason),
            What::Won(worth) => {
                earlier(&mut self.first_won, happening.at);
                if self.last_won.is_none_or(|last| last <= happening.at) {
                    self.last_won = Some(happening.at);
                    self.worth.clone_from(worth);
                }
            }
            What::Touch { reached, meeting } => {
                self.contacted |= reached;
                self.is_in_contact |= reached;
                self.meeting |= meeting;
            }
        }
    }

    fn add_event(&mut self, kind: EventKind, at: Instant, reason: &str) {
        self.is_in_contact |= kind.is_contact();
        match kind {
            EventKind::Accepted => self.accepted = true,
            EventKind::Rejected => self.rejected = true,
            EventKind::Disqualified => self.disqualified = true,
            EventKind::Nurture => self.nurture = true,
            EventKind::Contacted => self.contacted = true,
            EventKind::MeetingBooked => self.meeting = true,
            EventKind::Qualified => self.qualified = true,
            EventKind::Lost => self.lost = true,
            _ => {}
        }
        if kind.is_closing() {
            earlier(&mut self.first_other_closing, at);
            let is_first = self.exit.as_ref().is_none_or(|(_, first, _)| at < *first);
            if is_first {
                self.exit = Some((kind, at, reason.to_owned()));
            }
        }
    }

    /// Whether it ever had something, or is open.
    pub fn had(&self, step: Step) -> bool {
        match step {
            Step::HandedOver => true,
            Step::TakenUp => self.is_taken_up(),
            Step::Accepted => self.accepted,
            Step::Contacted => self.contacted,
            Step::Meeting => self.meeting,
            Step::Qualified => self.qualified,
            Step::Won => self.first_won.is_some(),
            Step::Lost => self.lost,
            Step::Rejected => self.rejected,
            Step::Disqualified => self.disqualified,
            Step::Nurture => self.nurture,
            Step::Open => self.is_open(),
        }
    }

    pub fn won_at(&self) -> Option<Instant> {
        self.first_won
    }

    /// What it was worth by its last win, in millionths of a currency; `None` where nothing is known of it.
    pub fn worth(&self) -> Option<&(String, i64)> {
        self.worth.as_ref()
    }

    /// Whether it was reached as follow-up speed counts it: by a touch, or by an event that says so, such as qualified.
    pub fn is_in_contact(&self) -> bool {
        self.is_in_contact || self.first_won.is_some()
    }

    /// Whether sales took it up: by saying so, by trying it, or by what nobody has who did not. The service level on
    /// acceptance is kept by the same. Source: PRODUCT.md 5.
    fn is_taken_up(&self) -> bool {
        self.accepted
            || self.start.first_attempt_at.is_some()
            || self.is_in_contact()
            || self.meeting
    }

    pub fn is_open(&self) -> bool {
        self.first_won.is_none() && self.first_other_closing.is_none()
    }

    /// The waiting for a win, in days; other closings end it. What came before the hand-over counts as at once.
    pub(super) fn days_to_won(&self) -> Obs {
        let start = self.start.at;
        let [won, other] =
            [self.first_won, self.first_other_closing].map(|at| at.map(|at| at.max(start)));
        let wait = Wait::new(start, won, other, self.as_of);
        Obs {
            t_s: wait.until.seconds_since(start) / SECONDS_PER_DAY,
            end: wait.end,
        }
    }
}

fn earlier(first: &mut Option<Instant>, at: Instant) {
    *first = Some(first.map_or(at, |first| first.min(at)));
}
