//! `lead_events.csv`: what became of leads. Events are appended; a changed one names the one that it replaces.

mod erased;

use super::activities::{Activities, find_lead};
use super::flags::Flags;
use super::leads::Leads;
use super::store::{self, NewEventRow};
use crate::app::Tx;
use crate::db::Conn;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::columns::Column;
use crate::imports::hash::RowHash;
use crate::imports::report::{Change, FileReport};
use crate::imports::row::{Incoming, Row, any_case};
use crate::imports::store as known;
use crate::leads::store as leads;
use crate::rules::access::Role;
use crate::rules::stage::EventKind;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};

/// The events that a file may name: what a person says of a lead.
const KINDS: [EventKind; 13] = [
    EventKind::HandedOver,
    EventKind::Assigned,
    EventKind::Accepted,
    EventKind::Rejected,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Duplicate,
    EventKind::Contacted,
    EventKind::MeetingBooked,
    EventKind::Qualified,
    EventKind::Opportunity,
    EventKind::Won,
    EventKind::Lost,
];

/// The natural key of an event.
pub type Key = (Ref, Instant, EventKind);

/// An event that is new or changed.
#[derive(Clone)]
pub struct EventRow {
    /// Which of the files, and where in it.
    file: usize,
    line: u64,
    pub lead: Ref,
    pub at: Instant,
    pub kind: EventKind,
    pub reason: String,
    note: String,
    by: Option<Ref>,
    pub owner: Option<Ref>,
    amount_micros: Option<i64>,
    currency: String,
    hash: i64,
    replaces_id: Option<i64>,
    place_id: Option<i64>,
    flags: &'static str,
    /// How an event of the database is flagged that no file names, and that is judged again.
    was_flagged: Option<String>,
}

/// An event of the database by its key.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The newest row of its chain of corrections.
    head_id: i64,
    /// The place of the chain, its oldest row.
    place_id: i64,
    import_hash: Option<i64>,
    owner_id: Option<i64>,
}

/// What the rows ask to be written.
#[derive(Clone, Default)]
pub struct LeadEvents {
    known: HashMap<Key, Known>,
    pub rows: Vec<EventRow>,
    seen: HashMap<Key, (u64, i64)>,
    files: usize,
}

struct Columns {
    lead: Column,
    at: Column,
    event: Column,
    /// What the column may say.
    events: String,
    reason: Column,
    by_email: Column,
    owner_email: Column,
    amount: Column,
    currency: Column,
    note: Column,
}

impl LeadEvents {
    pub fn load(conn: &mut Conn) -> Result<LeadEvents> {
        let mut known: HashMap<Key, Known> = HashMap::new();
        let mut keys: HashMap<i64, Key> = HashMap::new();
        // In the order of their ids: a correction comes after what it corrects, and keeps its key.
        for row in known::events(conn)? {
            let replaced = row.replaces_id.and_then(|id| keys.get(&id).copied());
            let key = replaced.unwrap_or((Ref::Known(row.lead_id), row.at, row.kind));
            keys.insert(row.id, key);
            let before = known.get(&key).and_then(|known| known.import_hash);
            known.insert(
                key,
                Known {
                    head_id: row.id,
                    place_id: row.place(),
                    import_hash: row.import_hash.or(before),
                    owner_id: row.owner_id,
                },
            );
        }
        Ok(LeadEvents {
            known,
            ..LeadEvents::default()
        })
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let columns = Columns {
            lead: file.column("lead_external_id"),
            at: file.column("at"),
            event: file.column("event"),
            events: format!("one of {}", KINDS.map(EventKind::word).join(", ")),
            reason: file.column("reason"),
            by_email: file.column("by_email"),
            owner_email: file.column("owner_email"),
            amount: file.column("amount"),
            currency: file.column("currency"),
            note: file.column("note"),
        };
        let zone = books.zone.clone();
        let place = self.files;
        self.files += 1;
        file.rows(&zone, |row| {
            let mut wanted = read_row(row, &columns, books)?;
            let key = (wanted.lead, wanted.at, wanted.kind);
            if let Some((line, hash)) = self.seen.insert(key, (row.line, wanted.hash)) {
                if hash == wanted.hash {
                    row.warn("an event stands in the file twice, and is taken once");
                } else {
                    row.refuse(
                        columns.event,
                        format!("the same event of this lead at this instant is in line {line}"),
                    );
                }
                return None;
            }
            wanted.file = place;
            let known = self.known.get(&key);
            let change = match known {
                None => Change::New,
                Some(known) if known.import_hash == Some(wanted.hash) => Change::Unchanged,
                Some(_) => Change::Changed,
            };
            wanted.replaces_id = known.map(|known| known.head_id);
            wanted.place_id = known.map(|known| known.place_id);
            let change = match books.is_erased_lead(Some(wanted.lead)) {
                true => erased::change(row, &mut wanted, change),
                false => change,
            };
            row.report.count(change);
            if change != Change::Unchanged {
                self.rows.push(wanted);
            }
            Some(())
        });
    }

