//! What imported history shows that a rule for people at the keyboard would not have allowed.

use super::activities::Activities;
use super::lead_events::EventRow;
use super::leads::Leads;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::imports::books::Ref;
use crate::imports::store as known;
use crate::kept::Keep;
use crate::rules::stage::EventKind;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};

const FEW_ATTEMPTS: &str = "disqualified before the least attempts";
const AFTER_CONTACT: &str = "rejected after a contact";

/// When each lead that was rejected or disqualified had been attempted and contacted.
#[derive(Default)]
pub struct Flags {
    attempts: HashMap<Ref, Vec<Instant>>,
    contacts: HashMap<Ref, Vec<Instant>>,
    least_attempts: HashMap<Ref, u32>,
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
        let mut flags = Flags::default();
        let definitions = Definitions::load(conn)?;
        for lead in &asked {
            if let Some(level) = leads.promised.level(*lead, &definitions) {
                flags.least_attempts.insert(*lead, level.least_attempts);
            }
        }
        flags.touches(conn, &asked, activities)?;
        let new_contacts = rows
            .iter()
            .filter(|row| row.kind.is_contact())
            .map(|row| (row.lead, row.at));
        for (lead, at) in known_contacts.chain(new_contacts) {
            if asked.contains(&lead) {
                flags.contacts.entry(lead).or_default().push(at);
            }
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
        for touch in known::touches(conn, &known_ids.collect::<Vec<_>>())? {
            if !ended.contains(&touch.id) {
                self.touch(
                    Ref::Known(touch.lead_id),
                    touch.happened_at,
                    touch.is_attempt,
                    touch.is_reached,
                );
            }
        }
        for row in &activities.rows {
            if let Some(lead) = row.lead.filter(|lead| asked.contains(lead)) {
                self.touch(
                    lead,
                    row.happened_at,
                    row.counts.is_attempt,
                    row.counts.is_reached,
                );
            }
        }
        Ok(())
    }

    fn touch(&mut self, lead: Ref, at: Instant, is_attempt: bool, is_reached: bool) {
        if is_attempt {
            self.attempts.entry(lead).or_default().push(at);
        }
        if is_reached {
            self.contacts.entry(lead).or_default().push(at);
        }
    }

    /// What is odd about an event, if anything.
    pub fn of(&self, lead: Ref, at: Instant, kind: EventKind) -> Option<&'static str> {
        let by_then = |all: &HashMap<Ref, Vec<Instant>>| {
            all.get(&lead).map_or(0, |instants| {
                instants.iter().filter(|then| **then <= at).count()
            })
        };
        match kind {
            EventKind::Rejected if by_then(&self.contacts) > 0 => Some(AFTER_CONTACT),
            EventKind::Disqualified => {
                let least = self.least_attempts.get(&lead).copied().unwrap_or_default();
                (by_then(&self.attempts) < least as usize).then_some(FEW_ATTEMPTS)
            }
            _ => None,
        }
    }
}
