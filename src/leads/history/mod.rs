//! How a lead stands: what its events and touches add up to.

mod store;

use crate::db::Conn;
use crate::error::Result;
use crate::rules::stage::{self, EventKind, Happening, Stage, Touch};
use crate::value::Instant;
use std::collections::HashMap;

/// Makes stage, owner, counts and the hand-overs' first instants what the history adds up to.
///
/// Called in the transaction that changed the history; the cost is that of the leads' own history.
pub fn refresh(conn: &mut Conn, lead_ids: &[i64]) -> Result<()> {
    for ids in lead_ids.chunks(500) {
        let mut histories: HashMap<i64, History> =
            ids.iter().map(|id| (*id, History::default())).collect();
        for handover in store::handover_starts(conn, ids)? {
            histories
                .entry(handover.lead_id)
                .or_default()
                .handovers
                .push(handover);
        }
        for event in store::history_events(conn, ids)? {
            histories
                .entry(event.lead_id)
                .or_default()
                .events
                .push(event);
        }
        for touch in store::history_touches(conn, ids)? {
            histories
                .entry(touch.lead_id)
                .or_default()
                .touches
                .push(touch);
        }
        for standing in store::standings(conn, ids)? {
            if let Some(history) = histories.get(&standing.id) {
                history.bring_up_to_date(conn, &standing)?;
            }
        }
    }
    Ok(())
}

/// All that ever happened to one lead and still stands.
#[derive(Default)]
struct History {
    handovers: Vec<store::HandoverStart>,
    events: Vec<store::HistoryEvent>,
    touches: Vec<store::HistoryTouch>,
}

impl History {
    fn bring_up_to_date(&self, conn: &mut Conn, before: &store::Standing) -> Result<()> {
        let now = store::Standing {
            id: before.id,
            owner_id: self.owner(),
            stage: self.stage(),
            is_stopped: self.touches.iter().any(|t| t.stops_contact),
            attempts: self.touches.iter().filter(|t| t.is_attempt).count() as i32,
            handed_over_at: self.handovers.iter().map(|h| h.handed_over_at).max(),
            last_touch_at: self
                .touches
                .iter()
                .filter(|t| t.is_attempt)
                .map(|t| t.happened_at)
                .max(),
        };
        if now != *before {
            store::set_standing(conn, &now)?;
        }
        for handover in &self.handovers {
            let firsts = self.firsts(handover.handed_over_at);
            if firsts != handover.firsts() {
                store::set_firsts(conn, handover.id, &firsts)?;
            }
        }
        Ok(())
    }

    /// Whom it was assigned to last.
    fn owner(&self) -> Option<i64> {
        let assigned = self.events.iter().filter(|e| e.kind == EventKind::Assigned);
        assigned
            .max_by_key(|e| (e.at, e.id))
            .and_then(|e| e.owner_id)
    }

    /// In order of time; at one instant a hand-over comes first and a touch before an event, as on the clocks.
    fn stage(&self) -> Stage {
        let handovers = self.handovers.iter().map(|h| {
            (
                h.handed_over_at,
                0,
                h.id,
                Happening::Event(EventKind::HandedOver),
            )
        });
        let touches = self.touches.iter().map(|t| {
            let touch = Touch {
                attempt: t.is_attempt,
                reached: t.is_reached,
                meeting_booked: t.is_meeting,
            };
            (t.happened_at, 1, 0, Happening::Touch(touch))
        });
        let events = self
            .events
            .iter()
            .map(|e| (e.at, 2, e.id, Happening::Event(e.kind)));
        let mut all: Vec<_> = handovers.chain(touches).chain(events).collect();
        all.sort_by_key(|(at, order, id, _)| (*at, *order, *id));
        stage::fold(
            Stage::Nurture,
            all.into_iter().map(|(.., happening)| happening),
        )
    }

    /// The first attempt, contact and closing at or after a hand-over. Source: METRICS.md 2.1.
    fn firsts(&self, start: Instant) -> store::Firsts {
        let touches = || self.touches.iter().filter(|t| t.happened_at >= start);
        let events = || self.events.iter().filter(|e| e.at >= start);
        let reached = touches()
            .filter(|t| t.is_reached)
            .map(|t| t.happened_at)
            .min();
        let contact_event = events().filter(|e| e.kind.is_contact()).map(|e| e.at).min();
        store::Firsts {
            first_attempt_at: touches()
                .filter(|t| t.is_attempt)
                .map(|t| t.happened_at)
                .min(),
            first_contact_at: reached.into_iter().chain(contact_event).min(),
            closed_at: events().filter(|e| e.kind.is_closing()).map(|e| e.at).min(),
        }
    }
}
