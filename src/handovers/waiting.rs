//! What waits for somebody's word: rejections to answer, disputes to settle, questions, and leads back from nurture.

use super::store;
use crate::calendar::Calendars;
use crate::db::{BATCH_ROWS, Conn};
use crate::definitions::Definitions;
use crate::error::Result;
use crate::leads::{self, Lead};
use crate::page;
use crate::people::Directory;
use crate::rules::access::{LOGGERS, MARKETERS, Me, Role};
use crate::rules::level::{Due, Window};
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
    kept: (&Directory, &Calendars, &Definitions),
    now: Instant,
) -> Result<(Vec<Waiting>, usize)> {
    let directory = kept.0;
    let when = |at| page::short_time(at, &me.zone, me.zone.day_of(now));
    let mut waits: Vec<Waiting> = Vec::new();
    let rejections = rejections(conn, me, kept, now)?;
    for one in rejections.iter().take(MOST) {
        let (lead, rejection) = (&one.lead, &one.rejection);
        let by = directory.name(rejection.by_id);
        waits.push(Waiting {
            href: format!("/leads/{}", lead.uid),
            title: lead.title_name().to_owned(),
            sub: format!(
                "{}. {by}, {}{}",
                rejection.reason,
                when(rejection.at),
                one.due_words(now, when)
            ),
            what: match rejection.is_disputed() {
                true => "Disputed",
                false => "Rejected",
            },
        });
    }
    let more = rejections.len().saturating_sub(MOST);
    waits.extend(questions(conn, me, directory, when)?);
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

/// The open questions that wait for the asker.
fn questions(
    conn: &mut Conn,
    me: &Me,
    directory: &Directory,
    when: impl Fn(Instant) -> String,
) -> Result<Vec<Waiting>> {
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
    let waiting = open.take(MOST).map(|(lead, thread)| {
        let question = &thread.question.remark;
        let by = directory.name(Some(question.by_id));
        Waiting {
            href: format!("/leads/{}?say=answer:{}", lead.uid, question.uid),
            title: lead.title_name().to_owned(),
            sub: format!("{} {by}, {}", question.text, when(question.at)),
            what: "Question",
        }
    });
    Ok(waiting.collect())
}

/// A rejection that waits for somebody's word, and until when marketing promised its answer.
struct Rejected {
    lead: Lead,
    rejection: Rejection,
    window: Option<Window>,
}

impl Rejected {
    /// `; answer until tomorrow 10:00`; empty where nothing was promised, or it is answered.
    fn due_words(&self, now: Instant, when: impl Fn(Instant) -> String) -> String {
        match &self.window {
            None => String::new(),
            Some(window) if window.due(now) == Due::Over => {
                format!("; answer overdue since {}", when(window.due_at))
            }
            Some(window) => format!("; answer until {}", when(window.due_at)),
        }
    }
}

/// The rejections of the last year that wait for somebody's word, oldest first: who answers for a hand-over answers its
/// rejections, and sales settles what is disputed.
fn rejections(
    conn: &mut Conn,
    me: &Me,
    (directory, calendars, definitions): (&Directory, &Calendars, &Definitions),
    now: Instant,
) -> Result<Vec<Rejected>> {
    let all = talk::store::rejections_waiting(conn, now.plus_seconds(-WAITS_S))?;
    let (asked, disputed): (Vec<Rejection>, Vec<Rejection>) =
        all.into_iter().partition(Rejection::waits_for_answer);
    let mut theirs: Vec<(Rejection, Option<Window>)> = Vec::new();
    if MARKETERS.allows(me.role) {
        let answering = talk::answering(conn, calendars, definitions, asked)?;
        let mine = answering
            .into_iter()
            .filter(|one| directory.answering(one.by_id).contains(&me.id));
        theirs.extend(mine.map(|one| (one.rejection, one.window)));
    }
    if LOGGERS.allows(me.role) {
        theirs.extend(disputed.into_iter().map(|rejection| (rejection, None)));
    }
    theirs.sort_by_key(|(rejection, _)| (rejection.at, rejection.event_id));
    let mut ids: Vec<i64> = theirs.iter().map(|(one, _)| one.lead_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut leads: HashMap<i64, Lead> = HashMap::new();
    for ids in ids.chunks(BATCH_ROWS) {
        let visible = leads::store::visible_by_ids(conn, me, ids)?;
        leads.extend(visible.into_iter().map(|lead| (lead.id, lead)));
    }
    let settles = |lead: &Lead| me.role != Role::Rep || lead.owner_id == Some(me.id);
    let seen = theirs.into_iter().filter_map(|(rejection, window)| {
        let lead = leads.get(&rejection.lead_id)?;
        (rejection.waits_for_answer() || settles(lead)).then(|| Rejected {
            lead: lead.clone(),
            rejection,
            window,
        })
    });
    Ok(seen.collect())
}
