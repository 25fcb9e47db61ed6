//! Everything that happened to a lead, as its page tells it.

use super::{Story, talking, transfer};
use crate::activities::{Activity, Technique};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::leads::{Handover, LeadEvent, flags};
use crate::lists::{Kind, Lists};
use crate::page;
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::stage::EventKind;
use crate::talk::Talk;
use crate::value::Instant;
use std::sync::Arc;

/// One thing that happened, in words.
#[derive(Default)]
pub struct Entry {
    pub icon: &'static str,
    pub title: String,
    /// Who and when.
    pub by: String,
    /// What else is to be said, a line each.
    pub lines: Vec<String>,
    pub note: String,
    /// What an import flagged of it, and what that means; empty for nothing.
    pub flag: String,
    pub flag_means: &'static str,
    /// Withdrawn or corrected by a later entry.
    pub is_replaced: bool,
}

/// The names that a lead's page says.
pub struct Names {
    pub directory: Arc<Directory>,
    pub lists: Arc<Lists>,
}

impl Names {
    pub fn load(conn: &mut Conn, kept: Kept) -> Result<Names> {
        Ok(Names {
            directory: kept.get(conn)?,
            lists: kept.get(conn)?,
        })
    }

    /// A person's name; empty for nobody, as for what an import brought.
    pub fn person(&self, id: Option<i64>) -> &str {
        self.directory.name(id)
    }

    pub fn label(&self, id: Option<i64>) -> &str {
        self.lists.label_name(id)
    }
}

/// Which part of a history is told, and to whom.
pub enum Telling<'m> {
    /// All of it, with the notes that the reader may read.
    Lead(&'m Me),
    /// One hand-over from its instant to the next one, the same for every reader: with the notes that are ticked for
    /// marketing, and when each touch was entered.
    Receipt(Instant, Option<Instant>),
}

impl Telling<'_> {
    fn tells(&self, at: Instant) -> bool {
        match self {
            Telling::Lead(_) => true,
            Telling::Receipt(from, until) => *from <= at && until.is_none_or(|until| at < until),
        }
    }

    fn may_read_note(&self, touch: &Activity) -> bool {
        match self {
            Telling::Lead(me) => may_read_note(me, touch),
            Telling::Receipt(..) => touch.note_for_marketing,
        }
    }
}

/// In order of time; at one instant a hand-over comes first and a touch before an event, as on the clocks. All of
/// `talk` is told: a receipt brings its own part ([`Talk::about`]).
pub fn entries(
    cx: &Cx,
    telling: &Telling,
    story: &Story,
    talk: &Talk,
    names: &Names,
) -> Vec<Entry> {
    let replaced = story.replaced();
    let mut all: Vec<(Instant, u8, i64, Entry)> = Vec::new();
    for handover in &story.handovers {
        let entry = handover_entry(cx, handover, names);
        all.push((handover.handed_over_at, 0, handover.id, entry));
    }
    for touch in &story.touches {
        let moved = |e: &&LeadEvent| e.activity_id == Some(touch.id) && !replaced.contains(&e.id);
        let moves = story.events.iter().filter(moved);
        let mut entry = touch_entry(cx, telling, touch, names);
        entry
            .lines
            .extend(moves.map(|e| format!("Stage: {}", e.kind.label())));
        all.push((touch.happened_at, 1, touch.id, entry));
    }
    for event in &story.events {
        // The move that a standing touch made is told with the touch.
        let is_told = story
            .touches
            .iter()
            .any(|t| Some(t.id) == event.activity_id);
        if is_told && !replaced.contains(&event.id) {
            continue;
        }
        let mut entry = event_entry(cx, event, names);
        entry.is_replaced = replaced.contains(&event.id);
        entry.lines.extend(transfer::lines(story, event, names));
        all.push((event.at, 2, event.id, entry));
    }
    all.retain(|(at, ..)| telling.tells(*at));
    // What was said of a hand-over is told with it, also when that was after the next one began.
    all.extend(talking::entries(cx, talk, names));
    all.sort_by_key(|(at, order, id, _)| (*at, *order, *id));
    all.into_iter().map(|(.., entry)| entry).collect()
}

