//! Import of the files of IMPORT.md: everything is checked first, then everything is written, or nothing.

mod books;
mod checker;
mod columns;
mod file;
mod hash;
mod kinds;
pub mod pages;
mod report;
mod row;
mod store;
mod uids;
mod uploads;

pub use checker::Checker;
pub use columns::{Kind, Mapping};
pub use file::Table;
pub use report::{Change, FileReport, Problem, Remark, Report};

use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::Result;
use crate::kept;
use crate::leads;
use crate::lists;
use crate::rules::stage::EventKind;
use crate::value::Instant;
use books::{Books, Ref};
use columns::Layout;
use kinds::activities::Activities;
use kinds::calendar::Calendar;
use kinds::days::{Holidays, TimeOff};
use kinds::histories::Histories;
use kinds::lead_events::LeadEvents;
use kinds::leads::Leads;
use kinds::people::People;
use kinds::targets::Targets;
use row::Incoming;
use std::collections::HashSet;

/// One file to be imported.
pub struct Source {
    /// As messages call it.
    pub name: String,
    /// What it holds; nothing where nobody has said it yet.
    pub kind: Option<Kind>,
    pub mapping: Mapping,
    pub table: Result<Table, Problem>,
}

impl Source {
    /// A file whose name says what it holds.
    pub fn new(name: impl Into<String>, bytes: &[u8]) -> Source {
        let name = name.into();
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        Source {
            kind: Kind::of_file_name(last),
            mapping: Mapping::new(),
            table: Table::read(bytes),
            name,
        }
    }
}

/// What the record calls an import.
const SUBJECT: &str = "files";
/// How many of the names that were made on the way the record names.
const MADE_SHOWN: usize = 20;

/// What is said while an import goes on.
pub type Say<'s> = &'s mut dyn FnMut(&str);

/// Checks every row and writes nothing: a dry run.
pub fn check(conn: &mut Conn, now: Instant, sources: &[Source], say: Say) -> Result<Report> {
    Ok(Plan::of(conn, now, sources, say)?.report)
}

/// Checks every row, then writes all of them; with refused rows it writes the others when `skips_bad_rows` is set,
/// else nothing. The report says which.
pub fn import(tx: &mut Tx, sources: &[Source], skips_bad_rows: bool, say: Say) -> Result<Report> {
    let plan = Plan::of(tx.conn, tx.now, sources, say)?;
    if plan.report.is_good() || (skips_bad_rows && plan.report.can_skip()) {
        plan.write(tx, say)
    } else {
        Ok(plan.report)
    }
}

/// What all files together ask to be written.
#[derive(Clone)]
struct Plan {
    books: Books,
    people: People,
    calendar: Calendar,
    holidays: Holidays,
    time_off: TimeOff,
    targets: Targets,
    leads: Leads,
    activities: Activities,
    lead_events: LeadEvents,
    report: Report,
}

impl Plan {
    fn of(conn: &mut Conn, now: Instant, sources: &[Source], say: Say) -> Result<Plan> {
        let mut plan = Plan::empty(conn)?;
        let mut reports = plan.read_all(now, sources, say);
        let of_events = reports
            .iter_mut()
            .filter(|report| report.kind == Some(Kind::LeadEvents));
        let mut of_events: Vec<&mut FileReport> = of_events.collect();
        plan.lead_events
            .flag(conn, &plan.leads, &plan.activities, &mut of_events)?;
        plan.report.made = plan.books.made();
        plan.report.files = reports;
        Ok(plan)
    }

    /// Reads and checks the rows of all files, in the order in which files may name each other, without the database.
    fn read_all(&mut self, now: Instant, sources: &[Source], say: Say) -> Vec<FileReport> {
        if self.books.has_unmarked() {
            // People come before what they did, which alone shows the address of somebody erased: so a first time through.
            let mut first = self.clone();
            first.read_each(now, sources, &mut |_| {});
            self.books.recognise_as(first.books);
        }
        self.read_each(now, sources, say)
    }

    fn read_each(&mut self, now: Instant, sources: &[Source], say: Say) -> Vec<FileReport> {
        let mut reports: Vec<FileReport> = sources.iter().map(report_of).collect();
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by_key(|at| sources[*at].kind);
        for at in order {
            let (Some(kind), Ok(table)) = (sources[at].kind, &sources[at].table) else {
                continue;
            };
            say(&format!("Checking {}", sources[at].name));
            let report = std::mem::take(&mut reports[at]);
            reports[at] = self.read(kind, table, &sources[at].mapping, report, now);
        }
        reports
    }

    fn empty(conn: &mut Conn) -> Result<Plan> {
        let mut books = Books::load(conn)?;
        let kinds = lists::store::kinds(conn)?;
        let outcomes = lists::store::outcomes(conn)?;
        let kind_names = kinds.iter().map(|kind| kind.name.clone()).collect();
        Ok(Plan {
            people: People::default(),
            calendar: Calendar::load(conn)?,
            holidays: Holidays::load(conn)?,
            time_off: TimeOff::load(conn)?,
            targets: Targets::load(conn, kind_names)?,
            leads: Leads::load(conn, &mut books)?,
            activities: Activities::load(conn, kinds, outcomes)?,
            lead_events: LeadEvents::load(conn)?,
            report: Report::default(),
            books,
        })
    }

