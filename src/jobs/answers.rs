//! Answers to rejections: told when three quarters of the time that marketing promised are gone, and when it is over.

use super::promises::{AWAY_S, DAY_S, NEWS_S};
use crate::app::{App, Tx};
use crate::calendar::Calendars;
use crate::definitions::{self, Definitions, Side};
use crate::error::Result;
use crate::inbox::{self, Notice, NoticeKind};
use crate::people::Directory;
use crate::rules::level::Limit;
use crate::talk::{self, Answering};
use std::sync::Arc;

/// Whoever opens for half a day has so many microseconds of it.
const HALF_DAY_US: i64 = 4 * 3_600_000_000;

pub fn tell(app: &App) -> Result<()> {
    app.write(tell_all)
}

fn tell_all(tx: &mut Tx) -> Result<()> {
    let definitions: Arc<Definitions> = tx.kept.get(tx.conn)?;
    let versions = definitions.versions().iter();
    let limits = versions.filter_map(|version| version.content.answer_by);
    let Some(longest_days) = limits.map(days).max() else {
        return Ok(());
    };
    // Older rejections have no answer that could fall due now.
    let since = tx
        .now
        .plus_seconds(-(7 * DAY_S * longest_days + AWAY_S + NEWS_S));
    let calendars: Arc<Calendars> = tx.kept.get(tx.conn)?;
    let mut waiting = talk::store::rejections_waiting(tx.conn, since)?;
    waiting.retain(|rejection| rejection.waits_for_answer());
    let all = talk::answering(tx.conn, &calendars, &definitions, waiting)?;
    let news: Vec<(Answering, NoticeKind, String)> = all
        .into_iter()
        .filter_map(|one| {
            let kind = super::promises::news(&one.window?, tx.now)?;
            let key = format!("{kind}:answer:{}", one.rejection.event_id);
            Some((one, kind, key))
        })
        .collect();
    let keys: Vec<&str> = news.iter().map(|(.., key)| key.as_str()).collect();
    let told = inbox::store::told(tx.conn, &keys)?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let heads = definitions::store::heads(tx.conn)?;
    let head = heads.iter().find(|(side, _)| *side == Side::Marketing);
    for (one, kind, key) in news.into_iter().filter(|(.., key)| !told.contains(key)) {
        let mut people = directory.answering(one.by_id);
        let is_over = kind == NoticeKind::Overdue;
        people.extend(head.filter(|_| is_over).map(|(_, id)| *id));
        let text = match is_over {
            true => "The answer to its rejection is overdue",
            false => "The answer to its rejection is due soon",
        };
        let notice = Notice {
            lead_id: Some(one.rejection.lead_id),
            handover_id: Some(one.handover_id),
            text: text.to_owned(),
            once: Some(key),
            ..Notice::default()
        };
        inbox::tell(tx, &people, kind, &notice)?;
    }
    Ok(())
}

/// At most so many working days.
fn days(limit: Limit) -> i64 {
    match limit {
        Limit::WorkingDays(days) => i64::from(days),
        Limit::Time(us) => us / HALF_DAY_US + 1,
    }
}
