//! All SQL about activities.

use super::day_totals::{self, Share};
use crate::both;
use crate::db::{Backend, Conn};
use crate::error::Result;
use crate::in_batches_returning;
use crate::leads::store::LeadName;
use crate::rules::access::{Me, Role};
use crate::schema::{activities, leads};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use std::collections::HashMap;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = activities)]
pub struct Activity {
    pub id: i64,
    pub uid: String,
    pub external_id: Option<String>,
    pub person_id: i64,
    pub team_id: Option<i64>,
    pub lead_id: Option<i64>,
    pub kind_id: i64,
    pub outcome_id: Option<i64>,
    pub technique: String,
    pub quantity: i32,
    pub happened_at: Instant,
    pub entered_at: Instant,
    pub local_day: NaiveDate,
    pub origin: String,
    pub is_late: bool,
    pub with_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub note: String,
    pub note_for_marketing: bool,
    pub replaces_id: Option<i64>,
    pub is_current: bool,
    pub ended_at: Option<Instant>,
    pub import_hash: Option<i64>,
    pub is_prospecting: bool,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = activities, treat_none_as_default_value = false)]
pub struct NewActivity {
    pub uid: String,
    pub external_id: Option<String>,
    pub person_id: i64,
    pub team_id: Option<i64>,
    pub lead_id: Option<i64>,
    pub kind_id: i64,
    pub outcome_id: Option<i64>,
    pub technique: String,
    pub quantity: i32,
    pub happened_at: Instant,
    pub entered_at: Instant,
    pub local_day: NaiveDate,
    pub origin: String,
    pub is_prospecting: bool,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
    pub is_late: bool,
    pub with_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub note: String,
    pub note_for_marketing: bool,
    pub replaces_id: Option<i64>,
    pub import_hash: Option<i64>,
}

pub(super) type Condition =
    Box<dyn BoxableExpression<activities::table, Backend, SqlType = Nullable<Bool>>>;

/// Whose entries someone may see (PRODUCT.md 1): a rep their own, a manager also those made in their teams,
/// marketing those against leads, an admin all.
pub fn visible_to(me: &Me) -> Condition {
    let own = activities::person_id.eq(me.id);
    match me.role {
        Role::Admin => Box::new(activities::id.is_not_null().nullable()),
        Role::Rep => Box::new(own.nullable()),
        Role::Manager => Box::new(own.or(
            activities::team_id.eq_any(me.teams.iter().copied().map(Some).collect::<Vec<_>>()),
        )),
        Role::Marketing => Box::new(activities::lead_id.is_not_null().nullable()),
    }
}

/// Who made the entry of this client-made id, whether it still stands or not.
pub fn owner_of(conn: &mut Conn, uid: &str) -> Result<Option<i64>> {
    Ok(activities::table
        .filter(activities::uid.eq(uid))
        .select(activities::person_id)
        .first(conn)
        .optional()?)
}

/// One's own standing entry.
pub fn own(conn: &mut Conn, person_id: i64, uid: &str) -> Result<Option<Activity>> {
    Ok(activities::table
        .filter(
            activities::uid
                .eq(uid)
                .and(activities::person_id.eq(person_id))
                .and(activities::is_current),
        )
        .select(Activity::as_select())
        .first(conn)
        .optional()?)
}

/// Adds an entry, and what it adds to its day; `None` where its uid is taken.
pub fn add(conn: &mut Conn, new: &NewActivity) -> Result<Option<i64>> {
    let insert = diesel::insert_into(activities::table).values(new);
    let insert = insert.on_conflict(activities::uid).do_nothing();
    let insert = insert.returning(activities::id);
    let id: Option<i64> = both!(conn, |c| insert.get_result(c)).optional()?;
    if id.is_some() {
        day_totals::add(conn, [Share::of(new)])?;
    }
    Ok(id)
}

/// Adds entries that have nothing to do with each other; the id of each that is new, and none of one whose uid is taken, if
/// only by one before it.
pub fn add_each(conn: &mut Conn, new: &[NewActivity]) -> Result<Vec<Option<i64>>> {
    let added: Vec<(String, i64)> = in_batches_returning!(conn, new, |c, values| {
        let insert = diesel::insert_into(activities::table).values(values);
        let insert = insert.on_conflict(activities::uid).do_nothing();
        insert.returning((activities::uid, activities::id))
    });
    let mut added: HashMap<String, i64> = added.into_iter().collect();
    let ids: Vec<Option<i64>> = new.iter().map(|new| added.remove(&new.uid)).collect();
    let shares = new.iter().zip(&ids).filter(|(_, id)| id.is_some());
    day_totals::add(conn, shares.map(|(new, _)| Share::of(new)))?;
    Ok(ids)
}

/// Adds many at once.
pub fn add_all(conn: &mut Conn, new: &[NewActivity]) -> Result<()> {
    crate::insert_all!(conn, activities::table, new);
    day_totals::add(conn, new.iter().map(Share::of))
}

