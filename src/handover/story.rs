//! A lead with all that happened to it.

use crate::activities::{self, Activity};
use crate::app::Tx;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{Assigned, Owners};
use crate::leads::{self, Handover, Lead, LeadEvent, mine};
use crate::page;
use crate::people::Directory;
use crate::rules::moves::Standing;
use crate::rules::stage::{self, EventKind, Placed, Stage, Touch};
use crate::value::Instant;
use std::collections::HashSet;
use std::sync::Arc;

/// Hand-overs, events (withdrawn ones too) and standing touches, each in order of time.
pub struct Story {
    pub lead: Lead,
    pub handovers: Vec<Handover>,
    pub events: Vec<LeadEvent>,
    pub touches: Vec<Activity>,
}

impl Story {
    pub fn load(conn: &mut Conn, lead: Lead) -> Result<Story> {
        Ok(Story {
            handovers: leads::store::handovers(conn, lead.id)?,
            events: leads::store::events(conn, lead.id)?,
            touches: activities::store::of_lead(conn, lead.id)?,
            lead,
        })
    }

    /// Changes with every event, hand-over and next step: a form carries it, to notice that somebody was faster.
    pub fn version(&self) -> String {
        let event = self.events.iter().map(|e| e.id).max().unwrap_or(0);
        let handover = self.handovers.iter().map(|h| h.id).max().unwrap_or(0);
        mine::version((event, handover), self.lead.next_step_on)
    }

    /// The newest event and hand-over that a version knows.
    pub fn read_version(version: &str) -> Option<(i64, i64)> {
        let mut parts = version.splitn(3, '-');
        let mut number = || parts.next()?.parse().ok();
        Some((number()?, number()?))
    }

    /// What is planned next, where somebody planned it since a version; nothing where it stands as it did.
    fn step_since(&self, version: &str) -> Option<String> {
        let ids = Story::read_version(version)?;
        let is_as_seen = version == mine::version(ids, self.lead.next_step_on);
        (!is_as_seen).then(|| match self.lead.next_step_on {
            Some(day) => format!("The next step is {}", page::day(day)),
            None => "There is no next step".to_owned(),
        })
    }

    /// The hand-overs and events that were written down after these.
    pub fn since(&self, (event, handover): (i64, i64)) -> (Vec<&Handover>, Vec<&LeadEvent>) {
        let handovers = self.handovers.iter().filter(|h| h.id > handover);
        let events = self.events.iter().filter(|e| e.id > event);
        (handovers.collect(), events.collect())
    }

    /// What was written down since somebody saw `version`, in a sentence; `None` when nothing was.
    pub fn news_since(&self, tx: &mut Tx, version: &str) -> Result<Option<String>> {
        if version == self.version() {
            return Ok(None);
        }
        let (handovers, events) = self.since(Story::read_version(version).unwrap_or_default());
        let me = tx.me()?;
        let zone = &me.zone;
        let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
        let name = |id: Option<i64>| match id {
            Some(id) if id == me.id => "You".to_owned(),
            id => match directory.name(id) {
                "" => "Somebody".to_owned(),
                name => name.to_owned(),
            },
        };
        let when = |at| page::short_time(at, zone, zone.day_of(tx.now));
        let handovers = handovers
            .iter()
            .map(|h| format!("{}: handed over, {}", name(h.by_id), when(h.handed_over_at)));
        let events = events.iter().map(|e| {
            let what = match e.kind {
                EventKind::Assigned => {
                    format!("assigned to {}", name(e.owner_id).replace("You", "you"))
                }
                kind => kind.label().to_lowercase(),
            };
            let reason = if e.reason.is_empty() {
                String::new()
            } else {
                format!(" ({})", e.reason)
            };
            format!("{}: {what}{reason}, {}", name(e.by_id), when(e.entered_at))
        });
        let step = self.step_since(version);
        let news: Vec<String> = handovers.chain(events).chain(step).collect();
        Ok(Some(format!(
            "This lead changed while you had the page open. {}. Look at it, then save again if it is still right.",
            news.join("; ")
        )))
    }

