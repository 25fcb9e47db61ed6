//! All SQL about what the database knows of what files name, where no other feature has it.

use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::schema::{activities, handovers, lead_events, leads, people};
use crate::value::Instant;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// A lead that an import may name.
pub struct KnownLead {
    pub external_id: String,
    pub id: i64,
    pub import_hash: Option<i64>,
    pub is_erased: bool,
    pub urgency: Urgency,
    pub source_id: Option<i64>,
    pub handed_over_at: Option<Instant>,
}

pub fn known_leads(conn: &mut Conn) -> Result<Vec<KnownLead>> {
    type Row = (
        Option<String>,
        i64,
        Option<i64>,
        bool,
        Urgency,
        Option<i64>,
        Option<Instant>,
    );
    let rows: Vec<Row> = leads::table
        .filter(leads::external_id.is_not_null())
        .select((
            leads::external_id,
            leads::id,
            leads::import_hash,
            leads::erased_at.is_not_null(),
            leads::urgency,
            leads::source_id,
            leads::handed_over_at,
        ))
        .load(conn)?;
    let known =
        |(external_id, id, import_hash, is_erased, urgency, source_id, handed_over_at): Row| {
            Some(KnownLead {
                external_id: external_id?,
                id,
                import_hash,
                is_erased,
                urgency,
                source_id,
                handed_over_at,
            })
        };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The newest row of an external id, whether it still stands or not.
#[derive(Debug, Clone, Copy)]
pub struct KnownActivity {
    pub id: i64,
    pub is_current: bool,
    pub person_id: i64,
    pub lead_id: Option<i64>,
    pub import_hash: Option<i64>,
}

pub fn known_activities(conn: &mut Conn) -> Result<HashMap<String, KnownActivity>> {
    type Row = (Option<String>, i64, bool, i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = activities::table
        .filter(activities::external_id.is_not_null())
        .order(activities::id)
        .select((
            activities::external_id,
            activities::id,
            activities::is_current,
            activities::person_id,
            activities::lead_id,
            activities::import_hash,
        ))
        .load(conn)?;
    let known = |(external_id, id, is_current, person_id, lead_id, import_hash): Row| {
        let known = KnownActivity {
            id,
            is_current,
            person_id,
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
    pub place_id: Option<i64>,
}

impl EventKey {
    /// As `PastEvent::place`.
    pub fn place(&self) -> i64 {
        self.place_id.unwrap_or(self.id)
    }
}

/// All events in the order in which they were written.
pub fn events(conn: &mut Conn) -> Result<Vec<EventKey>> {
    Ok(lead_events::table
        .order(lead_events::id)
        .select(EventKey::as_select())
        .load(conn)?)
}

/// An imported rejection or disqualification.
#[derive(Queryable, Selectable)]
#[diesel(table_name = lead_events)]
pub struct Exit {
    pub id: i64,
    pub reason: String,
    pub note: String,
    pub by_id: Option<i64>,
    pub owner_id: Option<i64>,
    pub amount_micros: Option<i64>,
    pub currency: String,
    pub flags: String,
}

/// Those of some events that an import brought and that end a lead.
pub fn imported_exits(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Exit>> {
    let mut exits = Vec::new();
    for ids in ids.chunks(BATCH_ROWS) {
        let of_kind = [EventKind::Rejected, EventKind::Disqualified];
        let rows: Vec<Exit> = lead_events::table
            .filter(lead_events::id.eq_any(ids))
            .filter(lead_events::kind.eq_any(of_kind))
            .filter(lead_events::origin.eq("import"))
            .order(lead_events::id)
            .select(Exit::as_select())
            .load(conn)?;
        exits.extend(rows);
    }
    Ok(exits)
}

/// A touch of a lead that still stands.
pub struct KnownTouch {
    pub id: i64,
    pub lead_id: i64,
    pub happened_at: Instant,
    pub kind_id: i64,
    pub is_attempt: bool,
    pub is_reached: bool,
}

/// When some leads were handed over.
pub fn starts(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<(i64, Instant)>> {
    let mut starts = Vec::new();
    for ids in lead_ids.chunks(BATCH_ROWS) {
        let rows: Vec<(i64, Instant)> = handovers::table
            .filter(handovers::lead_id.eq_any(ids))
            .select((handovers::lead_id, handovers::handed_over_at))
            .load(conn)?;
        starts.extend(rows);
    }
    Ok(starts)
}

pub fn touches(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<KnownTouch>> {
    let mut touches = Vec::new();
    for ids in lead_ids.chunks(BATCH_ROWS) {
        let rows: Vec<(i64, Option<i64>, Instant, i64, bool, bool)> = activities::table
            .filter(activities::lead_id.eq_any(ids.iter().copied().map(Some)))
            .filter(activities::is_current)
            .select((
                activities::id,
                activities::lead_id,
                activities::happened_at,
                activities::kind_id,
                activities::is_attempt,
                activities::is_reached,
            ))
            .load(conn)?;
        touches.extend(rows.into_iter().filter_map(
            |(id, lead_id, happened_at, kind_id, is_attempt, is_reached)| {
                Some(KnownTouch {
                    id,
                    lead_id: lead_id?,
                    happened_at,
                    kind_id,
                    is_attempt,
                    is_reached,
                })
            },
        ));
    }
    Ok(touches)
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

/// Those who were erased and of whose address no mark is kept, as of releases that kept none.
pub fn erased_unmarked(conn: &mut Conn) -> Result<HashSet<i64>> {
    let ids: Vec<i64> = people::table
        .filter(people::erased_at.is_not_null())
        .filter(people::erased_hash.is_null())
        .select(people::id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Keeps the mark of the address that an erased person had, where none is kept.
pub fn set_erased_mark(conn: &mut Conn, id: i64, mark: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .filter(people::erased_hash.is_null())
        .set(people::erased_hash.eq(mark))
        .execute(conn)?;
    Ok(())
}
