//! All SQL about working hours, holidays and time off.

use super::{Part, Whose};
use crate::db::Conn;
use crate::error::Result;
use crate::people;
use crate::rules::workday::Block;
use crate::schema::{holidays, time_off, work_hours, work_weeks};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// A week of hours as it was set.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = work_weeks)]
pub struct WeekRow {
    pub id: i64,
    pub team_id: Option<i64>,
    pub person_id: Option<i64>,
    pub valid_from: NaiveDate,
    pub set_by_id: Option<i64>,
    pub set_at: Option<Instant>,
}

impl WeekRow {
    pub fn whose(&self) -> Whose {
        whose(self.team_id, self.person_id)
    }
}

pub fn whose(team_id: Option<i64>, person_id: Option<i64>) -> Whose {
    match (person_id, team_id) {
        (Some(person), _) => Whose::Person(person),
        (None, Some(team)) => Whose::Team(team),
        (None, None) => Whose::Workspace,
    }
}

/// The team and the person of a row.
fn columns(whose: Whose) -> (Option<i64>, Option<i64>) {
    match whose {
        Whose::Workspace => (None, None),
        Whose::Team(id) => (Some(id), None),
        Whose::Person(id) => (None, Some(id)),
    }
}

/// Hours of a weekday, 1 (Monday) to 7.
pub type DayBlock = (i32, Block);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = holidays)]
pub struct Holiday {
    pub id: i64,
    pub day: NaiveDate,
    pub name: String,
    pub team_id: Option<i64>,
    pub person_id: Option<i64>,
}

impl Holiday {
    pub fn whose(&self) -> Whose {
        whose(self.team_id, self.person_id)
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = time_off)]
pub struct TimeOff {
    pub id: i64,
    pub person_id: i64,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub part: Part,
}

/// The weeks of the workspace, all teams and everybody, in the order in which they were set. One without hours ends
/// one's own.
pub fn weeks(conn: &mut Conn) -> Result<Vec<(WeekRow, Vec<DayBlock>)>> {
    let rows: Vec<WeekRow> = work_weeks::table
        .order(work_weeks::id)
        .select(WeekRow::as_select())
        .load(conn)?;
    let blocks: Vec<(i64, i32, i32, i32)> = work_hours::table
        .order((work_hours::weekday, work_hours::opens_min))
        .select((
            work_hours::week_id,
            work_hours::weekday,
            work_hours::opens_min,
            work_hours::closes_min,
        ))
        .load(conn)?;
    let mut by_week: HashMap<i64, Vec<DayBlock>> = HashMap::new();
    for (week, weekday, opens, closes) in blocks {
        let block = Block {
            opens_min: opens as u16,
            closes_min: closes as u16,
        };
        by_week.entry(week).or_default().push((weekday, block));
    }
    let with_blocks = |row: WeekRow| {
        let blocks = by_week.remove(&row.id).unwrap_or_default();
        (row, blocks)
    };
    Ok(rows.into_iter().map(with_blocks).collect())
}

