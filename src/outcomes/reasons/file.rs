//! The reasons as a file.

use super::{Group, Reason, Report};
use crate::csv_out::{self, Cell};
use crate::error::Result;

impl Report {
    /// One row for each reason of a group, and one without a reason of a group that gave none. Columns: group, n,
    /// accepted, rejected, end, class, reason, k, share, low, high, older_k, older_n, newer_k, newer_n (within 14 days), change, change_low, change_high, given, other, accepted and
    /// rejected each with share, low and high, and the trend: more, less, none, or few where too few were followed;
    /// then how many of the group are maturing, and last how many were taken up, with share, low and high.
    pub(super) fn csv(&self) -> Result<String> {
        const COLUMNS: [&str; 32] = [
            "group",
            "n",
            "accepted",
            "rejected",
            "end",
            "class",
            "reason",
            "k",
            "share",
            "low",
            "high",
            "older_k",
            "older_n",
            "newer_k",
            "newer_n",
            "change",
            "change_low",
            "change_high",
            "given",
            "other",
            "accepted_share",
            "accepted_low",
            "accepted_high",
            "rejected_share",
            "rejected_low",
            "rejected_high",
            "trend",
            "maturing",
            "taken_up",
            "taken_up_share",
            "taken_up_low",
            "taken_up_high",
        ];
        let rows = self.groups.iter().flat_map(|group| {
            let reasons = group.reasons.iter().map(Some);
            let none = group.reasons.is_empty().then_some(None);
            reasons.chain(none).map(move |one| group.cells(one))
        });
        csv_out::table(&COLUMNS, rows)
    }
}

impl Group {
    /// A row of the file: of a reason, or of a group without one.
    fn cells(&self, one: Option<&Reason>) -> Vec<Cell> {
        let count = |value: u64| Cell::count(value as i64);
        let told = |of: fn(&Reason) -> u64| Cell::number(one.map(|one| of(one) as f64));
        let number = |of: fn(&Reason) -> Option<f64>| Cell::number(one.and_then(of));
        let words = one.map_or(["", "", ""], |one| {
            [one.end.word(), one.class.as_str(), one.reason.as_str()]
        });
        let mut cells = vec![Cell::from(self.name.as_str())];
        cells.extend([self.n, self.accepted.k, self.rejected.k].map(count));
        cells.extend(words.map(Cell::from));
        cells.push(told(|one| one.share.k));
        cells.push(number(|one| one.share.share));
        cells.push(number(|one| one.share.low));
        cells.push(number(|one| one.share.high));
        cells.push(told(|one| one.older.k));
        cells.push(told(|one| one.older.n));
        cells.push(told(|one| one.newer.k));
        cells.push(told(|one| one.newer.n));
        cells.push(number(|one| one.change));
        cells.push(number(|one| one.change_low));
        cells.push(number(|one| one.change_high));
        cells.extend([self.given, self.other.k].map(count));
        for part in [&self.accepted, &self.rejected] {
            cells.extend([part.share, part.low, part.high].map(Cell::number));
        }
        cells.push(Cell::from(one.map_or("", Reason::tendency)));
        cells.push(count(self.maturing));
        let taken_up = &self.taken_up;
        cells.push(count(taken_up.k));
        cells.extend([taken_up.share, taken_up.low, taken_up.high].map(Cell::number));
        cells
    }
}
