//! `leads.csv`: leads, their first hand-over and their first owner.

use super::changed_leads;
use super::histories::Histories;
use super::promised::Promises;
use super::store::{self, NewEventRow, NewHandover, Promise};
use crate::app::Tx;
use crate::db::Conn;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::columns::Column;
use crate::imports::hash::RowHash;
use crate::imports::report::Change;
use crate::imports::row::{Incoming, Row, any_case, finite, whole};
use crate::imports::store as known;
use crate::imports::uids::Uids;
use crate::leads::{NewLead, profile};
use crate::lists::List;
use crate::rules::access::Role;
use crate::rules::profile::Profile;
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::value::Instant;
use std::collections::HashMap;

/// A lead that is new or changed. Its labels have no ids until the import is written.
#[derive(Clone)]
pub struct LeadRow {
    pub lead: Ref,
    pub new: NewLead,
    pub(super) profile: Profile,
    pub labels: [(List, Option<Ref>); 4],
    pub handed_over_at: Option<Instant>,
    /// When, and to whom.
    pub assigned: Option<(Instant, Ref)>,
}

/// What the rows ask to be written.
#[derive(Clone, Default)]
pub struct Leads {
    hashes: HashMap<i64, Option<i64>>,
    pub promised: Promises,
    pub rows: Vec<LeadRow>,
    seen: HashMap<Ref, (u64, i64)>,
}

struct Columns {
    external_id: Column,
    texts: [Column; 6],
    labels: [(List, Column); 4],
    urgency: Column,
    score: Column,
    amount: Column,
    currency: Column,
    created_at: Column,
    handed_over_at: Column,
    state: Column,
    assigned_at: Column,
    owner_email: Column,
    profile: [Column; 4],
    employees: Column,
}

impl Columns {
    fn of(file: &Incoming) -> Columns {
        let texts = ["name", "company", "email", "phone", "title", "note"];
        let profile = ["country", "region", "post_code", "segment"];
        let label = |list: List| (list, file.column(list.word()));
        Columns {
            external_id: file.column("external_id"),
            texts: texts.map(|name| file.column(name)),
            labels: [List::Territory, List::Source, List::Campaign, List::Asset].map(label),
            urgency: file.column("urgency"),
            score: file.column("score"),
            amount: file.column("amount"),
            currency: file.column("currency"),
            created_at: file.column("created_at"),
            handed_over_at: file.column("handed_over_at"),
            state: file.column("state"),
            assigned_at: file.column("assigned_at"),
            owner_email: file.column("owner_email"),
            profile: profile.map(|name| file.column(name)),
            employees: file.column("employees"),
        }
    }
}

impl Leads {
    /// Reads which leads there are, into `books` too.
    pub fn load(conn: &mut Conn, books: &mut Books) -> Result<Leads> {
        let mut leads = Leads::default();
        for known in known::known_leads(conn)? {
            leads.hashes.insert(known.id, known.import_hash);
            let erased = known.is_erased.then_some(known.id);
            books.erased_leads.extend(erased);
            leads.promised.know(&known);
            books.leads.know(known.external_id, known.id);
        }
        Ok(leads)
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let columns = Columns::of(file);
        let zone = books.zone.clone();
        file.rows(&zone, |row| {
            let wanted = read_row(row, &columns, books)?;
            let hash = wanted.new.import_hash.unwrap_or_default();
            if let Some((line, known)) = self.seen.insert(wanted.lead, (row.line, hash)) {
                if known == hash {
                    row.warn("a lead stands in the file twice, and is taken once");
                } else {
                    row.refuse(
                        columns.external_id,
                        format!("another lead with this id is in line {line}"),
                    );
                }
                return None;
            }
            self.promised.read(&wanted);
            let change = match wanted.lead {
                known if books.is_erased_lead(Some(known)) => {
                    row.warn("what was known of this lead is erased, and stays so");
                    Change::Unchanged
                }
                Ref::Made(_) => Change::New,
                Ref::Known(id) if self.hashes.get(&id) == Some(&Some(hash)) => Change::Unchanged,
                Ref::Known(_) => Change::Changed,
            };
            row.report.count(change);
            if change != Change::Unchanged {
                self.rows.push(wanted);
            }
            Some(())
        });
    }

    /// Writes leads, hand-overs and owners; `histories` are those of the new leads.
    pub fn write(mut self, tx: &mut Tx, books: &mut Books, histories: &Histories) -> Result<()> {
        for row in &mut self.rows {
            let [territory, source, campaign, asset] =
                row.labels.map(|(list, label)| books.label_id(list, label));
            row.new.territory_id = territory?;
            row.new.source_id = source?;
            row.new.campaign_id = campaign?;
            row.new.asset_id = asset?;
        }
        let is_new = |row: &LeadRow| matches!(row.lead, Ref::Made(_));
        let (new, changed): (Vec<_>, Vec<_>) = self.rows.into_iter().partition(is_new);
        let mut uids = Uids::new(tx.now, 2 * new.len())?;
        let mut promises = Vec::with_capacity(new.len());
        let mut leads = Vec::with_capacity(new.len());
        let mut profiles = Vec::new();
        for row in new {
            let promise = row.handed_over_at.map(|at| Promise::of(&row.new, at));
            promises.push((row.lead, promise, row.assigned));
            if !row.profile.is_empty() {
                profiles.push((row.lead, row.profile));
            }
            leads.push((row.new, histories.of(row.lead).standing()));
        }
        let ids = store::add_leads(tx.conn, leads, &mut uids)?;
        let made = books.leads.made().iter();
        let ids = made.filter_map(|name| ids.get(name).copied()).collect();
        books.leads.set_ids(ids);
        let profiles = profiles.iter();
        let profiles = profiles.map(|(lead, profile)| Ok((books.leads.id(*lead)?, profile)));
        profile::store::add_all(tx.conn, &profiles.collect::<Result<Vec<_>>>()?)?;
        let mut handovers = Vec::with_capacity(promises.len());
        let mut assignments = Vec::new();
        for (lead, promise, assigned) in promises {
            let id = books.leads.id(lead)?;
            if let Some(promise) = promise {
                let firsts = histories.of(lead).firsts(promise.handed_over_at);
                handovers.push(NewHandover::new(uids.take(), id, promise, firsts));
            }
            if let Some((at, owner)) = assigned {
                assignments.push(assignment(id, at, books.person_id(owner)?));
            }
        }
        store::add_handovers(tx.conn, handovers)?;
        store::add_events(tx.conn, &assignments)?;
        changed_leads::write(tx, books, changed)
    }
}

