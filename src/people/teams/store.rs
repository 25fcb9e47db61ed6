//! All SQL about retiring a team.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::{memberships, people, teams};
use chrono::NaiveDate;
use diesel::prelude::*;

pub fn set_retired(conn: &mut Conn, id: i64, is_retired: bool) -> Result<()> {
    diesel::update(teams::table.find(id))
        .set(teams::is_retired.eq(is_retired))
        .execute(conn)?;
    Ok(())
}

/// The name of somebody who is in a team on a day or later.
pub fn stays_in(conn: &mut Conn, team_id: i64, day: NaiveDate) -> Result<Option<String>> {
    let ends_later = memberships::until_day
        .is_null()
        .or(memberships::until_day.gt(day));
    Ok(memberships::table
        .inner_join(people::table.on(people::id.eq(memberships::person_id)))
        .filter(memberships::team_id.eq(team_id).and(ends_later))
        .order(people::id)
        .select(people::name)
        .first(conn)
        .optional()?)
}
