//! All SQL about what is odd in a log.

use crate::db::Conn;
use crate::error::Result;
use crate::rules::watch::BURST_OVER;
use crate::schema::{activities, leads, watch_words};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

/// An entry as the watch-list sees it, with the name of its lead.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    pub id: i64,
    pub person_id: i64,
    pub local_day: NaiveDate,
    pub happened_at: Instant,
    pub entered_at: Instant,
    pub lead_id: Option<i64>,
    pub kind_id: i64,
    pub outcome_id: Option<i64>,
    pub quantity: i32,
    pub note: String,
    pub is_late: bool,
    pub lead: Option<(String, String)>,
}

/// The standing entries of some people and days, both included, in which something odd may be: those of days with many
/// touches, those with a note, and late ones. By person, in the order in which they happened.
pub fn entries(
    conn: &mut Conn,
    people: &[i64],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Entry>> {
    let busy: Vec<NaiveDate> = activities::table
        .group_by((activities::person_id, activities::local_day))
        .select(activities::local_day)
        .filter(activities::is_current.and(activities::lead_id.is_not_null()))
        .filter(activities::person_id.eq_any(people))
        .filter(activities::local_day.between(from, to))
        .having(count_star().gt(BURST_OVER as i64))
        .load(conn)?;
    let is_perhaps = activities::is_late
        .or(activities::note.ne(""))
        .or(activities::local_day.eq_any(busy));
    Ok(activities::table
        .left_join(leads::table.on(activities::lead_id.eq(leads::id.nullable())))
        .filter(activities::is_current)
        .filter(activities::person_id.eq_any(people))
        .filter(activities::local_day.between(from, to))
        .filter(is_perhaps)
        .order((
            activities::person_id,
            activities::happened_at,
            activities::id,
        ))
        .select((
            activities::id,
            activities::person_id,
            activities::local_day,
            activities::happened_at,
            activities::entered_at,
            activities::lead_id,
            activities::kind_id,
            activities::outcome_id,
            activities::quantity,
            activities::note,
            activities::is_late,
            (leads::name, leads::company).nullable(),
        ))
        .load(conn)?)
}

/// What somebody said of a sign in their log.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = watch_words)]
pub struct Word {
    pub person_id: i64,
    pub sign: String,
    pub text: String,
    pub at: Instant,
}

/// Of some people, in the order in which it was said.
pub fn words(conn: &mut Conn, people: &[i64]) -> Result<Vec<Word>> {
    Ok(watch_words::table
        .filter(watch_words::person_id.eq_any(people))
        .order(watch_words::id)
        .select(Word::as_select())
        .load(conn)?)
}

pub fn add_word(
    conn: &mut Conn,
    (person_id, sign, text): (i64, &str, &str),
    at: Instant,
) -> Result<()> {
    diesel::insert_into(watch_words::table)
        .values((
            watch_words::person_id.eq(person_id),
            watch_words::sign.eq(sign),
            watch_words::text.eq(text),
            watch_words::at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}
