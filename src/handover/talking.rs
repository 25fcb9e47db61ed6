//! What was said about a lead, in ready words.

use super::say::landed;
use super::timeline::{Entry, Names, by};
use super::{May, Story};
use crate::app::Cx;
use crate::rules::access::{MARKETERS, Me};
use crate::talk::{Rejection, Said, Talk, Thread, rating_of};
use crate::value::Instant;

/// The part of a lead's page in which people talk.
pub struct TalkView {
    pub rejections: Vec<RejectionView>,
    pub threads: Vec<ThreadView>,
    /// How the newest hand-over is rated; empty where it is not.
    pub rating: String,
    pub may_rate: bool,
    /// What waits for a word of the reader's.
    pub waiting: Vec<WaitingView>,
}

/// Something that somebody asks the reader, and where they answer it.
pub struct WaitingView {
    pub what: &'static str,
    pub text: String,
    pub by: String,
    pub href: String,
    pub label: &'static str,
}

pub struct RejectionView {
    /// The place of its event.
    pub id: i64,
    pub title: String,
    pub lines: Vec<String>,
    /// What is to be done now, in words; empty when nothing is.
    pub waits: &'static str,
    pub may_answer: bool,
    pub may_settle: bool,
}

pub struct ThreadView {
    pub question: SaidView,
    pub answers: Vec<SaidView>,
    pub is_open: bool,
}

pub struct SaidView {
    pub uid: String,
    pub by: String,
    /// Whom it names.
    pub to: String,
    pub text: String,
    pub is_taken_back: bool,
    pub may_take_back: bool,
}

impl TalkView {
    pub fn new(cx: &Cx, me: &Me, story: &Story, may: &May, talk: &Talk, names: &Names) -> TalkView {
        let rating = story
            .handover()
            .and_then(|h| rating_of(&talk.ratings, &story.handovers, h));
        let rejections = talk.rejections.iter().rev();
        TalkView {
            rejections: rejections
                .map(|r| rejection(cx, me, may, r, names))
                .collect(),
            threads: threads(cx, me, &talk.threads, names),
            waiting: waiting(cx, me, story, may, talk, names),
            rating: rating
                .map(|rating| {
                    let landed = landed(rating.asset_id, &rating.landed, names);
                    stars(rating.stars, &landed)
                })
                .unwrap_or_default(),
            may_rate: story.lead.owner_id == Some(me.id) && story.handover().is_some(),
        }
    }
}

fn waiting(
    cx: &Cx,
    me: &Me,
    story: &Story,
    may: &May,
    talk: &Talk,
    names: &Names,
) -> Vec<WaitingView> {
    let path = format!("/leads/{}", story.lead.uid);
    let asked = talk.threads.iter().filter(|t| t.waits_for(me.id)).map(|t| {
        let remark = &t.question.remark;
        WaitingView {
            what: "Question for you",
            text: remark.text.clone(),
            by: by(cx, names.person(Some(remark.by_id)), remark.at),
            href: format!("{path}?say=answer:{}", remark.uid),
            label: "Answer",
        }
    });
    let rejected = talk.rejections.iter().filter_map(|rejection| {
        let (what, href, label) = match () {
            () if rejection.waits_for_answer() && MARKETERS.allows(me.role) => (
                "Rejected",
                format!("#rejection-{}", rejection.event_id),
                "Agree or dispute",
            ),
            () if rejection.waits_for_settling() && may.move_on => (
                "Disputed",
                format!("{path}?say=settle:{}", rejection.event_id),
                "Settle the dispute",
            ),
            () => return None,
        };
        let (text, who, at) = match &rejection.answer {
            Some(said) => (&said.text, Some(said.by_id), said.at),
            None => (&rejection.reason, rejection.by_id, rejection.at),
        };
        Some(WaitingView {
            what,
            text: text.clone(),
            by: by(cx, names.person(who), at),
            href,
            label,
        })
    });
    asked.chain(rejected).collect()
}