    fn read(
        &mut self,
        kind: Kind,
        table: &Table,
        mapping: &Mapping,
        mut report: FileReport,
        now: Instant,
    ) -> FileReport {
        let layout = Layout::find(table, kind, mapping, &mut report);
        if !report.faults.is_empty() {
            return report;
        }
        let file = &mut Incoming {
            table,
            layout,
            report,
        };
        let books = &mut self.books;
        match kind {
            Kind::People => self.people.read(file, books, books.zone.day_of(now)),
            Kind::Calendar => self.calendar.read(file, books),
            Kind::Holidays => self.holidays.read(file, books),
            Kind::TimeOff => self.time_off.read(file, books),
            Kind::Targets => self.targets.read(file, books),
            Kind::Leads => self.leads.read(file, books),
            Kind::Activities => self.activities.read(file, books),
            Kind::LeadEvents => self.lead_events.read(file, books),
        }
        std::mem::take(&mut file.report)
    }

    fn write(mut self, tx: &mut Tx, say: Say) -> Result<Report> {
        let touched = self.touched();
        say("Writing people, teams and calendars");
        self.books.write(tx)?;
        let histories = self.histories()?;
        self.people.write(tx, &self.books)?;
        self.calendar.write(tx, &self.books)?;
        self.holidays.write(tx, &self.books)?;
        self.time_off.write(tx, &self.books)?;
        self.targets.write(tx, &self.books)?;
        say(&format!("Writing {} leads", self.leads.rows.len()));
        let of_rows: Vec<Ref> = self.leads.rows.iter().map(|row| row.lead).collect();
        self.leads.write(tx, &mut self.books, &histories)?;
        say(&format!(
            "Writing {} activities",
            self.activities.rows.len()
        ));
        let replaced = self.activities.rows.iter().filter_map(|row| row.replaces);
        let moved_from: Vec<i64> = replaced.filter_map(|old| old.lead_id).collect();
        let closed = self.activities.write(tx, &self.books)?;
        say(&format!("Writing {} events", self.lead_events.rows.len()));
        self.lead_events.write(tx, &self.books)?;
        say(&format!(
            "Bringing {} known leads up to date",
            touched.len()
        ));
        let ids: Result<HashSet<i64>> = touched
            .into_iter()
            .map(|lead| self.books.leads.id(lead))
            .collect();
        let mut ids: Vec<i64> = ids?.into_iter().chain(moved_from).collect();
        ids.sort_unstable();
        ids.dedup();
        let going_on = leads::history::refresh(tx.conn, &ids)?;
        settle_scores(tx, &self.books, of_rows, going_on)?;
        if self.report.changes() > 0 {
            kept::move_on(tx.conn)?;
            note(tx, &self.report, closed)?;
        }
        self.report.is_written = true;
        Ok(self.report)
    }

    fn histories(&self) -> Result<Histories> {
        let (leads, activities) = (&self.leads.rows, &self.activities.rows);
        Histories::of_rows(&self.books, leads, activities, &self.lead_events.rows)
    }

    /// The leads whose history changes. Not those that are new: they are written as they stand, unless they are
    /// handed over a second time.
    fn touched(&self) -> HashSet<Ref> {
        let leads = self.leads.rows.iter().map(|row| row.lead);
        let by_activities = self.activities.rows.iter().filter_map(|row| row.lead);
        let by_events = self.lead_events.rows.iter().map(|row| row.lead);
        let all = leads.chain(by_activities).chain(by_events);
        let known = all.filter(|lead| matches!(lead, Ref::Known(_)));
        let rows = self.lead_events.rows.iter();
        let handed_over = rows.filter(|row| row.kind == EventKind::HandedOver);
        known.chain(handed_over.map(|row| row.lead)).collect()
    }
}

/// Writes into the record what became of each file that changed anything, what was made because rows name it, and how many
/// entries fell into weeks that were closed.
fn note(tx: &mut Tx, report: &Report, closed: usize) -> Result<()> {
    for file in report.files.iter().filter(|file| file.changes() > 0) {
        let mut became = file.summary();
        if file.kind == Some(Kind::Activities) && closed > 0 {
            became.push_str(&format!(", {closed} in weeks that were closed"));
        }
        audit::note(tx, "imported", SUBJECT, None, &became)?;
    }
    for (what, names) in &report.made {
        let shown: Vec<&str> = names.iter().map(String::as_str).take(MADE_SHOWN).collect();
        let more = match names.len().saturating_sub(shown.len()) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let what = match (names.len(), *what) {
            (1, what) => what.to_owned(),
            (_, "person") => "people".to_owned(),
            (_, "territory") => "territories".to_owned(),
            (_, what) => format!("{what}s"),
        };
        let made = format!(
            "{} {what} that rows name: {}{more}",
            names.len(),
            shown.join(", ")
        );
        audit::note(tx, "made", SUBJECT, None, &made)?;
    }
    Ok(())
}

/// What rules give the leads of rows comes before what a file gave them, and those that go on have the score of now.
fn settle_scores(tx: &mut Tx, books: &Books, leads: Vec<Ref>, going_on: Vec<i64>) -> Result<()> {
    let ids: Result<Vec<i64>> = leads.into_iter().map(|lead| books.leads.id(lead)).collect();
    let mut ids = ids?;
    ids.extend(going_on);
    ids.sort_unstable();
    ids.dedup();
    leads::score::settle_imported(tx.conn, &ids, tx.now)
}

/// The report of a file before its rows are read.
fn report_of(source: &Source) -> FileReport {
    let mut report = FileReport::new(&source.name, source.kind);
    match (&source.table, source.kind) {
        (Err(problem), _) => report.faults.push(problem.clone()),
        (Ok(_), None) => {
            let known: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind}.csv")).collect();
            report.faults.push(Problem::of_file(format!(
                "the name does not say what the file holds: use {}",
                known.join(", ")
            )));
        }
        (Ok(table), Some(_)) if table.is_windows_1252 => {
            report.warn(1, "the file is no UTF-8 and was read as Windows-1252");
        }
        _ => {}
    }
    report
}