/// Writes a week of one owner of hours that holds from a day on; blocks in any order, none to end their own hours.
pub fn add_week(
    conn: &mut Conn,
    whose: Whose,
    valid_from: NaiveDate,
    blocks: &[DayBlock],
    (set_by_id, set_at): (Option<i64>, Option<Instant>),
) -> Result<()> {
    let (team, person) = columns(whose);
    let week: i64 = diesel::insert_into(work_weeks::table)
        .values((
            work_weeks::team_id.eq(team),
            work_weeks::person_id.eq(person),
            work_weeks::valid_from.eq(valid_from),
            work_weeks::set_by_id.eq(set_by_id),
            work_weeks::set_at.eq(set_at),
        ))
        .returning(work_weeks::id)
        .get_result(conn)?;
    for (weekday, block) in blocks {
        diesel::insert_into(work_hours::table)
            .values((
                work_hours::week_id.eq(week),
                work_hours::weekday.eq(weekday),
                work_hours::opens_min.eq(i32::from(block.opens_min)),
                work_hours::closes_min.eq(i32::from(block.closes_min)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Replaces the week that one owner of hours has since ever: what a set-up and an import say. Who says so, and when.
pub fn replace_hours(
    conn: &mut Conn,
    whose: Whose,
    blocks: &[DayBlock],
    (set_by_id, set_at): (Option<i64>, Instant),
) -> Result<()> {
    let by = (set_by_id, Some(set_at));
    add_week(conn, whose, people::since_ever(), blocks, by)
}

/// The days that are holidays, each with whose it is.
pub fn holiday_days(conn: &mut Conn) -> Result<Vec<(NaiveDate, Whose)>> {
    let rows: Vec<(NaiveDate, Option<i64>, Option<i64>)> = holidays::table
        .select((holidays::day, holidays::team_id, holidays::person_id))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(day, team, person)| (day, whose(team, person)))
        .collect())
}

pub fn holidays(conn: &mut Conn) -> Result<Vec<Holiday>> {
    Ok(holidays::table
        .order((holidays::day, holidays::id))
        .select(Holiday::as_select())
        .load(conn)?)
}

/// Adds a holiday, or renames the one of that day and of the same people. Whether anything changed.
pub fn put_holiday(conn: &mut Conn, day: NaiveDate, name: &str, of: Whose) -> Result<Change> {
    let on_day: Vec<Holiday> = holidays::table
        .filter(holidays::day.eq(day))
        .order(holidays::id)
        .select(Holiday::as_select())
        .load(conn)?;
    let known = on_day.into_iter().find(|holiday| holiday.whose() == of);
    let (team, person) = columns(of);
    match known {
        Some(known) if known.name == name => Ok(Change::Unchanged),
        Some(Holiday { id, .. }) => {
            diesel::update(holidays::table.find(id))
                .set(holidays::name.eq(name))
                .execute(conn)?;
            Ok(Change::Changed)
        }
        None => {
            diesel::insert_into(holidays::table)
                .values((
                    holidays::day.eq(day),
                    holidays::name.eq(name),
                    holidays::team_id.eq(team),
                    holidays::person_id.eq(person),
                ))
                .execute(conn)?;
            Ok(Change::New)
        }
    }
}

pub fn remove_holiday(conn: &mut Conn, id: i64) -> Result<usize> {
    Ok(diesel::delete(holidays::table.find(id)).execute(conn)?)
}

/// What putting a row did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    New,
    Changed,
    Unchanged,
}

pub fn time_off(conn: &mut Conn, person: Option<i64>) -> Result<Vec<TimeOff>> {
    let rows = time_off::table
        .order((time_off::from_day, time_off::id))
        .select(TimeOff::as_select());
    Ok(match person {
        Some(id) => rows.filter(time_off::person_id.eq(id)).load(conn)?,
        None => rows.load(conn)?,
    })
}

/// Adds a time off, or changes the part of the one over the same days. Whether anything changed.
pub fn put_time_off(
    conn: &mut Conn,
    person_id: i64,
    from: NaiveDate,
    to: NaiveDate,
    part: Part,
) -> Result<Change> {
    let same = time_off::table.filter(
        time_off::person_id
            .eq(person_id)
            .and(time_off::from_day.eq(from))
            .and(time_off::to_day.eq(to)),
    );
    let known: Option<(i64, Part)> = same
        .select((time_off::id, time_off::part))
        .first(conn)
        .optional()?;
    match known {
        Some((_, known)) if known == part => Ok(Change::Unchanged),
        Some((id, _)) => {
            diesel::update(time_off::table.find(id))
                .set(time_off::part.eq(part))
                .execute(conn)?;
            Ok(Change::Changed)
        }
        None => {
            diesel::insert_into(time_off::table)
                .values((
                    time_off::person_id.eq(person_id),
                    time_off::from_day.eq(from),
                    time_off::to_day.eq(to),
                    time_off::part.eq(part),
                ))
                .execute(conn)?;
            Ok(Change::New)
        }
    }
}

pub fn remove_time_off(conn: &mut Conn, id: i64) -> Result<usize> {
    Ok(diesel::delete(time_off::table.find(id)).execute(conn)?)
}
