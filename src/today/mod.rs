//! The rep's Today: how far the targets are, what to do next, what was done.

pub mod explain;
mod habit_line;
mod logged;
mod parts;

use crate::activities;
use crate::activities::totals::Span;
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::{Error, Result};
use crate::habit::{self, Ground, Habit, Setting, Settings};
use crate::leads::{self, DueLead};
use crate::lists::{Kind, Lists};
use crate::page::{self, Answer, Frame, Said, Toast};
use crate::rules::access::{Me, Role};
use crate::rules::target::{self, Period, TargetRow};
use crate::targets::Ledger;
use crate::value::Instant;
use askama::Template;
use chrono::NaiveDate;
use logged::Logged;
use parts::{Whole, days_of, total, whole};
use std::sync::Arc;

const NEXT_LEADS: usize = 5;
const ENTRIES_SHOWN: usize = 30;
const MET: &str = "Target met";
/// One row of a phone.
const KINDS_SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "today/page.html")]
struct TodayPage {
    frame: Frame,
    day: String,
    /// The first daily target, as a ring.
    main: Option<Progress>,
    others: Vec<Progress>,
    is_free: bool,
    /// Strength, streak and consistency; none before the first working day with a target.
    habit: Vec<Said>,
    /// Empty until the time that one chose, and where nothing is left to do.
    reminder: String,
    kinds: Vec<KindTile>,
    next: Vec<NextLead>,
    /// A rep's leads are a page of their own; others find theirs in the list.
    leads_href: &'static str,
    entries: Vec<EntryRow>,
    entries_more: usize,
    entries_words: Vec<Said>,
}

/// How far one target is: percents are of the target, 0 to 100.
struct Progress {
    label: String,
    value: String,
    of: String,
    text: String,
    percent: u32,
    pace: u32,
    note: String,
    tone: &'static str,
    href: String,
    /// What explains the note.
    note_href: String,
}

/// The way to the log form with a kind chosen.
struct KindTile {
    href: String,
    icon: &'static str,
    name: String,
}

struct NextLead {
    uid: String,
    name: String,
    sub: String,
    due: String,
    tone: &'static str,
    /// What dials, and where one goes after the call.
    dial: String,
    log_call: String,
}

struct EntryRow {
    icon: &'static str,
    title: String,
    sub: String,
    edit: String,
    edit_label: String,
}

pub fn page(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let today = me.zone.day_of(cx.now);
    let seen = cx.read(|conn| look(conn, cx, me, today))?;
    let toast = toast(cx, &seen);
    let reminder = habit_line::reminder(cx, &seen);
    let (mut daily, longer): (Vec<_>, Vec<_>) = seen
        .progress
        .into_iter()
        .partition(|(period, _)| *period == Period::Day);
    let main = (!daily.is_empty()).then(|| daily.remove(0).1);
    let rest = daily
        .into_iter()
        .chain(longer)
        .map(|(_, progress)| progress);
    page::show(&TodayPage {
        frame: Frame::new(cx, "Today").live().with_toast(toast),
        day: page::day(today),
        main,
        others: rest.collect(),
        is_free: seen.is_free,
        habit: habit_line::words(cx, me, &seen.habit, seen.setting),
        reminder,
        kinds: kind_tiles(&seen.lists, seen.last_kind),
        leads_href: match me.role {
            Role::Rep => "/leads",
            _ => "/leads?owner=me",
        },
        next: seen
            .next
            .iter()
            .map(|due| next_lead(cx, due, &seen.lists))
            .collect(),
        entries: seen
            .entries
            .iter()
            .take(ENTRIES_SHOWN)
            .map(|entry| entry_row(cx, entry, &seen.lists))
            .collect(),
        entries_more: seen.entries.len().saturating_sub(ENTRIES_SHOWN),
        entries_words: logged::words(&seen.entries, cx.now),
    })
}

/// All that the page reads, once.
struct Seen {
    progress: Vec<(Period, Progress)>,
    is_free: bool,
    habit: Habit,
    setting: Setting,
    next: Vec<DueLead>,
    entries: Vec<Logged>,
    lists: Arc<Lists>,
    last_kind: Option<i64>,
}

fn look(conn: &mut Conn, cx: &Cx, me: &Me, today: NaiveDate) -> Result<Seen> {
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    let ledger: Arc<Ledger> = cx.kept.get(conn)?;
    let targets = ledger.in_force(me.id, today);
    let ground = Ground::kept(conn, cx.kept)?;
    let person = ground.directory.person(me.id).ok_or(Error::NotFound)?;
    let mut habits = habit::now(conn, cx.kept, &ground, &[person], cx.now, &[])?;
    let habit = habits.of.remove(&me.id).ok_or(Error::NotFound)?;
    let mut progress = Vec::new();
    for row in &targets {
        let (from, _) = days_of(row.period, today);
        let at = (today, cx.now);
        let Some(asked) = whole(row, &ground, person, habit.begins(), at) else {
            continue;
        };
        let value = match row.period {
            Period::Day => habits.points.of_day(&row.metric, me.id, today),
            Period::Week => habits.points.of_week(&row.metric, me.id, from),
            Period::Month => {
                let span = Span {
                    from,
                    to: today,
                    as_of: cx.now,
                    people: Some(vec![me.id]),
                };
                total(conn, cx, me.id, &row.metric, &span)?
            }
        };
        progress.push((row.period, shown(row, value, asked, cx.now)));
    }
    let definitions: Arc<Definitions> = cx.kept.get(conn)?;
    Ok(Seen {
        progress,
        is_free: calendars.share_of(me.id, today).fraction == 0.0,
        habit,
        setting: cx.kept.get::<Settings>(conn)?.of(me.id),
        next: leads::due(conn, me, &calendars, &definitions, cx.now, NEXT_LEADS)?,
        entries: activities::store::of_day(conn, me.id, today)?,
        lists: cx.kept.get(conn)?,
        last_kind: activities::last_kind(conn, me.id, today)?,
    })
}

