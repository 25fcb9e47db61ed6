//! All SQL about leads that wait for their owner. Written for each database by itself, as every Today asks it.

use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::{LeadName, stands};
use crate::rules::level::Course;
use crate::rules::stage::{EventKind, Stage};
use crate::rules::wait::Urgency;
use crate::schema::{handovers, lead_events, leads};
use crate::value::Instant;
use crate::{both, either};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A lead as far as its owner must know it to go on with it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct WaitingLead {
    pub id: i64,
    pub uid: String,
    #[diesel(embed)]
    pub called: LeadName,
    pub urgency: Urgency,
    pub stage: Stage,
    pub listed_at: Instant,
    pub last_touch_at: Option<Instant>,
    pub next_step_on: Option<NaiveDate>,
}

/// What decides the service level of a hand-over.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = handovers)]
pub struct Terms {
    pub definition_id: i64,
    pub urgency: Urgency,
    pub source_id: Option<i64>,
}

/// A hand-over as far as its promises ask.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = handovers)]
pub struct Given {
    #[diesel(embed)]
    pub terms: Terms,
    pub handed_over_at: Instant,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
}

impl Given {
    /// What became of it, of a lead that stands in `stage` and is with sales: one that is past its first stage is accepted.
    pub fn course(&self, stage: Stage) -> Course {
        let start = self.handed_over_at;
        let accepted = (stage != Stage::HandedOver).then_some((start, EventKind::Accepted, ""));
        let (attempt, contact) = (self.first_attempt_at, self.first_contact_at);
        Course::of(start, attempt, contact, accepted.into_iter())
    }
}

/// Somebody's leads with a promise that is not kept yet, in no order: those without an attempt since their hand-over,
/// and those tried without a contact.
pub fn promised(conn: &mut Conn, owner_id: i64) -> Result<Vec<(WaitingLead, Given)>> {
    let untried = leads::stage
        .eq(Stage::HandedOver)
        .or(leads::stage.eq(Stage::Accepted));
    // Word by word the query is prepared once, which a list is on the served database alone; there each word may be looked
    // for among everybody's leads, when the server takes the stage for rare.
    let is_open = untried
        .or(leads::stage.eq(Stage::Attempting))
        .or(leads::stage.eq(Stage::Contacted))
        .or(leads::stage.eq(Stage::MeetingBooked))
        .or(leads::stage.eq(Stage::Qualified))
        .or(leads::stage.eq(Stage::Opportunity));
    let newest = handovers::lead_id.eq(leads::id).and(
        handovers::handed_over_at
            .nullable()
            .eq(leads::handed_over_at),
    );
    let query = leads::table
        .inner_join(handovers::table.on(newest))
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::is_stopped.eq(false))
        .filter(untried.or(handovers::first_contact_at.is_null()));
    Ok(either!(conn,
        embedded: |c| query
            .filter(is_open)
            .select((WaitingLead::as_select(), Given::as_select()))
            .load(c),
        served: |c| query
            .filter(leads::stage.eq_any(Stage::OPEN))
            .select((WaitingLead::as_select(), Given::as_select()))
            .load(c),
    )?)
}

