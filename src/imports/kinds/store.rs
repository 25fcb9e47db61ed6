//! All SQL that writes what the files ask for, where no other feature has it.

use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::imports::uids::Uids;
use crate::insert_all;
use crate::kept::Keep;
use crate::leads::history::{Firsts, Standing};
use crate::leads::{NewLead, is_complete};
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::schema::{handovers, lead_events, leads, people};
use crate::value::Instant;
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::HashMap;

pub fn set_person_zone(conn: &mut Conn, id: i64, time_zone: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::time_zone.eq(time_zone))
        .execute(conn)?;
    Ok(())
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_default_value = false, treat_none_as_null = true)]
struct LeadValues {
    external_id: Option<String>,
    name: String,
    company: String,
    email: String,
    phone: String,
    title: String,
    territory_id: Option<i64>,
    source_id: Option<i64>,
    campaign_id: Option<i64>,
    asset_id: Option<i64>,
    urgency: Urgency,
    score: Option<f64>,
    given_score: Option<f64>,
    amount_micros: Option<i64>,
    currency: String,
    note: String,
    created_at: Instant,
    search: String,
    import_hash: Option<i64>,
}

impl From<NewLead> for LeadValues {
    fn from(lead: NewLead) -> LeadValues {
        LeadValues {
            search: lead.search_text(),
            external_id: lead.external_id,
            name: lead.name,
            company: lead.company,
            email: lead.email,
            phone: lead.phone,
            title: lead.title,
            territory_id: lead.territory_id,
            source_id: lead.source_id,
            campaign_id: lead.campaign_id,
            asset_id: lead.asset_id,
            urgency: lead.urgency,
            score: lead.score,
            given_score: lead.score,
            amount_micros: lead.amount_micros,
            currency: lead.currency,
            note: lead.note,
            created_at: lead.created_at,
            import_hash: lead.import_hash,
        }
    }
}

/// A lead as it stands from the first.
#[derive(Insertable)]
#[diesel(table_name = leads, treat_none_as_default_value = false)]
struct LeadRow {
    uid: String,
    #[diesel(embed)]
    values: LeadValues,
    #[diesel(embed)]
    standing: Standing,
}

/// Adds leads as they stand; their ids by external id.
pub fn add_leads(
    conn: &mut Conn,
    new: Vec<(NewLead, Standing)>,
    uids: &mut Uids,
) -> Result<HashMap<String, i64>> {
    let newest: Option<i64> = leads::table.select(max(leads::id)).first(conn)?;
    let row = |(lead, standing): (NewLead, Standing)| LeadRow {
        uid: uids.take(),
        values: lead.into(),
        standing,
    };
    let rows: Vec<LeadRow> = new.into_iter().map(row).collect();
    insert_all!(conn, leads::table, &rows);
    let rows: Vec<(Option<String>, i64)> = leads::table
        .filter(leads::id.gt(newest.unwrap_or(0)))
        .select((leads::external_id, leads::id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(name, id)| Some((name?, id)))
        .collect())
}

pub fn change_lead(conn: &mut Conn, id: i64, lead: NewLead) -> Result<()> {
    diesel::update(leads::table.find(id))
        .set(&LeadValues::from(lead))
        .execute(conn)?;
    Ok(())
}

/// What marketing promised with a hand-over, as the file's row says it.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = handovers, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Promise {
    pub handed_over_at: Instant,
    #[diesel(embed)]
    terms: Terms,
    note: String,
}

/// What every hand-over of a lead takes from its row: an imported event has nothing of the kind itself.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = handovers, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Terms {
    territory_id: Option<i64>,
    source_id: Option<i64>,
    campaign_id: Option<i64>,
    asset_id: Option<i64>,
    urgency: Urgency,
    score: Option<f64>,
    is_complete: bool,
}

impl Promise {
    pub fn of(lead: &NewLead, handed_over_at: Instant) -> Promise {
        Promise {
            handed_over_at,
            terms: Terms::of(lead),
            note: lead.note.clone(),
        }
    }
}

