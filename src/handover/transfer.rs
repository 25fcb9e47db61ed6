//! What a change of owner says in a lead's history: why, and whose clock it closed.

use super::Story;
use super::timeline::Names;
use crate::leads::LeadEvent;
use crate::page;
use crate::rules::stage::EventKind;

/// The reason of an assignment, and the clock of the owner before, which closes as transferred (PRODUCT.md 6).
pub fn lines(story: &Story, event: &LeadEvent, names: &Names) -> Vec<String> {
    if event.kind != EventKind::Assigned {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if !event.reason.is_empty() {
        lines.push(format!("Reason: {}", event.reason));
    }
    let replaced = story.replaced();
    let before = story.events.iter().rfind(|e| {
        e.kind == EventKind::Assigned
            && !replaced.contains(&e.id)
            && (e.at, e.id) < (event.at, event.id)
    });
    let begun = before.filter(|e| e.owner_id.is_some() && e.owner_id != event.owner_id);
    if let Some(before) = begun {
        // Of a lead that came back the owner's clock began with the hand-over.
        let handovers = story.handovers.iter().map(|h| h.handed_over_at);
        let start = handovers
            .filter(|at| *at <= event.at)
            .fold(before.at, |start, at| start.max(at));
        let owned_s = event.at.seconds_since(start);
        if owned_s > 0.0 {
            lines.push(format!(
                "{}'s clock closed as transferred after {}",
                names.person(before.owner_id),
                page::duration(owned_s)
            ));
        }
    }
    lines
}
