//! All SQL about verdicts that were written down, and about what people chose for their habit.

use super::settings::Setting;
use crate::db::Conn;
use crate::error::Result;
use crate::rules::habit::State;
use crate::rules::target::Period;
use crate::schema::{habit_settings, verdicts};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

crate::words! {
    /// Why a verdict was written down.
    pub enum Origin {
        /// A change of calendars, teams or targets would have turned a closed day.
        Kept = "kept",
        Corrected = "corrected",
    }
}

/// A verdict that was written down: a row is added, never changed.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = verdicts, treat_none_as_default_value = false)]
pub struct WrittenVerdict {
    pub person_id: i64,
    /// A day or a week.
    pub period: Period,
    /// The day, or the week's Monday.
    pub first_day: NaiveDate,
    /// What it was before.
    pub was: State,
    pub state: State,
    pub attainment: Option<f64>,
    pub origin: Origin,
    pub reason: String,
    pub by_id: Option<i64>,
    pub at: Instant,
}

/// All of them, in the order in which they were written.
pub fn verdicts(conn: &mut Conn) -> Result<Vec<WrittenVerdict>> {
    Ok(verdicts::table
        .order(verdicts::id)
        .select(WrittenVerdict::as_select())
        .load(conn)?)
}

pub fn write_down(conn: &mut Conn, rows: &[WrittenVerdict]) -> Result<()> {
    crate::insert_all!(conn, verdicts::table, rows);
    Ok(())
}

pub fn settings(conn: &mut Conn) -> Result<Vec<(i64, Setting)>> {
    let rows: Vec<(i64, Option<i32>, bool)> = habit_settings::table
        .select((
            habit_settings::person_id,
            habit_settings::remind_at_min,
            habit_settings::hides_streak,
        ))
        .load(conn)?;
    let known = |(person_id, remind_at_min, hides_streak): (i64, Option<i32>, bool)| {
        let remind_at_min = remind_at_min.and_then(|minute| u16::try_from(minute).ok());
        let setting = Setting {
            remind_at_min,
            hides_streak,
        };
        (person_id, setting)
    };
    Ok(rows.into_iter().map(known).collect())
}

pub fn put_setting(conn: &mut Conn, person_id: i64, setting: Setting) -> Result<()> {
    let values = (
        habit_settings::remind_at_min.eq(setting.remind_at_min.map(i32::from)),
        habit_settings::hides_streak.eq(setting.hides_streak),
    );
    let changed = diesel::update(habit_settings::table)
        .filter(habit_settings::person_id.eq(person_id))
        .set(values)
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(habit_settings::table)
            .values((habit_settings::person_id.eq(person_id), values))
            .execute(conn)?;
    }
    Ok(())
}
