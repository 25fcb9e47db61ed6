//! All SQL about people, teams, memberships and the workspace.

use super::NewPerson;
use crate::db::Conn;
use crate::error::Result;
use crate::rules::access::Role;
use crate::rules::display::DisplayMode;
use crate::schema::{known_devices, memberships, past_zones, people, sessions, teams, workspace};
use crate::secret::token_hash;
use crate::style::{DayStyle, NumberStyle, Style};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = workspace)]
pub struct WorkspaceRow {
    pub name: String,
    pub time_zone: Option<String>,
    pub set_up_at: Option<Instant>,
    pub number_style: NumberStyle,
    pub day_style: DayStyle,
    pub second_factor_roles: String,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Person {
    pub id: i64,
    pub uid: String,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub time_zone: Option<String>,
    pub left_on: Option<NaiveDate>,
    pub has_letter_keys: bool,
    pub has_second_factor: bool,
}

impl Person {
    /// Whether they can do an admin's work: a leaver cannot.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin && self.left_on.is_none()
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = teams)]
pub struct Team {
    pub id: i64,
    pub name: String,
    pub time_zone: Option<String>,
    pub display_mode: DisplayMode,
    pub is_retired: bool,
}

/// A person in a team from `from_day` until the day before `until_day`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    pub id: i64,
    pub person_id: i64,
    pub team_id: i64,
    pub from_day: NaiveDate,
    pub until_day: Option<NaiveDate>,
}

impl Membership {
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_day <= day && self.until_day.is_none_or(|until| day < until)
    }

    /// Whether it holds on any day from `from` to `to`, both included.
    pub fn holds_within(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.from_day <= to
            && self
                .until_day
                .is_none_or(|until| from < until && self.from_day < until)
    }
}

pub fn workspace(conn: &mut Conn) -> Result<WorkspaceRow> {
    Ok(workspace::table
        .select(WorkspaceRow::as_select())
        .first(conn)?)
}

