//! Follow-up speed: how long handed-over leads wait for a first attempt or a first contact.

mod chart;
pub mod comparison;
pub mod explain;
mod face;
pub mod figures;
mod late;
pub mod legs;
pub mod legs_page;
mod maturing;
pub mod pages;
pub mod persistence;
mod persistence_file;
pub mod persistence_page;
mod rows;
mod store;
pub mod tables;

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::kept::Keep;
use crate::leads::cohort::{
    self, About, Clocks, Cohort, Counted, Grouping, Key, Names, Ownerships, grouped,
};
use crate::rules::access::Me;
use crate::rules::level::{Clause, Limit};
use crate::rules::survival::{End, Obs};
use crate::rules::wait::{Verdict, Wait, judge};
use crate::rules::zone::Zone;
use crate::value::Instant;
use comparison::Comparison;
use figures::{Figures, Waiting};
use late::Late;
use serde::Serialize;
use store::Row;

crate::words! {
    /// Which time counts. Source: METRICS.md 2.1.
    pub enum WhichClock {
        /// Every second.
        Calendar = "calendar",
        /// The seconds of the owner's working hours.
        Working = "working",
    }
}

crate::words! {
    /// What is waited for.
    pub enum Awaited { Attempt = "attempt", Contact = "contact" }
}

/// What the report is called.
const REPORT: &str = "follow-up-speed";

/// What the report is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Filters {
    pub cohort: Cohort,
    pub by: Option<Grouping>,
    pub clock: WhichClock,
    pub event: Awaited,
    /// One limit on the report's own clock and event. Without it each hand-over is judged on its urgency's limit for
    /// the first attempt, in working time.
    pub limit_us: Option<i64>,
    /// Whether the days are compared with as many just before.
    pub compares_before: bool,
    /// Whether touches that were entered late are left out.
    pub without_late: bool,
}

crate::words! {
    /// What the report is about.
    pub enum Face {
        /// How soon.
        Speed = "speed",
        /// Whose time it was.
        Legs = "legs",
        /// How often leads are tried.
        Persistence = "persistence",
    }
}

impl Awaited {
    /// What was done to a lead that had it.
    pub fn done(self) -> &'static str {
        match self {
            Awaited::Attempt => "attempted",
            Awaited::Contact => "contacted",
        }
    }

    pub fn done_label(self) -> &'static str {
        match self {
            Awaited::Attempt => "Attempted",
            Awaited::Contact => "Contacted",
        }
    }
}

impl Filters {
    fn needs_working_time(&self) -> bool {
        self.clock == WhichClock::Working || self.limit_us.is_none()
    }

    fn needs_owners(&self) -> bool {
        self.needs_working_time() || self.by.is_some_and(Grouping::is_of_owners)
    }
}

/// The report as it is printed: IMPORT.md, "Reports".
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    pub clock: WhichClock,
    pub event: Awaited,
    pub by: Option<Grouping>,
    pub groups: Vec<Group>,
    /// Whether the groups, or the days and those before, differ; only where something is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// Whether the workspace has set neither zone nor hours.
    #[serde(skip)]
    pub is_default_hours: bool,
}

/// One row of the report.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    #[serde(rename = "group")]
    pub name: String,
    #[serde(flatten)]
    pub figures: Figures,
    #[serde(skip)]
    pub key: Key,
    /// Of weeks: whether the figures may still change for reasons of time alone, so that nothing is concluded of them.
    /// Source: PRODUCT.md 7, rule 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturing: Option<bool>,
}

/// The hand-overs behind a report, each as it waits.
pub struct Study {
    pub waitings: Vec<Waiting>,
    pub names: Names,
    /// The versions of the definitions that they were made under, in order.
    pub versions: Vec<i64>,
    /// Those of the days before, where they are compared.
    pub before: Option<Before>,
    /// In which weeks begin.
    zone: Zone,
    is_default_hours: bool,
}

/// The hand-overs of as many days just before.
pub struct Before {
    pub cohort: Cohort,
    pub waitings: Vec<Waiting>,
    pub versions: Vec<i64>,
}

/// What every face of the report reads first: the hand-overs that the asker may see, and who owned their leads.
struct Ground {
    span: (Instant, Instant),
    calendars: Calendars,
    rows: Vec<Row>,
    owners: cohort::Owners,
    late: Late,
}

impl Ground {
    fn load(
        conn: &mut Conn,
        filters: &Filters,
        needs_owners: bool,
        me: Option<&Me>,
    ) -> Result<Ground> {
        let calendars = Calendars::load(conn)?;
        let span = filters.cohort.span(calendars.zone());
        let mut rows = store::rows(conn, span, filters.by)?;
        rows.retain(|row| filters.cohort.has(row.definition_id));
        if let Some(visible) = cohort::visible(conn, me)? {
            rows.retain(|row| visible.contains(&row.lead_id));
        }
        let late = late::read(conn, filters, span, &mut rows)?;
        let owners = match needs_owners {
            true => cohort::owners(conn, span)?,
            false => cohort::Owners::default(),
        };
        Ok(Ground {
            span,
            calendars,
            rows,
            owners,
            late,
        })
    }
}

/// The hand-overs behind a face, each as it counts there.
pub struct Read<T> {
    pub all: Vec<T>,
    pub names: Names,
    /// The versions of the definitions that they were made under, in order.
    pub versions: Vec<i64>,
    span: (Instant, Instant),
    zone: Zone,
    is_default_hours: bool,
}

