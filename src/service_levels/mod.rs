//! Service levels: what sales and marketing promised each other for the hand-overs of some days, and what was kept.

pub mod explain;
pub mod figures;
pub mod pages;
mod store;
pub mod tables;

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::kept::Keep;
use crate::leads::cohort::{
    self, Attempt, Clocks, Cohort, Grouping, Key, Names, Ownerships, grouped,
};
use crate::lists;
use crate::rules::access::Me;
use crate::rules::level::{Clause, Course, ServiceLevel, promised};
use crate::rules::moves::NOT_MY_TERRITORY;
use crate::rules::stage::EventKind;
use crate::rules::survival::{End, Obs};
use crate::rules::wait::{Verdict, judge};
use crate::rules::workday::Ownership;
use crate::value::Instant;
use chrono::NaiveDate;
use figures::{Figures, Judged};
use std::collections::{HashMap, HashSet};
use store::{Event, Row};

/// What the page offers to group it by.
pub const GROUPINGS: &[Grouping] = &[Grouping::Urgency, Grouping::Source, Grouping::Team];

/// The class of reasons that say a lead was outside of what was agreed. Source: PRODUCT.md 5.
const DEFINITIONAL: &str = "definitional";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Filters {
    pub cohort: Cohort,
    pub by: Option<Grouping>,
}

/// Both sides, of all hand-overs and of each group.
pub struct Report {
    pub total: Figures,
    /// In order of name; none where nothing groups them.
    pub groups: Vec<Group>,
    pub volume: Volume,
    /// The versions of the definitions that the hand-overs were made under, in order.
    pub versions: Vec<i64>,
    /// Whether the workspace has set neither zone nor hours.
    pub is_default_hours: bool,
}

pub struct Group {
    pub name: String,
    pub key: Key,
    pub figures: Figures,
}

/// Leads handed over on the days for which a number is promised, against that number; all of them, and `None`, without a
/// promise.
#[derive(Debug, Clone, Copy)]
pub struct Volume {
    pub delivered: u64,
    pub promised: Option<f64>,
}

/// The hand-overs of the report, each as it was judged.
struct Read {
    judged: Vec<Judged>,
    names: Names,
    volume: Volume,
    versions: Vec<i64>,
    span: (Instant, Instant),
    is_default_hours: bool,
}

/// Reads the report; `me` sees what they may, and nobody sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let read = read(conn, filters, me)?;
    Ok(Report {
        total: Figures::of(&read.judged.iter().collect::<Vec<_>>()),
        groups: groups(&read, filters),
        volume: read.volume,
        versions: read.versions,
        is_default_hours: read.is_default_hours,
    })
}

