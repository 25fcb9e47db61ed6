//! A rep's own leads, or those of a manager's team: what is overdue, what is due, what is new, what goes on, and what marketing keeps warm.

mod clock;
pub mod page;
pub mod store;

pub use clock::worked;

use super::Windows;
use super::list::{Cursor, Place};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::cohort::owners_of;
use crate::page as words;
use crate::rules::access::Me;
use crate::rules::level::Due;
use crate::value::Instant;
use chrono::NaiveDate;
use clock::{Clock, Said};
use std::collections::HashMap;
use store::Waiting;

crate::words! {
    /// Where a lead of one's own stands: each is in one of them. What is due soon or overdue is not new any more.
    pub enum Section { Overdue = "overdue", Due = "due", New = "new", Working = "working", Nurture = "nurture" }
}

impl Section {
    pub fn label(self) -> &'static str {
        match self {
            Section::Overdue => "Overdue",
            Section::Due => "Due",
            Section::New => "New",
            Section::Working => "Working",
            Section::Nurture => "Nurture",
        }
    }
}

crate::words! {
    /// Whose leads are looked at: one's own, or those of whom one manages.
    pub enum Whose { Own = "own", Team = "team" }
}

impl Whose {
    /// What somebody looks at who does not say.
    pub fn of(me: &Me) -> Whose {
        match me.managed.is_empty() {
            true => Whose::Own,
            false => Whose::Team,
        }
    }

    pub fn owners(self, me: &Me) -> Vec<i64> {
        match self {
            Whose::Own => vec![me.id],
            Whose::Team => me.managed.clone(),
        }
    }
}

/// Of those that wait for a promise or a step no more are looked at, so that a forgotten pile costs nobody a page.
const WAITING_MOST: i64 = 1_000;

/// A lead with a promise or a step, in its place among the others of its section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    pub lead_id: i64,
    /// When it is, or was, due.
    pub at: Instant,
    pub words: String,
}

impl Promised {
    fn cursor(&self) -> Cursor {
        Cursor {
            at: self.at,
            id: self.lead_id,
        }
    }
}

/// What waits for somebody at an instant, and how much else there is.
#[derive(Debug, Default)]
pub struct Mine {
    pub overdue: Vec<Promised>,
    pub due: Vec<Promised>,
    pub new: Vec<Promised>,
    /// Of tried leads that are not due yet: until when their next promise has time, in words, by lead.
    pub running: HashMap<i64, String>,
    /// The tried leads that a promise makes due or overdue, and no step.
    pub due_tried: Vec<i64>,
    pub working: i64,
    pub nurture: i64,
}

impl Mine {
    /// Source of the limits: [`Windows`]. The cost is that of the open leads, [`WAITING_MOST`] of a kind at most.
    pub fn load(
        conn: &mut Conn,
        me: &Me,
        whose: Whose,
        calendars: &Calendars,
        definitions: &Definitions,
        now: Instant,
    ) -> Result<Mine> {
        let (today, owners) = (me.zone.day_of(now), whose.owners(me));
        let mut mine = Mine {
            nurture: store::count_nurtured(conn, &owners)?,
            ..Mine::default()
        };
        let mut steps: HashMap<i64, NaiveDate> = HashMap::new();
        for lead in store::stepped(conn, &owners, today, WAITING_MOST)? {
            steps.extend(lead.next_step_on.map(|day| (lead.id, day)));
        }
        let mut promised = store::promised(conn, &owners, WAITING_MOST)?;
        promised.sort_by_key(|(lead, _)| (lead.owner_id, lead.listed_at, lead.id));
        let ids: Vec<i64> = promised.iter().map(|(lead, _)| lead.id).collect();
        let past = owners_of(conn, &ids)?;
        for theirs in promised.chunk_by(|(a, _), (b, _)| a.owner_id == b.owner_id) {
            let owner_id = theirs.first().and_then(|(lead, _)| lead.owner_id);
            let clock = Clock::of(calendars, owner_id.unwrap_or(me.id), me, now);
            let mut windows = Windows::new(calendars);
            for (lead, given) in theirs {
                let changes = past.of(lead.id);
                let next = windows.next(definitions, given, lead.stage, changes, now);
                let step = steps.remove(&lead.id);
                mine.add(lead, clock.said(next, changes), step, me, today);
            }
        }
        for (lead_id, day) in steps {
            let (section, promised) = stepped(lead_id, day, me, today);
            mine.put(section, promised);
        }
        let working = store::count_working(conn, &owners, today)?;
        mine.working = working - mine.due_tried.len() as i64;
        for section in [&mut mine.overdue, &mut mine.due, &mut mine.new] {
            section.sort_by_key(|one| (one.at, one.lead_id));
        }
        Ok(mine)
    }