impl<T: Counted> Read<T> {
    fn new(conn: &mut Conn, ground: &Ground, all: Vec<T>, by: Option<Grouping>) -> Result<Read<T>> {
        Ok(Read {
            names: Names::load(conn, by, all.iter().map(|one| one.handover().2))?,
            versions: cohort::versions(ground.rows.iter().map(|row| row.definition_id)),
            span: ground.span,
            zone: ground.calendars.zone().clone(),
            is_default_hours: ground.calendars.is_default,
            all,
        })
    }
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    Ok(study(conn, filters, me)?.report(filters))
}

/// Reads the hand-overs behind the report.
pub fn study(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Study> {
    let earlier = filters.cohort.before().filter(|_| filters.compares_before);
    let before = match earlier {
        None => None,
        Some(cohort) => {
            let by = None;
            let earlier = Filters {
                cohort,
                by,
                ..*filters
            };
            let read = waitings(conn, &earlier, me)?;
            Some(Before {
                cohort,
                waitings: read.all,
                versions: read.versions,
            })
        }
    };
    let read = waitings(conn, filters, me)?;
    Ok(Study {
        waitings: read.all,
        names: read.names,
        versions: read.versions,
        before,
        zone: read.zone,
        is_default_hours: read.is_default_hours,
    })
}

/// The hand-overs of the days themselves.
fn waitings(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Read<Waiting>> {
    let definitions = Definitions::load(conn)?;
    let mut ground = Ground::load(conn, filters, filters.needs_owners(), me)?;
    let ownerships = Ownerships {
        owners: std::mem::take(&mut ground.owners),
        calendars: &ground.calendars,
    };
    let clocks = filters
        .needs_working_time()
        .then(|| clocks(&ground.rows, filters, &definitions, &ownerships));
    let each = ground.rows.iter();
    let late = &ground.late;
    let all = each.map(|row| {
        let waiting = waiting(row, filters, &definitions, &ownerships, clocks.as_ref());
        let has_ended = waiting.obs.end == End::Event;
        Waiting {
            is_late: has_ended && late.is_of(row, filters),
            ..waiting
        }
    });
    Read::new(conn, &ground, all.collect(), filters.by)
}

fn clocks(
    rows: &[Row],
    filters: &Filters,
    definitions: &Definitions,
    ownerships: &Ownerships,
) -> Clocks {
    let as_of = filters.cohort.as_of;
    let waitings = rows.iter().flat_map(|row| {
        [Awaited::Attempt, filters.event]
            .map(|event| (row.handed_over_at, row.wait(event, as_of).until))
    });
    let longest_days = definitions.longest_days(match filters.event {
        Awaited::Attempt => Clause::FirstAttempt,
        Awaited::Contact => Clause::ContactOrExit,
    });
    Clocks::around(waitings, longest_days, as_of, ownerships)
}

fn waiting(
    row: &Row,
    filters: &Filters,
    definitions: &Definitions,
    ownerships: &Ownerships,
    clocks: Option<&Clocks>,
) -> Waiting {
    let as_of = filters.cohort.as_of;
    let start = row.handed_over_at;
    let wait = row.wait(filters.event, as_of);
    let ownership = clocks.map(|clocks| clocks.ownership(ownerships.owners.of(row.lead_id)));
    let worked_us = |wait: &Wait| {
        let ownership = ownership.as_ref();
        ownership.map_or(0, |o| o.working_us(start, wait.until))
    };
    let elapsed_us = match filters.clock {
        WhichClock::Calendar => wait.until.0 - start.0,
        WhichClock::Working => worked_us(&wait),
    };
    let level = definitions.level(row.definition_id, row.urgency, row.source_id);
    let due_us = |limit: Limit| {
        let ownership = ownership.as_ref();
        ownership.and_then(|ownership| limit.working_us(ownership.at(start), start))
    };
    let limit_us = filters.limit_us.or_else(|| due_us(level.first_attempt_by));
    // Where the calendar never has so many working days, the limit is never passed.
    let most_us = limit_us.unwrap_or(i64::MAX);
    let verdict = match filters.limit_us.is_none() && ownership.is_some() {
        true => {
            let attempt = row.wait(Awaited::Attempt, as_of);
            let is_known =
                (filters.clock, filters.event) == (WhichClock::Working, Awaited::Attempt);
            let attempt_us = if is_known {
                elapsed_us
            } else {
                worked_us(&attempt)
            };
            judge(attempt.end, attempt_us, most_us)
        }
        false => judge(wait.end, elapsed_us, most_us),
    };
    let is_contact_due = filters.limit_us.is_none()
        && (filters.event, wait.end) == (Awaited::Contact, End::Open)
        && worked_us(&wait) <= due_us(level.contact_or_exit_by).unwrap_or(i64::MAX);
    Waiting {
        handover_id: row.id,
        key: cohort::key(filters.by, row.member(), wait.until, ownerships),
        start,
        obs: Obs {
            t_s: figures::seconds(elapsed_us),
            end: wait.end,
        },
        verdict,
        is_young: is_contact_due || verdict == Verdict::Pending,
        limit_us,
        is_in_conversation: row.is_in_conversation,
        is_late: false,
    }
}

impl Study {
    /// The groups in order of name.
    pub fn report(&self, filters: &Filters) -> Report {
        let members = grouped(filters.by, &self.waitings);
        let group = |(key, members): (&Key, &Vec<&Waiting>)| Group {
            name: self.names.of(*key),
            figures: Figures::of(members, filters.limit_us),
            key: *key,
            maturing: maturing::of(*key, members, &self.zone, filters.cohort.as_of),
        };
        let mut groups: Vec<Group> = members.iter().map(group).collect();
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        Report {
            about: About::new(REPORT, None, &filters.cohort),
            clock: filters.clock,
            event: filters.event,
            by: filters.by,
            comparison: Comparison::of(filters, self, &groups, &members),
            groups,
            is_default_hours: self.is_default_hours,
        }
    }
}
