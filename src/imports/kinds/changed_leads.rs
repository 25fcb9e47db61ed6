//! Changed rows of `leads.csv`: they replace what an earlier import wrote, and the record says from what to what.

use super::leads::{LeadRow, assignment};
use super::store::{self, NewEventRow, NewHandover, Promise, Terms};
use crate::app::Tx;
use crate::audit;
use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::store as known;
use crate::leads::history::Firsts;
use crate::leads::{self, Lead, NewLead, profile};
use crate::lists;
use crate::people;
use crate::rules::profile::Profile;
use crate::rules::stage::EventKind;
use crate::value::Instant;
use std::collections::HashMap;

/// Writes rows of leads that are there, some hundreds at a time.
pub fn write(tx: &mut Tx, books: &Books, rows: Vec<LeadRow>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let names = Names::load(tx.conn)?;
    let mut rows = rows.into_iter();
    loop {
        let batch: Vec<LeadRow> = rows.by_ref().take(BATCH_ROWS).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let ids: Result<Vec<i64>> = batch.iter().map(|row| books.leads.id(row.lead)).collect();
        let ids = ids?;
        let before = leads::store::by_ids(tx.conn, &ids)?.into_iter();
        let mut before: HashMap<i64, Lead> = before.map(|lead| (lead.id, lead)).collect();
        let profiles = profile::store::of_leads(tx.conn, &ids)?;
        let mut said = Vec::with_capacity(batch.len());
        for (id, row) in ids.into_iter().zip(batch) {
            let was = before.remove(&id).map(written);
            let was = was.map(|lead| names.facts(&lead, profiles.get(&id)));
            let mut became = names.facts(&row.new, Some(&row.profile));
            let mut was = was.unwrap_or_else(|| vec![String::new(); became.len()]);
            let (moved, owners) = change(tx, books, id, row)?;
            let at = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
            was.extend([at(moved.0), names.person(owners.0)]);
            became.extend([at(moved.1), names.person(owners.1)]);
            let fields = LABELS.iter().zip(was.iter().zip(&became));
            let fields: Vec<(&str, &str, &str)> = fields
                .map(|(label, (was, became))| (*label, was.as_str(), became.as_str()))
                .collect();
            let (was, became) = audit::differing(&fields);
            said.push(audit::Change {
                verb: "edited",
                about: ("lead", Some(id)),
                was,
                became,
            });
        }
        audit::changes(tx, &said)?;
    }
}

/// What the record calls what a row says, as the lead's own page does, in the order of [`Names::facts`]; then when it was
/// handed over, and to whom it was assigned.
const LABELS: [&str; 21] = [
    "Person",
    "Company",
    "Job title",
    "E-mail",
    "Phone",
    "Background",
    "Country",
    "Region",
    "Post code",
    "Employees",
    "Segment",
    "Territory",
    "Source",
    "Campaign",
    "Asset",
    "Urgency",
    "Score",
    "Amount",
    "Created",
    "Handed over",
    "Owner",
];

/// What is called by number.
struct Names {
    labels: HashMap<i64, String>,
    people: HashMap<i64, String>,
}

impl Names {
    fn load(conn: &mut Conn) -> Result<Names> {
        let people = people::store::all(conn)?.into_iter();
        Ok(Names {
            labels: lists::store::label_names(conn)?,
            people: people.map(|person| (person.id, person.name)).collect(),
        })
    }

    fn person(&self, id: Option<i64>) -> String {
        let name = id.and_then(|id| self.people.get(&id));
        name.cloned().unwrap_or_default()
    }

    /// What is known of a lead, in words.
    fn facts(&self, lead: &NewLead, profile: Option<&Profile>) -> Vec<String> {
        let profile = profile.cloned().unwrap_or_default();
        let label = |id: Option<i64>| {
            let name = id.and_then(|id| self.labels.get(&id));
            name.cloned().unwrap_or_default()
        };
        let employees = profile.employees.map(|n| n.to_string());
        let score = lead.score.map(|score| score.to_string());
        let amount = lead.amount_micros.map(|micros| {
            let amount = format!("{} {}", micros as f64 / 1e6, lead.currency);
            amount.trim_end().to_owned()
        });
        vec![
            lead.name.clone(),
            lead.company.clone(),
            lead.title.clone(),
            lead.email.clone(),
            lead.phone.clone(),
            lead.note.clone(),
            profile.country,
            profile.region,
            profile.post_code,
            employees.unwrap_or_default(),
            profile.segment,
            label(lead.territory_id),
            label(lead.source_id),
            label(lead.campaign_id),
            label(lead.asset_id),
            lead.urgency.to_string(),
            score.unwrap_or_default(),
            amount.unwrap_or_default(),
            lead.created_at.to_string(),
        ]
    }
}

