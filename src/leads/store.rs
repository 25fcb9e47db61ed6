//! All SQL about leads, hand-overs and lead events.

use super::{NewEvent, NewLead};
use crate::db::like::anywhere;
use crate::db::{self, Backend, Conn};
use crate::definitions;
use crate::error::Result;
use crate::rules::access::{Me, Role};
use crate::rules::stage::{EventKind, Stage};
use crate::rules::wait::Urgency;
use crate::schema::{handovers, lead_events, leads};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct Lead {
    pub id: i64,
    pub uid: String,
    pub external_id: Option<String>,
    pub name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
    pub title: String,
    pub territory_id: Option<i64>,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub urgency: Urgency,
    /// The score that holds, and the one that somebody or a file gave it.
    pub score: Option<f64>,
    pub given_score: Option<f64>,
    pub amount_micros: Option<i64>,
    pub currency: String,
    pub note: String,
    pub created_at: Instant,
    pub owner_id: Option<i64>,
    pub stage: Stage,
    pub is_stopped: bool,
    pub attempts: i32,
    pub handed_over_at: Option<Instant>,
    pub last_touch_at: Option<Instant>,
    pub next_step_on: Option<NaiveDate>,
    /// Where lists put it: its newest hand-over, else when it was made.
    pub listed_at: Instant,
    pub created_by_id: Option<i64>,
    /// Since when nothing personal is known of it any more.
    pub erased_at: Option<Instant>,
}

impl Lead {
    /// What to call it: the person, else the company, else a word for want of both.
    pub fn title_name(&self) -> &str {
        first_known([&self.name, &self.company, &self.email, &self.phone])
    }
}

/// What a lead is called by, where the rest of it is not asked for.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct LeadName {
    pub name: String,
    pub company: String,
    pub email: String,
    pub phone: String,
}

impl LeadName {
    /// As [`Lead::title_name`].
    pub fn title(&self) -> &str {
        first_known([&self.name, &self.company, &self.email, &self.phone])
    }
}

fn first_known(known: [&String; 4]) -> &str {
    let found = known.into_iter().find(|text| !text.is_empty());
    found.map_or("Unnamed lead", String::as_str)
}

/// One time that marketing passed a lead to sales.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = handovers)]
pub struct Handover {
    pub id: i64,
    pub uid: String,
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub by_id: Option<i64>,
    pub territory_id: Option<i64>,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub urgency: Urgency,
    pub score: Option<f64>,
    pub note: String,
    pub first_attempt_at: Option<Instant>,
    pub first_contact_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    /// The version of the definitions that it was made under.
    pub definition_id: i64,
}

/// One entry of a lead's append-only history.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct LeadEvent {
    pub id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub entered_at: Instant,
    pub kind: EventKind,
    pub from_stage: String,
    pub to_stage: String,
    pub reason: String,
    pub note: String,
    pub by_id: Option<i64>,
    pub owner_id: Option<i64>,
    pub amount_micros: Option<i64>,
    pub currency: String,
    pub activity_id: Option<i64>,
    pub origin: String,
    pub flags: String,
    pub replaces_id: Option<i64>,
    /// The first of the rows that this one corrects.
    pub place_id: Option<i64>,
}

impl LeadEvent {
    /// Of two at one instant the one with the larger place came later: a correction has that of what it corrects.
    pub fn place(&self) -> i64 {
        self.place_id.unwrap_or(self.id)
    }
}

pub type Condition = Box<dyn BoxableExpression<leads::table, Backend, SqlType = Nullable<Bool>>>;

/// Which leads someone may see (PRODUCT.md 1): a rep their own and those that wait for an owner, a manager also
/// those of whom they manage, marketing and admins all.
pub fn visible_to(me: &Me) -> Condition {
    let own = leads::owner_id.eq(me.id);
    let waits = leads::owner_id
        .is_null()
        .and(leads::stage.ne(Stage::Nurture));
    match me.role {
        Role::Admin | Role::Marketing => Box::new(leads::id.is_not_null().nullable()),
        Role::Rep => Box::new(own.or(waits)),
        Role::Manager => {
            let managed: Vec<Option<i64>> = me.managed.iter().copied().map(Some).collect();
            Box::new(own.or(waits).or(leads::owner_id.eq_any(managed)))
        }
    }
}

