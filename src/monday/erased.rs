//! What a pack no longer says: it is kept as it was made, and read without the names and words of who was erased since.

use super::content::Content;
use super::store;
use crate::db::Conn;
use crate::error::Result;
use crate::leads;
use crate::page::DASH;
use crate::people;
use std::collections::{HashMap, HashSet};

/// What stands where somebody's words stood.
const ERASED: &str = "erased";

/// Names people as they are called since they were erased, and leaves out what they wrote.
pub fn forget(conn: &mut Conn, content: &mut Content) -> Result<()> {
    forget_leads(content, &leads::profile::store::erased(conn)?);
    quote_again(conn, content)?;
    let erased = people::store::erased_names(conn)?;
    if erased.is_empty() {
        return Ok(());
    }
    rename(content, &erased);
    // Packs of before say with whom somebody went by name only: who is not called so any more may have been erased.
    let people = people::store::all(conn)?;
    let names: HashSet<&str> = people.iter().map(|person| person.name.as_str()).collect();
    for visit in &mut content.visits {
        if visit.with_id.is_none() && !names.contains(visit.with.as_str()) {
            visit.with = DASH.to_owned();
        }
    }
    let ids: Vec<i64> = erased.keys().copied().collect();
    let disputed = store::disputed_by(conn, &ids)?;
    for dispute in &mut content.disputes {
        if disputed.contains(&(dispute.uid.clone(), dispute.disputed_at)) {
            dispute.says = ERASED.to_owned();
        }
    }
    Ok(())
}

/// Commitments are quoted as they stand: they never change, but where who wrote one, or whom it names, was erased.
fn quote_again(conn: &mut Conn, content: &mut Content) -> Result<()> {
    if content.carried.is_empty() {
        return Ok(());
    }
    let commitments = store::commitments(conn)?;
    for one in &mut content.carried {
        let Some(row) = commitments.iter().find(|row| row.id == one.id) else {
            continue;
        };
        one.text.clone_from(&row.text);
        // One that was open when the pack was made stays open there.
        if let (Some(end), false) = (&row.end, one.note.is_empty()) {
            one.note.clone_from(&end.note);
        }
    }
    Ok(())
}

/// Names leads as they are called since they were erased, by their uid, and leaves out what was said of them.
fn forget_leads(content: &mut Content, erased: &HashMap<String, String>) {
    let owners = content.owners.iter_mut();
    let open = owners.flat_map(|owner| [&mut owner.oldest_untouched, &mut owner.oldest_open]);
    for lead in open.flatten() {
        if let Some(now) = erased.get(&lead.uid) {
            lead.name.clone_from(now);
        }
    }
    for visit in &mut content.visits {
        if let Some(now) = erased.get(&visit.lead_uid) {
            visit.lead.clone_from(now);
        }
    }
    for dispute in &mut content.disputes {
        if let Some(now) = erased.get(&dispute.uid) {
            dispute.name.clone_from(now);
            dispute.says = ERASED.to_owned();
        }
    }
}

/// By id, wherever somebody stands.
pub fn rename(content: &mut Content, erased: &HashMap<i64, String>) {
    let reps = content.reps.iter_mut();
    let reps = reps.map(|rep| (Some(rep.person_id), &mut rep.name));
    let owners = content.owners.iter_mut();
    let owners = owners.map(|owner| (owner.person_id, &mut owner.name));
    let visits = content.visits.iter_mut().flat_map(|visit| {
        [
            (Some(visit.person_id), &mut visit.person),
            (visit.with_id, &mut visit.with),
        ]
    });
    let carried = content.carried.iter_mut();
    let carried = carried.map(|one| (Some(one.owner_id), &mut one.owner));
    for (id, name) in reps.chain(owners).chain(visits).chain(carried) {
        if let Some(now) = id.and_then(|id| erased.get(&id)) {
            name.clone_from(now);
        }
    }
}
