//! What every face of the report reads first: the hand-overs that the asker may see, each with its story.

use super::Filters;
use super::figures::{self, Start, Story};
use super::store::{self, Row};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::kept::Keep;
use crate::leads::cohort::{self, Clocks, Grouping, Key, Ownerships};
use crate::rules::access::Me;
use crate::rules::level::Clause;
use crate::rules::survival::End;
use crate::rules::wait::Wait;
use crate::value::Instant;
use std::collections::HashMap;

pub struct Ground {
    pub span: (Instant, Instant),
    pub stories: Vec<Story>,
    pub is_default_hours: bool,
}

impl Ground {
    pub fn load(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Ground> {
        let as_of = filters.cohort.as_of;
        let calendars = Calendars::load(conn)?;
        let span = filters.cohort.span(calendars.zone());
        let ownerships = Ownerships {
            owners: cohort::owners(conn, span)?,
            calendars: &calendars,
        };
        let mut rows = store::rows(conn, span, as_of, filters.by)?;
        leave_later_happenings(&mut rows);
        if let Some(visible) = cohort::visible(conn, me)? {
            rows.retain(|row| visible.contains(&row.lead_id));
        }
        let starts = rows.iter().map(|row| start(row, filters, &ownerships));
        let mut happenings = store::events(conn, span, as_of)?;
        happenings.extend(store::touches(conn, span, as_of)?);
        // A lead's other hand-overs are read too, so that each happening finds the one it belongs to.
        let mut stories = figures::stories(starts.collect(), &happenings, as_of);
        let only: HashMap<i64, &Row> = rows.iter().map(|row| (row.id, row)).collect();
        stories.retain(|story| {
            let start = &story.start;
            (span.0..=span.1).contains(&start.at)
                && filters.cohort.has(start.definition_id)
                && only
                    .get(&start.handover_id)
                    .is_some_and(|row| is_asked_for(row, filters.only))
        });
        let definitions = Definitions::load(conn)?;
        mark_maturing(&mut stories, as_of, &definitions, &ownerships);
        Ok(Ground {
            span,
            stories,
            is_default_hours: calendars.is_default,
        })
    }

    /// The versions of the definitions that they were made under, in order.
    pub fn versions(&self) -> Vec<i64> {
        cohort::versions(self.stories.iter().map(|story| story.start.definition_id))
    }
}

fn start(row: &Row, filters: &Filters, ownerships: &Ownerships) -> Start {
    Start {
        handover_id: row.id,
        lead_id: row.lead_id,
        at: row.handed_over_at,
        key: key(row, filters, ownerships),
        score: row.score,
        source_id: row.source_id,
        urgency: row.urgency,
        definition_id: row.definition_id,
        first_attempt_at: first_attempt(row, filters.cohort.as_of),
    }
}

/// The first attempt, where that is what ended the waiting: who is called after the closing was never tried before it.
fn first_attempt(row: &Row, as_of: Instant) -> Option<Instant> {
    let wait = Wait::new(
        row.handed_over_at,
        row.first_attempt_at,
        row.closed_at,
        as_of,
    );
    (wait.end == End::Event).then_some(wait.until)
}

fn is_asked_for(row: &Row, only: Option<(Grouping, i64)>) -> bool {
    only.is_none_or(|(by, id)| {
        let theirs = match by {
            Grouping::Campaign => row.campaign_id,
            Grouping::Asset => row.asset_id,
            _ => row.source_id,
        };
        theirs == Some(id)
    })
}

/// A closing or an attempt after the lead's next hand-over is that one's.
fn leave_later_happenings(rows: &mut [Row]) {
    rows.sort_by_key(|row| (row.lead_id, row.handed_over_at));
    let mut next: Option<(i64, Instant)> = None;
    for row in rows.iter_mut().rev() {
        let ended = next.filter(|(lead, _)| *lead == row.lead_id);
        let is_its_own = |happened: &Instant| ended.is_none_or(|(_, at)| *happened < at);
        row.closed_at = row.closed_at.filter(is_its_own);
        row.first_attempt_at = row.first_attempt_at.filter(is_its_own);
        next = Some((row.lead_id, row.handed_over_at));
    }
}

/// Whose lead it is: that of whoever owned it at its first closing, else as of the report.
fn key(row: &Row, filters: &Filters, ownerships: &Ownerships) -> Key {
    let as_of = filters.cohort.as_of;
    let until = row.closed_at.map_or(as_of, |closed| closed.min(as_of));
    cohort::key(filters.by, row.member(), until, ownerships)
}

/// A hand-over matures until the time is over in which it should be reached or ended. Source: PRODUCT.md 7, rule 4.
fn mark_maturing(
    stories: &mut [Story],
    as_of: Instant,
    definitions: &Definitions,
    ownerships: &Ownerships,
) {
    let is_young = |story: &Story| story.is_open() && !story.is_in_contact();
    let waitings = stories.iter().filter(|story| is_young(story));
    let waitings: Vec<_> = waitings.map(|story| (story.start.at, as_of)).collect();
    let longest_days = definitions.longest_days(Clause::ContactOrExit);
    let clocks = Clocks::around(waitings.into_iter(), longest_days, as_of, ownerships);
    for story in stories.iter_mut() {
        let start = story.start;
        let level = definitions.level(start.definition_id, start.urgency, start.source_id);
        let ownership = clocks.ownership(ownerships.owners.of(start.lead_id));
        story.is_maturing = is_young(story) && {
            let limit = level.contact_or_exit_by;
            let most_us = limit.working_us(ownership.at(start.at), start.at);
            ownership.working_us(start.at, as_of) <= most_us.unwrap_or(i64::MAX)
        };
    }
}
