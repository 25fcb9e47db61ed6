//! How a lead stands: what its events and touches add up to.

mod store;

pub use store::{Firsts, PastEvent, PastTouch, Standing};

use crate::db::Conn;
use crate::error::Result;
use crate::rules::stage::{self, EventKind, Placed, Stage, Touch};
use crate::value::Instant;
use std::collections::HashMap;

/// Makes stage, owner, counts and the hand-overs' first instants what the history adds up to.
///
/// Called in the transaction that changed the history; the cost is that of the leads' own history. Returns those that
/// had ended and go on by it: their score stood still meanwhile.
pub fn refresh(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<i64>> {
    let mut going_on = Vec::new();
    for ids in lead_ids.chunks(BATCH_LEADS) {
        let differing = differing(conn, ids)?;
        for (id, before, standing) in &differing.standings {
            store::set_standing(conn, *id, standing)?;
            if before.has_ended() && !standing.stage.has_ended() {
                going_on.push(*id);
            }
        }
        for (handover, firsts) in &differing.firsts {
            store::set_firsts(conn, handover.id, firsts)?;
        }
    }
    Ok(going_on)
}

/// Leads whose columns, or whose hand-overs' columns, are not what their history adds up to, in sentences.
pub fn wrong(conn: &mut Conn) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut ids = store::ids_after(conn, 0, BATCH_LEADS)?;
    while let Some(last) = ids.last().copied() {
        let differing = differing(conn, &ids)?;
        let leads = differing.standings.iter().map(|(id, ..)| (*id, "leads"));
        let firsts = differing.firsts.iter();
        let handovers = firsts.map(|(handover, _)| (handover.lead_id, "handovers"));
        let places: Vec<(i64, &str)> = leads.chain(handovers).collect();
        let uids = store::uids(conn, &places.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
        wrong.extend(places.iter().map(|(id, table)| {
            let uid = uids.get(id).map_or("", String::as_str);
            format!(
                "{table}: what is kept of the lead /leads/{uid} is not what its history adds up to"
            )
        }));
        wrong.extend(store::unfindable(conn, &ids)?.into_iter().map(|uid| {
            format!("leads: a search does not look for the lead /leads/{uid} by what it is called")
        }));
        ids = store::ids_after(conn, last, BATCH_LEADS)?;
    }
    Ok(wrong)
}

/// The first instants of each hand-over of some leads, by lead and start, as if what was entered late had not been.
pub fn firsts_in_time(
    conn: &mut Conn,
    lead_ids: &[i64],
) -> Result<HashMap<(i64, Instant), Firsts>> {
    let mut found = HashMap::new();
    for ids in lead_ids.chunks(BATCH_LEADS) {
        let (mut histories, handovers) = histories(conn, ids)?;
        for history in histories.values_mut() {
            history.touches.retain(|touch| !touch.is_late);
        }
        for handover in handovers {
            let history = histories.entry(handover.lead_id).or_default();
            let start = handover.handed_over_at;
            found.insert((handover.lead_id, start), history.firsts(start));
        }
    }
    Ok(found)
}

/// Leads looked at in one go.
const BATCH_LEADS: usize = 500;

/// What columns should say where they do not.
struct Differing {
    /// A lead, its stage as it is kept, and how it stands.
    standings: Vec<(i64, Stage, Standing)>,
    firsts: Vec<(store::HandoverStart, Firsts)>,
}

fn histories(
    conn: &mut Conn,
    ids: &[i64],
) -> Result<(HashMap<i64, History>, Vec<store::HandoverStart>)> {
    let mut histories: HashMap<i64, History> =
        ids.iter().map(|id| (*id, History::default())).collect();
    let handovers = store::handovers(conn, ids)?;
    for handover in &handovers {
        let history = histories.entry(handover.lead_id).or_default();
        history.handovers.push(handover.handed_over_at);
    }
    for (lead, event) in store::events(conn, ids)? {
        histories.entry(lead).or_default().events.push(event);
    }
    for (lead, touch) in store::touches(conn, ids)? {
        histories.entry(lead).or_default().touches.push(touch);
    }
    Ok((histories, handovers))
}

fn differing(conn: &mut Conn, ids: &[i64]) -> Result<Differing> {
    let (mut histories, handovers) = histories(conn, ids)?;
    let mut found = Differing {
        standings: Vec::new(),
        firsts: Vec::new(),
    };
    for (id, before) in store::standings(conn, ids)? {
        let now = histories.entry(id).or_default().standing();
        if now != before {
            found.standings.push((id, before.stage, now));
        }
    }
    for handover in handovers {
        let history = histories.entry(handover.lead_id).or_default();
        let firsts = history.firsts(handover.handed_over_at);
        if firsts != handover.firsts {
            found.firsts.push((handover, firsts));
        }
    }
    Ok(found)
}

/// All that ever happened to one lead and still stands.
#[derive(Debug, Default)]
pub struct History {
    pub handovers: Vec<Instant>,
    pub events: Vec<PastEvent>,
    pub touches: Vec<PastTouch>,
}

impl History {
    /// What the lead's own columns say of it.
    pub fn standing(&self) -> Standing {
        let attempts = || self.touches.iter().filter(|t| t.is_attempt);
        Standing {
            owner_id: self.owner(),
            stage: self.stage(),
            is_stopped: self.touches.iter().any(|t| t.stops_contact)
                || self.events.iter().any(PastEvent::stops_contact),
            attempts: attempts().count() as i32,
            handed_over_at: self.handovers.iter().copied().max(),
            last_touch_at: attempts().map(|t| t.happened_at).max(),
        }
    }

    /// Whom it was assigned to last.
    fn owner(&self) -> Option<i64> {
        let assigned = self.events.iter().filter(|e| e.kind == EventKind::Assigned);
        assigned
            .max_by_key(|e| (e.at, e.place()))
            .and_then(|e| e.owner_id)
    }

    fn stage(&self) -> Stage {
        let handed_over = |at: &Instant| Placed::event(*at, 0, EventKind::HandedOver);
        let handovers = self.handovers.iter().map(handed_over);
        let touches = self.touches.iter().map(|t| {
            let touch = Touch {
                attempt: t.is_attempt,
                reached: t.is_reached,
                meeting_booked: t.is_meeting,
            };
            Placed::touch(t.happened_at, touch)
        });
        let events = self.events.iter();
        let events = events.map(|e| Placed::event(e.at, e.place(), e.kind));
        stage::settle(Stage::Nurture, handovers.chain(touches).chain(events))
    }

    /// The first attempt, contact and closing at or after a hand-over. Source: METRICS.md 2.1.
    pub fn firsts(&self, start: Instant) -> Firsts {
        let touches = || self.touches.iter().filter(|t| t.happened_at >= start);
        let events = || self.events.iter().filter(|e| e.at >= start);
        let reached = touches()
            .filter(|t| t.is_reached)
            .map(|t| t.happened_at)
            .min();
        let contact_event = events().filter(|e| e.kind.is_contact()).map(|e| e.at).min();
        Firsts {
            first_attempt_at: touches()
                .filter(|t| t.is_attempt)
                .map(|t| t.happened_at)
                .min(),
            first_contact_at: reached.into_iter().chain(contact_event).min(),
            closed_at: events().filter(|e| e.kind.is_closing()).map(|e| e.at).min(),
            is_in_conversation: self
                .touches
                .iter()
                .any(|t| t.is_attempt && t.happened_at < start),
        }
    }
}