    /// Marks what a rule for the keyboard would not have allowed, once all files are read.
    pub fn flag(
        &mut self,
        conn: &mut Conn,
        leads: &Leads,
        activities: &Activities,
        reports: &mut [&mut FileReport],
    ) -> Result<()> {
        let again = self.judged_again(conn, activities)?;
        self.rows.extend(again);
        let known_contacts = self
            .known
            .keys()
            .filter(|(_, _, kind)| kind.is_contact())
            .map(|(lead, at, _)| (*lead, *at));
        let flags = Flags::load(conn, &self.rows, known_contacts, leads, activities)?;
        for row in &mut self.rows {
            let Some(flag) = flags.of(row.lead, row.at, row.kind) else {
                continue;
            };
            row.flags = flag;
            let report = reports.get_mut(row.file);
            if let Some(report) = report.filter(|_| row.was_flagged.is_none()) {
                report.flag(row.line, flag);
            }
        }
        // What is flagged as it was stays as it is.
        let differs = |row: &EventRow| row.was_flagged.as_deref() != Some(row.flags);
        self.rows.retain(differs);
        Ok(())
    }

    /// The imported exits of leads whose touches or events change now, and which are not among the rows themselves: the
    /// flags of an exit are the same in whichever order the files come.
    fn judged_again(&self, conn: &mut Conn, activities: &Activities) -> Result<Vec<EventRow>> {
        let touched = activities.rows.iter().flat_map(|row| {
            let before = row.replaces.and_then(|old| old.lead_id);
            row.lead.into_iter().chain(before.map(Ref::Known))
        });
        let leads: HashSet<Ref> = touched
            .chain(self.rows.iter().map(|row| row.lead))
            .collect();
        let rows = self.rows.iter().filter_map(|row| row.replaces_id);
        let replaced: HashSet<i64> = rows.collect();
        let is_asked = |(key, known): &(&Key, &Known)| {
            let is_exit = matches!(key.2, EventKind::Rejected | EventKind::Disqualified);
            is_exit && leads.contains(&key.0) && !replaced.contains(&known.head_id)
        };
        let asked = self.known.iter().filter(is_asked);
        let asked: HashMap<i64, (&Key, &Known)> =
            asked.map(|both| (both.1.head_id, both)).collect();
        let mut ids: Vec<i64> = asked.keys().copied().collect();
        ids.sort_unstable();
        let exits = known::imported_exits(conn, &ids)?.into_iter();
        let rows = exits.filter_map(|exit| {
            let (key, known) = asked.get(&exit.id)?;
            EventRow::of_exit(exit, key, known)
        });
        Ok(rows.collect())
    }

    /// Writes the events; a hand-over opens the lead anew, and one that names an owner assigns it too.
    pub fn write(self, tx: &mut Tx, books: &Books) -> Result<()> {
        let mut events = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let event = row.ready(tx, books)?;
            if row.kind == EventKind::HandedOver {
                hand_over(tx, &event)?;
                events.extend(self.implied_assignment(tx, row, &event));
            }
            events.push(event);
        }
        store::add_events(tx.conn, &events)
    }

    /// The assignment that a hand-over with an owner is as well, unless the lead has one at that instant.
    fn implied_assignment(
        &self,
        tx: &Tx,
        row: &EventRow,
        event: &NewEventRow,
    ) -> Option<NewEventRow> {
        let key = (row.lead, row.at, EventKind::Assigned);
        let known = self.known.get(&key);
        let is_there = known.is_some_and(|known| known.owner_id == event.owner_id);
        if event.owner_id.is_none() || is_there || self.seen.contains_key(&key) {
            return None;
        }
        Some(NewEventRow {
            owner_id: event.owner_id,
            by_id: event.by_id,
            entered_at: if known.is_some() { tx.now } else { row.at },
            replaces_id: known.map(|known| known.head_id),
            place_id: known.map(|known| known.place_id),
            import_hash: Some(row.hash),
            ..NewEventRow::new(event.lead_id, row.at, EventKind::Assigned)
        })
    }
}