pub fn by(cx: &Cx, who: &str, at: Instant) -> String {
    let when = page::time(at, cx.zone());
    if who.is_empty() {
        when
    } else {
        format!("{who}, {when}")
    }
}

fn handover_entry(cx: &Cx, handover: &Handover, names: &Names) -> Entry {
    Entry {
        icon: "handover",
        title: "Handed over".to_owned(),
        by: by(cx, names.person(handover.by_id), handover.handed_over_at),
        note: handover.note.clone(),
        ..Entry::default()
    }
}

/// What an event is called.
pub fn event_title(event: &LeadEvent, names: &Names) -> String {
    match (event.kind, event.owner_id) {
        (EventKind::Assigned, None) => "Nobody owns it any more".to_owned(),
        (EventKind::Assigned, Some(_)) => format!("Assigned to {}", names.person(event.owner_id)),
        (kind, _) if event.reason.is_empty() => kind.label().to_owned(),
        (kind, _) => format!("{}: {}", kind.label(), event.reason),
    }
}

/// What a touch is called: its kind and its outcome.
pub fn touch_title(touch: &Activity, names: &Names) -> String {
    let kind = names.lists.kind(touch.kind_id);
    let kind = kind.map_or("Touch", |kind| kind.name.as_str());
    match touch.outcome_id.and_then(|id| names.lists.outcome(id)) {
        Some(outcome) => format!("{kind}: {}", outcome.name),
        None => kind.to_owned(),
    }
}

fn event_entry(cx: &Cx, event: &LeadEvent, names: &Names) -> Entry {
    let mut lines = Vec::new();
    if let Some(micros) = event.amount_micros {
        lines.push(page::money(micros, &event.currency));
    }
    Entry {
        icon: match event.kind {
            EventKind::Assigned => "people",
            EventKind::Withdrawn => "undo",
            kind if kind.is_contact() => "reached",
            kind if kind.is_closing() => "flag",
            _ => "check",
        },
        title: event_title(event, names),
        by: by(cx, names.person(event.by_id), event.at),
        lines,
        note: event.note.clone(),
        flag: event.flags.clone(),
        flag_means: flags::meaning(&event.flags),
        ..Entry::default()
    }
}

fn touch_entry(cx: &Cx, telling: &Telling, touch: &Activity, names: &Names) -> Entry {
    let kind = names.lists.kind(touch.kind_id);
    let mut lines = Vec::new();
    let entered = page::time(touch.entered_at, cx.zone());
    match telling {
        _ if touch.is_late => lines.push(format!("Entered late, on {entered}")),
        Telling::Receipt(..) => lines.push(format!("Entered {entered}")),
        Telling::Lead(_) => {}
    }
    if let Some(technique) = Technique::from_word(&touch.technique) {
        lines.push(format!("Technique: {}", technique.label()));
    }
    if touch.asset_id.is_some() {
        lines.push(format!("Asset used: {}", names.label(touch.asset_id)));
    }
    if touch.with_id.is_some() {
        lines.push(format!("Together with {}", names.person(touch.with_id)));
    }
    Entry {
        icon: kind.map_or("log", Kind::icon),
        title: touch_title(touch, names),
        by: by(cx, names.person(Some(touch.person_id)), touch.happened_at),
        lines,
        note: if telling.may_read_note(touch) {
            touch.note.clone()
        } else {
            String::new()
        },
        ..Entry::default()
    }
}

/// A note is its author's, their manager's and the admins'; marketing's where it is ticked for them (PRODUCT.md 1).
fn may_read_note(me: &Me, touch: &Activity) -> bool {
    touch.person_id == me.id
        || match me.role {
            Role::Admin => true,
            Role::Manager => touch.team_id.is_some_and(|team| me.teams.contains(&team)),
            Role::Marketing => touch.note_for_marketing,
            Role::Rep => false,
        }
}