    /// The newest hand-over.
    pub fn handover(&self) -> Option<&Handover> {
        self.handovers.last()
    }

    /// When the hand-over after this one began.
    pub fn next_after(&self, handover: &Handover) -> Option<Instant> {
        let later = self.handovers.iter().map(|h| h.handed_over_at);
        later.filter(|at| *at > handover.handed_over_at).min()
    }

    /// When marketing got the lead back before a hand-over: as the one before it was closed, else at once with this one;
    /// `None` for the first.
    pub fn returned_before(&self, handover: &Handover) -> Option<Instant> {
        let start = handover.handed_over_at;
        let mut earlier = self.handovers.iter().filter(|h| h.handed_over_at < start);
        let closed_at = earlier.next_back()?.closed_at;
        Some(closed_at.map_or(start, |at| at.min(start)))
    }

    /// How a hand-over stands, or stood when the next one began.
    pub fn stage_of(&self, handover: &Handover) -> Stage {
        let Some(next) = self.next_after(handover) else {
            return self.lead.stage;
        };
        let start = handover.handed_over_at;
        let replaced = self.replaced();
        let events = self.events.iter().filter(|e| !replaced.contains(&e.id));
        let events = events.map(|e| Placed::event(e.at, e.place(), e.kind));
        let touches = self.touches.iter().map(|t| {
            let touch = Touch {
                attempt: t.is_attempt,
                reached: t.is_reached,
                meeting_booked: t.is_meeting,
            };
            Placed::touch(t.happened_at, touch)
        });
        let all = events.chain(touches);
        stage::settle(
            Stage::HandedOver,
            all.filter(|one| start <= one.at && one.at < next),
        )
    }

    /// How the lead stands, for the rules on moves by hand.
    pub fn standing(&self) -> Standing {
        let start = self
            .handover()
            .map_or(Instant(i64::MIN), |h| h.handed_over_at);
        let attempts = || {
            let since = self.touches.iter().filter(|t| t.happened_at >= start);
            since.filter(|t| t.is_attempt)
        };
        let kinds: HashSet<i64> = attempts().map(|t| t.kind_id).collect();
        Standing {
            stage: self.lead.stage,
            urgency: self.handover().map_or(self.lead.urgency, |h| h.urgency),
            attempts: attempts().count() as u32,
            kinds: kinds.len() as u32,
            is_contacted: self
                .handover()
                .is_some_and(|h| h.first_contact_at.is_some()),
        }
    }

    /// When something is written down now: never before what stands there already, whatever a clock says.
    pub fn instant(&self, now: Instant) -> Instant {
        let handovers = self.handovers.iter().map(|h| h.handed_over_at);
        let events = self.events.iter().map(|e| e.at);
        handovers
            .chain(events)
            .max()
            .map_or(now, |newest| newest.max(now))
    }

    /// When a hand-over begins now: after everything that stands there already.
    pub fn next_instant(&self, now: Instant) -> Instant {
        let at = self.instant(now);
        let is_taken = self.events.iter().any(|e| e.at == at)
            || self.handovers.iter().any(|h| h.handed_over_at == at);
        Instant(at.0 + i64::from(is_taken))
    }

    /// Whom the lead belonged to from when on: standing assignments in order of time.
    pub fn owners(&self) -> impl Iterator<Item = (Instant, Option<i64>)> {
        let replaced = self.replaced();
        let standing =
            move |e: &&LeadEvent| e.kind == EventKind::Assigned && !replaced.contains(&e.id);
        self.events
            .iter()
            .filter(standing)
            .map(|e| (e.at, e.owner_id))
    }

    /// The same for the working clock.
    pub fn ownership(&self) -> Owners {
        let standing = self.owners().enumerate();
        let assigned = standing.map(|(place, (at, owner_id))| Assigned {
            lead_id: self.lead.id,
            at,
            place: place as i64,
            owner_id,
        });
        assigned.collect()
    }

    /// The events that a later one corrects or withdraws.
    pub fn replaced(&self) -> HashSet<i64> {
        self.events.iter().filter_map(|e| e.replaces_id).collect()
    }
}