pub fn by_uid(conn: &mut Conn, me: &Me, uid: &str) -> Result<Option<Lead>> {
    Ok(leads::table
        .filter(visible_to(me))
        .filter(leads::uid.eq(uid))
        .select(Lead::as_select())
        .first(conn)
        .optional()?)
}

/// Some leads, which nobody else changes until the transaction ends. Without asking who may see them.
pub fn held(conn: &mut Conn, uids: &[&str]) -> Result<Vec<Lead>> {
    db::hold_each(conn, "leads", uids)?;
    Ok(leads::table
        .filter(leads::uid.eq_any(uids))
        .select(Lead::as_select())
        .load(conn)?)
}

/// Without asking who may see it: for verbs on a lead that was seen already.
pub fn by_id(conn: &mut Conn, id: i64) -> Result<Lead> {
    Ok(leads::table
        .find(id)
        .select(Lead::as_select())
        .first(conn)?)
}

/// Those of some leads that someone may see, in the order of the ids.
pub fn visible_by_ids(conn: &mut Conn, me: &Me, ids: &[i64]) -> Result<Vec<Lead>> {
    let mut found: Vec<Lead> = leads::table
        .filter(visible_to(me))
        .filter(leads::id.eq_any(ids))
        .select(Lead::as_select())
        .load(conn)?;
    found.sort_by_key(|lead| ids.iter().position(|id| *id == lead.id));
    Ok(found)
}

/// In any order; unknown ids are left out.
pub fn by_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Lead>> {
    Ok(leads::table
        .filter(leads::id.eq_any(ids))
        .select(Lead::as_select())
        .load(conn)?)
}

/// The leads with every word of `q` in name, company, e-mail or phone, that `me` may see, newest hand-over first.
pub fn search(conn: &mut Conn, me: &Me, q: &str, most: i64) -> Result<Vec<Lead>> {
    let mut query = leads::table
        .filter(visible_to(me))
        .select(Lead::as_select())
        .into_boxed();
    for word in super::search_words(q) {
        query = query.filter(contains(&word));
    }
    Ok(query
        .order((leads::listed_at.desc(), leads::id.desc()))
        .limit(most)
        .load(conn)?)
}

/// Whether a lead's search text has a word, given in lower case, in it.
pub fn contains(word: &str) -> Condition {
    Box::new(leads::search.like(anywhere(word)).escape('!').nullable())
}

pub fn stage(conn: &mut Conn, id: i64) -> Result<Stage> {
    Ok(leads::table.find(id).select(leads::stage).first(conn)?)
}

/// Adds a lead that is not handed over; [`super::refresh`] finds its stage.
pub fn add(conn: &mut Conn, lead: &NewLead) -> Result<(i64, String)> {
    let uid = uuid::Uuid::now_v7().to_string();
    let id = add_as(conn, &uid, lead)?;
    Ok((id, uid))
}

/// As [`add`], under an id that the client made.
pub fn add_as(conn: &mut Conn, uid: &str, lead: &NewLead) -> Result<i64> {
    Ok(diesel::insert_into(leads::table)
        .values((
            (
                leads::uid.eq(uid),
                leads::external_id.eq(&lead.external_id),
                leads::name.eq(&lead.name),
                leads::company.eq(&lead.company),
                leads::email.eq(&lead.email),
                leads::phone.eq(&lead.phone),
                leads::title.eq(&lead.title),
                leads::territory_id.eq(lead.territory_id),
                leads::source_id.eq(lead.source_id),
                leads::campaign_id.eq(lead.campaign_id),
                leads::asset_id.eq(lead.asset_id),
            ),
            (
                leads::urgency.eq(lead.urgency),
                leads::score.eq(lead.score),
                leads::given_score.eq(lead.score),
                leads::amount_micros.eq(lead.amount_micros),
                leads::currency.eq(&lead.currency),
                leads::note.eq(&lead.note),
                leads::created_at.eq(lead.created_at),
                leads::created_by_id.eq(lead.created_by_id),
                leads::stage.eq(Stage::Nurture),
                leads::search.eq(lead.search_text()),
                leads::import_hash.eq(lead.import_hash),
            ),
        ))
        .returning(leads::id)
        .get_result(conn)?)
}

