//! All SQL about totals.

use super::{Metric, Span};
use crate::activities::store::{Activity, Condition, visible_to};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::access::Me;
use crate::schema::{activities, kinds};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::dsl::{not, sum};
use diesel::prelude::*;

/// A person, their team at that time, the local day, and a sum or a lead.
pub type PerDay = (i64, Option<i64>, NaiveDate, i64);

/// Sums of quantities for each (person, team at that time, local day).
pub fn sums(conn: &mut Conn, metric: &Metric, span: &Span) -> Result<Vec<PerDay>> {
    type Row = (i64, Option<i64>, NaiveDate, Option<i64>);
    let rows: Vec<Row> = activities::table
        // In the order of the index of a person's days, so that one's totals need no sorting.
        .group_by((
            activities::person_id,
            activities::local_day,
            activities::team_id,
        ))
        .select((
            activities::person_id,
            activities::team_id,
            activities::local_day,
            sum(activities::quantity),
        ))
        .filter(within(span))
        .filter(counted(metric))
        .load(conn)?;
    let known = |(person, team, day, sum): Row| (person, team, day, sum.unwrap_or(0));
    Ok(rows.into_iter().map(known).collect())
}

/// Quantities of prospecting activities by person, team at that time, and whether somebody was reached.
#[derive(Debug, Clone, Copy)]
pub struct ReachedOrNot {
    pub person_id: i64,
    pub team_id: Option<i64>,
    pub is_reached: bool,
    pub quantity: i64,
}

pub fn reached_or_not(conn: &mut Conn, span: &Span) -> Result<Vec<ReachedOrNot>> {
    let groups = (
        activities::person_id,
        activities::team_id,
        activities::is_reached,
    );
    let rows: Vec<(i64, Option<i64>, bool, Option<i64>)> = activities::table
        .group_by(groups)
        .select((
            activities::person_id,
            activities::team_id,
            activities::is_reached,
            sum(activities::quantity),
        ))
        .filter(within(span))
        .filter(counted(&Metric::Activities))
        .load(conn)?;
    let named = |(person_id, team_id, is_reached, quantity)| ReachedOrNot {
        person_id,
        team_id,
        is_reached,
        quantity: Option::unwrap_or(quantity, 0),
    };
    Ok(rows.into_iter().map(named).collect())
}

/// Quantities of prospecting activities that were entered late, by person and team at that time.
pub fn late(conn: &mut Conn, span: &Span) -> Result<Vec<(i64, Option<i64>, i64)>> {
    type Row = (i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = activities::table
        .group_by((activities::person_id, activities::team_id))
        .select((
            activities::person_id,
            activities::team_id,
            sum(activities::quantity),
        ))
        .filter(activities::is_late.and(activities::is_current))
        .filter(within(span))
        .filter(counted(&Metric::Activities))
        .load(conn)?;
    let known = |(person, team, sum): Row| (person, team, sum.unwrap_or(0));
    Ok(rows.into_iter().map(known).collect())
}

/// Who reached which lead on which day: (person, team at that time, local day, lead), each once.
pub fn leads_reached(conn: &mut Conn, span: &Span) -> Result<Vec<PerDay>> {
    Ok(activities::table
        .filter(within(span))
        .filter(counted(&Metric::LeadsReached))
        .select((
            activities::person_id,
            activities::team_id,
            activities::local_day,
            activities::lead_id.assume_not_null(),
        ))
        .distinct()
        .load(conn)?)
}

/// An entry as the score sees it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = activities)]
pub struct Scored {
    pub id: i64,
    pub person_id: i64,
    pub team_id: Option<i64>,
    pub local_day: NaiveDate,
    pub kind_id: i64,
    pub lead_id: Option<i64>,
    pub is_reached: bool,
    pub outcome_id: Option<i64>,
    pub quantity: i32,
}

/// The entries that score, each person's in the order in which they happened.
pub fn scored(conn: &mut Conn, span: &Span) -> Result<Vec<Scored>> {
    Ok(activities::table
        .filter(within(span))
        .filter(counted(&Metric::Score))
        .order((
            activities::person_id,
            activities::happened_at,
            activities::id,
        ))
        .select(Scored::as_select())
        .load(conn)?)
}

/// A lead that somebody worked, and whether a meeting was booked by that: a row for each of both that there was.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Prospect {
    pub person_id: i64,
    /// At that time.
    pub team_id: Option<i64>,
    pub lead_id: i64,
    pub has_meeting: bool,
}

/// The leads touched in a span, by person and team, each row once.
pub fn prospects(conn: &mut Conn, span: &Span) -> Result<Vec<Prospect>> {
    let is_touch = activities::is_attempt.or(activities::is_meeting);
    Ok(activities::table
        .filter(within(span))
        .filter(activities::lead_id.is_not_null().and(is_touch))
        .select((
            activities::person_id,
            activities::team_id,
            activities::lead_id.assume_not_null(),
            activities::is_meeting,
        ))
        .distinct()
        .load(conn)?)
}