    /// A lead stands where it is most urgent: by its promise, or by its step.
    fn add(
        &mut self,
        lead: &Waiting,
        said: Said,
        step: Option<NaiveDate>,
        me: &Me,
        today: NaiveDate,
    ) {
        let promised = Promised {
            lead_id: lead.id,
            at: said.at,
            words: said.words,
        };
        let section = match said.standing {
            Due::Over => Section::Overdue,
            Due::Soon => Section::Due,
            Due::Later if lead.stage.is_untouched() => Section::New,
            Due::Later => Section::Working,
        };
        match step.map(|day| stepped(lead.id, day, me, today)) {
            Some((of_step, step)) if (of_step, step.at) < (section, promised.at) => {
                self.put(of_step, step);
            }
            Some(_) => self.put(section, promised),
            None if section == Section::Working => {
                self.running.insert(lead.id, promised.words);
            }
            None => {
                let is_stepped = lead.next_step_on.is_some_and(|day| day <= today);
                if !lead.stage.is_untouched() && !is_stepped {
                    self.due_tried.push(lead.id);
                }
                self.put(section, promised);
            }
        }
    }

    fn put(&mut self, section: Section, promised: Promised) {
        match section {
            Section::Overdue => self.overdue.push(promised),
            Section::Due => self.due.push(promised),
            _ => self.new.push(promised),
        }
    }

    pub fn count(&self, section: Section) -> i64 {
        match section {
            Section::Working => self.working,
            Section::Nurture => self.nurture,
            section => self.promised(section).len() as i64,
        }
    }

    /// Those with a promise or a step, in the order in which they are due; empty for the other sections.
    pub fn promised(&self, section: Section) -> &[Promised] {
        match section {
            Section::Overdue => &self.overdue,
            Section::Due => &self.due,
            Section::New => &self.new,
            _ => &[],
        }
    }

    /// Where a rep begins: the most urgent section that has something in it.
    pub fn first_section(&self) -> Section {
        let mut all = Section::ALL.iter().copied();
        all.find(|section| self.count(*section) > 0 && *section != Section::Nurture)
            .unwrap_or(Section::New)
    }
}

/// A step is due until its day is over.
fn stepped(lead_id: i64, day: NaiveDate, me: &Me, today: NaiveDate) -> (Section, Promised) {
    let (section, words) = match day < today {
        true => (
            Section::Overdue,
            format!("Next step was due {}", words::day(day)),
        ),
        false => (Section::Due, "Next step today".to_owned()),
    };
    let at = me.zone.midnight(day.succ_opt().unwrap_or(day));
    (section, Promised { lead_id, at, words })
}

/// What a form on a lead was made with: its newest event and hand-over, and its next step.
pub fn version((event, handover): (i64, i64), next_step_on: Option<NaiveDate>) -> String {
    match next_step_on {
        Some(day) => format!("{event}-{handover}-{day}"),
        None => format!("{event}-{handover}"),
    }
}

/// The part of a section next to a place, and whether there is more before and after it.
pub fn part(all: &[Promised], place: Place, most: usize) -> (&[Promised], bool, bool) {
    let key = |one: &Promised| (one.cursor().at, one.cursor().id);
    let (from, to) = match place {
        Place::First => (0, most),
        Place::After(after) => {
            let from = all.partition_point(|one| key(one) <= (after.at, after.id));
            (from, from + most)
        }
        Place::Before(before) => {
            let to = all.partition_point(|one| key(one) < (before.at, before.id));
            (to.saturating_sub(most), to)
        }
    };
    let to = to.min(all.len());
    (&all[from.min(to)..to], from > 0, to < all.len())
}
