//! The hand-overs as a file, as filtered.

use super::figures::GroupRow;
use super::page::reply_word;
use super::passed::Passed;
use crate::csv_out::{self, Cell};
use crate::lists::Lists;
use crate::page::{self, Answer};
use crate::people::Directory;
use crate::value::Instant;

const HEADER: [&str; 20] = [
    "receipt",
    "lead",
    "company",
    "handed_over_at",
    "by",
    "urgency",
    "source",
    "campaign",
    "asset",
    "territory",
    "owner",
    "status",
    "outcome",
    "reason",
    "first_attempt_at",
    "first_attempt_s",
    "first_contact_at",
    "closed_at",
    "rejection",
    "rating",
];

const GROUPS: [&str; 11] = [
    "group",
    "n",
    "untouched",
    "accepted",
    "rejected",
    "disputed",
    "reached",
    "won",
    "rated",
    "average_rating",
    "taken_up",
];

/// What stands by group on the page, in its order.
pub fn groups(rows: &[GroupRow]) -> Answer {
    let rows = rows.iter().map(|group| {
        let totals = &group.totals;
        let counts = [
            totals.n,
            totals.untouched,
            totals.accepted,
            totals.rejections.rejected,
            totals.rejections.disputed,
            totals.contacted,
            totals.won,
            group.rating.n,
        ];
        let mut cells = vec![Cell::from(group.name.as_str())];
        cells.extend(counts.map(|count| Cell::count(count as i64)));
        cells.push(Cell::number(group.rating.mean()));
        cells.push(Cell::count(totals.taken_up as i64));
        cells
    });
    page::csv_file("hand-overs-by-group", csv_out::table(&GROUPS, rows)?)
}

pub fn file(all: &[&Passed], lists: &Lists, directory: &Directory) -> Answer {
    let rows = all.iter().map(|passed| row(passed, lists, directory));
    page::csv_file("hand-overs", csv_out::table(&HEADER, rows)?)
}

fn row(passed: &Passed, lists: &Lists, directory: &Directory) -> Vec<Cell> {
    let handover = &passed.handover;
    let instant = |at: Option<Instant>| Cell::from(at.map(|at| at.to_string()).unwrap_or_default());
    let attempted = passed.wait_s().is_some();
    let closing = passed.closing.as_ref().map_or("", |(kind, _)| kind.word());
    vec![
        Cell::from(handover.uid.as_str()),
        Cell::from(passed.lead.name.title()),
        Cell::from(passed.lead.name.company.as_str()),
        instant(Some(handover.handed_over_at)),
        Cell::from(directory.name(handover.by_id)),
        Cell::from(handover.urgency.word()),
        Cell::from(lists.label_name(handover.source_id)),
        Cell::from(lists.label_name(handover.campaign_id)),
        Cell::from(lists.label_name(handover.asset_id)),
        Cell::from(lists.label_name(handover.territory_id)),
        Cell::from(directory.name(passed.owner_id)),
        Cell::from(passed.status.word()),
        Cell::from(closing),
        Cell::from(passed.reason()),
        instant(attempted.then_some(passed.wait.until)),
        Cell::number(passed.wait_s()),
        instant(handover.first_contact_at.filter(|_| passed.is_contacted)),
        instant(passed.closing.as_ref().and(handover.closed_at)),
        Cell::from(reply_word(passed)),
        Cell::number(passed.rating.as_ref().map(|rating| f64::from(rating.stars))),
    ]
}