impl EventRow {
    /// An imported event of the database that is written again where its flags differ.
    fn of_exit(exit: known::Exit, (lead, at, kind): &Key, known: &Known) -> Option<EventRow> {
        Some(EventRow {
            file: 0,
            line: 0,
            lead: *lead,
            at: *at,
            kind: *kind,
            reason: exit.reason,
            note: exit.note,
            by: exit.by_id.map(Ref::Known),
            owner: exit.owner_id.map(Ref::Known),
            amount_micros: exit.amount_micros,
            currency: exit.currency,
            hash: known.import_hash?,
            replaces_id: Some(known.head_id),
            place_id: Some(known.place_id),
            flags: "",
            was_flagged: Some(exit.flags),
        })
    }

    fn ready(&self, tx: &Tx, books: &Books) -> Result<NewEventRow> {
        let lead_id = books.leads.id(self.lead)?;
        Ok(NewEventRow {
            // A correction is entered now; history is taken as it happened.
            entered_at: if self.replaces_id.is_some() {
                tx.now
            } else {
                self.at
            },
            reason: self.reason.clone(),
            note: self.note.clone(),
            by_id: books.person_id_of(self.by)?,
            owner_id: books.person_id_of(self.owner)?,
            amount_micros: self.amount_micros,
            currency: self.currency.clone(),
            flags: self.flags,
            replaces_id: self.replaces_id,
            place_id: self.place_id,
            import_hash: Some(self.hash),
            ..NewEventRow::new(lead_id, self.at, self.kind)
        })
    }
}

fn read_row(row: &mut Row, columns: &Columns, books: &mut Books) -> Option<EventRow> {
    let lead = find_lead(row, columns.lead, books);
    if lead.is_none() && row.text(columns.lead).is_empty() {
        row.refuse(
            columns.lead,
            "this must not be empty: expected the external_id of a lead",
        );
    }
    let at = row.needed_instant(columns.at);
    let kind = row.needed_parsed(columns.event, &columns.events, |word| {
        any_case(EventKind::from_word)(word).filter(|kind| KINDS.contains(kind))
    });
    let by = row.email(columns.by_email);
    let owner = row.email(columns.owner_email);
    if kind == Some(EventKind::Assigned) && row.text(columns.owner_email).is_empty() {
        row.refuse(
            columns.owner_email,
            "this must not be empty: expected to whom the lead was assigned",
        );
    }
    let amount_micros = row.amount_micros(columns.amount);
    let currency = row.currency(columns.currency);
    if !row.is_good() {
        return None;
    }
    let (lead, at, kind) = (lead?, at?, kind?);
    let (reason, note) = (row.text(columns.reason), row.text(columns.note));
    let currency = currency.unwrap_or_default();
    let hash = RowHash::new()
        .text(row.text(columns.lead))
        .number(at.0)
        .text(kind.word())
        .text(reason)
        .text(note)
        .text(by.as_deref().unwrap_or_default())
        .text(owner.as_deref().unwrap_or_default())
        .number(amount_micros)
        .text(&currency);
    Some(EventRow {
        file: 0,
        line: row.line,
        lead,
        at,
        kind,
        reason: reason.to_owned(),
        note: note.to_owned(),
        by: by.map(|email| books.person(&email, Role::Rep)),
        owner: owner.map(|email| books.person(&email, Role::Rep)),
        amount_micros,
        currency,
        hash: hash.finish(),
        replaces_id: None,
        place_id: None,
        flags: "",
        was_flagged: None,
    })
}

/// A hand-over at an instant is one hand-over, whichever file names it first.
fn hand_over(tx: &mut Tx, event: &NewEventRow) -> Result<()> {
    let all = known::handovers(tx.conn, event.lead_id)?;
    match all
        .iter()
        .find(|handover| handover.handed_over_at == event.at)
    {
        Some(there) if event.replaces_id.is_some() => {
            store::change_handover_note(tx.conn, there.id, event.by_id, &event.note)
        }
        Some(_) => Ok(()),
        None => {
            let lead = leads::by_id(tx.conn, event.lead_id)?;
            leads::add_handover(tx.conn, &lead, event.at, event.by_id, &event.note).map(|_| ())
        }
    }
}
