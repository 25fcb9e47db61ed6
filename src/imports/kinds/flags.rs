//! What imported history shows that a rule for people at the keyboard would not have allowed.

use super::activities::Activities;
use super::lead_events::EventRow;
use super::leads::Leads;
use super::promised::Terms;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::imports::books::Ref;
use crate::imports::store as known;
use crate::kept::Keep;
use crate::leads::flags::{AFTER_CONTACT, FEW_ATTEMPTS};
use crate::rules::moves::{self, Standing};
use crate::rules::stage::{EventKind, Stage};
use crate::value::Instant;
use std::collections::{HashMap, HashSet};

/// What each lead that was rejected or disqualified had gone through.
pub struct Flags {
    definitions: Definitions,
    /// When, and of which kind.
    attempts: HashMap<Ref, Vec<(Instant, i64)>>,
    contacts: HashMap<Ref, Vec<Instant>>,
    starts: HashMap<Ref, Vec<Instant>>,
    terms: HashMap<Ref, Terms>,
}

impl Flags {
    /// `known_contacts` are the events of the database that say there was a contact.
    pub fn load(
        conn: &mut Conn,
        rows: &[EventRow],
        known_contacts: impl Iterator<Item = (Ref, Instant)>,
        leads: &Leads,
        activities: &Activities,
    ) -> Result<Flags> {
        let may_break =
            |row: &&EventRow| matches!(row.kind, EventKind::Rejected | EventKind::Disqualified);
        let asked: HashSet<Ref> = rows.iter().filter(may_break).map(|row| row.lead).collect();
        let mut flags = Flags {
            definitions: Definitions::load(conn)?,
            attempts: HashMap::new(),
            contacts: HashMap::new(),
            starts: HashMap::new(),
            terms: HashMap::new(),
        };
        for lead in &asked {
            if let Some(terms) = leads.promised.terms(*lead) {
                let starts = flags.starts.entry(*lead).or_default();
                starts.extend(terms.handed_over_at);
                flags.terms.insert(*lead, terms);
            }
        }
        flags.touches(conn, &asked, activities)?;
        let new = |is_it: fn(EventKind) -> bool| {
            let theirs = rows.iter().filter(move |row| is_it(row.kind));
            theirs.map(|row| (row.lead, row.at))
        };
        for (lead, at) in known_contacts.chain(new(EventKind::is_contact)) {
            if asked.contains(&lead) {
                flags.contacts.entry(lead).or_default().push(at);
            }
        }
        for (lead, at) in new(|kind| kind == EventKind::HandedOver) {
            flags.starts.entry(lead).or_default().push(at);
        }
        Ok(flags)
    }

    /// The touches of these leads, those of the database that the files do not replace and those of the files.
    fn touches(
        &mut self,
        conn: &mut Conn,
        asked: &HashSet<Ref>,
        activities: &Activities,
    ) -> Result<()> {
        let replaced = activities.rows.iter().filter_map(|row| row.replaces);
        let ended: HashSet<i64> = replaced.map(|old| old.id).collect();
        let known_ids = asked.iter().filter_map(|lead| match lead {
            Ref::Known(id) => Some(*id),
            Ref::Made(_) => None,
        });
        let known_ids: Vec<i64> = known_ids.collect();
        for (id, at) in known::starts(conn, &known_ids)? {
            self.starts.entry(Ref::Known(id)).or_default().push(at);
        }
        for touch in known::touches(conn, &known_ids)? {
            if !ended.contains(&touch.id) {
                let lead = Ref::Known(touch.lead_id);
                let when = (touch.happened_at, touch.kind_id);
                self.touch(lead, when, touch.is_attempt, touch.is_reached);
            }
        }
        for row in &activities.rows {
            if let Some(lead) = row.lead.filter(|lead| asked.contains(lead)) {
                let when = (row.happened_at, row.kind_id);
                self.touch(lead, when, row.counts.is_attempt, row.counts.is_reached);
            }
        }
        Ok(())
    }

    fn touch(&mut self, lead: Ref, when: (Instant, i64), is_attempt: bool, is_reached: bool) {
        if is_attempt {
            self.attempts.entry(lead).or_default().push(when);
        }
        if is_reached {
            self.contacts.entry(lead).or_default().push(when.0);
        }
    }

    /// What is odd about an event, if anything: judged since the newest hand-over before it, as at the keyboard.
    pub fn of(&self, lead: Ref, at: Instant, kind: EventKind) -> Option<&'static str> {
        let starts = self.starts.get(&lead).into_iter().flatten();
        let start = starts.filter(|start| **start <= at).max().copied();
        let is_since = |then: Instant| start.is_none_or(|start| start <= then) && then <= at;
        match kind {
            EventKind::Rejected => {
                let mut contacts = self.contacts.get(&lead).into_iter().flatten();
                contacts
                    .any(|then| is_since(*then))
                    .then_some(AFTER_CONTACT)
            }
            EventKind::Disqualified => {
                let terms = self.terms.get(&lead)?;
                let version = self.definitions.at(start.unwrap_or(at)).number;
                let (urgency, source_id) = (terms.urgency, terms.source_id);
                let level = self.definitions.level(version, urgency, source_id);
                let attempts = self.attempts.get(&lead).into_iter().flatten();
                let kinds = attempts.filter(|(then, _)| is_since(*then));
                let kinds: Vec<i64> = kinds.map(|(_, kind)| *kind).collect();
                let standing = Standing {
                    stage: Stage::Attempting,
                    urgency,
                    attempts: kinds.len() as u32,
                    kinds: kinds.iter().collect::<HashSet<_>>().len() as u32,
                    is_contacted: false,
                };
                moves::missing_attempts(&standing, &level).map(|_| FEW_ATTEMPTS)
            }
            _ => None,
        }
    }
}