/// Adds a hand-over with the promise as the lead has it now, under the version of the definitions in force then.
pub fn add_handover(
    conn: &mut Conn,
    lead: &Lead,
    at: Instant,
    by_id: Option<i64>,
    note: &str,
) -> Result<i64> {
    let definition_id = definitions::store::number_at(conn, at)?;
    Ok(diesel::insert_into(handovers::table)
        .values((
            handovers::uid.eq(uuid::Uuid::now_v7().to_string()),
            handovers::lead_id.eq(lead.id),
            handovers::handed_over_at.eq(at),
            handovers::by_id.eq(by_id),
            handovers::territory_id.eq(lead.territory_id),
            handovers::source_id.eq(lead.source_id),
            handovers::campaign_id.eq(lead.campaign_id),
            handovers::asset_id.eq(lead.asset_id),
            handovers::urgency.eq(lead.urgency),
            handovers::score.eq(lead.score),
            handovers::note.eq(note),
            handovers::definition_id.eq(definition_id),
            handovers::is_complete.eq(lead.is_complete()),
        ))
        .returning(handovers::id)
        .get_result(conn)?)
}

/// The hand-overs of a lead, oldest first.
pub fn handovers(conn: &mut Conn, lead_id: i64) -> Result<Vec<Handover>> {
    Ok(handovers::table
        .filter(handovers::lead_id.eq(lead_id))
        .order(handovers::handed_over_at)
        .select(Handover::as_select())
        .load(conn)?)
}

pub fn add_event(
    conn: &mut Conn,
    event: &NewEvent,
    entered_at: Instant,
    from: Stage,
    to: Stage,
) -> Result<i64> {
    let place_id = match event.replaces_id {
        Some(replaced) => Some(place_of(conn, replaced)?),
        None => None,
    };
    Ok(diesel::insert_into(lead_events::table)
        .values((
            (
                lead_events::lead_id.eq(event.lead_id),
                lead_events::at.eq(event.at),
                lead_events::entered_at.eq(entered_at),
                lead_events::kind.eq(event.kind),
                lead_events::from_stage.eq(from.word()),
                lead_events::to_stage.eq(to.word()),
                lead_events::reason.eq(&event.reason),
                lead_events::note.eq(&event.note),
            ),
            (
                lead_events::by_id.eq(event.by_id),
                lead_events::owner_id.eq(event.owner_id),
                lead_events::amount_micros.eq(event.amount_micros),
                lead_events::currency.eq(&event.currency),
                lead_events::activity_id.eq(event.activity_id),
                lead_events::origin.eq(event.origin),
                lead_events::replaces_id.eq(event.replaces_id),
                lead_events::place_id.eq(place_id),
            ),
        ))
        .returning(lead_events::id)
        .get_result(conn)?)
}

/// The first of the rows that an event corrects, which keeps their place; itself where it corrects none.
fn place_of(conn: &mut Conn, id: i64) -> Result<i64> {
    let place: Option<i64> = lead_events::table
        .find(id)
        .select(lead_events::place_id)
        .first(conn)?;
    Ok(place.unwrap_or(id))
}

/// All events of a lead, those that were corrected or withdrawn too, oldest first.
pub fn events(conn: &mut Conn, lead_id: i64) -> Result<Vec<LeadEvent>> {
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq(lead_id))
        .order((lead_events::at, lead_events::id))
        .select(LeadEvent::as_select())
        .load(conn)?)
}

/// The standing events that an activity made.
pub fn events_of_activity(conn: &mut Conn, activity_id: i64) -> Result<Vec<LeadEvent>> {
    Ok(lead_events::table
        .filter(lead_events::activity_id.eq(activity_id))
        .filter(lead_events::kind.ne(EventKind::Withdrawn))
        .filter(stands())
        .select(LeadEvent::as_select())
        .load(conn)?)
}

diesel::alias!(lead_events as later: Later);

/// Not named by a later event that corrects or withdraws it.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn stands() -> _ {
    let replaced = later.filter(
        later
            .field(lead_events::replaces_id)
            .eq(lead_events::id.nullable()),
    );
    diesel::dsl::not(diesel::dsl::exists(replaced))
}

/// The same for a report's many events where a list is looked up: what was replaced is read once, and not looked for again
/// for each of them.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn stands_among_many() -> _ {
    let replaced = later
        .filter(later.field(lead_events::replaces_id).is_not_null())
        .select(later.field(lead_events::replaces_id).assume_not_null());
    lead_events::id.ne_all(replaced)
}

pub fn set_next_step(conn: &mut Conn, lead_id: i64, on: Option<NaiveDate>) -> Result<()> {
    diesel::update(leads::table.find(lead_id))
        .set(leads::next_step_on.eq(on))
        .execute(conn)?;
    Ok(())
}