fn read_row(row: &mut Row, columns: &Columns, books: &mut Books) -> Option<LeadRow> {
    let external_id = row.needed(columns.external_id);
    let urgency = row.parsed(
        columns.urgency,
        "hot, warm, content or referral",
        any_case(Urgency::from_word),
    );
    let score = row.parsed(columns.score, "a number", finite);
    let amount_micros = row.amount_micros(columns.amount);
    let currency = row.currency(columns.currency);
    let created_at = row.needed_instant(columns.created_at);
    let handed_over_at = row.instant(columns.handed_over_at);
    let is_nurture = row.parsed(columns.state, "nurture or nothing", is_nurture);
    let assigned_at = row.instant(columns.assigned_at);
    let owner = row.email(columns.owner_email);
    let profile = read_profile(row, columns);
    if !row.is_good() {
        return None;
    }
    let (external_id, created_at) = (external_id?, created_at?);
    let [name, company, email, phone, title, note] = columns.texts.map(|column| row.text(column));
    let new = NewLead {
        external_id: Some(external_id.to_owned()),
        name: called(row, [name, company, external_id]).to_owned(),
        company: company.to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        title: title.to_owned(),
        territory_id: None,
        source_id: None,
        campaign_id: None,
        asset_id: None,
        urgency: urgency.unwrap_or(Urgency::Warm),
        score,
        amount_micros,
        currency: currency.unwrap_or_default(),
        note: note.to_owned(),
        created_at,
        created_by_id: None,
        import_hash: None,
    };
    let is_nurture = is_nurture.unwrap_or(false);
    let handed_over_at = (!is_nurture).then(|| handed_over_at.unwrap_or(created_at));
    let assigned_at = assigned_at.or(handed_over_at).unwrap_or(created_at);
    let assigned = owner.as_deref().map(|email| (assigned_at, email));
    let hash = row_hash(row, columns, &new, &profile, handed_over_at, assigned);
    Some(LeadRow {
        lead: books.leads.find_or_make(external_id),
        labels: columns
            .labels
            .map(|(list, column)| (list, books.label(list, row.text(column)))),
        handed_over_at,
        profile,
        assigned: assigned.map(|(at, email)| (at, books.person(email, Role::Rep))),
        new: NewLead {
            import_hash: Some(hash),
            ..new
        },
    })
}

fn read_profile(row: &mut Row, columns: &Columns) -> Profile {
    let employees = row.parsed(columns.employees, "a whole number of people", whole);
    let [country, region, post_code, segment] =
        columns.profile.map(|column| row.text(column).to_owned());
    Profile {
        country,
        region,
        post_code,
        employees,
        segment,
    }
}

/// Whether the lead is still with marketing.
fn is_nurture(state: &str) -> Option<bool> {
    match state {
        "nurture" => Some(true),
        "handed_over" => Some(false),
        _ => None,
    }
}

/// The lead's name, else its company, else its id.
fn called<'r>(row: &mut Row<'r>, [name, company, external_id]: [&'r str; 3]) -> &'r str {
    if !name.is_empty() {
        return name;
    }
    row.warn("a lead without a name is called by its company or id");
    match company {
        "" => external_id,
        company => company,
    }
}

/// Of all that the row says, so that a row that says the same changes nothing.
fn row_hash(
    row: &Row,
    columns: &Columns,
    new: &NewLead,
    profile: &Profile,
    handed_over_at: Option<Instant>,
    assigned: Option<(Instant, &str)>,
) -> i64 {
    let mut hash = RowHash::new().text(new.external_id.as_deref().unwrap_or_default());
    for text in [
        &new.name,
        &new.company,
        &new.email,
        &new.phone,
        &new.title,
        &new.note,
    ] {
        hash = hash.text(text);
    }
    hash = hash.text(new.urgency.word()).text(&new.currency);
    for (_, column) in columns.labels {
        hash = hash.text(row.text(column));
    }
    // A row without a profile keeps the hash that it had before there were profiles.
    if !profile.is_empty() {
        for column in columns.profile {
            hash = hash.text(row.text(column));
        }
        hash = hash.number(profile.employees.map(i64::from));
    }
    hash.number(new.score.map(|score| score.to_bits() as i64))
        .number(new.amount_micros)
        .number(new.created_at.0)
        .number(handed_over_at.map(|at| at.0))
        .text(assigned.map_or("", |(_, email)| email))
        .number(assigned.map(|(at, _)| at.0))
        .finish()
}

/// An owner's row carries no mark of its own: by that it is told from those of `lead_events.csv`.
pub(super) fn assignment(lead_id: i64, at: Instant, owner_id: i64) -> NewEventRow {
    NewEventRow {
        owner_id: Some(owner_id),
        ..NewEventRow::new(lead_id, at, EventKind::Assigned)
    }
}