/// Marks a standing entry as no longer standing, and takes its share out of its day.
pub fn end(conn: &mut Conn, id: i64, at: Instant, by_id: Option<i64>) -> Result<()> {
    let standing = activities::table
        .find(id)
        .filter(activities::is_current)
        .select(NewActivity::as_select());
    let Some(old) = standing.first(conn).optional()? else {
        return Ok(());
    };
    diesel::update(activities::table.find(id))
        .set((
            activities::is_current.eq(false),
            activities::ended_at.eq(at),
            activities::ended_by_id.eq(by_id),
        ))
        .execute(conn)?;
    day_totals::add(conn, [Share::of(&old).taken_back()])
}

/// When the nearest standing entry of the same person, lead and kind happened within [from, to].
pub fn similar(
    conn: &mut Conn,
    person_id: i64,
    lead_id: i64,
    kind_id: i64,
    from: Instant,
    to: Instant,
) -> Result<Option<Instant>> {
    Ok(activities::table
        .filter(
            activities::lead_id
                .eq(lead_id)
                .and(activities::person_id.eq(person_id)),
        )
        .filter(activities::kind_id.eq(kind_id).and(activities::is_current))
        .filter(activities::happened_at.between(from, to))
        .order(activities::happened_at.desc())
        .select(activities::happened_at)
        .first(conn)
        .optional()?)
}

/// Who touched which lead, how and when: what makes one touch like another.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = activities)]
pub struct TouchOf {
    pub person_id: i64,
    pub lead_id: Option<i64>,
    pub kind_id: i64,
    pub happened_at: Instant,
}

/// The standing touches of some leads within [from, to].
pub fn touches_between(
    conn: &mut Conn,
    lead_ids: &[i64],
    from: Instant,
    to: Instant,
) -> Result<Vec<TouchOf>> {
    let lead_ids = lead_ids.iter().copied().map(Some);
    Ok(activities::table
        .filter(activities::lead_id.eq_any(lead_ids))
        .filter(activities::is_current)
        .filter(activities::happened_at.between(from, to))
        .select(TouchOf::as_select())
        .load(conn)?)
}

/// A person's standing entries of one local day with what their leads are called, newest first.
pub fn of_day(
    conn: &mut Conn,
    person_id: i64,
    day: NaiveDate,
) -> Result<Vec<(Activity, Option<LeadName>)>> {
    let query = activities::table
        .left_join(leads::table.on(activities::lead_id.eq(leads::id.nullable())))
        .filter(
            activities::person_id
                .eq(person_id)
                .and(activities::local_day.eq(day)),
        )
        .filter(activities::is_current)
        .order((activities::happened_at.desc(), activities::id.desc()));
    Ok(both!(conn, |c| {
        query
            .select((Activity::as_select(), Option::<LeadName>::as_select()))
            .load(c)
    })?)
}

/// The standing touches of a lead, oldest first.
pub fn of_lead(conn: &mut Conn, lead_id: i64) -> Result<Vec<Activity>> {
    Ok(activities::table
        .filter(activities::lead_id.eq(lead_id).and(activities::is_current))
        .order((activities::happened_at, activities::id))
        .select(Activity::as_select())
        .load(conn)?)
}

/// How many of somebody's last touches the leads they touched last are among.
const RECENT_TOUCHES: i64 = 60;

/// The leads somebody touched last, newest first, each once.
pub fn recent_lead_ids(
    conn: &mut Conn,
    person_id: i64,
    since: NaiveDate,
    most: usize,
) -> Result<Vec<i64>> {
    let rows: Vec<Option<i64>> = activities::table
        .filter(
            activities::person_id
                .eq(person_id)
                .and(activities::is_current),
        )
        .filter(
            activities::local_day
                .ge(since)
                .and(activities::lead_id.is_not_null()),
        )
        // By day first, so that the index leads to the newest and the rest is not read.
        .order((
            activities::local_day.desc(),
            activities::happened_at.desc(),
            activities::id.desc(),
        ))
        .select(activities::lead_id)
        .limit(RECENT_TOUCHES)
        .load(conn)?;
    let mut ids: Vec<i64> = Vec::new();
    for id in rows.into_iter().flatten() {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.truncate(most);
    Ok(ids)
}

/// The kind somebody logged last, of the newest day on which they logged.
pub fn last_kind(conn: &mut Conn, person_id: i64, since: NaiveDate) -> Result<Option<i64>> {
    Ok(activities::table
        .filter(
            activities::person_id
                .eq(person_id)
                .and(activities::is_current),
        )
        .filter(activities::local_day.ge(since))
        .order((activities::local_day.desc(), activities::entered_at.desc()))
        .select(activities::kind_id)
        .first(conn)
        .optional()?)
}
