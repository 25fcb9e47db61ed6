//! Two versions beside each other.

use super::Ground;
use crate::app::Cx;
use crate::definitions::diff::{self, Line};
use crate::definitions::store::Version;
use crate::definitions::text;
use crate::error::Error;
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame};
use crate::urls;
use askama::Template;

#[derive(Template)]
#[template(path = "definitions/compare.html")]
struct ComparePage {
    frame: Frame,
    from: Vec<Choice>,
    to: Vec<Choice>,
    sections: Vec<Section>,
    sub: String,
}

/// What changed in one part of the text.
struct Section {
    heading: &'static str,
    is_changed: bool,
    lines: Vec<Line>,
}

/// Where what changed from one version to another is shown.
pub fn address(from: i64, to: i64) -> String {
    let [from, to] = [from, to].map(|number| number.to_string());
    urls::with_query("/definitions/compare", &[("from", &from), ("to", &to)])
}

/// Without numbers: the newest version against the one before it.
pub fn page(cx: &Cx) -> Answer {
    let ground = Ground::load(cx)?;
    let mut form = cx.query();
    let newest = ground.versions.last().ok_or(Error::NotFound)?;
    let before = ground.versions.iter().rev().nth(1).unwrap_or(newest);
    form.set_default("from", before.number.to_string());
    form.set_default("to", newest.number.to_string());
    let find = |name| -> Option<&Version> { ground.version(form.value(name).parse().ok()?) };
    let (Some(from), Some(to)) = (find("from"), find("to")) else {
        return Err(Error::NotFound);
    };
    let before = text::sections(&from.content, &ground.lists);
    let after = text::sections(&to.content, &ground.lists);
    let sections = before.iter().zip(&after);
    let sections: Vec<Section> = sections
        .map(|((heading, before), (_, after))| Section {
            heading,
            is_changed: before != after,
            lines: diff::lines(before, after),
        })
        .collect();
    page::show(&ComparePage {
        frame: Frame::new(cx, "Compare versions"),
        from: choices(&form, "from", &ground),
        to: choices(&form, "to", &ground),
        sub: changed(sections.iter().flat_map(|section| &section.lines)),
        sections,
    })
}

fn choices(form: &Form, name: &str, ground: &Ground) -> Vec<Choice> {
    let label = |v: &Version| match v.from {
        Some(_) => format!("Version {}", v.number),
        None => format!("Version {}, draft", v.number),
    };
    let versions = ground.versions.iter().map(|v| (v.number, label(v)));
    form.choices(name, versions)
}

/// "3 lines gone, 4 lines new".
pub fn changed<'l>(lines: impl IntoIterator<Item = &'l Line>) -> String {
    let (mut gone, mut new) = (0, 0);
    for line in lines {
        gone += usize::from(line.is_gone());
        new += usize::from(line.is_new());
    }
    let words = |count: usize, what: &str| match count {
        1 => format!("1 line {what}"),
        count => format!("{count} lines {what}"),
    };
    match gone + new {
        0 => "Nothing changed.".to_owned(),
        _ => format!("{}, {}.", words(gone, "gone"), words(new, "new")),
    }
}
