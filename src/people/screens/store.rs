//! All SQL about screens on a wall.

use crate::db::Conn;
use crate::error::Result;
use crate::rules::period::Period;
use crate::schema::screens;
use crate::value::Instant;
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = screens)]
pub struct Row {
    pub token_hash: String,
    pub team_id: i64,
    pub name: String,
    pub metric: String,
    pub period: Period,
    pub made_at: Instant,
    pub made_by_id: Option<i64>,
}

/// A screen that shows the board of a team.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = screens)]
pub struct Screen {
    pub id: i64,
    pub team_id: i64,
    /// Where it hangs.
    pub name: String,
    /// As the address of a board says it.
    pub metric: String,
    pub period: Period,
    pub made_at: Instant,
    pub made_by_id: Option<i64>,
    /// To ten minutes; `None` where nobody has opened it.
    pub opened_at: Option<Instant>,
}

pub fn add(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(screens::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The screen of a token; none where it was taken down.
pub fn of_token(conn: &mut Conn, token_hash: &str) -> Result<Option<Screen>> {
    Ok(screens::table
        .filter(screens::token_hash.eq(token_hash))
        .filter(screens::taken_down_at.is_null())
        .select(Screen::as_select())
        .first(conn)
        .optional()?)
}

/// All screens that were not taken down, the oldest first.
pub fn standing(conn: &mut Conn) -> Result<Vec<Screen>> {
    Ok(screens::table
        .filter(screens::taken_down_at.is_null())
        .order(screens::id)
        .select(Screen::as_select())
        .load(conn)?)
}

pub fn set_opened(conn: &mut Conn, id: i64, now: Instant) -> Result<()> {
    diesel::update(screens::table.find(id))
        .set(screens::opened_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// How many screens this takes down: none where somebody was faster.
pub fn take_down(conn: &mut Conn, id: i64, now: Instant) -> Result<usize> {
    let standing = screens::table.filter(screens::id.eq(id).and(screens::taken_down_at.is_null()));
    Ok(diesel::update(standing)
        .set(screens::taken_down_at.eq(now))
        .execute(conn)?)
}

pub fn take_down_of_team(conn: &mut Conn, team_id: i64, now: Instant) -> Result<()> {
    let standing = screens::team_id
        .eq(team_id)
        .and(screens::taken_down_at.is_null());
    diesel::update(screens::table.filter(standing))
        .set(screens::taken_down_at.eq(now))
        .execute(conn)?;
    Ok(())
}
