//! The page of the record: who changed what, from what to what, when and from where; searched, and as a file.

use crate::app::{CONSOLE, Cx};
use crate::audit::store::{self, Entry, Wanted};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::leads;
use crate::lists::{self, Lists};
use crate::page::{self, Answer, Frame};
use crate::people::Directory;
use crate::urls;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

/// Entries on a page, and at most in a file.
const PAGE: usize = 50;
const FILE: i64 = 100_000;

const FILTERS: [&str; 5] = ["by", "subject", "from", "to", "q"];

/// What stands for who is nobody: a job, an import before set-up.
const NOBODY: &str = "The program";
/// Who does something on the command line, and where.
const OPERATOR: &str = "The operator";
const AT_THE_CONSOLE: &str = "At the console";

#[derive(Template)]
#[template(path = "record/page.html")]
struct RecordPage {
    frame: Frame,
    form: Form,
    people: Vec<Choice>,
    subjects: Vec<Choice>,
    rows: Vec<Row>,
    older: String,
    csv_href: String,
    is_filtered: bool,
}

struct Row {
    when: String,
    who: String,
    did: String,
    was: String,
    became: String,
    place: String,
    /// The page of what was done; empty where there is none.
    href: String,
}

/// Names for what the record knows by number.
struct Names {
    directory: Arc<Directory>,
    lists: Arc<Lists>,
    reasons: HashMap<i64, String>,
    /// Of the leads that entries are about, each with its address.
    leads: HashMap<i64, (String, String)>,
}

impl Names {
    /// For some entries.
    fn load(
        cx: &Cx,
        conn: &mut Conn,
        (directory, lists): (Arc<Directory>, Arc<Lists>),
        entries: &[Entry],
    ) -> Result<Names> {
        let about_leads = entries.iter().filter(|entry| entry.subject == "lead");
        let ids = about_leads.filter_map(|entry| entry.subject_id).collect();
        let reasons = lists::store::all_reasons(conn)?.into_iter();
        Ok(Names {
            reasons: reasons.map(|reason| (reason.id, reason.name)).collect(),
            leads: leads::names(conn, cx.me()?, ids)?,
            directory,
            lists,
        })
    }

    fn who(&self, entry: &Entry) -> String {
        match entry.by_id {
            Some(id) => self.directory.name(Some(id)).to_owned(),
            None if entry.address == CONSOLE => OPERATOR.to_owned(),
            None => NOBODY.to_owned(),
        }
    }

    /// The thing as people call it: `person Ana Arndt`, `outcome Call: No answer`, `holiday`.
    fn thing(&self, entry: &Entry) -> String {
        let subject = entry.subject.as_str();
        let Some(id) = entry.subject_id else {
            return subject.to_owned();
        };
        match (self.name(subject, id), subject) {
            (Some(name), _) => format!("{subject} {name}"),
            // What they are stands in what was done.
            (None, "holiday" | "territory rule" | "signal kind") => subject.to_owned(),
            (None, _) => format!("{subject} {id}"),
        }
    }

    fn name(&self, subject: &str, id: i64) -> Option<String> {
        let name = match subject {
            "team" | "holiday" => &self.directory.team(id)?.name,
            "kind" => &self.lists.kind(id)?.name,
            "outcome" => {
                let outcome = self.lists.outcome(id)?;
                let kind = self.lists.kind(outcome.kind_id)?;
                return Some(format!("{}: {}", kind.name, outcome.name));
            }
            "reason" => self.reasons.get(&id)?,
            "source" | "campaign" | "asset" | "territory" => &self.lists.label(id)?.name,
            "lead" => &self.leads.get(&id)?.0,
            "person" | "sales" | "marketing" => &self.directory.person(id)?.name,
            _ => return None,
        };
        Some(name.clone())
    }

