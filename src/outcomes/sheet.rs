//! A face of the report in ready words: a headline, what to beware of, a picture, tables. One page and one text for all.

use super::face::{self, Head};
use super::{Face, Filters, content, quality, reasons, scores, speed, value};
use crate::app::Cx;
use crate::charts::bars::Bars;
use crate::charts::scatter::Scatter;
use crate::db::Conn;
use crate::definitions::under;
use crate::error::Result;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, Frame, Link};
use crate::rules::access::Me;
use crate::rules::rates::Rate;
use crate::text_out;
use askama::Template;

/// What a face says.
#[derive(Default)]
pub struct Sheet {
    pub headline: String,
    /// What the reader should not miss, such as what is in no table, in sentences whose figures lead to what explains them.
    pub warnings: Vec<Vec<page::Said>>,
    pub scatter: Option<Scatter>,
    pub bars: Option<Bars>,
    pub tables: Vec<Table>,
    /// How it is worked out.
    pub how: &'static str,
    pub versions: Vec<i64>,
    pub csv: String,
}

#[derive(Default)]
pub struct Table {
    pub title: String,
    pub note: String,
    /// Over the names of the rows.
    pub first: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Line>,
}

#[derive(Default)]
pub struct Line {
    pub name: String,
    pub badge: &'static str,
    pub is_faint: bool,
    pub cells: Vec<Said>,
}

/// A figure, what it rests on, and the address that explains it.
#[derive(Default)]
pub struct Said {
    pub words: String,
    pub sub: String,
    /// The range in which it likely lies.
    pub range: String,
    pub href: String,
}

impl Said {
    /// A share with what it rests on and its interval.
    pub fn share(rate: Rate) -> Said {
        Said {
            range: match rate.is_warming_up() {
                true => String::new(),
                false => page::interval(rate),
            },
            ..Said::with(page::share(rate), page::of(rate))
        }
    }

    pub fn plain(words: impl Into<String>) -> Said {
        Said {
            words: words.into(),
            ..Said::default()
        }
    }

    /// On one line, with what it rests on and where it likely lies.
    fn in_full(&self) -> String {
        let about = [self.sub.as_str(), &self.range].into_iter();
        let about: Vec<&str> = about.filter(|part| !part.is_empty()).collect();
        match about.is_empty() {
            true => self.words.clone(),
            false => format!("{} ({})", self.words, about.join(", likely ")),
        }
    }

    pub fn with(words: impl Into<String>, sub: impl Into<String>) -> Said {
        Said {
            sub: sub.into(),
            ..Said::plain(words)
        }
    }
}

#[derive(Template)]
#[template(path = "outcomes/sheet.html")]
struct SheetPage {
    frame: Frame,
    head: Head,
    title: &'static str,
    sub: String,
    under: Vec<Link>,
    /// None where the filters are wrong.
    sheet: Option<Sheet>,
}

/// Where a number of a group is explained; empty for nowhere, as at a terminal.
pub type Ways<'w> = &'w dyn Fn(&str, &str) -> String;

/// Reads a face other than the funnel.
pub fn read(
    conn: &mut Conn,
    face: Face,
    filters: &Filters,
    me: Option<&Me>,
    ways: Ways,
) -> Result<Sheet> {
    match face {
        Face::Funnel | Face::Quality => quality::sheet(&super::report(conn, filters, me)?, ways),
        Face::Reasons => reasons::report(conn, filters, me)?.sheet(ways),
        Face::Value => value::report(conn, filters, me)?.sheet(ways),
        Face::Scores => scores::report(conn, filters, me)?.sheet(ways),
        Face::Content => content::report(conn, filters, me)?.sheet(ways),
        Face::Speed => speed::report(conn, filters, me)?.sheet(ways),
    }
}

pub fn quality(cx: &Cx) -> Answer {
    show(cx, Face::Quality)
}

pub fn reasons(cx: &Cx) -> Answer {
    show(cx, Face::Reasons)
}

pub fn value(cx: &Cx) -> Answer {
    show(cx, Face::Value)
}

pub fn scores(cx: &Cx) -> Answer {
    show(cx, Face::Scores)
}

pub fn content(cx: &Cx) -> Answer {
    show(cx, Face::Content)
}

pub fn speed(cx: &Cx) -> Answer {
    show(cx, Face::Speed)
}

/// `?format=csv` for the same rows as a file.
fn show(cx: &Cx, face: Face) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let frame = Frame::new(
        cx,
        format!("Lead outcomes: {}", face.label().to_lowercase()),
    );
    let title = "Lead outcomes";
    let Some(filters) = face::read(&mut form, cx, face) else {
        return page::again(&SheetPage {
            frame,
            head: Head::new(cx, form, face, None)?,
            title,
            sub: String::new(),
            under: Vec::new(),
            sheet: None,
        });
    };
    let head = Head::new(cx, form, face, Some(&filters))?;
    let ways = |figure: &str, group: &str| head.explain(figure, group);
    let sheet = cx.snapshot(|conn| read(conn, face, &filters, Some(me), &ways))?;
    if head.form.value("format") == "csv" {
        return page::csv_file(&format!("outcomes-{face}"), sheet.csv);
    }
    page::show(&SheetPage {
        frame,
        title,
        sub: bar::as_of(cx, &filters.cohort),
        under: under::links(&sheet.versions),
        head,
        sheet: Some(sheet),
    })
}

impl Sheet {
    /// The same words for people at a terminal.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.headline);
        for warning in &self.warnings {
            text.push_str(&format!("{}\n", page::Said::words(warning)));
        }
        for table in &self.tables {
            text.push_str(&format!("\n{}\n", table.title));
            let header: Vec<&str> = [table.first]
                .into_iter()
                .chain(table.columns.iter().copied())
                .collect();
            let line = |line: &Line| {
                let cells = line.cells.iter().map(Said::in_full);
                let name = match line.badge {
                    "" => line.name.clone(),
                    badge => format!("{} ({})", line.name, badge.to_lowercase()),
                };
                [name].into_iter().chain(cells).collect()
            };
            text.push_str(&text_out::aligned(&header, table.rows.iter().map(line)));
        }
        text
    }
}