fn read(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Read> {
    let as_of = filters.cohort.as_of;
    let calendars = Calendars::load(conn)?;
    let definitions = Definitions::load(conn)?;
    let span = filters.cohort.span(calendars.zone());
    let mut rows = store::rows(conn, span)?;
    rows.retain(|row| filters.cohort.has(row.definition_id));
    let pasts = Pasts::load(conn, span, as_of)?;
    // What marketing promises in all is measured by all that it handed over, whoever may see the leads.
    let delivered = rows.iter().filter(|row| !pasts.is_given_back(row));
    let (volume, of_volume) = volume(delivered, filters, &definitions, &calendars);
    if let Some(visible) = cohort::visible(conn, me)? {
        rows.retain(|row| visible.contains(&row.lead_id));
    }
    let ownerships = Ownerships {
        owners: cohort::owners(conn, span)?,
        calendars: &calendars,
    };
    let courses: Vec<Course> = rows.iter().map(|row| pasts.course(row)).collect();
    let answers = rows.iter().filter_map(|row| pasts.answering(row, as_of));
    let clocks = clocks(&courses, answers, as_of, &definitions, &ownerships);
    let workspace = clocks.ownership(&[]);
    let judge = |(row, course): (&Row, &Course)| {
        let level = definitions.level(row.definition_id, row.urgency, row.source_id);
        let ownership = clocks.ownership(ownerships.owners.of(row.lead_id));
        let until = row.closed_at.map_or(as_of, |closed| closed.min(as_of));
        let rejected = pasts.rejection(row);
        Judged {
            handover_id: row.id,
            start: row.handed_over_at,
            key: cohort::key(filters.by, row.member(), until, &ownerships),
            verdicts: pasts.verdicts(row, course, &level, &ownership, as_of),
            is_complete: row.is_complete,
            is_in_territory: rejected != Some(NOT_MY_TERRITORY) && !pasts.is_rerouted(row),
            answer: pasts.answer(row, &definitions, &workspace, as_of),
            answering: pasts.answer_wait(row, &workspace, as_of),
            is_within_definition: !rejected.is_some_and(|reason| pasts.is_definitional(reason)),
            is_of_volume: of_volume.contains(&row.id),
            is_given_back: pasts.is_given_back(row),
        }
    };
    let judged: Vec<Judged> = rows.iter().zip(&courses).map(judge).collect();
    Ok(Read {
        names: Names::load(conn, filters.by, judged.iter().map(|one| one.key))?,
        volume,
        versions: cohort::versions(rows.iter().map(|row| row.definition_id)),
        span,
        is_default_hours: calendars.is_default,
        judged,
    })
}

fn clocks(
    courses: &[Course],
    answers: impl Iterator<Item = (Instant, Instant)>,
    as_of: Instant,
    definitions: &Definitions,
    ownerships: &Ownerships,
) -> Clocks {
    let waitings = courses.iter().flat_map(|course| {
        Clause::TIMED.map(|clause| (course.start, course.wait(clause, as_of).until))
    });
    let longest = Clause::TIMED.map(|clause| definitions.longest_days(clause));
    let longest = longest.into_iter().max().unwrap_or(0);
    Clocks::around(waitings.chain(answers), longest, as_of, ownerships)
}

fn groups(read: &Read, filters: &Filters) -> Vec<Group> {
    if filters.by.is_none() {
        return Vec::new();
    }
    let group = |(key, members): (Key, Vec<&Judged>)| Group {
        name: read.names.of(key),
        key,
        figures: Figures::of(&members),
    };
    let members = grouped(filters.by, &read.judged).into_iter();
    let mut groups: Vec<Group> = members.map(group).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

/// From the first of the days, or of the hand-overs, until the last one or today; and the ids of those that count. A day
/// counts by the version that was in force when it began.
fn volume<'r>(
    rows: impl Iterator<Item = &'r Row> + Clone,
    filters: &Filters,
    definitions: &Definitions,
    calendars: &Calendars,
) -> (Volume, HashSet<i64>) {
    let cohort = &filters.cohort;
    let zone = calendars.zone();
    let today = zone.day_of(cohort.as_of);
    let day = |row: &Row| zone.day_of(row.handed_over_at);
    let first = cohort.from.or(rows.clone().map(day).min());
    let last = cohort.to.map_or(today, |to| to.min(today));
    let volume_on = |day: NaiveDate| {
        let version = definitions.at(zone.midnight(day));
        cohort
            .has(version.number)
            .then_some(version.content.volume)?
    };
    let promised = first.and_then(|first| promised(first, last, volume_on));
    let counts = |row: &&Row| promised.is_none() || volume_on(day(row)).is_some();
    let counted: HashSet<i64> = rows.filter(counts).map(|row| row.id).collect();
    let delivered = counted.len() as u64;
    (
        Volume {
            delivered,
            promised,
        },
        counted,
    )
}

/// What happened to the leads, by lead.
struct Pasts {
    events: HashMap<i64, Vec<Event>>,
    attempts: HashMap<i64, Vec<Attempt>>,
    /// When marketing answered, by the rejection's first row.
    answers: HashMap<i64, Instant>,
    /// The rejections that sales took back.
    withdrawn: HashSet<i64>,
    /// The hand-overs that came of them, by lead and start.
    given_back: HashSet<(i64, Instant)>,
    /// The reasons of rejections that are of the definitional class.
    definitional: HashSet<String>,
}

impl Pasts {
    fn load(conn: &mut Conn, span: (Instant, Instant), as_of: Instant) -> Result<Pasts> {
        let mut events: HashMap<i64, Vec<Event>> = HashMap::new();
        for event in store::events(conn, span, as_of)? {
            events.entry(event.lead_id).or_default().push(event);
        }
        let mut attempts: HashMap<i64, Vec<Attempt>> = HashMap::new();
        for attempt in cohort::attempts(conn, span, as_of)? {
            attempts.entry(attempt.lead_id).or_default().push(attempt);
        }
        let withdrawn = store::withdrawn(conn, span, as_of)?;
        let given_back = withdrawn.iter();
        let given_back = given_back.filter_map(|(lead_id, _, at)| Some((*lead_id, (*at)?)));
        let reasons = lists::store::all_reasons(conn)?.into_iter();
        let definitional = reasons.filter(|reason| {
            reason.event == EventKind::Rejected.word() && reason.class == DEFINITIONAL
        });
        Ok(Pasts {
            events,
            attempts,
            answers: store::answers(conn, span, as_of)?.into_iter().collect(),
            given_back: given_back.collect(),
            withdrawn: withdrawn.iter().map(|(_, place, _)| *place).collect(),
            definitional: definitional.map(|reason| reason.name).collect(),
        })
    }

    /// The events of a hand-over's lead from its start on.
    fn events(&self, row: &Row) -> impl Iterator<Item = &Event> {
        let start = row.handed_over_at;
        let events = self.events.get(&row.lead_id).into_iter().flatten();
        events.filter(move |event| event.at >= start)
    }

    /// Whether sales gave the lead back by it: marketing handed over nothing new.
    fn is_given_back(&self, row: &Row) -> bool {
        self.given_back.contains(&(row.lead_id, row.handed_over_at))
    }

    fn closing(&self, row: &Row) -> Option<&Event> {
        self.events(row).find(|event| event.kind.is_closing())
    }

    fn course(&self, row: &Row) -> Course {
        let events = self.events(row).map(|e| (e.at, e.kind, e.reason.as_str()));
        let (attempt, contact) = (row.first_attempt_at, row.first_contact_at);
        Course::of(row.handed_over_at, attempt, contact, events)
    }

    /// The reason of the rejection that ended the hand-over, unless sales took it back.
    fn rejection(&self, row: &Row) -> Option<&str> {
        let rejected = self.rejected(row)?;
        let place = rejected.place_id.unwrap_or(rejected.id);
        (!self.withdrawn.contains(&place)).then_some(rejected.reason.as_str())
    }

    fn rejected(&self, row: &Row) -> Option<&Event> {
        let closing = self.closing(row)?;
        (closing.kind == EventKind::Rejected).then_some(closing)
    }

    /// Whether somebody passed the lead on to another territory before its hand-over ended.
    fn is_rerouted(&self, row: &Row) -> bool {
        let mut until_end = self
            .events(row)
            .take_while(|event| !event.kind.is_closing());
        until_end.any(|event| event.kind == EventKind::Assigned)
    }

    /// From the rejection until marketing answered it; `None` without one that waits for an answer: an imported one does
    /// not (`Rejection::waits_for_answer`).
    fn answering(&self, row: &Row, as_of: Instant) -> Option<(Instant, Instant)> {
        let rejected = self
            .rejected(row)
            .filter(|event| event.origin != "import")?;
        let place = rejected.place_id.unwrap_or(rejected.id);
        Some((
            rejected.at,
            self.answers.get(&place).copied().unwrap_or(as_of),
        ))
    }

    /// How long a rejection waited for its answer by the workspace's hours.
    fn answer_wait(&self, row: &Row, workspace: &Ownership, as_of: Instant) -> Option<Obs> {
        let (from, until) = self.answering(row, as_of)?;
        let rejected = self.rejected(row)?;
        let place = rejected.place_id.unwrap_or(rejected.id);
        let is_answered = self.answers.contains_key(&place);
        Some(Obs {
            t_s: workspace.working_us(from, until) as f64 / 1e6,
            end: if is_answered { End::Event } else { End::Open },
        })
    }

    /// Whether a rejection was answered in the time that marketing promised.
    fn answer(
        &self,
        row: &Row,
        definitions: &Definitions,
        workspace: &Ownership,
        as_of: Instant,
    ) -> Verdict {
        let version = definitions.version(row.definition_id);
        let limit = version.and_then(|version| version.content.answer_by);
        let wait = self.answer_wait(row, workspace, as_of);
        let rejected = self.rejected(row);
        let (Some(limit), Some(wait), Some(rejected)) = (limit, wait, rejected) else {
            return Verdict::NotApplicable;
        };
        let most_us = limit.working_us(workspace.at(rejected.at), rejected.at);
        judge(
            wait.end,
            (wait.t_s * 1e6) as i64,
            most_us.unwrap_or(i64::MAX),
        )
    }

    fn is_definitional(&self, reason: &str) -> bool {
        self.definitional.contains(reason)
    }

    /// In the order of [`Clause::ALL`].
    fn verdicts(
        &self,
        row: &Row,
        course: &Course,
        level: &ServiceLevel,
        ownership: &Ownership,
        as_of: Instant,
    ) -> [Verdict; Clause::ALL.len()] {
        let attempts = self.attempts.get(&row.lead_id).into_iter().flatten();
        let tried = course.tried(attempts.map(|a| (a.at, a.kind_id)), as_of);
        let mut verdicts = [Verdict::NotApplicable; Clause::ALL.len()];
        for (verdict, clause) in verdicts.iter_mut().zip(Clause::ALL) {
            *verdict = course.judge(*clause, level, ownership, tried, as_of);
        }
        verdicts
    }
}