fn shown(row: &TargetRow, value: f64, asked: Whole, now: Instant) -> Progress {
    let Whole { amount, gone } = asked;
    let is_hit = target::is_hit(value, amount);
    let ahead = target::ahead_of_pace(value, amount, gone);
    let percent = |share: f64| (share * 100.0).round().clamp(0.0, 100.0) as u32;
    let when = match row.period {
        Period::Day => "today",
        Period::Week => "this week",
        Period::Month => "this month",
    };
    let (value_text, of) = (page::amount(value), format!("of {}", page::amount(amount)));
    Progress {
        label: format!("{} {when}", row.metric.label()),
        text: format!("{value_text} {of}"),
        value: value_text,
        of,
        percent: percent(value / amount),
        pace: percent(gone),
        note: explain::pace_words(value, asked),
        tone: if is_hit || ahead >= 0 { "good" } else { "warn" },
        href: explain::href(row, now),
        note_href: explain::pace_href(row, now),
    }
}

fn kind_tiles(lists: &Lists, last_kind: Option<i64>) -> Vec<KindTile> {
    let kinds = lists.kinds_to_log(last_kind).into_iter();
    let first = kinds.take(KINDS_SHOWN).map(|kind| KindTile {
        href: format!("/log?kind={}", kind.id),
        icon: kind.icon(),
        name: kind.name.clone(),
    });
    first.collect()
}

fn next_lead(cx: &Cx, due: &DueLead, lists: &Lists) -> NextLead {
    let today = cx.zone().day_of(cx.now);
    let when = due.due_at.map(|at| page::short_time(at, cx.zone(), today));
    NextLead {
        uid: due.lead.uid.clone(),
        name: due.lead.called.title().to_owned(),
        sub: [due.lead.called.company.as_str(), due.why.as_str()]
            .iter()
            .filter(|s| !s.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" · "),
        due: match (due.is_overdue, when) {
            (true, Some(when)) => format!("Overdue since {when}"),
            (false, Some(when)) => format!("Due {when}"),
            (_, None) => crate::style::stage(due.lead.stage).to_owned(),
        },
        tone: if due.is_overdue { "bad" } else { "info" },
        dial: leads::dial(&due.lead.called.phone),
        log_call: lists.log_address("call", &due.lead.uid),
    }
}

fn entry_row(cx: &Cx, logged: &Logged, lists: &Lists) -> EntryRow {
    let title = title(logged, lists);
    let (entry, _) = logged;
    let outcome = entry.outcome_id.and_then(|id| lists.outcome(id));
    let time = cx
        .zone()
        .local(entry.happened_at)
        .format("%H:%M")
        .to_string();
    let late = if entry.is_late { "entered late" } else { "" };
    let parts = [
        time.as_str(),
        outcome.map_or("", |o| &o.name),
        entry.note.as_str(),
        late,
    ];
    EntryRow {
        icon: lists.kind(entry.kind_id).map_or("log", Kind::icon),
        sub: parts
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" · "),
        edit: format!("/activities/{}", entry.uid),
        edit_label: format!("Change: {title} at {time}"),
        title,
    }
}

/// `Call: Acme` or `12 × Call`.
fn title((entry, lead): &Logged, lists: &Lists) -> String {
    let kind = lists.kind(entry.kind_id);
    let kind = kind.map_or("Entry", |kind| kind.name.as_str());
    match lead {
        Some(lead) => format!("{kind}: {}", lead.title()),
        None if entry.quantity > 1 => format!("{} × {kind}", entry.quantity),
        None => kind.to_owned(),
    }
}

fn toast(cx: &Cx, seen: &Seen) -> Option<Toast> {
    let query = cx.query();
    let mut entries = seen.entries.iter();
    if let Some(saved) = entries.find(|(entry, _)| entry.uid == query.value("saved")) {
        return Some(Toast {
            text: format!("Logged. {}", title(saved, &seen.lists)),
            undo_href: Some(format!("/activities/{}/remove", saved.0.uid)),
        });
    }
    let text = match (query.value("done"), query.value("saved")) {
        ("removed", _) => "Removed.",
        ("changed", _) => "Changed.",
        (_, "") => return None,
        // Logged for another day: it stands there and not in today's list.
        (_, uid) => {
            return Some(Toast {
                text: "Logged.".to_owned(),
                undo_href: uuid::Uuid::parse_str(uid)
                    .ok()
                    .map(|uid| format!("/activities/{uid}/remove")),
            });
        }
    };
    Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    })
}
