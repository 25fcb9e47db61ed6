//! All SQL about peer groups.

use crate::db::Conn;
use crate::error::Result;
use crate::schema::peer_groups;
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

/// From a day on, somebody is in a group; in none where its name is empty.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = peer_groups)]
pub struct Placed {
    pub id: i64,
    pub person_id: i64,
    pub name: String,
    pub from_day: NaiveDate,
    pub set_by_id: Option<i64>,
    pub set_at: Instant,
}

/// In the order in which they hold: of two from one day the later written is the last.
pub fn all(conn: &mut Conn) -> Result<Vec<Placed>> {
    Ok(peer_groups::table
        .order((peer_groups::from_day, peer_groups::id))
        .select(Placed::as_select())
        .load(conn)?)
}

pub fn add(
    conn: &mut Conn,
    (person_id, name, from_day): (i64, &str, NaiveDate),
    set_by_id: Option<i64>,
    set_at: Instant,
) -> Result<()> {
    diesel::insert_into(peer_groups::table)
        .values((
            peer_groups::person_id.eq(person_id),
            peer_groups::name.eq(name),
            peer_groups::from_day.eq(from_day),
            peer_groups::set_by_id.eq(set_by_id),
            peer_groups::set_at.eq(set_at),
        ))
        .execute(conn)?;
    Ok(())
}