/// The local day of the first standing entry that had happened by then.
pub fn first_day(conn: &mut Conn, as_of: Instant) -> Result<Option<NaiveDate>> {
    Ok(activities::table
        .filter(activities::is_current.and(activities::happened_at.le(as_of)))
        .order(activities::local_day)
        .select(activities::local_day)
        .first(conn)
        .optional()?)
}

/// Which entries stand behind a total.
#[derive(Debug, Clone)]
pub struct Behind {
    pub metric: Metric,
    pub span: Span,
    /// Those made in this team (or in none), or all.
    pub team_id: Option<Option<i64>>,
}

/// The entries behind a total that `me` may see, newest first, after the one with this instant and id, and at most
/// `most` of them (all without).
pub fn behind(
    conn: &mut Conn,
    me: &Me,
    what: &Behind,
    after: Option<(Instant, i64)>,
    most: Option<i64>,
) -> Result<Vec<Activity>> {
    let mut rows = activities::table
        .filter(seen(me, what))
        .filter(counted(&what.metric))
        .order((activities::happened_at.desc(), activities::id.desc()))
        .select(Activity::as_select())
        .into_boxed();
    if let Some((at, id)) = after {
        let older = activities::happened_at.lt(at);
        let same = activities::happened_at.eq(at).and(activities::id.lt(id));
        rows = rows.filter(older.or(same));
    }
    if let Some(most) = most {
        rows = rows.limit(most);
    }
    Ok(rows.load(conn)?)
}

/// The entries of the same people and days that the metric does not count, newest first, at most `most` of them.
pub fn left_out(
    conn: &mut Conn,
    me: &Me,
    what: &Behind,
    most: Option<i64>,
) -> Result<Vec<Activity>> {
    let mut rows = activities::table
        .filter(seen(me, what))
        .filter(not(counted(&what.metric)))
        .order((activities::happened_at.desc(), activities::id.desc()))
        .select(Activity::as_select())
        .into_boxed();
    if let Some(most) = most {
        rows = rows.limit(most);
    }
    Ok(rows.load(conn)?)
}

/// How many entries stand behind a total.
pub fn count_behind(conn: &mut Conn, me: &Me, what: &Behind) -> Result<u64> {
    let rows = activities::table
        .filter(seen(me, what))
        .filter(counted(&what.metric));
    Ok(rows.count().get_result::<i64>(conn)?.max(0) as u64)
}

/// How many entries of the same people and days do not.
pub fn count_left_out(conn: &mut Conn, me: &Me, what: &Behind) -> Result<u64> {
    let rows = activities::table
        .filter(seen(me, what))
        .filter(not(counted(&what.metric)));
    Ok(rows.count().get_result::<i64>(conn)?.max(0) as u64)
}

/// The entries of the people and days that `me` may see, whatever they count as.
fn seen(me: &Me, what: &Behind) -> Condition {
    let theirs = visible_to(me).and(within(&what.span));
    match what.team_id {
        Some(Some(team)) => Box::new(theirs.and(activities::team_id.eq(team))),
        Some(None) => Box::new(theirs.and(activities::team_id.is_null())),
        None => Box::new(theirs),
    }
}

/// Which entries a metric counts.
fn counted(metric: &Metric) -> Condition {
    let reached = activities::is_reached.eq(true);
    match metric {
        Metric::Activities | Metric::Score => {
            Box::new(activities::is_prospecting.eq(true).nullable())
        }
        Metric::Reached => Box::new(activities::is_prospecting.eq(true).and(reached).nullable()),
        Metric::LeadsReached => Box::new(activities::lead_id.is_not_null().and(reached).nullable()),
        Metric::MeetingsBooked => Box::new(activities::is_meeting.eq(true).nullable()),
        Metric::Kind(name) => {
            let ids = kinds::table
                .filter(kinds::name.eq(name.clone()))
                .select(kinds::id);
            Box::new(activities::kind_id.eq_any(ids).nullable())
        }
    }
}

/// The standing entries of a span.
fn within(span: &Span) -> Condition {
    let standing = activities::is_current
        .and(activities::local_day.between(span.from, span.to))
        .and(activities::happened_at.le(span.as_of));
    match span.people.as_deref() {
        None => Box::new(standing.nullable()),
        Some([one]) => Box::new(standing.and(activities::person_id.eq(*one)).nullable()),
        Some(some) => {
            let theirs = activities::person_id.eq_any(some.to_vec());
            Box::new(standing.and(theirs).nullable())
        }
    }
}
