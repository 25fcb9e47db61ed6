//! `activities.csv`: what people did.

use crate::activities::Technique;
use crate::activities::store::{self as activities, NewActivity};
use crate::app::Tx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::columns::Column;
use crate::imports::hash::RowHash;
use crate::imports::report::Change;
use crate::imports::row::{Incoming, Row, any_case};
use crate::imports::store::{self as known, KnownActivity};
use crate::imports::uids::Uids;
use crate::kept::Keep;
use crate::lists::{Counts, Kind, List, Outcome};
use crate::rules::access::Role;
use crate::rules::day;
use crate::rules::zone::{Zone, Zones};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// An activity that is new or changed.
#[derive(Clone)]
pub struct ActivityRow {
    pub replaces: Option<KnownActivity>,
    external_id: String,
    person: Ref,
    pub lead: Option<Ref>,
    pub kind_id: i64,
    outcome_id: Option<i64>,
    pub counts: Counts,
    /// Whether no further prompt for the lead shall come.
    pub stops_contact: bool,
    technique: Option<Technique>,
    quantity: i32,
    pub happened_at: Instant,
    entered_at: Instant,
    with: Option<Ref>,
    asset: Option<Ref>,
    note: String,
    hash: i64,
}

/// What is said where a row has words about a lead that is erased.
pub const ERASED_NOTE: &str =
    "what was known of this lead is erased: the row is taken without its note";

/// What the rows ask to be written.
#[derive(Clone)]
pub struct Activities {
    known: HashMap<String, KnownActivity>,
    kinds: Vec<Kind>,
    outcomes: Vec<Outcome>,
    pub rows: Vec<ActivityRow>,
    seen: HashMap<String, (u64, i64)>,
}

struct Columns {
    external_id: Column,
    person_email: Column,
    kind: Column,
    happened_at: Column,
    lead: Column,
    outcome: Column,
    technique: Column,
    quantity: Column,
    entered_at: Column,
    with_email: Column,
    asset: Column,
    note: Column,
}

impl Columns {
    fn of(file: &Incoming) -> Columns {
        Columns {
            external_id: file.column("external_id"),
            person_email: file.column("person_email"),
            kind: file.column("kind"),
            happened_at: file.column("happened_at"),
            lead: file.column("lead_external_id"),
            outcome: file.column("outcome"),
            technique: file.column("technique"),
            quantity: file.column("quantity"),
            entered_at: file.column("entered_at"),
            with_email: file.column("with_email"),
            asset: file.column("asset"),
            note: file.column("note"),
        }
    }
}

impl Activities {
    pub fn load(conn: &mut Conn, kinds: Vec<Kind>, outcomes: Vec<Outcome>) -> Result<Activities> {
        Ok(Activities {
            known: known::known_activities(conn)?,
            kinds,
            outcomes,
            rows: Vec::new(),
            seen: HashMap::new(),
        })
    }

    pub fn read(&mut self, file: &mut Incoming, books: &mut Books) {
        let columns = Columns::of(file);
        let zone = books.zone.clone();
        file.rows(&zone, |row| {
            let mut wanted = read_row(row, &columns, self, books)?;
            let id = wanted.external_id.clone();
            if let Some((line, hash)) = self.seen.insert(id, (row.line, wanted.hash)) {
                if hash == wanted.hash {
                    row.warn("an activity stands in the file twice, and is taken once");
                } else {
                    row.refuse(
                        columns.external_id,
                        format!("another activity with this id is in line {line}"),
                    );
                }
                return None;
            }
            wanted.replaces = self.known.get(&wanted.external_id).copied();
            let change = match &wanted.replaces {
                None => Change::New,
                Some(known) if known.import_hash == Some(wanted.hash) => Change::Unchanged,
                Some(_) => Change::Changed,
            };
            row.report.count(change);
            if let (Change::Unchanged, Some(same)) = (change, wanted.replaces)
                && let Some(email) = row.email(columns.person_email)
            {
                books.recognise(&email, same.person_id);
            }
            if change != Change::Unchanged {
                if books.is_erased_lead(wanted.lead) && !wanted.note.is_empty() {
                    row.warn(ERASED_NOTE);
                    wanted.note.clear();
                }
                self.rows.push(wanted);
            }
            Some(())
        });
    }

