//! All SQL about working hours, holidays and time off.

use super::{Part, Whose};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::workday::Block;
use crate::rules::zone::Zone;
use crate::schema::{holidays, people, teams, time_off, work_hours};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = work_hours)]
pub struct HoursRow {
    pub team_id: Option<i64>,
    pub person_id: Option<i64>,
    /// 1 is Monday, 7 Sunday.
    pub weekday: i32,
    pub opens_min: i32,
    pub closes_min: i32,
}

impl HoursRow {
    pub fn whose(&self) -> Whose {
        match (self.person_id, self.team_id) {
            (Some(person), _) => Whose::Person(person),
            (None, Some(team)) => Whose::Team(team),
            (None, None) => Whose::Workspace,
        }
    }

    pub fn block(&self) -> Block {
        Block {
            opens_min: self.opens_min as u16,
            closes_min: self.closes_min as u16,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = holidays)]
pub struct Holiday {
    pub id: i64,
    pub day: NaiveDate,
    pub name: String,
    pub team_id: Option<i64>,
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

/// The hours of the workspace, all teams and everybody.
pub fn hours(conn: &mut Conn) -> Result<Vec<HoursRow>> {
    Ok(work_hours::table
        .order((work_hours::weekday, work_hours::opens_min))
        .select(HoursRow::as_select())
        .load(conn)?)
}

/// Replaces the week of one owner of hours: (weekday 1 to 7, block) in any order.
pub fn replace_hours(conn: &mut Conn, whose: Whose, blocks: &[(i32, Block)]) -> Result<()> {
    let (team, person) = match whose {
        Whose::Workspace => (None, None),
        Whose::Team(id) => (Some(id), None),
        Whose::Person(id) => (None, Some(id)),
    };
    let all = diesel::delete(work_hours::table);
    match whose {
        Whose::Workspace => all
            .filter(
                work_hours::team_id
                    .is_null()
                    .and(work_hours::person_id.is_null()),
            )
            .execute(conn)?,
        Whose::Team(id) => all.filter(work_hours::team_id.eq(id)).execute(conn)?,
        Whose::Person(id) => all.filter(work_hours::person_id.eq(id)).execute(conn)?,
    };
    for (weekday, block) in blocks {
        diesel::insert_into(work_hours::table)
            .values((
                work_hours::team_id.eq(team),
                work_hours::person_id.eq(person),
                work_hours::weekday.eq(weekday),
                work_hours::opens_min.eq(i32::from(block.opens_min)),
                work_hours::closes_min.eq(i32::from(block.closes_min)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub fn team_zones(conn: &mut Conn) -> Result<HashMap<i64, Zone>> {
    let rows: Vec<(i64, Option<String>)> = teams::table
        .filter(teams::time_zone.is_not_null())
        .select((teams::id, teams::time_zone))
        .load(conn)?;
    Ok(named(rows))
}

pub fn person_zones(conn: &mut Conn) -> Result<HashMap<i64, Zone>> {
    let rows: Vec<(i64, Option<String>)> = people::table
        .filter(people::time_zone.is_not_null())
        .select((people::id, people::time_zone))
        .load(conn)?;
    Ok(named(rows))
}

fn named(rows: Vec<(i64, Option<String>)>) -> HashMap<i64, Zone> {
    rows.into_iter()
        .filter_map(|(id, name)| Some((id, Zone::named(&name?)?)))
        .collect()
}

pub fn holiday_days(conn: &mut Conn) -> Result<Vec<(NaiveDate, Option<i64>)>> {
    Ok(holidays::table
        .select((holidays::day, holidays::team_id))
        .load(conn)?)
}

pub fn holidays(conn: &mut Conn) -> Result<Vec<Holiday>> {
    Ok(holidays::table
        .order((holidays::day, holidays::id))
        .select(Holiday::as_select())
        .load(conn)?)
}

/// Adds a holiday, or renames the one of that day and team. Whether anything changed.
pub fn put_holiday(
    conn: &mut Conn,
    day: NaiveDate,
    name: &str,
    team: Option<i64>,
) -> Result<Change> {
    let on_day = holidays::table
        .filter(holidays::day.eq(day))
        .select((holidays::id, holidays::name))
        .into_boxed();
    let same = match team {
        Some(id) => on_day.filter(holidays::team_id.eq(id)),
        None => on_day.filter(holidays::team_id.is_null()),
    };
    let known: Option<(i64, String)> = same.first(conn).optional()?;
    match known {
        Some((_, known)) if known == name => Ok(Change::Unchanged),
        Some((id, _)) => {
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
