//! What sales promised for one hand-over, and whether it was kept: as the service levels count it. Source: PRODUCT.md 5.

use super::{Story, explain};
use crate::app::Cx;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::Handover;
use crate::leads::cohort::{Clocks, Ownerships};
use crate::page;
use crate::rules::level::{Clause, Course, ServiceLevel, Tried, Window};
use crate::rules::wait::Verdict;
use crate::rules::workday::Ownership;
use crate::value::Instant;
use std::sync::Arc;

/// One promise, in ready words.
pub struct KeptRow {
    pub promise: &'static str,
    /// The limit, and when it passes or passed.
    pub limit: String,
    /// How much of it was used.
    pub used: String,
    pub tone: &'static str,
    pub verdict: &'static str,
    /// What explains it.
    pub href: String,
}

/// The promises of sales for a hand-over as of an instant, in the order of [`Clause::ALL`].
pub fn rows(
    cx: &Cx,
    conn: &mut Conn,
    story: &Story,
    handover: &Handover,
    as_of: Instant,
) -> Result<Vec<KeptRow>> {
    let definitions: Arc<Definitions> = cx.kept.get(conn)?;
    let calendars = cx.kept.get(conn)?;
    let ownerships = Ownerships {
        owners: story.ownership(),
        calendars: &calendars,
    };
    let course = course(story, handover);
    let waits = Clause::TIMED.map(|clause| (course.start, course.wait(clause, as_of).until));
    let longest = Clause::TIMED.map(|clause| definitions.longest_days(clause));
    let longest = longest.into_iter().max().unwrap_or(0);
    let clocks = Clocks::around(waits.into_iter(), longest, as_of, &ownerships);
    let ownership = clocks.ownership(ownerships.owners.of(story.lead.id));
    let (urgency, source_id) = (handover.urgency, handover.source_id);
    let level = definitions.level(handover.definition_id, urgency, source_id);
    let attempts = story.touches.iter().filter(|touch| touch.is_attempt);
    let attempts = attempts.map(|touch| (touch.happened_at, touch.kind_id));
    let tried = course.tried(attempts, as_of);
    let row = |clause: &Clause| KeptRow {
        href: explain::promise_href(handover, *clause, as_of),
        ..row(cx, *clause, &course, &level, (&ownership, as_of), tried)
    };
    Ok(Clause::ALL.iter().map(row).collect())
}

/// What became of a hand-over: the first of each from its start on.
pub fn course(story: &Story, handover: &Handover) -> Course {
    let start = handover.handed_over_at;
    let replaced = story.replaced();
    let standing = story.events.iter();
    let standing = standing.filter(|e| e.at >= start && !replaced.contains(&e.id));
    let events = standing.map(|e| (e.at, e.kind, e.reason.as_str()));
    let (attempt, contact) = (handover.first_attempt_at, handover.first_contact_at);
    Course::of(start, attempt, contact, events)
}

fn row(
    cx: &Cx,
    clause: Clause,
    course: &Course,
    level: &ServiceLevel,
    (ownership, as_of): (&Ownership, Instant),
    tried: Tried,
) -> KeptRow {
    let (limit, used) = match clause.limit(level) {
        None => (
            least(level.least_attempts, level.least_kinds),
            least(tried.attempts, tried.kinds),
        ),
        Some(limit) => {
            let window = Window::new(ownership, course.start, limit);
            let until = course.wait(clause, as_of).until;
            let used_us = ownership.working_us(course.start, until);
            (
                match window {
                    Some(window) => format!("{limit}: {}", page::time(window.due_at, cx.zone())),
                    None => limit.to_string(),
                },
                page::working_time(used_us as f64 / 1e6),
            )
        }
    };
    let verdict = course.judge(clause, level, ownership, tried, as_of);
    let (tone, verdict) = match verdict {
        Verdict::Met => ("good", "Kept"),
        Verdict::Missed => ("bad", "Missed"),
        Verdict::Pending => ("info", "Has time"),
        Verdict::NotApplicable => ("quiet", "Does not apply"),
    };
    KeptRow {
        promise: clause.about(),
        limit,
        used,
        tone,
        verdict,
        href: String::new(),
    }
}

/// `6 of 2 kinds`.
fn least(attempts: u32, kinds: u32) -> String {
    match kinds {
        0 | 1 => attempts.to_string(),
        kinds => format!("{attempts}, of {kinds} kinds"),
    }
}
