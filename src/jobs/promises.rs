//! Promises to leads: told when three quarters of their time are gone, and when they are overdue.

use crate::app::{App, Tx};
use crate::calendar::Calendars;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::inbox::{self, Notice, NoticeKind};
use crate::leads::{self, Promised};
use crate::people::Directory;
use crate::rules::level::{Clause, Due, Window};
use crate::value::Instant;
use std::sync::Arc;

/// Hand-overs looked at in one transaction.
const BATCH: i64 = 500;

/// What has been overdue for longer was overdue when it came, as with history that was imported: nobody is told. It is
/// as long as the program may stand still without a word being lost.
pub const NEWS_S: i64 = 14 * DAY_S;

/// Somebody who works on one day a week needs as many weeks as a promise has working days, and may be away so long.
pub const AWAY_S: i64 = 60 * DAY_S;

pub const DAY_S: i64 = 86_400;

pub fn tell(app: &App) -> Result<()> {
    let mut after = Some(0);
    while let Some(id) = after {
        after = app.write(|tx| tell_batch(tx, id))?;
    }
    Ok(())
}

/// Of the next hand-overs after an id; the last of them, if there may be more.
fn tell_batch(tx: &mut Tx, after: i64) -> Result<Option<i64>> {
    let definitions: Arc<Definitions> = tx.kept.get(tx.conn)?;
    let longest = Clause::TIMED.map(|clause| definitions.longest_days(clause));
    let longest_s = 7 * DAY_S * i64::from(longest.into_iter().max().unwrap_or(0));
    // Older hand-overs have no promise that could fall due now.
    let since = tx.now.plus_seconds(-(longest_s + AWAY_S + NEWS_S));
    let batch = leads::open_handovers(tx.conn, since, after, BATCH)?;
    let Some(last) = batch.last().copied() else {
        return Ok(None);
    };
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let promises = leads::promises(tx.conn, &calendars, &definitions, &batch, tx.now)?;
    let news: Vec<(Promised, NoticeKind, String)> = promises
        .into_iter()
        .filter_map(|promise| {
            let kind = news(&promise.window, tx.now)?;
            Some((promise, kind, key(&promise, kind)))
        })
        .collect();
    let keys: Vec<&str> = news.iter().map(|(.., key)| key.as_str()).collect();
    let told = inbox::store::told(tx.conn, &keys)?;
    for (promise, kind, key) in news.into_iter().filter(|(.., key)| !told.contains(key)) {
        let people = match kind {
            NoticeKind::Due => owner_or_sharers(&directory, &promise),
            _ => concerned(&directory, &calendars, &promise, tx.now),
        };
        let notice = Notice {
            lead_id: Some(promise.lead_id),
            handover_id: Some(promise.handover_id),
            text: words(promise.clause, kind).to_owned(),
            once: Some(key),
            ..Notice::default()
        };
        inbox::tell(tx, &people, kind, &notice)?;
    }
    Ok((batch.len() as i64 == BATCH).then_some(last))
}

/// Whether a promise is news at an instant, and of which kind.
pub fn news(window: &Window, now: Instant) -> Option<NoticeKind> {
    match window.due(now) {
        Due::Later => None,
        Due::Soon => Some(NoticeKind::Due),
        Due::Over => {
            let late_s = now.seconds_since(window.due_at);
            (late_s <= NEWS_S as f64).then_some(NoticeKind::Overdue)
        }
    }
}

/// Of each owner: a new one is told too.
fn key(promise: &Promised, kind: NoticeKind) -> String {
    let owner = promise.owner_id.unwrap_or(0);
    format!("{kind}:{}:{}:{owner}", promise.handover_id, promise.clause)
}

/// The owner; of what nobody owns, who shares leads out: all managers.
fn owner_or_sharers(directory: &Directory, promise: &Promised) -> Vec<i64> {
    match promise.owner_id {
        Some(owner) => vec![owner],
        None => directory.managers(),
    }
}

/// The owner and those who manage them; of what nobody owns, all managers.
fn concerned(
    directory: &Directory,
    calendars: &Calendars,
    promise: &Promised,
    now: Instant,
) -> Vec<i64> {
    let Some(owner) = promise.owner_id else {
        return directory.managers();
    };
    let day = calendars.day_at(owner, now);
    let managers = directory.managers_of(owner, day).into_iter();
    managers.chain([owner]).collect()
}

fn words(clause: Clause, kind: NoticeKind) -> &'static str {
    match (clause, kind == NoticeKind::Overdue) {
        (Clause::Accept, false) => "To be accepted soon",
        (Clause::Accept, true) => "Not accepted in time",
        (Clause::FirstAttempt, false) => "First attempt due soon",
        (Clause::FirstAttempt, true) => "First attempt overdue",
        (_, false) => "A contact or an exit is due soon",
        (_, true) => "A contact or an exit is overdue",
    }
}