impl Terms {
    pub fn of(lead: &NewLead) -> Terms {
        Terms {
            territory_id: lead.territory_id,
            source_id: lead.source_id,
            campaign_id: lead.campaign_id,
            asset_id: lead.asset_id,
            urgency: lead.urgency,
            score: lead.score,
            is_complete: is_complete(
                [&lead.name, &lead.company, &lead.email, &lead.phone],
                lead.source_id,
            ),
        }
    }
}

/// A hand-over to be written down.
#[derive(Insertable)]
#[diesel(table_name = handovers, treat_none_as_default_value = false)]
pub struct NewHandover {
    uid: String,
    lead_id: i64,
    #[diesel(embed)]
    promise: Promise,
    #[diesel(embed)]
    firsts: Firsts,
    definition_id: i64,
}

impl NewHandover {
    pub fn new(uid: String, lead_id: i64, promise: Promise, firsts: Firsts) -> NewHandover {
        NewHandover {
            uid,
            lead_id,
            promise,
            firsts,
            definition_id: 1,
        }
    }
}

/// Each under the version of the definitions that was in force when it was handed over.
pub fn add_handovers(conn: &mut Conn, mut new: Vec<NewHandover>) -> Result<()> {
    let definitions = Definitions::load(conn)?;
    for handover in &mut new {
        handover.definition_id = definitions.at(handover.promise.handed_over_at).number;
    }
    insert_all!(conn, handovers::table, &new);
    Ok(())
}

pub fn change_handover(conn: &mut Conn, id: i64, promise: &Promise) -> Result<()> {
    diesel::update(handovers::table.find(id))
        .set(promise)
        .execute(conn)?;
    Ok(())
}

/// A changed row of a lead reaches the hand-overs that imported events made of it.
pub fn change_later_terms(conn: &mut Conn, lead_id: i64, terms: &Terms) -> Result<()> {
    let imported = lead_events::table
        .filter(lead_events::lead_id.eq(lead_id))
        .filter(lead_events::kind.eq(EventKind::HandedOver))
        .filter(lead_events::origin.eq("import"))
        .select(lead_events::at);
    diesel::update(handovers::table)
        .filter(handovers::lead_id.eq(lead_id))
        .filter(handovers::handed_over_at.eq_any(imported))
        .set(terms)
        .execute(conn)?;
    Ok(())
}

pub fn change_handover_note(
    conn: &mut Conn,
    id: i64,
    by_id: Option<i64>,
    note: &str,
) -> Result<()> {
    diesel::update(handovers::table.find(id))
        .set((handovers::by_id.eq(by_id), handovers::note.eq(note)))
        .execute(conn)?;
    Ok(())
}

pub fn remove_handover(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(handovers::table.find(id)).execute(conn)?;
    Ok(())
}

/// An event to be written down.
#[derive(Insertable)]
#[diesel(table_name = lead_events, treat_none_as_default_value = false)]
pub struct NewEventRow {
    pub lead_id: i64,
    pub at: Instant,
    pub entered_at: Instant,
    pub kind: EventKind,
    pub reason: String,
    pub note: String,
    pub by_id: Option<i64>,
    pub owner_id: Option<i64>,
    pub amount_micros: Option<i64>,
    pub currency: String,
    pub origin: &'static str,
    pub flags: &'static str,
    pub replaces_id: Option<i64>,
    pub place_id: Option<i64>,
    pub import_hash: Option<i64>,
}

impl NewEventRow {
    /// An imported event with nothing further.
    pub fn new(lead_id: i64, at: Instant, kind: EventKind) -> NewEventRow {
        NewEventRow {
            lead_id,
            at,
            entered_at: at,
            kind,
            reason: String::new(),
            note: String::new(),
            by_id: None,
            owner_id: None,
            amount_micros: None,
            currency: String::new(),
            origin: "import",
            flags: "",
            replaces_id: None,
            place_id: None,
            import_hash: None,
        }
    }
}

pub fn add_events(conn: &mut Conn, new: &[NewEventRow]) -> Result<()> {
    insert_all!(conn, lead_events::table, new);
    Ok(())
}
