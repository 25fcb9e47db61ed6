//! All SQL about techniques: first touches that somebody may see, and all that came of their leads.

use crate::activities::store::visible_to;
use crate::db::Conn;
use crate::error::Result;
use crate::rules::access::Me;
use crate::schema::{activities, lead_profiles, leads};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// The first touch that a lead ever had.
#[derive(Debug, Clone, Queryable)]
pub struct FirstTouch {
    pub lead_id: i64,
    pub person_id: i64,
    pub at: Instant,
    pub technique: String,
    pub kind_id: i64,
}

diesel::alias!(activities as other: Other);

/// The first touches made on the days from `from` to `to`, both included, of those that `me` may see.
pub fn first_touches(
    conn: &mut Conn,
    me: &Me,
    from: NaiveDate,
    to: NaiveDate,
    as_of: Instant,
) -> Result<Vec<FirstTouch>> {
    let at = other.field(activities::happened_at);
    let same_instant = at
        .eq(activities::happened_at)
        .and(other.field(activities::id).lt(activities::id));
    let before = other
        .filter(other.field(activities::lead_id).eq(activities::lead_id))
        .filter(
            other
                .field(activities::is_current)
                .and(other.field(activities::is_attempt)),
        )
        .filter(at.lt(activities::happened_at).or(same_instant));
    Ok(activities::table
        .filter(visible_to(me))
        .filter(activities::is_current.and(activities::is_attempt))
        .filter(activities::local_day.between(from, to))
        .filter(activities::happened_at.le(as_of))
        .filter(activities::lead_id.is_not_null())
        .filter(not(exists(before)))
        .order(activities::id)
        .select((
            activities::lead_id.assume_not_null(),
            activities::person_id,
            activities::happened_at,
            activities::technique,
            activities::kind_id,
        ))
        .load(conn)?)
}

/// A touch of a lead, whoever made it.
#[derive(Debug, Clone, Queryable)]
pub struct Touch {
    pub lead_id: i64,
    pub at: Instant,
    pub technique: String,
    pub kind_id: i64,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
}

/// All touches of the leads that these people touched on these days, oldest first.
pub fn touches(
    conn: &mut Conn,
    people: &[i64],
    from: NaiveDate,
    to: NaiveDate,
    as_of: Instant,
) -> Result<Vec<Touch>> {
    let theirs = activities::table
        .filter(activities::person_id.eq_any(people))
        .filter(activities::is_current.and(activities::is_attempt))
        .filter(activities::local_day.between(from, to))
        .filter(activities::lead_id.is_not_null())
        .select(activities::lead_id);
    Ok(other
        .filter(other.field(activities::is_current))
        .filter(other.field(activities::happened_at).le(as_of))
        .filter(other.field(activities::lead_id).eq_any(theirs))
        .order((
            other.field(activities::happened_at),
            other.field(activities::id),
        ))
        .select((
            other.field(activities::lead_id).assume_not_null(),
            other.field(activities::happened_at),
            other.field(activities::technique),
            other.field(activities::kind_id),
            other.field(activities::is_attempt),
            other.field(activities::is_reached),
            other.field(activities::is_meeting),
        ))
        .load(conn)?)
}

/// The sort of the same leads: id, source and segment, which is empty where none is known.
pub fn sorts(
    conn: &mut Conn,
    people: &[i64],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(i64, Option<i64>, String)>> {
    let theirs = activities::table
        .filter(activities::person_id.eq_any(people))
        .filter(activities::is_current.and(activities::is_attempt))
        .filter(activities::local_day.between(from, to))
        .filter(activities::lead_id.is_not_null())
        .select(activities::lead_id.assume_not_null());
    let rows: Vec<(i64, Option<i64>, Option<String>)> = leads::table
        .left_join(lead_profiles::table.on(lead_profiles::lead_id.eq(leads::id)))
        .filter(leads::id.eq_any(theirs))
        .select((
            leads::id,
            leads::source_id,
            lead_profiles::segment.nullable(),
        ))
        .load(conn)?;
    let sort = |(id, source, segment): (i64, Option<i64>, Option<String>)| {
        (id, source, segment.unwrap_or_default())
    };
    Ok(rows.into_iter().map(sort).collect())
}
