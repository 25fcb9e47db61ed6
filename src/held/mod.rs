//! What is held about a person: everything with their number on it, to look at and to keep as files.

mod elsewhere;
mod lists;
mod store;

use crate::app::Cx;
use crate::csv_out;
use crate::db::rows;
use crate::error::{Error, Result};
use crate::page::{self, Answer, Frame};
use crate::people::{self, Directory, Person};
use crate::value::Instant;
use askama::Template;
use serde_json::{Map, Value};
use std::sync::Arc;

/// One list of what is held: a table of texts.
pub struct Section {
    pub name: &'static str,
    pub about: &'static str,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "held/page.html")]
struct HeldPage {
    frame: Frame,
    name: String,
    href: String,
    back: (&'static str, String),
    sections: Vec<SectionView>,
}

struct SectionView {
    about: &'static str,
    rows: usize,
    csv_href: String,
}

/// What is held about oneself.
pub fn own(cx: &Cx) -> Answer {
    let id = cx.me()?.id;
    let person = cx.read(|conn| people::store::by_id(conn, id))?;
    let person = person.ok_or(Error::NotFound)?;
    answer(cx, &person, "/me/data", ("Me", "/me".to_owned()))
}

/// What is held about somebody, for the admin who is asked for it.
pub fn theirs(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    let person = cx.read(|conn| people::store::by_uid(conn, uid))?;
    let person = person.ok_or(Error::NotFound)?;
    let page = format!("/people/{}", person.uid);
    let href = format!("{page}/data");
    answer(cx, &person, &href, ("Person", page))
}

fn answer(cx: &Cx, person: &Person, href: &str, back: (&'static str, String)) -> Answer {
    let query = cx.query();
    let directory: Arc<Directory> = cx.reference()?;
    let sections = cx.snapshot(|conn| {
        let mut all = lists::sections(conn, person.id)?;
        all.push(store::hours(conn, person.id)?);
        all.push(store::record(conn, &directory, person.id)?);
        all.push(elsewhere::section(conn, person.id)?);
        Ok(all)
    })?;
    match query.value("format") {
        "json" => page::json_file("my-data", json(&sections)?),
        "csv" => {
            let named = sections.iter().find(|s| s.name == query.value("part"));
            let section = named.ok_or(Error::NotFound)?;
            let header: Vec<&str> = section.header.iter().map(String::as_str).collect();
            let rows = section.rows.iter();
            let rows = rows.map(|row| row.iter().map(String::as_str).collect::<Vec<&str>>());
            page::csv_file(section.name, csv_out::table(&header, rows)?)
        }
        _ => page::show(&HeldPage {
            frame: Frame::new(cx, "What is held"),
            name: person.name.clone(),
            href: href.to_owned(),
            back,
            sections: sections.iter().map(|s| view(s, href)).collect(),
        }),
    }
}

fn view(section: &Section, href: &str) -> SectionView {
    SectionView {
        about: section.about,
        rows: section.rows.len(),
        csv_href: format!("{href}?format=csv&part={}", section.name),
    }
}

fn json(sections: &[Section]) -> Result<String> {
    let object = |section: &Section, row: &Vec<String>| {
        let fields = section.header.iter().zip(row);
        let fields = fields.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        Value::Object(fields.collect())
    };
    let parts = sections.iter().map(|section| {
        let rows = section.rows.iter().map(|row| object(section, row));
        (section.name.to_owned(), Value::Array(rows.collect()))
    });
    let whole: Map<String, Value> = parts.collect();
    serde_json::to_string_pretty(&whole).map_err(Error::internal)
}

/// Whether a column holds what opens a door: it is told to nobody.
fn opens_a_door(column: &str) -> bool {
    ["hash", "secret", "token"]
        .iter()
        .any(|word| column.contains(word))
}

/// A value as a file says it: instants as such, all else as it is kept.
fn said(column: &str, value: &rows::Value) -> String {
    match value {
        rows::Value::Whole(us) if column == "at" || column.ends_with("_at") => {
            Instant(*us).to_string()
        }
        value => value.to_string(),
    }
}
