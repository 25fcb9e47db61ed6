//! All SQL about the planner: prospects as pairs of a person and a lead. Days are the person's own.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::stands;
use crate::rules::stage::EventKind;
use crate::schema::{activities, lead_events};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;
use std::collections::HashMap;

/// A lead as one person works it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair {
    pub person_id: i64,
    pub lead_id: i64,
}

/// A prospect that somebody first worked within the days asked for.
#[derive(Debug, Clone, Copy)]
pub struct Worked {
    pub pair: Pair,
    pub first_day: NaiveDate,
    pub touches: u64,
}

diesel::alias!(activities as earlier: Earlier);

/// The leads that these people worked from `from` to `to`, both included, and not before `since`, which is when `from`
/// begins. An instant, and not the day, so that the index of leads finds what was before.
pub fn worked(
    conn: &mut Conn,
    people: &[i64],
    (from, to): (NaiveDate, NaiveDate),
    (since, as_of): (Instant, Instant),
) -> Result<Vec<Worked>> {
    type Row = (i64, Option<i64>, Option<NaiveDate>, i64);
    let before = earlier
        .filter(earlier.field(activities::lead_id).eq(activities::lead_id))
        .filter(
            earlier
                .field(activities::person_id)
                .eq(activities::person_id),
        )
        .filter(earlier.field(activities::happened_at).lt(since))
        .filter(
            earlier
                .field(activities::is_current)
                .and(earlier.field(activities::is_attempt)),
        );
    let rows: Vec<Row> = activities::table
        .group_by((activities::person_id, activities::lead_id))
        .select((
            activities::person_id,
            activities::lead_id,
            min(activities::local_day),
            count_star(),
        ))
        .filter(activities::is_current.and(activities::person_id.eq_any(people)))
        .filter(activities::local_day.between(from, to))
        .filter(activities::happened_at.le(as_of))
        .filter(activities::is_attempt.and(activities::lead_id.is_not_null()))
        .filter(not(exists(before)))
        .load(conn)?;
    let worked = |(person_id, lead_id, first_day, touches): Row| {
        Some(Worked {
            pair: Pair {
                person_id,
                lead_id: lead_id?,
            },
            first_day: first_day?,
            touches: touches.unsigned_abs(),
        })
    };
    Ok(rows.into_iter().filter_map(worked).collect())
}

/// On which day since `from` each of these people first booked a meeting with a lead.
pub fn meetings(
    conn: &mut Conn,
    people: &[i64],
    from: NaiveDate,
    as_of: Instant,
) -> Result<HashMap<Pair, NaiveDate>> {
    type Row = (i64, Option<i64>, Option<NaiveDate>);
    let rows: Vec<Row> = activities::table
        .group_by((activities::person_id, activities::lead_id))
        .select((
            activities::person_id,
            activities::lead_id,
            min(activities::local_day),
        ))
        .filter(activities::is_current.and(activities::person_id.eq_any(people)))
        .filter(activities::local_day.ge(from))
        .filter(activities::happened_at.le(as_of))
        .filter(activities::is_meeting.and(activities::lead_id.is_not_null()))
        .load(conn)?;
    let meeting = |(person_id, lead_id, day): Row| {
        let lead_id = lead_id?;
        Some((Pair { person_id, lead_id }, day?))
    };
    Ok(rows.into_iter().filter_map(meeting).collect())
}

/// What ends the work on a lead without an outcome.
const CLOSINGS: &[EventKind] = &[
    EventKind::Rejected,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Duplicate,
    EventKind::Lost,
];

/// When leads that these people touched since `from` were closed, oldest first.
pub fn closings(
    conn: &mut Conn,
    people: &[i64],
    from: NaiveDate,
    span: (Instant, Instant),
) -> Result<HashMap<i64, Vec<Instant>>> {
    let theirs = activities::table
        .filter(activities::is_current.and(activities::person_id.eq_any(people)))
        .filter(activities::local_day.ge(from))
        .filter(activities::lead_id.is_not_null())
        .select(activities::lead_id.assume_not_null());
    let rows: Vec<(i64, Instant)> = lead_events::table
        .filter(lead_events::kind.eq_any(CLOSINGS))
        .filter(lead_events::at.between(span.0, span.1))
        .filter(lead_events::lead_id.eq_any(theirs))
        .filter(stands())
        .order(lead_events::at)
        .select((lead_events::lead_id, lead_events::at))
        .load(conn)?;
    let mut closings: HashMap<i64, Vec<Instant>> = HashMap::new();
    for (lead_id, at) in rows {
        closings.entry(lead_id).or_default().push(at);
    }
    Ok(closings)
}