/// A lead as a row would say it.
fn written(lead: Lead) -> NewLead {
    NewLead {
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
        score: lead.given_score,
        amount_micros: lead.amount_micros,
        currency: lead.currency,
        note: lead.note,
        created_at: lead.created_at,
        created_by_id: lead.created_by_id,
        import_hash: None,
    }
}

/// From what to what.
type Moved<T> = (Option<T>, Option<T>);

/// Replaces what an earlier import wrote of a lead. When it was handed over and who owned it by its row, before and after.
fn change(
    tx: &mut Tx,
    books: &Books,
    id: i64,
    row: LeadRow,
) -> Result<(Moved<Instant>, Moved<i64>)> {
    let promise = row.handed_over_at.map(|at| Promise::of(&row.new, at));
    let terms = Terms::of(&row.new);
    store::change_lead(tx.conn, id, row.new)?;
    profile::store::set(tx.conn, id, &row.profile)?;
    let before = change_handover(tx, id, promise)?;
    store::change_later_terms(tx.conn, id, &terms)?;
    let owners = change_owner(tx, books, id, row.assigned)?;
    Ok(((before, row.handed_over_at), owners))
}

/// The event of the lead's first owner is superseded by a new one; whose the lead was by it, and is.
fn change_owner(
    tx: &mut Tx,
    books: &Books,
    id: i64,
    assigned: Option<(Instant, Ref)>,
) -> Result<Moved<i64>> {
    let before = known::imported_assignment(tx.conn, id)?;
    let was = before.as_ref().and_then(|event| event.owner_id);
    let after = assigned.map(|(at, owner)| books.person_id(owner).map(|owner| (at, owner)));
    let after = after.transpose()?;
    if before.as_ref().map(|event| (event.at, event.owner_id))
        == after.map(|(at, owner)| (at, Some(owner)))
    {
        return Ok((was, was));
    }
    let is_known = match after {
        Some((at, _)) => known::has_event(tx.conn, id, at, EventKind::Assigned)?,
        None => false,
    };
    let place_id = before.as_ref().map(known::EventKey::place);
    let replaces_id = before.map(|event| event.id);
    let event = match after {
        Some((at, owner)) if replaces_id.is_some() || !is_known => assignment(id, at, owner),
        None if replaces_id.is_some() => NewEventRow::new(id, tx.now, EventKind::Withdrawn),
        _ => return Ok((was, was)),
    };
    let event = NewEventRow {
        replaces_id,
        place_id,
        entered_at: tx.now,
        ..event
    };
    store::add_events(tx.conn, &[event])?;
    Ok((was, after.map(|(_, owner)| owner)))
}

/// The lead's own hand-over is the one that neither a person nor an event of `lead_events.csv` made. When that was.
fn change_handover(tx: &mut Tx, id: i64, promise: Option<Promise>) -> Result<Option<Instant>> {
    let all = known::handovers(tx.conn, id)?;
    let by_events = known::instants_of(tx.conn, id, EventKind::HandedOver)?;
    let own = all
        .iter()
        .find(|h| h.by_id.is_none() && !by_events.contains(&h.handed_over_at));
    let was = own.map(|own| own.handed_over_at);
    let Some(promise) = promise else {
        if let Some(own) = own {
            store::remove_handover(tx.conn, own.id)?;
        }
        return Ok(was);
    };
    let there = all
        .iter()
        .find(|h| h.handed_over_at == promise.handed_over_at);
    match (own, there) {
        (Some(own), Some(there)) if own.id != there.id => {
            store::remove_handover(tx.conn, own.id)?;
            store::change_handover(tx.conn, there.id, &promise)?;
        }
        (Some(known), _) | (None, Some(known)) => {
            store::change_handover(tx.conn, known.id, &promise)?;
        }
        // The lead is brought up to date afterwards, and its first instants with it.
        (None, None) => {
            let uid = uuid::Uuid::now_v7().to_string();
            let new = NewHandover::new(uid, id, promise, Firsts::default());
            store::add_handovers(tx.conn, vec![new])?;
        }
    }
    Ok(was.or_else(|| there.map(|there| there.handed_over_at)))
}
