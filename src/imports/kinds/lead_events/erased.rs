//! Rows about leads that are erased.

use super::EventRow;
use crate::imports::kinds::activities::ERASED_NOTE;
use crate::imports::report::Change;
use crate::imports::row::Row;
use crate::rules::stage::EventKind;

/// The change that is left of a row about such a lead: it is not handed over anew, and nothing is written about it.
pub fn change(row: &mut Row, wanted: &mut EventRow, change: Change) -> Change {
    if change == Change::Unchanged {
        return change;
    }
    if wanted.kind == EventKind::HandedOver {
        row.warn("what was known of this lead is erased: it is not handed over again");
        return Change::Unchanged;
    }
    if !wanted.note.is_empty() {
        row.warn(ERASED_NOTE);
        wanted.note.clear();
    }
    change
}