    /// The page of what was done; empty where there is none.
    fn href(&self, entry: &Entry) -> String {
        match entry.subject.as_str() {
            "files" => "/import#before".to_owned(),
            "lead" => {
                let lead = entry.subject_id.and_then(|id| self.leads.get(&id));
                lead.map(|(_, href)| href.clone()).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

fn row(cx: &Cx, names: &Names, entry: &Entry) -> Row {
    Row {
        when: page::time(entry.at, cx.zone()),
        who: names.who(entry),
        did: format!("{} {}", entry.verb, names.thing(entry)),
        was: entry.was.clone(),
        became: entry.became.clone(),
        place: match entry.address.as_str() {
            CONSOLE => AT_THE_CONSOLE.to_owned(),
            address => address.to_owned(),
        },
        href: names.href(entry),
    }
}

/// What is looked for; `None` where a filter is wrong, with a message in the form: less is never shown as more.
fn read(cx: &Cx, form: &mut Form, directory: &Directory) -> Option<Wanted> {
    let zone = cx.zone();
    let is_at_console = form.value("by") == CONSOLE;
    let somebody = |uid: &str| match uid {
        CONSOLE => Some(None),
        uid => directory.person_of_uid(uid).map(|person| Some(person.id)),
    };
    let by_id = form.optional("by", "somebody from the list", somebody);
    let (from, to) = (form.day("from"), form.day("to"));
    let subject = form.value("subject");
    let wanted = Wanted {
        by_id: by_id?.flatten(),
        subject: (!subject.is_empty()).then(|| subject.to_owned()),
        person_id: None,
        from: from?.map(|day| zone.midnight(day)),
        until: to?
            .and_then(|day| day.succ_opt())
            .map(|day| zone.midnight(day)),
        is_at_console,
        text: form.value("q").chars().take(100).collect(),
    };
    Some(wanted)
}

pub fn index(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let known = (cx.reference()?, cx.reference()?);
    let Some(wanted) = read(cx, &mut form, &known.0) else {
        return page::again(&record_page(cx, known, form, None)?);
    };
    match form.value("format") {
        "csv" => file(cx, known, &wanted),
        _ => page::show(&record_page(cx, known, form, Some(&wanted))?),
    }
}

/// Nothing of the record where nothing is wanted.
fn record_page(
    cx: &Cx,
    known: (Arc<Directory>, Arc<Lists>),
    form: Form,
    wanted: Option<&Wanted>,
) -> Result<RecordPage> {
    let before = form.value("before").parse().ok();
    let (mut entries, subjects, names) = cx.snapshot(|conn| {
        let entries = match wanted {
            Some(wanted) => store::entries(conn, wanted, before, PAGE as i64 + 1)?,
            None => Vec::new(),
        };
        let subjects = store::subjects(conn)?;
        let names = Names::load(cx, conn, known, &entries)?;
        Ok((entries, subjects, names))
    })?;
    let is_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let older = entries.last().filter(|_| is_more);
    let chosen = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    let nobody = [chosen("", "Anybody"), chosen(CONSOLE, OPERATOR)].into_iter();
    let everybody = names.directory.people.iter();
    let everybody = everybody.map(|person| chosen(&person.uid, &person.name));
    let anything = [chosen("", "Anything")].into_iter();
    let subjects = subjects.iter().map(|subject| chosen(subject, subject));
    Ok(RecordPage {
        frame: Frame::new(cx, "Record"),
        people: form.choices("by", nobody.chain(everybody)),
        subjects: form.choices("subject", anything.chain(subjects)),
        rows: entries.iter().map(|entry| row(cx, &names, entry)).collect(),
        older: older.map_or(String::new(), |last| {
            address(&form, ("before", &last.id.to_string()))
        }),
        csv_href: address(&form, ("format", "csv")),
        is_filtered: FILTERS.iter().any(|name| !form.value(name).is_empty()),
        form,
    })
}

fn address(form: &Form, more: (&str, &str)) -> String {
    let kept = FILTERS.iter().map(|name| (*name, form.value(name)));
    let pairs: Vec<(&str, &str)> = kept.chain([more]).collect();
    urls::with_query("/record", &pairs)
}

fn file(cx: &Cx, known: (Arc<Directory>, Arc<Lists>), wanted: &Wanted) -> Answer {
    let (entries, names) = cx.snapshot(|conn| {
        let entries = store::entries(conn, wanted, None, FILE)?;
        let names = Names::load(cx, conn, known, &entries)?;
        Ok((entries, names))
    })?;
    page::csv_file("record", csv(&names, &entries)?)
}

fn csv(names: &Names, entries: &[Entry]) -> Result<String> {
    let header = [
        "at",
        "by",
        "did",
        "kind_of_thing",
        "thing",
        "was",
        "became",
        "address",
    ];
    csv_out::table(
        &header,
        entries.iter().map(|entry| {
            let cells: Vec<Cell> = [
                entry.at.to_string(),
                names.who(entry),
                entry.verb.clone(),
                entry.subject.clone(),
                names.thing(entry),
                entry.was.clone(),
                entry.became.clone(),
                entry.address.clone(),
            ]
            .iter()
            .map(|text| Cell::from(text.as_str()))
            .collect();
            cells
        }),
    )
}
