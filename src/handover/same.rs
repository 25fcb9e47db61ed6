//! What somebody sends twice is one act: the second time finds it done, and nobody is told of themselves.

use super::{Move, Story, Terms};
use crate::leads::{Handover, LeadEvent};
use crate::rules::moves::NOT_MY_TERRITORY;
use crate::rules::stage::EventKind;

/// What one person did to a lead since they saw it, where nobody else did anything.
pub struct Alone<'s> {
    story: &'s Story,
    handovers: Vec<&'s Handover>,
    events: Vec<&'s LeadEvent>,
}

impl<'s> Alone<'s> {
    /// `None` where somebody else was faster.
    pub fn since(story: &'s Story, seen: &str, me_id: i64) -> Option<Alone<'s>> {
        let (handovers, events) = story.since(seen);
        let is_mine = |by_id: Option<i64>| by_id == Some(me_id);
        let is_alone =
            handovers.iter().all(|h| is_mine(h.by_id)) && events.iter().all(|e| is_mine(e.by_id));
        is_alone.then_some(Alone {
            story,
            handovers,
            events,
        })
    }

    /// The events, where no hand-over is among what was done.
    fn moves(&self) -> &[&LeadEvent] {
        match self.handovers.is_empty() {
            true => &self.events,
            false => &[],
        }
    }

    pub fn is_moved(&self, wanted: &Move) -> bool {
        let [first, rest @ ..] = self.moves() else {
            return false;
        };
        let and_nurture = match wanted.to_nurture {
            true => matches!(rest, [e] if e.kind == EventKind::Nurture),
            false => rest.is_empty(),
        };
        let is_until =
            !wanted.kind.is_closing() || self.story.lead.next_step_on == wanted.return_on;
        and_nurture
            && is_until
            && first.kind == wanted.kind
            && first.reason == wanted.reason
            && first.note == wanted.note
            && first.amount_micros == wanted.amount_micros
            && first.currency == wanted.currency
    }

    pub fn is_given(&self, owner_id: i64) -> bool {
        matches!(self.moves(), [e] if e.kind == EventKind::Assigned && e.owner_id == Some(owner_id))
    }

    pub fn is_rerouted(&self, territory_id: i64) -> bool {
        self.story.lead.territory_id == Some(territory_id)
            && matches!(self.moves(), [e] if e.reason == NOT_MY_TERRITORY)
    }

    pub fn is_handed_over(&self, terms: &Terms) -> bool {
        matches!(self.handovers.as_slice(), [h] if h.note == terms.note && h.urgency == terms.urgency)
    }
}