pub fn threads(cx: &Cx, me: &Me, threads: &[Thread], names: &Names) -> Vec<ThreadView> {
    let view = |thread: &Thread| ThreadView {
        question: said(cx, me, &thread.question, names, thread.is_open()),
        answers: thread
            .answers
            .iter()
            .map(|a| said(cx, me, a, names, true))
            .collect(),
        is_open: thread.is_open(),
    };
    threads.iter().map(view).collect()
}

fn said(cx: &Cx, me: &Me, said: &Said, names: &Names, is_loose: bool) -> SaidView {
    let people = said.people.iter().map(|id| names.person(Some(*id)));
    SaidView {
        uid: said.remark.uid.clone(),
        by: by(cx, names.person(Some(said.remark.by_id)), said.remark.at),
        to: people.collect::<Vec<_>>().join(", "),
        text: match said.is_taken_back {
            true => String::new(),
            false => said.remark.text.clone(),
        },
        is_taken_back: said.is_taken_back,
        may_take_back: is_loose && said.may_be_taken_back(me.id, cx.now),
    }
}

fn rejection(cx: &Cx, me: &Me, may: &May, rejection: &Rejection, names: &Names) -> RejectionView {
    let mut lines = vec![by(cx, names.person(rejection.by_id), rejection.at)];
    if !rejection.note.is_empty() {
        lines.push(rejection.note.clone());
    }
    for replied in rejection.replies() {
        let who = by(cx, names.person(Some(replied.by_id)), replied.at);
        lines.push(match replied.text.as_str() {
            "" => format!("{}. {who}", replied.reply.label()),
            text => {
                let text = text.trim_end_matches('.');
                format!("{}: {text}. {who}", replied.reply.label())
            }
        });
    }
    RejectionView {
        id: rejection.event_id,
        title: format!("Rejected: {}", rejection.reason),
        lines,
        waits: match () {
            () if rejection.waits_for_answer() => "Waits for marketing's answer",
            () if rejection.waits_for_settling() => "Disputed: sales decides",
            () => "",
        },
        may_answer: rejection.answer.is_none() && MARKETERS.allows(me.role),
        may_settle: rejection.waits_for_settling() && may.move_on,
    }
}

/// `4 of 5; what landed: Price list`.
pub fn stars(stars: i32, landed: &str) -> String {
    match landed {
        "" => format!("{stars} of 5"),
        landed => format!("{stars} of 5; what landed: {landed}"),
    }
}

/// What was said, as entries of a history, in no order.
pub fn entries(cx: &Cx, talk: &Talk, names: &Names) -> Vec<(Instant, u8, i64, Entry)> {
    let entry = |icon, title: String, who: i64, at, note: &str| Entry {
        icon,
        title,
        by: by(cx, names.person(Some(who)), at),
        note: note.to_owned(),
        ..Entry::default()
    };
    let mut all = Vec::new();
    for rejection in &talk.rejections {
        for replied in rejection.replies() {
            let title = replied.reply.label().to_owned();
            let said = entry("info", title, replied.by_id, replied.at, &replied.text);
            all.push((replied.at, 3, rejection.event_id, said));
        }
    }
    for rating in &talk.ratings {
        let landed = landed(rating.asset_id, &rating.landed, names);
        let title = format!("Rated {}", stars(rating.stars, &landed));
        all.push((
            rating.at,
            4,
            rating.id,
            entry("flag", title, rating.by_id, rating.at, &rating.note),
        ));
    }
    for thread in &talk.threads {
        let question = ("Question", &thread.question);
        let answers = thread.answers.iter().map(|answer| ("Answer", answer));
        for (title, said) in std::iter::once(question).chain(answers) {
            let remark = &said.remark;
            let text = if said.is_taken_back { "" } else { &remark.text };
            let mut told = entry("people", title.to_owned(), remark.by_id, remark.at, text);
            told.is_replaced = said.is_taken_back;
            all.push((remark.at, 5, remark.id, told));
        }
    }
    all
}
