//! The inbox: what one was told, what of it is new, and what one wants to be told.

use super::store::{self, NoticeRow};
use super::{NoticeKind, is_quiet};
use crate::app::Cx;
use crate::audit;
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::page::{self, Answer, Frame, Link, Toast};
use crate::rules::day;
use crate::urls;
use askama::Template;

/// Notices on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "inbox/index.html")]
struct InboxPage {
    frame: Frame,
    tabs: Vec<Link>,
    notices: Vec<NoticeView>,
    /// The newest that is shown: up to it all can be marked as read. 0 when nothing is new.
    newest_unread: i64,
    is_quiet: bool,
    older: Option<String>,
}

struct NoticeView {
    id: i64,
    icon: &'static str,
    tone: &'static str,
    title: String,
    text: String,
    when: String,
    is_new: bool,
}

pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let query = cx.query();
    let is_all = query.value("show") == "all";
    let before = query.value("before").parse().ok();
    let calendars = cx.reference::<Calendars>()?;
    let most = PAGE as i64 + 1;
    let mut rows = cx.read(|conn| store::page(conn, me.id, !is_all, before, most))?;
    let has_older = rows.len() > PAGE;
    rows.truncate(PAGE);
    let show = if is_all { "all" } else { "" };
    let older = rows.last().filter(|_| has_older).map(|last| {
        urls::with_query(
            "/inbox",
            &[("show", show), ("before", &last.id.to_string())],
        )
    });
    let tab = |label: &str, href: &str, current| Link {
        href: href.to_owned(),
        label: label.to_owned(),
        current,
    };
    let unread = rows.iter().filter(|row| row.read_at.is_none());
    page::show(&InboxPage {
        frame: Frame::new(cx, "Inbox").live(),
        tabs: vec![
            tab("New", "/inbox", !is_all),
            tab("All", "/inbox?show=all", is_all),
        ],
        newest_unread: unread.map(|row| row.id).max().unwrap_or(0),
        is_quiet: is_quiet(&calendars, me, cx.now),
        notices: rows.iter().map(|row| view(cx, row)).collect(),
        older,
    })
}

fn view(cx: &Cx, row: &NoticeRow) -> NoticeView {
    let name = row.lead.as_ref().map(|lead| match &lead.name {
        name if name.is_empty() => lead.company.clone(),
        name if lead.company.is_empty() => name.clone(),
        name => format!("{name}, {}", lead.company),
    });
    let when = page::short_time(row.at, cx.zone(), cx.zone().day_of(cx.now));
    let by = row.by.as_ref();
    NoticeView {
        id: row.id,
        icon: row.kind.icon(),
        tone: row.kind.tone(),
        title: name.unwrap_or_else(|| row.kind.label().to_owned()),
        text: row.text.clone(),
        when: by.map_or(when.clone(), |by| format!("{by}, {when}")),
        is_new: row.read_at.is_none(),
    }
}

impl NoticeKind {
    /// Whether it is about what somebody said.
    fn is_talk(self) -> bool {
        matches!(
            self,
            NoticeKind::Asked | NoticeKind::Answered | NoticeKind::Mentioned
        )
    }

    fn icon(self) -> &'static str {
        match self {
            NoticeKind::HandedOver | NoticeKind::Assigned | NoticeKind::Unassigned => "handover",
            NoticeKind::Due | NoticeKind::Overdue => "clock",
            NoticeKind::Accepted | NoticeKind::Agreed | NoticeKind::Settled => "check",
            NoticeKind::Rejected | NoticeKind::Exited => "missed",
            NoticeKind::Disputed => "warning",
            NoticeKind::Asked | NoticeKind::Answered | NoticeKind::Mentioned => "edit",
            NoticeKind::Rated | NoticeKind::CrossedLine | NoticeKind::ScoreRules => "flag",
            NoticeKind::BackFromNurture => "back",
            NoticeKind::Definition | NoticeKind::Pack | NoticeKind::Watch => "info",
        }
    }

    fn tone(self) -> &'static str {
        match self {
            NoticeKind::Overdue | NoticeKind::Disputed => "bad",
            NoticeKind::Due | NoticeKind::Rejected | NoticeKind::Unassigned => "warn",
            _ => "quiet",
        }
    }
}

/// Marks a notice as read and goes to what it is about.
pub fn open(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let id = cx.id_param("id")?;
    let row = cx.read(|conn| store::of_person(conn, me.id, id))?;
    let row = row.ok_or(Error::NotFound)?;
    cx.write(|tx| store::mark_read(tx.conn, me.id, id, true, tx.now))?;
    page::go_to(place(cx, &row))
}

/// Where a notice leads.
fn place(cx: &Cx, row: &NoticeRow) -> String {
    match (&row.lead, row.kind) {
        (Some(lead), kind) if kind.is_talk() => format!("/leads/{}#talk", lead.uid),
        (Some(lead), _) => format!("/leads/{}", lead.uid),
        (None, NoticeKind::Definition) => match row.definition_id {
            Some(number) => format!("/definitions/{number}"),
            None => "/definitions".to_owned(),
        },
        (None, NoticeKind::Pack) => {
            let monday = day::week_of(cx.workspace.zone.day_of(row.at));
            format!("/monday/{monday}")
        }
        (None, NoticeKind::CrossedLine) => "/leads/ready".to_owned(),
        (None, NoticeKind::ScoreRules) => "/lead-score".to_owned(),
        (None, NoticeKind::Watch) => "/card#watch".to_owned(),
        (None, _) => "/inbox?show=all".to_owned(),
    }
}

/// Marks all as read that the asker saw.
pub fn mark_all(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let last = cx.form().value("last").parse().unwrap_or(0);
    cx.write(|tx| store::mark_read(tx.conn, me.id, last, false, tx.now))?;
    page::go_to("/inbox")
}

#[derive(Template)]
#[template(path = "inbox/kinds.html")]
struct KindsPage {
    frame: Frame,
    kinds: Vec<Switch>,
}

struct Switch {
    word: &'static str,
    label: &'static str,
    is_on: bool,
}

/// One switch for each kind that the asker's role is ever told of.
pub fn kinds(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mutes = cx.read(|conn| store::mutes(conn, me.id))?;
    let kinds = NoticeKind::ALL.iter().filter(|kind| kind.concerns(me.role));
    let saved = (cx.query().value("done") == "saved").then(|| Toast {
        text: "Saved.".to_owned(),
        undo_href: None,
    });
    page::show(&KindsPage {
        frame: Frame::new(cx, "What I am told").with_toast(saved),
        kinds: kinds
            .map(|kind| Switch {
                word: kind.word(),
                label: kind.label(),
                is_on: !mutes.contains(kind),
            })
            .collect(),
    })
}

pub fn choose_kinds(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let form = cx.form();
    let is_off = |kind: &NoticeKind| kind.concerns(me.role) && !form.is_ticked(kind.word());
    let mutes: Vec<NoticeKind> = NoticeKind::ALL.iter().copied().filter(is_off).collect();
    save(cx, me.id, &mutes)?;
    page::go_to("/inbox/kinds?done=saved")
}

fn save(cx: &Cx, person_id: i64, mutes: &[NoticeKind]) -> Result<()> {
    let words = |kinds: &[NoticeKind]| {
        let mut words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.join(", ")
    };
    cx.write(|tx| {
        let before = store::mutes(tx.conn, person_id)?;
        store::set_mutes(tx.conn, person_id, mutes)?;
        let about = ("person", Some(person_id));
        let (was, became) = (words(&before), words(mutes));
        audit::change(tx, "chose what not to tell", about, &was, &became)
    })
}
