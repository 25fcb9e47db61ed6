//! What the record says of entries that were corrected or taken back: what they count, and no words of theirs.

use super::store::{Activity, NewActivity};
use crate::app::Tx;
use crate::audit;
use crate::error::Result;
use crate::lists::Lists;
use std::sync::Arc;

/// How the record calls an entry.
const SUBJECT: &str = "activity";

fn what(lists: &Lists, kind_id: i64, outcome_id: Option<i64>) -> String {
    let kind = lists.kind(kind_id).map_or("", |kind| &kind.name);
    match outcome_id.and_then(|id| lists.outcome(id)) {
        Some(outcome) => format!("{kind}: {}", outcome.name),
        None => kind.to_owned(),
    }
}

/// Notes what a correction changed; `id` is that of the new row.
pub fn corrected(tx: &mut Tx, old: &Activity, new: &NewActivity, id: i64) -> Result<()> {
    let lists: Arc<Lists> = tx.kept.get(tx.conn)?;
    let lead = |id: Option<i64>| id.map_or(String::new(), |id| format!("of number {id}"));
    let fields = [
        (
            "entry",
            what(&lists, old.kind_id, old.outcome_id),
            what(&lists, new.kind_id, new.outcome_id),
        ),
        ("count", old.quantity.to_string(), new.quantity.to_string()),
        (
            "time",
            old.happened_at.to_string(),
            new.happened_at.to_string(),
        ),
        ("lead", lead(old.lead_id), lead(new.lead_id)),
    ];
    let fields = fields
        .each_ref()
        .map(|(field, was, became)| (*field, was.as_str(), became.as_str()));
    let (was, became) = audit::differing(&fields);
    audit::change(tx, "corrected", (SUBJECT, Some(id)), &was, &became)
}

/// Notes that an entry was taken back.
pub fn removed(tx: &mut Tx, old: &Activity) -> Result<()> {
    let lists: Arc<Lists> = tx.kept.get(tx.conn)?;
    let was = what(&lists, old.kind_id, old.outcome_id);
    let was = format!("{was}, {} on {}", old.quantity, old.local_day);
    audit::change(tx, "took back", (SUBJECT, Some(old.id)), &was, "")
}