pub fn set_workspace(
    conn: &mut Conn,
    name: &str,
    time_zone: &str,
    set_up_at: Option<Instant>,
) -> Result<()> {
    diesel::update(workspace::table)
        .set((
            workspace::name.eq(name),
            workspace::time_zone.eq(time_zone),
            workspace::set_up_at.eq(set_up_at),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn set_style(conn: &mut Conn, style: Style) -> Result<()> {
    diesel::update(workspace::table)
        .set((
            workspace::number_style.eq(style.number),
            workspace::day_style.eq(style.day),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn set_second_factor_roles(conn: &mut Conn, words: &str) -> Result<()> {
    diesel::update(workspace::table)
        .set(workspace::second_factor_roles.eq(words))
        .execute(conn)?;
    Ok(())
}

/// What those who were erased are called since.
pub fn erased_names(conn: &mut Conn) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = people::table
        .filter(people::erased_at.is_not_null())
        .select((people::id, people::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Those who were erased, by the mark of the address that they had.
pub fn erased_marks(conn: &mut Conn) -> Result<HashMap<String, i64>> {
    let rows: Vec<(Option<String>, i64)> = people::table
        .filter(people::erased_hash.is_not_null())
        .order(people::id)
        .select((people::erased_hash, people::id))
        .load(conn)?;
    let marks = rows.into_iter();
    Ok(marks.filter_map(|(mark, id)| Some((mark?, id))).collect())
}

/// Whether somebody was erased.
pub fn is_erased(conn: &mut Conn, id: i64) -> Result<bool> {
    let erased: Option<Option<Instant>> = people::table
        .find(id)
        .select(people::erased_at)
        .first(conn)
        .optional()?;
    Ok(erased.flatten().is_some())
}

pub fn set_has_second_factor(conn: &mut Conn, person_id: i64, has_it: bool) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set(people::has_second_factor.eq(has_it))
        .execute(conn)?;
    Ok(())
}

pub fn set_letter_keys(conn: &mut Conn, person_id: i64, has_them: bool) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set(people::has_letter_keys.eq(has_them))
        .execute(conn)?;
    Ok(())
}

pub fn set_workspace_zone(conn: &mut Conn, time_zone: &str) -> Result<()> {
    diesel::update(workspace::table)
        .set(workspace::time_zone.eq(time_zone))
        .execute(conn)?;
    Ok(())
}

pub fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Person>> {
    Ok(people::table
        .find(id)
        .select(Person::as_select())
        .first(conn)
        .optional()?)
}

pub fn by_uid(conn: &mut Conn, uid: &str) -> Result<Option<Person>> {
    Ok(people::table
        .filter(people::uid.eq(uid))
        .select(Person::as_select())
        .first(conn)
        .optional()?)
}

pub fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Person>> {
    Ok(people::table
        .filter(people::email.eq(email))
        .select(Person::as_select())
        .first(conn)
        .optional()?)
}

/// Everybody, leavers too, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<Person>> {
    Ok(people::table
        .order((people::name, people::id))
        .select(Person::as_select())
        .load(conn)?)
}

pub fn admins(conn: &mut Conn) -> Result<i64> {
    let admins = people::table.filter(people::role.eq(Role::Admin).and(people::left_on.is_null()));
    Ok(admins.select(count_star()).first(conn)?)
}

pub fn add(conn: &mut Conn, person: &NewPerson, now: Instant) -> Result<i64> {
    Ok(diesel::insert_into(people::table)
        .values((
            people::uid.eq(uuid::Uuid::now_v7().to_string()),
            people::email.eq(&person.email),
            people::name.eq(&person.name),
            people::role.eq(person.role),
            people::time_zone.eq(&person.time_zone),
            people::password_hash.eq(&person.password_hash),
            people::created_at.eq(now),
        ))
        .returning(people::id)
        .get_result(conn)?)
}

pub fn change(
    conn: &mut Conn,
    id: i64,
    name: &str,
    role: Role,
    time_zone: Option<&str>,
) -> Result<()> {
    diesel::update(people::table.find(id))
        .set((
            people::name.eq(name),
            people::role.eq(role),
            people::time_zone.eq(time_zone),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn set_email(conn: &mut Conn, id: i64, email: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::email.eq(email))
        .execute(conn)?;
    Ok(())
}

pub fn teams(conn: &mut Conn) -> Result<Vec<Team>> {
    Ok(teams::table
        .order((teams::name, teams::id))
        .select(Team::as_select())
        .load(conn)?)
}

pub fn team(conn: &mut Conn, id: i64) -> Result<Option<Team>> {
    Ok(teams::table
        .find(id)
        .select(Team::as_select())
        .first(conn)
        .optional()?)
}

pub fn add_team(conn: &mut Conn, name: &str, time_zone: Option<&str>) -> Result<i64> {
    Ok(diesel::insert_into(teams::table)
        .values((teams::name.eq(name), teams::time_zone.eq(time_zone)))
        .returning(teams::id)
        .get_result(conn)?)
}

pub fn change_team(conn: &mut Conn, id: i64, name: &str, time_zone: Option<&str>) -> Result<()> {
    diesel::update(teams::table.find(id))
        .set((teams::name.eq(name), teams::time_zone.eq(time_zone)))
        .execute(conn)?;
    Ok(())
}

pub fn set_display_mode(conn: &mut Conn, id: i64, mode: DisplayMode) -> Result<()> {
    diesel::update(teams::table.find(id))
        .set(teams::display_mode.eq(mode))
        .execute(conn)?;
    Ok(())
}

pub fn set_team_zone(conn: &mut Conn, id: i64, time_zone: &str) -> Result<()> {
    diesel::update(teams::table.find(id))
        .set(teams::time_zone.eq(time_zone))
        .execute(conn)?;
    Ok(())
}

pub fn memberships(conn: &mut Conn) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .order((memberships::from_day, memberships::id))
        .select(Membership::as_select())
        .load(conn)?)
}

pub fn memberships_of(conn: &mut Conn, person_id: i64) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(memberships::person_id.eq(person_id))
        .order((memberships::from_day, memberships::id))
        .select(Membership::as_select())
        .load(conn)?)
}

pub fn join(conn: &mut Conn, person_id: i64, team_id: i64, from_day: NaiveDate) -> Result<()> {
    diesel::insert_into(memberships::table)
        .values((
            memberships::person_id.eq(person_id),
            memberships::team_id.eq(team_id),
            memberships::from_day.eq(from_day),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends all memberships of a person from a day on.
pub fn end_memberships(conn: &mut Conn, person_id: i64, from_day: NaiveDate) -> Result<()> {
    let theirs = memberships_of(conn, person_id)?;
    end(conn, &theirs, from_day).map(|_| ())
}

/// Ends the memberships of a person in one team from a day on, and returns how many there were.
pub fn leave(conn: &mut Conn, person_id: i64, team_id: i64, from_day: NaiveDate) -> Result<usize> {
    let mut theirs = memberships_of(conn, person_id)?;
    theirs.retain(|membership| membership.team_id == team_id);
    end(conn, &theirs, from_day)
}

/// Those that would have begun on that day or later are removed.
fn end(conn: &mut Conn, memberships: &[Membership], from_day: NaiveDate) -> Result<usize> {
    let mut ended = 0;
    for membership in memberships {
        if membership.until_day.is_some_and(|until| until <= from_day) {
            continue;
        }
        let row = memberships::table.find(membership.id);
        ended += if membership.from_day < from_day {
            diesel::update(row)
                .set(memberships::until_day.eq(from_day))
                .execute(conn)?
        } else {
            diesel::delete(row).execute(conn)?
        };
    }
    Ok(ended)
}

/// Sets the last day of a leaver; `None` for somebody who has not left.
pub fn set_left_on(conn: &mut Conn, id: i64, last_day: Option<NaiveDate>) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::left_on.eq(last_day))
        .execute(conn)?;
    Ok(())
}

/// Ends the sessions of a person, but for the one whose token is `keep`.
pub fn end_sessions(conn: &mut Conn, person_id: i64, keep: Option<&str>) -> Result<()> {
    let kept = keep.map(token_hash).unwrap_or_default();
    let theirs = sessions::table.filter(sessions::person_id.eq(person_id));
    diesel::delete(theirs.filter(sessions::token_hash.ne(kept))).execute(conn)?;
    Ok(())
}

/// Forgets the devices on which a person has signed in, but for the one whose token is `keep`.
pub fn forget_devices(conn: &mut Conn, person_id: i64, keep: Option<&str>) -> Result<usize> {
    let kept = keep.map(token_hash).unwrap_or_default();
    let theirs = known_devices::table.filter(known_devices::person_id.eq(person_id));
    Ok(diesel::delete(theirs.filter(known_devices::token_hash.ne(kept))).execute(conn)?)
}

/// The zone that somebody had of their own until a day: a person, a team, or with neither the workspace.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = past_zones)]
pub struct PastZone {
    pub team_id: Option<i64>,
    pub person_id: Option<i64>,
    pub time_zone: Option<String>,
    pub until_day: NaiveDate,
}

/// In the order in which they ended.
pub fn past_zones(conn: &mut Conn) -> Result<Vec<PastZone>> {
    Ok(past_zones::table
        .order((past_zones::until_day, past_zones::id))
        .select(PastZone::as_select())
        .load(conn)?)
}

pub fn add_past_zone(conn: &mut Conn, past: &PastZone) -> Result<()> {
    diesel::insert_into(past_zones::table)
        .values(past)
        .execute(conn)?;
    Ok(())
}
