//! The history of one cell of the matrix: every row that was written for somebody and a metric.

use super::seen::{EntryView, Seen};
use super::{fields, tabs};
use crate::app::Cx;
use crate::error::Error;
use crate::page::{self, Answer, Frame, Link};
use crate::rules::target::Metric;
use crate::targets::Whose;
use crate::urls;
use askama::Template;

#[derive(Template)]
#[template(path = "ledger/cell.html")]
struct CellPage {
    frame: Frame,
    tabs: Vec<Link>,
    title: String,
    is_person: bool,
    rows: Vec<EntryView>,
    csv_href: String,
}

/// `?format=csv` for it as a file. A person's history has the rows of their teams in it. Whom the reader does not manage is not found.
pub fn page(cx: &Cx) -> Answer {
    let (me, query) = (cx.me()?, cx.query());
    let metric: Metric = query.value("metric").parse().map_err(|_| Error::NotFound)?;
    let whose = fields::key(cx, query.value("whose"))?.ok_or(Error::NotFound)?;
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    let is_mine = |(_, known, _): &&(String, Whose, String)| *known == whose;
    let everybody = seen.everybody();
    let (.., name) = everybody.iter().find(is_mine).ok_or(Error::NotFound)?;
    let is_theirs = |of: Whose| match (of, whose) {
        (Whose::Team(team), Whose::Person(person)) => {
            let memberships = seen.ledger.memberships(person);
            memberships.iter().any(|m| m.team_id == team)
        }
        _ => of == whose,
    };
    let in_force = seen.in_force();
    let rows = seen
        .entries
        .iter()
        .filter(|entry| entry.metric == metric.to_string() && entry.whose().is_some_and(is_theirs));
    if query.value("format") == "csv" {
        return page::csv_file("target-history", seen.csv(rows)?);
    }
    let title = format!("{}: {name}", metric.label());
    let asked = [
        ("whose", query.value("whose")),
        ("metric", query.value("metric")),
        ("format", "csv"),
    ];
    page::show(&CellPage {
        csv_href: urls::with_query("/targets/cell", &asked),
        frame: Frame::new(cx, title.clone()),
        tabs: tabs(me, "/targets/matrix"),
        is_person: matches!(whose, Whose::Person(_)),
        rows: rows
            .map(|entry| seen.entry_view(cx, entry, &in_force))
            .collect(),
        title,
    })
}
