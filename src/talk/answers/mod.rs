//! Until when marketing promised to answer the rejections that wait for it. Source: PRODUCT.md 5.

mod store;

use super::Rejection;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::rules::level::{Limit, Window};
use crate::rules::workday::Ownership;
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use store::HandedOver;

/// The longest promise in days of one working day a week, and two more months for holidays.
const AHEAD_DAYS: u64 = 7 * Limit::MOST_DAYS as u64 + 60;

/// A rejection that waits for its answer.
#[derive(Debug, Clone)]
pub struct Answering {
    pub rejection: Rejection,
    pub handover_id: i64,
    /// Who made the hand-over that was rejected.
    pub by_id: Option<i64>,
    /// By the workspace's hours; `None` where nothing was promised, and of what a file brought.
    pub window: Option<Window>,
}

/// What was promised of each of these rejections, in their order: by the version under which the lead was handed over
/// last before it. One without a hand-over is left out.
pub fn answering(
    conn: &mut Conn,
    calendars: &Calendars,
    definitions: &Definitions,
    rejections: Vec<Rejection>,
) -> Result<Vec<Answering>> {
    let mut leads: Vec<i64> = rejections.iter().map(|one| one.lead_id).collect();
    leads.sort_unstable();
    leads.dedup();
    let mut of_lead: HashMap<i64, Vec<HandedOver>> = HashMap::new();
    for handover in store::handed_over(conn, &leads)? {
        of_lead.entry(handover.lead_id).or_default().push(handover);
    }
    let Some((from, to)) = days(&rejections) else {
        return Ok(Vec::new());
    };
    let workspace = calendars.of_workspace(from, to);
    let ownership = Ownership::new(&workspace, []);
    let promised = |rejection: Rejection| {
        let starts = of_lead.get(&rejection.lead_id)?.iter();
        let newest = starts
            .filter(|handover| handover.at <= rejection.at)
            .max_by_key(|handover| (handover.at, handover.id))?;
        let version = definitions.version(newest.definition_id);
        let limit = version.and_then(|version| version.content.answer_by);
        let window = limit
            .filter(|_| !rejection.is_imported)
            .and_then(|limit| Window::new(&ownership, rejection.at, limit));
        Some(Answering {
            handover_id: newest.id,
            by_id: newest.by_id,
            window,
            rejection,
        })
    };
    Ok(rejections.into_iter().filter_map(promised).collect())
}

/// The days in which these were rejected and their answers may fall due.
fn days(rejections: &[Rejection]) -> Option<(NaiveDate, NaiveDate)> {
    let day = |at: Instant| Zone::utc().day_of(at);
    let first = day(rejections.iter().map(|one| one.at).min()?);
    let last = day(rejections.iter().map(|one| one.at).max()?);
    Some((first - Days::new(2), last + Days::new(AHEAD_DAYS)))
}
