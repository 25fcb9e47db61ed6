//! The page of the record: who changed what, from what to what, when and from where; searched, and as a file.

use crate::app::Cx;
use crate::audit::store::{self, Entry, Wanted};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::lists::Lists;
use crate::page::{self, Answer, Frame};
use crate::people::Directory;
use crate::urls;
use askama::Template;
use std::sync::Arc;

/// Entries on a page, and at most in a file.
const PAGE: usize = 50;
const FILE: i64 = 100_000;

const FILTERS: [&str; 5] = ["by", "subject", "from", "to", "q"];

/// What stands for who is nobody: the console, a job, an import before set-up.
const NOBODY: &str = "The program";

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
    href: &'static str,
}

/// Names for what the record knows by number.
struct Names {
    directory: Arc<Directory>,
    lists: Arc<Lists>,
}

impl Names {
    fn who(&self, entry: &Entry) -> String {
        match entry.by_id {
            Some(id) => self.directory.name(Some(id)).to_owned(),
            None => NOBODY.to_owned(),
        }
    }

    /// The thing as people call it: `person Ana Arndt`, `holiday`.
    fn thing(&self, entry: &Entry) -> String {
        let id = entry.subject_id;
        let name = match entry.subject.as_str() {
            "team" | "holiday" => id.and_then(|id| self.directory.team(id)).map(|t| &t.name),
            "kind" => id.and_then(|id| self.lists.kind(id)).map(|kind| &kind.name),
            "source" | "campaign" | "asset" | "territory" => {
                id.and_then(|id| self.lists.label(id)).map(|l| &l.name)
            }
            _ => id
                .filter(|_| ["person", "sales", "marketing"].contains(&entry.subject.as_str()))
                .and_then(|id| self.directory.person(id))
                .map(|person| &person.name),
        };
        match (name, id) {
            (Some(name), _) => format!("{} {name}", entry.subject),
            (None, Some(id)) if entry.subject != "holiday" => format!("{} {id}", entry.subject),
            _ => entry.subject.clone(),
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
        place: entry.address.clone(),
        href: match entry.subject.as_str() {
            "files" => "/import#before",
            _ => "",
        },
    }
}

fn read(cx: &Cx, form: &mut Form, directory: &Directory) -> Wanted {
    let zone = cx.zone();
    let by = directory.person_of_uid(form.value("by"));
    let (from, to) = (form.day("from").flatten(), form.day("to").flatten());
    let subject = form.value("subject");
    Wanted {
        by_id: by.map(|person| person.id),
        subject: (!subject.is_empty()).then(|| subject.to_owned()),
        person_id: None,
        from: from.map(|day| zone.midnight(day)),
        until: to
            .and_then(|day| day.succ_opt())
            .map(|day| zone.midnight(day)),
        text: form.value("q").chars().take(100).collect(),
    }
}

pub fn index(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let names = Names {
        directory: cx.reference()?,
        lists: cx.reference()?,
    };
    let wanted = read(cx, &mut form, &names.directory);
    if form.value("format") == "csv" {
        return file(cx, &names, &wanted);
    }
    let before = form.value("before").parse().ok();
    let (mut entries, subjects) = cx.snapshot(|conn| {
        Ok((
            store::entries(conn, &wanted, before, PAGE as i64 + 1)?,
            store::subjects(conn)?,
        ))
    })?;
    let is_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let older = entries.last().filter(|_| is_more);
    let anybody = [(String::new(), "Anybody".to_owned())].into_iter();
    let everybody = names.directory.people.iter();
    let everybody = everybody.map(|person| (person.uid.clone(), person.name.clone()));
    let anything = [(String::new(), "Anything".to_owned())].into_iter();
    let subjects = subjects
        .into_iter()
        .map(|subject| (subject.clone(), subject));
    page::show(&RecordPage {
        frame: Frame::new(cx, "Record"),
        people: form.choices("by", anybody.chain(everybody)),
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

fn file(cx: &Cx, names: &Names, wanted: &Wanted) -> Answer {
    let entries = cx.read(|conn| store::entries(conn, wanted, None, FILE))?;
    page::csv_file("record", csv(names, &entries)?)
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
