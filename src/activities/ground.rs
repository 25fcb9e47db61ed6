//! What the rules ask of an entry before it is stored.

use super::store::NewActivity;
use super::{Activity, Entry, Technique};
use crate::app::{Cx, Tx};
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::lists::{Counts, Kind, List, Lists, Outcome};
use crate::rules::access::Me;
use crate::rules::day;
use crate::rules::workday::WorkCalendar;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::sync::Arc;

/// A phone's clock may be a little ahead of ours.
const CLOCKS_DIFFER_S: i64 = 300;

/// Who logs, when, and the reference data as of their request.
pub struct Ground<'a> {
    me: &'a Me,
    now: Instant,
    lists: Arc<Lists>,
    calendars: Arc<Calendars>,
}

/// What was done, and how it ended.
pub type Done = (Kind, Option<Outcome>);

impl<'a> Ground<'a> {
    pub fn of(cx: &'a Cx) -> Result<Ground<'a>> {
        Ok(Ground {
            me: cx.me()?,
            now: cx.now,
            lists: cx.reference()?,
            calendars: cx.reference()?,
        })
    }

    pub fn within(tx: &mut Tx<'a>) -> Result<Ground<'a>> {
        Ok(Ground {
            me: tx.me()?,
            now: tx.now,
            lists: tx.kept.get(tx.conn)?,
            calendars: tx.kept.get(tx.conn)?,
        })
    }

    /// The row to store of a new entry, but for the id of its lead, which is left to who looks that up.
    pub fn new_row(&self, entry: &Entry) -> Result<NewActivity> {
        let done = self.done(entry, None)?;
        self.row(entry, None, &done)
    }

    /// What was retired may stay on an entry that has it already.
    pub fn done(&self, entry: &Entry, old: Option<&Activity>) -> Result<Done> {
        let kind = self.lists.kind(entry.kind_id).cloned();
        let kind = kind.filter(|k| !k.is_retired || old.is_some_and(|old| old.kind_id == k.id));
        let kind = kind.ok_or_else(|| Error::refused("Choose what you did."))?;
        let Some(outcome_id) = entry.outcome_id else {
            return Ok((kind, None));
        };
        let outcome = self.lists.outcome(outcome_id);
        let outcome = outcome.filter(|o| o.kind_id == kind.id).cloned();
        let outcome = outcome
            .filter(|o| !o.is_retired || old.is_some_and(|old| old.outcome_id == Some(o.id)));
        let outcome = outcome
            .ok_or_else(|| Error::refused(format!("Choose an outcome of {}.", kind.name)))?;
        Ok((kind, Some(outcome)))
    }

    /// The row to store, but for the id of its lead: in the place of `old`, where it corrects one.
    pub fn row(
        &self,
        entry: &Entry,
        old: Option<&Activity>,
        (kind, outcome): &Done,
    ) -> Result<NewActivity> {
        let local_day = self.calendars.day_at(self.me.id, entry.happened_at);
        if !day::is_open(local_day, self.now, &self.calendars.zones_of(self.me.id)) {
            return Err(Error::refused(
                "That week is closed: entries can be made until two days after the end of their week.",
            ));
        }
        self.refuse_impossible(entry, kind)?;
        let counts = Counts::of(kind, outcome.as_ref());
        let entered_at = old.map_or(self.now, |old| old.entered_at);
        Ok(NewActivity {
            uid: old.map_or_else(|| entry.uid.clone(), |_| uuid::Uuid::now_v7().to_string()),
            external_id: None,
            person_id: self.me.id,
            team_id: self.calendars.team_on(self.me.id, local_day),
            lead_id: None,
            kind_id: kind.id,
            outcome_id: outcome.as_ref().map(|o| o.id),
            technique: entry.technique.map_or("", Technique::word).to_owned(),
            quantity: entry.quantity,
            happened_at: entry.happened_at,
            entered_at,
            local_day,
            origin: entry.origin.to_owned(),
            is_prospecting: counts.is_prospecting,
            is_attempt: counts.is_attempt,
            is_reached: counts.is_reached,
            is_meeting: counts.is_meeting,
            is_late: self.is_late(entry.happened_at, entered_at),
            with_id: entry.with_id,
            asset_id: entry.asset_id,
            note: entry.note.clone(),
            note_for_marketing: entry.note_for_marketing,
            replaces_id: None,
            import_hash: None,
        })
    }

    /// What no entry may be, whoever makes it.
    fn refuse_impossible(&self, entry: &Entry, kind: &Kind) -> Result<()> {
        let has_lead = entry.lead_uid.is_some();
        if !has_lead && !kind.without_lead {
            return Err(Error::refused(format!(
                "A {} needs a lead: choose one.",
                kind.name.to_lowercase()
            )));
        }
        if has_lead && entry.quantity != 1 {
            return Err(Error::refused("With a lead, log one touch at a time."));
        }
        if !(1..=1000).contains(&entry.quantity) {
            return Err(Error::refused("Enter a count from 1 to 1000."));
        }
        if entry.happened_at > self.now.plus_seconds(CLOCKS_DIFFER_S) {
            return Err(Error::refused(
                "This has not happened yet: enter a time that is past.",
            ));
        }
        let asset = entry.asset_id.map(|id| self.lists.label(id));
        if asset.is_some_and(|label| label.is_none_or(|label| label.list != List::Asset)) {
            return Err(Error::refused("Choose an asset from the list."));
        }
        Ok(())
    }

    fn is_late(&self, happened_at: Instant, entered_at: Instant) -> bool {
        // Nothing entered within two days can be late; most entries end here.
        entered_at > happened_at.plus_seconds(2 * 86_400)
            && day::is_late(
                happened_at,
                entered_at,
                &self.around(happened_at, entered_at),
            )
    }

    fn around(&self, from: Instant, to: Instant) -> WorkCalendar {
        let day_at = |at| self.calendars.day_at(self.me.id, at);
        let last: NaiveDate = day_at(to);
        let after = last.checked_add_days(Days::new(1)).unwrap_or(last);
        self.calendars.of_person(self.me.id, day_at(from), after)
    }
}