    fn kind(&self, name: &str) -> Option<&Kind> {
        let exact = self.kinds.iter().find(|kind| kind.name == name);
        exact.or_else(|| {
            self.kinds
                .iter()
                .find(|kind| kind.name.to_lowercase() == name.to_lowercase())
        })
    }

    fn kind_names(&self) -> String {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.name.as_str()).collect();
        format!("one of {}", names.join(", "))
    }

    fn outcomes_of(&self, kind: &Kind) -> impl Iterator<Item = &Outcome> {
        let id = kind.id;
        self.outcomes
            .iter()
            .filter(move |outcome| outcome.kind_id == id)
    }

    fn outcome(&self, kind: &Kind, name: &str) -> Option<&Outcome> {
        let exact = self.outcomes_of(kind).find(|outcome| outcome.name == name);
        exact.or_else(|| {
            self.outcomes_of(kind)
                .find(|outcome| outcome.name.to_lowercase() == name.to_lowercase())
        })
    }

    fn outcome_names(&self, kind: &Kind) -> String {
        let names: Vec<&str> = self
            .outcomes_of(kind)
            .map(|outcome| outcome.name.as_str())
            .collect();
        match names.as_slice() {
            [] => format!("nothing: {} has no outcomes", kind.name),
            names => format!("an outcome of {}: {}", kind.name, names.join("; ")),
        }
    }

    /// Writes the activities: each in the person's zone and team of its day. Returns how many fell into weeks that are closed by
    /// the workspace's clock: what had been judged there is judged again.
    pub fn write(self, tx: &mut Tx, books: &Books) -> Result<usize> {
        if self.rows.is_empty() {
            return Ok(0);
        }
        let calendars = Calendars::load(tx.conn)?;
        let mut uids = Uids::new(tx.now, self.rows.len())?;
        let mut new = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            if let Some(old) = row.replaces.filter(|old| old.is_current) {
                activities::end(tx.conn, old.id, tx.now, tx.by_id())?;
            }
            new.push(row.ready(uids.take(), &calendars, books)?);
        }
        let open_from = first_open_day(tx.now, calendars.zone());
        let closed = new.iter().filter(|row| row.local_day < open_from);
        let closed = closed.count();
        activities::add_all(tx.conn, &new)?;
        Ok(closed)
    }
}

/// The Monday of the oldest week that is still open.
fn first_open_day(now: Instant, zone: &Zone) -> NaiveDate {
    let this_week = day::week_of(zone.day_of(now));
    let last_week = this_week.checked_sub_days(Days::new(7));
    let open = last_week.filter(|monday| day::is_open(*monday, now, &Zones::from(zone)));
    open.unwrap_or(this_week)
}

impl ActivityRow {
    fn ready(self, uid: String, calendars: &Calendars, books: &Books) -> Result<NewActivity> {
        let person_id = books.person_id(self.person)?;
        let local_day = calendars.day_at(person_id, self.happened_at);
        Ok(NewActivity {
            uid,
            external_id: Some(self.external_id),
            person_id,
            team_id: calendars.team_on(person_id, local_day),
            lead_id: books.leads.id_of(self.lead)?,
            kind_id: self.kind_id,
            outcome_id: self.outcome_id,
            technique: self.technique.map_or("", Technique::word).to_owned(),
            quantity: self.quantity,
            happened_at: self.happened_at,
            entered_at: self.entered_at,
            local_day,
            origin: "import".to_owned(),
            is_prospecting: self.counts.is_prospecting,
            is_attempt: self.counts.is_attempt,
            is_reached: self.counts.is_reached,
            is_meeting: self.counts.is_meeting,
            is_late: false,
            with_id: books.person_id_of(self.with)?,
            asset_id: books.label_id(List::Asset, self.asset)?,
            note: self.note,
            note_for_marketing: false,
            replaces_id: self.replaces.map(|old| old.id),
            import_hash: Some(self.hash),
        })
    }
}