/// The hand-overs since an instant that are with sales and open, after an id, in order of it.
pub fn open_handovers(
    conn: &mut Conn,
    since: Instant,
    after_id: i64,
    most: i64,
) -> Result<Vec<i64>> {
    Ok(handovers::table
        .inner_join(leads::table.on(newest_of_lead()))
        .filter(handovers::id.gt(after_id))
        .filter(handovers::handed_over_at.ge(since))
        .filter(handovers::closed_at.is_null())
        .filter(leads::is_stopped.eq(false))
        .order(handovers::id)
        .limit(most)
        .select(handovers::id)
        .load(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn newest_of_lead() -> _ {
    let is_theirs = leads::id.eq(handovers::lead_id);
    is_theirs.and(leads::handed_over_at.eq(handovers::handed_over_at.nullable()))
}

/// A hand-over as far as its promises ask, with the owner of its lead.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct OpenHandover {
    pub id: i64,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub terms: Terms,
    pub owner_id: Option<i64>,
}

/// Those of some hand-overs that are open.
pub fn of_handovers(conn: &mut Conn, ids: &[i64]) -> Result<Vec<OpenHandover>> {
    Ok(handovers::table
        .inner_join(leads::table.on(newest_of_lead()))
        .filter(handovers::id.eq_any(ids))
        .filter(handovers::closed_at.is_null())
        .filter(leads::is_stopped.eq(false))
        .order(handovers::id)
        .select((
            handovers::id,
            handovers::lead_id,
            handovers::handed_over_at,
            handovers::first_attempt_at,
            handovers::first_contact_at,
            Terms::as_select(),
            leads::owner_id,
        ))
        .load(conn)?)
}

/// When some leads were accepted, a standing event each.
pub fn acceptances(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<(i64, Instant)>> {
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq_any(lead_ids))
        .filter(lead_events::kind.eq(EventKind::Accepted))
        .filter(stands())
        .select((lead_events::lead_id, lead_events::at))
        .load(conn)?)
}

/// Somebody's tried leads whose next step is on or before `today`, the oldest date first.
pub fn with_next_step(
    conn: &mut Conn,
    owner_id: i64,
    today: NaiveDate,
    most: i64,
) -> Result<Vec<WaitingLead>> {
    let working = leads::stage
        .eq(Stage::Attempting)
        .or(leads::stage.eq(Stage::Contacted))
        .or(leads::stage.eq(Stage::MeetingBooked))
        .or(leads::stage.eq(Stage::Qualified))
        .or(leads::stage.eq(Stage::Opportunity));
    let query = leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::next_step_on.le(today))
        .filter(working.and(leads::is_stopped.eq(false)))
        .order((leads::next_step_on, leads::id))
        .limit(most);
    Ok(both!(conn, |c| query
        .select(WaitingLead::as_select())
        .load(c))?)
}

/// Somebody's leads that were tried, before `today` began, and not reached, without a next step: the longest ago first.
pub fn not_reached(
    conn: &mut Conn,
    owner_id: i64,
    today_begins: Instant,
    most: i64,
) -> Result<Vec<WaitingLead>> {
    let query = leads::table
        .filter(leads::owner_id.eq(owner_id))
        .filter(leads::stage.eq(Stage::Attempting))
        .filter(
            leads::is_stopped
                .eq(false)
                .and(leads::next_step_on.is_null()),
        )
        .filter(leads::last_touch_at.lt(today_begins))
        .order((leads::last_touch_at, leads::id))
        .limit(most);
    Ok(both!(conn, |c| query
        .select(WaitingLead::as_select())
        .load(c))?)
}

/// A lead with marketing, or disqualified, whose day to come back has come, and who handed it over last or brought it.
#[derive(Debug, Clone, Queryable)]
pub struct BackLead {
    pub id: i64,
    pub on: Option<NaiveDate>,
    pub by_id: Option<i64>,
}

/// Those whose day lies from `since` to `today`, and who may be contacted.
pub fn back_from_nurture(
    conn: &mut Conn,
    since: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<BackLead>> {
    type Row = (i64, Option<NaiveDate>, Option<i64>, Option<i64>);
    let rows: Vec<Row> = leads::table
        .left_join(handovers::table.on(newest_of_lead()))
        .filter(leads::stage.eq_any(Stage::RETURNING))
        .filter(leads::next_step_on.between(since, today))
        .filter(leads::is_stopped.eq(false).and(leads::erased_at.is_null()))
        .order((leads::next_step_on, leads::id))
        .select((
            leads::id,
            leads::next_step_on,
            handovers::by_id.nullable(),
            leads::created_by_id,
        ))
        .load(conn)?;
    let back = |(id, on, by_id, made_by): Row| BackLead {
        id,
        on,
        by_id: by_id.or(made_by),
    };
    Ok(rows.into_iter().map(back).collect())
}
