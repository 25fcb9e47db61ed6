//! What waits for somebody's word: rejections to answer, disputes to settle, questions, and leads back from nurture.

use super::filter::is_mine;
use super::passed::Passed;
use super::store;
use crate::db::Conn;
use crate::error::Result;
use crate::leads;
use crate::page;
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::talk::{self, Rejection, threads};
use crate::value::Instant;

/// So many of each are listed.
const MOST: usize = 8;

pub struct Waiting {
    pub href: String,
    pub title: String,
    pub sub: String,
    pub what: &'static str,
}

/// What waits for the asker, the oldest of each kind first, and how many rejections more.
pub fn waiting(
    conn: &mut Conn,
    me: &Me,
    all: &[Passed],
    directory: &Directory,
    now: Instant,
) -> Result<(Vec<Waiting>, usize)> {
    let when = |at| page::short_time(at, &me.zone, me.zone.day_of(now));
    let mut waits: Vec<Waiting> = Vec::new();
    let rejections = all.iter().rev().filter_map(|passed| {
        let rejection = passed.rejection.as_ref()?;
        Some((passed, rejection, what_of(passed, rejection, me)?))
    });
    let rejections: Vec<_> = rejections.collect();
    for (passed, rejection, what) in rejections.iter().take(MOST) {
        let by = directory.name(rejection.by_id);
        waits.push(Waiting {
            href: format!("/leads/{}", passed.lead.uid),
            title: passed.lead.name.title().to_owned(),
            sub: format!("{}. {by}, {}", rejection.reason, when(rejection.at)),
            what,
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
    for thread in open.take(MOST) {
        let question = &thread.question.remark;
        let Some(lead) = visible.iter().find(|lead| lead.id == question.lead_id) else {
            continue;
        };
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
            what: "Back from nurture",
        }));
    }
    Ok((waits, more))
}

/// What a rejection asks of somebody; nothing where it is another's turn.
fn what_of(passed: &Passed, rejection: &Rejection, me: &Me) -> Option<&'static str> {
    let is_open = passed.owner_id == Some(me.id) || me.is_one_of(&[Role::Manager, Role::Admin]);
    let answers = me.role == Role::Marketing && is_mine(passed, me);
    if rejection.waits_for_answer() && answers {
        Some("Rejected")
    } else if rejection.waits_for_settling() && is_open {
        Some("Disputed")
    } else {
        None
    }
}