fn read_row(
    row: &mut Row,
    columns: &Columns,
    activities: &Activities,
    books: &mut Books,
) -> Option<ActivityRow> {
    let external_id = row.needed(columns.external_id);
    let person = row.needed_email(columns.person_email);
    let happened_at = row.needed_instant(columns.happened_at);
    let entered_at = row.instant(columns.entered_at);
    let (kind, outcome) = kind_and_outcome(row, columns, activities);
    let technique = row.parsed(
        columns.technique,
        "cold, trigger, referral, inbound or existing",
        any_case(Technique::from_word),
    );
    let lead = find_lead(row, columns.lead, books);
    let quantity = read_quantity(row, columns.quantity, lead);
    let with = row.email(columns.with_email);
    if !row.is_good() {
        return None;
    }
    let (external_id, person, kind, happened_at) = (external_id?, person?, kind?, happened_at?);
    if lead.is_none() && !kind.without_lead {
        row.flag("of a kind that does not stand without a lead");
    }
    let (asset, note) = (row.text(columns.asset), row.text(columns.note));
    let entered_at = entered_at.unwrap_or(happened_at);
    let hash = RowHash::new()
        .text(external_id)
        .text(&person)
        .text(row.text(columns.lead))
        .number(kind.id)
        .number(outcome.map(|outcome| outcome.id))
        .text(technique.map_or("", Technique::word))
        .number(i64::from(quantity))
        .number(happened_at.0)
        .number(entered_at.0)
        .text(with.as_deref().unwrap_or_default())
        .text(asset)
        .text(note);
    Some(ActivityRow {
        replaces: None,
        external_id: external_id.to_owned(),
        person: books.person(&person, Role::Rep),
        lead,
        kind_id: kind.id,
        outcome_id: outcome.map(|outcome| outcome.id),
        counts: Counts::of(kind, outcome),
        stops_contact: outcome.is_some_and(|outcome| outcome.stops_contact),
        technique,
        quantity,
        happened_at,
        entered_at,
        with: with.map(|email| books.person(&email, Role::Marketing)),
        asset: books.label(List::Asset, asset),
        note: note.to_owned(),
        hash: hash.finish(),
    })
}

/// What was done and what came of it, by their names.
fn kind_and_outcome<'a>(
    row: &mut Row,
    columns: &Columns,
    activities: &'a Activities,
) -> (Option<&'a Kind>, Option<&'a Outcome>) {
    let name = row.needed(columns.kind);
    let kind = name.and_then(|name| activities.kind(name));
    if kind.is_none() && name.is_some() {
        let expected = activities.kind_names();
        row.refuse(columns.kind, format!("expected {expected}"));
    }
    let outcome_name = row.text(columns.outcome);
    let named = kind.filter(|_| !outcome_name.is_empty());
    let outcome = named.and_then(|kind| activities.outcome(kind, outcome_name));
    if let (Some(kind), None) = (named, outcome) {
        let expected = activities.outcome_names(kind);
        row.refuse(columns.outcome, format!("expected {expected}"));
    }
    (kind, outcome)
}

/// The lead that a cell names by its external id.
pub fn find_lead(row: &mut Row, column: Column, books: &Books) -> Option<Ref> {
    row.parsed(
        column,
        "the external_id of a lead in leads.csv or in the database",
        |id| books.leads.find(id),
    )
}

/// More than one only as a count without a lead. Source: METRICS.md 0.
fn read_quantity(row: &mut Row, column: Column, lead: Option<Ref>) -> i32 {
    let quantity = row.parsed(column, "a whole number from 1 to 10000", |text| {
        text.parse().ok().filter(|n| (1..=10_000).contains(n))
    });
    let quantity = quantity.unwrap_or(1);
    if quantity > 1 && lead.is_some() {
        row.refuse(
            column,
            "expected 1: only a count without a lead may be more",
        );
    }
    quantity
}
