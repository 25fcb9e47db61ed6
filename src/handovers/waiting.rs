//! What waits for somebody's word: rejections to answer, disputes to settle, questions, and leads back from nurture.

use super::store;
use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::leads::{self, Lead};
use crate::page;
use crate::people::Directory;
use crate::rules::access::{LOGGERS, MARKETERS, Me, Role};
use crate::rules::stage::Stage;
use crate::talk::{self, Rejection, threads};
use crate::value::Instant;
use std::collections::HashMap;

/// So many of each are listed.
const MOST: usize = 8;
/// A rejection that nobody answered for a year waits no more.
const WAITS_S: i64 = 366 * 86_400;

pub struct Waiting {
    pub href: String,
    pub title: String,
    pub sub: String,
    pub what: &'static str,
}

/// What waits for the asker, the oldest of each kind first, and how many rejections more: whichever days the page shows.
pub fn waiting(
    conn: &mut Conn,
    me: &Me,
    directory: &Directory,
    now: Instant,
) -> Result<(Vec<Waiting>, usize)> {
    let when = |at| page::short_time(at, &me.zone, me.zone.day_of(now));
    let mut waits: Vec<Waiting> = Vec::new();
    let rejections = rejections(conn, me, directory, now)?;
    for (lead, rejection) in rejections.iter().take(MOST) {
        let by = directory.name(rejection.by_id);
        waits.push(Waiting {
            href: format!("/leads/{}", lead.uid),
            title: lead.title_name().to_owned(),
            sub: format!("{}. {by}, {}", rejection.reason, when(rejection.at)),
            what: match rejection.is_disputed() {
                true => "Disputed",
                false => "Rejected",
            },
        });
    }
    let more = rejections.len().saturating_sub(MOST);
    let ids = talk::store::leads_asked_about(conn, me.id, 50)?;
    let visible = leads::store::visible_by_ids(conn, me, &ids)?;
    let remarks = talk::store::remarks_of(conn, &ids)?;
    let people = talk::store::people_of(conn, &ids)?;
    let open = threads(remarks, &people)
        .into_iter()
        .filter(|t| t.waits_for(me.id));
    let open = open.filter_map(|thread| {
        let asked = thread.question.remark.lead_id;
        let lead = visible.iter().find(|lead| lead.id == asked)?;
        Some((lead, thread))
    });
    for (lead, thread) in open.take(MOST) {
        let question = &thread.question.remark;
        let by = directory.name(Some(question.by_id));
        waits.push(Waiting {
            href: format!("/leads/{}?say=answer:{}", lead.uid, question.uid),
            title: lead.title_name().to_owned(),
            sub: format!("{} {by}, {}", question.text, when(question.at)),
            what: "Question",
        });
    }
    if me.is_one_of(&[Role::Marketing, Role::Admin]) {
        let today = me.zone.day_of(now);
        let back = store::back_from_nurture(conn, today, MOST as i64)?;
        waits.extend(back.into_iter().map(|lead| Waiting {
            href: format!("/leads/{}?do=hand-over", lead.uid),
            title: lead.title_name().to_owned(),
            sub: lead.next_step_on.map(page::day).unwrap_or_default(),
            what: match lead.stage {
                Stage::Nurture => "Back from nurture",
                _ => "Its day has come",
            },
        }));
    }
    Ok((waits, more))
}

/// The rejections of the last year that wait for somebody's word, oldest first: who answers for a hand-over answers its
/// rejections, and sales settles what is disputed.
fn rejections(
    conn: &mut Conn,
    me: &Me,
    directory: &Directory,
    now: Instant,
) -> Result<Vec<(Lead, Rejection)>> {
    let (answers, settles) = (MARKETERS.allows(me.role), LOGGERS.allows(me.role));
    let mut all = talk::store::rejections_waiting(conn, now.plus_seconds(-WAITS_S))?;
    all.retain(|rejection| match rejection.waits_for_answer() {
        true => answers,
        false => settles,
    });
    let mut ids: Vec<i64> = all.iter().map(|rejection| rejection.lead_id).collect();
    ids.dedup();
    let promised = match answers {
        true => store::promised_by(conn, &ids)?,
        false => Vec::new(),
    };
    let mut of_lead: HashMap<i64, Vec<(Instant, Option<i64>)>> = HashMap::new();
    for (lead_id, at, by_id) in promised {
        of_lead.entry(lead_id).or_default().push((at, by_id));
    }
    let mut leads: HashMap<i64, Lead> = HashMap::new();
    for ids in ids.chunks(BATCH_ROWS) {
        let visible = leads::store::visible_by_ids(conn, me, ids)?;
        leads.extend(visible.into_iter().map(|lead| (lead.id, lead)));
    }
    let is_theirs = |lead: &Lead, rejection: &Rejection| {
        if rejection.waits_for_settling() {
            return me.role != Role::Rep || lead.owner_id == Some(me.id);
        }
        let starts = of_lead.get(&lead.id).into_iter().flatten();
        let newest = starts
            .filter(|(at, _)| *at <= rejection.at)
            .max_by_key(|(at, _)| *at);
        newest.is_some_and(|(_, by)| directory.answering(*by).contains(&me.id))
    };
    let theirs = all.into_iter().filter_map(|rejection| {
        let lead = leads.get(&rejection.lead_id)?;
        is_theirs(lead, &rejection).then(|| (lead.clone(), rejection))
    });
    Ok(theirs.collect())
}
