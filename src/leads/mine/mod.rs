//! A rep's own leads, or those of a manager's team: what is overdue, what is due, what is new, what goes on, and what marketing keeps warm.

mod clock;
pub mod page;
pub mod store;

pub use clock::worked;

use super::Windows;
use super::due::Terms;
use super::list::{Cursor, Place};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::cohort::{Owners, owners_of};
use crate::page as words;
use crate::rules::access::Me;
use crate::rules::level::{Due, Limit};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use clock::{countdown, overdue};
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

/// Of those that wait for a first attempt or a step no more are looked at, so that a forgotten pile costs nobody a page.
const WAITING_MOST: i64 = 1_000;

/// The calendar that countdowns are read from holds so many days before and after today.
const CALENDAR_DAYS: u64 = 60;

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
            working: store::count_working(conn, &owners, today)?,
            nurture: store::count_nurtured(conn, &owners)?,
            ..Mine::default()
        };
        let mut untried = store::untried(conn, &owners, WAITING_MOST)?;
        untried.sort_by_key(|(lead, _)| (lead.owner_id, lead.listed_at, lead.id));
        let limit = |terms: Terms| {
            let level = definitions.level(terms.definition_id, terms.urgency, terms.source_id);
            level.first_attempt_by
        };
        let untried = untried.into_iter();
        let untried: Vec<_> = untried.map(|(lead, terms)| (lead, limit(terms))).collect();
        let ids: Vec<i64> = untried.iter().map(|(lead, _)| lead.id).collect();
        let past = owners_of(conn, &ids)?;
        for theirs in untried.chunk_by(|(a, _), (b, _)| a.owner_id == b.owner_id) {
            mine.add_untried(theirs, &past, me, calendars, now);
        }
        for lead in store::stepped(conn, &owners, today, WAITING_MOST)? {
            mine.add_step(&lead, me, today);
        }
        for section in [&mut mine.overdue, &mut mine.due, &mut mine.new] {
            section.sort_by_key(|one| (one.at, one.lead_id));
        }
        Ok(mine)
    }

    /// `all`: those of one owner, the longest waiting first.
    fn add_untried(
        &mut self,
        all: &[(Waiting, Limit)],
        past: &Owners,
        me: &Me,
        calendars: &Calendars,
        now: Instant,
    ) {
        let owner_id = all.first().and_then(|(lead, _)| lead.owner_id);
        let owner_id = owner_id.unwrap_or(me.id);
        let today = calendars.day_at(owner_id, now);
        let first = today.checked_sub_days(Days::new(CALENDAR_DAYS));
        let first = first.unwrap_or(today);
        let last = today.checked_add_days(Days::new(CALENDAR_DAYS));
        let calendar = calendars.of_person(owner_id, first, last.unwrap_or(today));
        let known_since = me.zone.midnight(first);
        let mut windows = Windows::new(calendars);
        for (lead, limit) in all {
            let changes = past.of(lead.id);
            let Some(window) = windows.of(lead.listed_at, *limit, changes) else {
                self.new.push(Promised {
                    lead_id: lead.id,
                    at: Instant(i64::MAX),
                    words: "Not due: no working time in sight".to_owned(),
                });
                continue;
            };
            let standing = window.due(now);
            // Before the newest owner had it, other hours counted.
            let since = changes
                .last()
                .map_or(known_since, |c| c.at.max(known_since));
            let section = match standing {
                Due::Over => &mut self.overdue,
                Due::Soon => &mut self.due,
                Due::Later => &mut self.new,
            };
            section.push(Promised {
                lead_id: lead.id,
                at: window.due_at,
                words: match standing {
                    Due::Over => overdue(&calendar, &me.zone, now, window.due_at, since),
                    _ => countdown(&calendar, &me.zone, now, window.due_at),
                },
            });
        }
    }

    /// A step is due until its day is over.
    fn add_step(&mut self, lead: &Waiting, me: &Me, today: NaiveDate) {
        let Some(day) = lead.next_step_on else { return };
        let (section, said) = match day < today {
            true => {
                let said = format!("Next step was due {}", words::day(day));
                (&mut self.overdue, said)
            }
            false => (&mut self.due, "Next step today".to_owned()),
        };
        section.push(Promised {
            lead_id: lead.id,
            at: me.zone.midnight(day.succ_opt().unwrap_or(day)),
            words: said,
        });
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
