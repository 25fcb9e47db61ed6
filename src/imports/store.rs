//! All SQL of the import that no other feature needs.

use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::insert_all;
use crate::leads::NewLead;
use crate::leads::history::{Firsts, Standing};
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::schema::{activities, handovers, lead_events, leads, people};
use crate::value::Instant;
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::HashMap;

/// A lead that an import may name.
pub struct KnownLead {
    pub external_id: String,
    pub id: i64,
    pub import_hash: Option<i64>,
    pub urgency: Urgency,
}

pub fn known_leads(conn: &mut Conn) -> Result<Vec<KnownLead>> {
    let rows: Vec<(Option<String>, i64, Option<i64>, Urgency)> = leads::table
        .filter(leads::external_id.is_not_null())
        .select((
            leads::external_id,
            leads::id,
            leads::import_hash,
            leads::urgency,
        ))
        .load(conn)?;
    let known = |(external_id, id, import_hash, urgency): (Option<String>, _, _, _)| {
        Some(KnownLead {
            external_id: external_id?,
            id,
            import_hash,
            urgency,
        })
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The newest row of an external id, whether it still stands or not.
#[derive(Debug, Clone, Copy)]
pub struct KnownActivity {
    pub id: i64,
    pub is_current: bool,
    pub lead_id: Option<i64>,
    pub import_hash: Option<i64>,
}

pub fn known_activities(conn: &mut Conn) -> Result<HashMap<String, KnownActivity>> {
    type Row = (Option<String>, i64, bool, Option<i64>, Option<i64>);
    let rows: Vec<Row> = activities::table
        .filter(activities::external_id.is_not_null())
        .order(activities::id)
        .select((
            activities::external_id,
            activities::id,
            activities::is_current,
            activities::lead_id,
            activities::import_hash,
        ))
        .load(conn)?;
    let known =
        |(external_id, id, is_current, lead_id, import_hash): (Option<String>, _, _, _, _)| {
            let known = KnownActivity {
                id,
                is_current,
                lead_id,
                import_hash,
            };
            Some((external_id?, known))
        };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// An event, for its key and the chain of its corrections.
#[derive(Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct EventKey {
    pub id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub kind: EventKind,
    pub owner_id: Option<i64>,
    pub import_hash: Option<i64>,
    pub replaces_id: Option<i64>,
}

/// All events in the order in which they were written.
pub fn events(conn: &mut Conn) -> Result<Vec<EventKey>> {
    Ok(lead_events::table
        .order(lead_events::id)
        .select(EventKey::as_select())
        .load(conn)?)
}

/// A touch of a lead that still stands.
pub struct KnownTouch {
    pub id: i64,
    pub lead_id: i64,
    pub happened_at: Instant,
    pub is_attempt: bool,
    pub is_reached: bool,
}

pub fn touches(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<KnownTouch>> {
    let mut touches = Vec::new();
    for ids in lead_ids.chunks(BATCH_ROWS) {
        let rows: Vec<(i64, Option<i64>, Instant, bool, bool)> = activities::table
            .filter(activities::lead_id.eq_any(ids.iter().copied().map(Some)))
            .filter(activities::is_current.eq(true))
            .select((
                activities::id,
                activities::lead_id,
                activities::happened_at,
                activities::is_attempt,
                activities::is_reached,
            ))
            .load(conn)?;
        touches.extend(rows.into_iter().filter_map(
            |(id, lead_id, happened_at, is_attempt, is_reached)| {
                Some(KnownTouch {
                    id,
                    lead_id: lead_id?,
                    happened_at,
                    is_attempt,
                    is_reached,
                })
            },
        ));
    }
    Ok(touches)
}

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
pub fn add_leads(conn: &mut Conn, new: Vec<(NewLead, Standing)>) -> Result<HashMap<String, i64>> {
    let newest: Option<i64> = leads::table.select(max(leads::id)).first(conn)?;
    let row = |(lead, standing): (NewLead, Standing)| LeadRow {
        uid: uuid::Uuid::now_v7().to_string(),
        values: lead.into(),
        standing,
    };
    let rows: Vec<LeadRow> = new.into_iter().map(row).collect();
    insert_all!(conn, leads::table, rows);
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
    pub territory_id: Option<i64>,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub asset_id: Option<i64>,
    pub urgency: Urgency,
    pub score: Option<f64>,
    pub note: String,
}

impl Promise {
    pub fn of(lead: &NewLead, handed_over_at: Instant) -> Promise {
        Promise {
            handed_over_at,
            territory_id: lead.territory_id,
            source_id: lead.source_id,
            campaign_id: lead.campaign_id,
            asset_id: lead.asset_id,
            urgency: lead.urgency,
            score: lead.score,
            note: lead.note.clone(),
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
}

impl NewHandover {
    pub fn new(lead_id: i64, promise: Promise, firsts: Firsts) -> NewHandover {
        NewHandover {
            uid: uuid::Uuid::now_v7().to_string(),
            lead_id,
            promise,
            firsts,
        }
    }
}

pub fn add_handovers(conn: &mut Conn, new: &[NewHandover]) -> Result<()> {
    insert_all!(conn, handovers::table, new);
    Ok(())
}

pub fn change_handover(conn: &mut Conn, id: i64, promise: &Promise) -> Result<()> {
    diesel::update(handovers::table.find(id))
        .set(promise)
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

/// A hand-over, and who made it by hand.
#[derive(Queryable, Selectable)]
#[diesel(table_name = handovers)]
pub struct KnownHandover {
    pub id: i64,
    pub handed_over_at: Instant,
    pub by_id: Option<i64>,
}

/// The hand-overs of a lead, oldest first.
pub fn handovers(conn: &mut Conn, lead_id: i64) -> Result<Vec<KnownHandover>> {
    Ok(handovers::table
        .filter(handovers::lead_id.eq(lead_id))
        .order(handovers::handed_over_at)
        .select(KnownHandover::as_select())
        .load(conn)?)
}

/// When a lead had events of a kind.
pub fn instants_of(conn: &mut Conn, lead_id: i64, kind: EventKind) -> Result<Vec<Instant>> {
    Ok(lead_events::table
        .filter(
            lead_events::lead_id
                .eq(lead_id)
                .and(lead_events::kind.eq(kind)),
        )
        .select(lead_events::at)
        .load(conn)?)
}

pub fn has_event(conn: &mut Conn, lead_id: i64, at: Instant, kind: EventKind) -> Result<bool> {
    Ok(instants_of(conn, lead_id, kind)?.contains(&at))
}

/// The standing assignment that a row of `leads.csv` made: the imported one without a mark of its own.
pub fn imported_assignment(conn: &mut Conn, lead_id: i64) -> Result<Option<EventKey>> {
    Ok(lead_events::table
        .filter(lead_events::lead_id.eq(lead_id))
        .filter(lead_events::kind.eq(EventKind::Assigned))
        .filter(
            lead_events::origin
                .eq("import")
                .and(lead_events::import_hash.is_null()),
        )
        .filter(crate::leads::store::stands())
        .select(EventKey::as_select())
        .first(conn)
        .optional()?)
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
            import_hash: None,
        }
    }
}

pub fn add_events(conn: &mut Conn, new: &[NewEventRow]) -> Result<()> {
    insert_all!(conn, lead_events::table, new);
    Ok(())
}
