//! Questions on a lead, and answers to them.

use super::store;
pub use super::store::Remark;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::leads;
use crate::value::Instant;
use std::collections::HashMap;

/// For so long one's own word can be taken back.
pub const TAKE_BACK_S: i64 = 3_600;

/// A question or an answer, with whom it names.
#[derive(Debug, Clone)]
pub struct Said {
    pub remark: Remark,
    /// To whom a question goes, and who else was told.
    pub people: Vec<i64>,
    pub is_taken_back: bool,
}

impl Said {
    /// Whether somebody may still take it back at an instant.
    pub fn may_be_taken_back(&self, person_id: i64, now: Instant) -> bool {
        self.remark.by_id == person_id
            && !self.is_taken_back
            && now <= self.remark.at.plus_seconds(TAKE_BACK_S)
    }
}

/// A question with its answers, oldest first.
#[derive(Debug, Clone)]
pub struct Thread {
    pub question: Said,
    pub answers: Vec<Said>,
}

impl Thread {
    /// Asked, not taken back, and without an answer that stands.
    pub fn is_open(&self) -> bool {
        !self.question.is_taken_back && self.answers.iter().all(|answer| answer.is_taken_back)
    }

    /// Whether it waits for an answer of somebody's.
    pub fn waits_for(&self, person_id: i64) -> bool {
        self.is_open() && self.question.people.contains(&person_id)
    }
}

/// Questions with their answers, from all rows of some leads in the order in which they were written.
pub fn threads(remarks: Vec<Remark>, people: &HashMap<i64, Vec<i64>>) -> Vec<Thread> {
    let taken_back: Vec<i64> = remarks.iter().filter_map(|r| r.replaces_id).collect();
    let mut threads: Vec<Thread> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    for remark in remarks.into_iter().filter(|r| r.replaces_id.is_none()) {
        let said = Said {
            people: people.get(&remark.id).cloned().unwrap_or_default(),
            is_taken_back: taken_back.contains(&remark.id),
            remark,
        };
        match said.remark.answers_id {
            None => {
                places.insert(said.remark.id, threads.len());
                threads.push(Thread {
                    question: said,
                    answers: Vec::new(),
                });
            }
            Some(question) => {
                if let Some(place) = places.get(&question) {
                    threads[*place].answers.push(said);
                }
            }
        }
    }
    threads
}

/// Something to be said about a lead, once under its client-made id.
#[derive(Debug, Clone)]
pub struct NewRemark {
    pub uid: String,
    pub text: String,
    /// Who is told too, beside those whom it concerns.
    pub tell: Vec<i64>,
}

/// What is to be said, unless a form that was sent twice has said it: by its id and the same words. Other words under an
/// id that was used, as after going back to a form, are said under an id of their own.
fn unsaid(
    tx: &mut Tx,
    lead_id: i64,
    answers_id: Option<i64>,
    new: &NewRemark,
) -> Result<Option<NewRemark>> {
    if store::remark_of_uid(tx.conn, &new.uid)?.is_none() {
        return Ok(Some(new.clone()));
    }
    let me = tx.me()?.id;
    let remarks = store::remarks(tx.conn, lead_id)?;
    let is_said = remarks.iter().any(|remark| {
        remark.by_id == me && remark.answers_id == answers_id && remark.text == new.text
    });
    let uid = uuid::Uuid::now_v7().to_string();
    Ok((!is_said).then(|| NewRemark { uid, ..new.clone() }))
}

/// Asks about a lead that the asker may see; `to` are those whom it concerns, whoever is named in it aside.
pub fn ask(tx: &mut Tx, lead_uid: &str, new: &NewRemark, to: &[i64]) -> Result<()> {
    let lead = leads::visible(tx, lead_uid)?;
    leads::refuse_words(&lead, &[&new.text])?;
    let me = tx.me()?.id;
    let Some(new) = &unsaid(tx, lead.id, None, new)? else {
        return Ok(());
    };
    let mut people: Vec<i64> = to.iter().chain(&new.tell).copied().collect();
    people.sort_unstable();
    people.dedup();
    people.retain(|person| *person != me);
    if people.is_empty() {
        return Err(Error::refused(
            "Nobody would read this question yet: tick whom to ask.",
        ));
    }
    let handed_over_at = lead.handed_over_at;
    store::add_remark(tx, (lead.id, handed_over_at), new, None, &people)?;
    let notice = |text| Notice {
        lead_id: Some(lead.id),
        text,
        ..Notice::default()
    };
    let mentioned: Vec<i64> = new
        .tell
        .iter()
        .copied()
        .filter(|id| !to.contains(id))
        .collect();
    inbox::tell(
        tx,
        to,
        NoticeKind::Asked,
        &notice(format!("Question: {}", new.text)),
    )?;
    let text = format!("You are named in a question: {}", new.text);
    inbox::tell(tx, &mentioned, NoticeKind::Mentioned, &notice(text))
}

/// Answers a question on a lead that the answerer may see.
pub fn answer(tx: &mut Tx, lead_uid: &str, question_uid: &str, new: &NewRemark) -> Result<()> {
    let lead = leads::visible(tx, lead_uid)?;
    leads::refuse_words(&lead, &[&new.text])?;
    let thread = thread_of(tx, lead.id, question_uid)?;
    let thread = thread.filter(|thread| thread.question.remark.uid == question_uid);
    let question = thread.ok_or(Error::NotFound)?.question;
    let Some(new) = &unsaid(tx, lead.id, Some(question.remark.id), new)? else {
        return Ok(());
    };
    if question.is_taken_back {
        return Err(Error::Conflict(
            "This question was taken back while you wrote.".to_owned(),
        ));
    }
    let about = (lead.id, question.remark.handed_over_at);
    store::add_remark(tx, about, new, Some(question.remark.id), &new.tell)?;
    let notice = |text| Notice {
        lead_id: Some(lead.id),
        text,
        ..Notice::default()
    };
    let mut concerned = question.people.clone();
    concerned.push(question.remark.by_id);
    let mentioned: Vec<i64> = new
        .tell
        .iter()
        .copied()
        .filter(|id| !concerned.contains(id))
        .collect();
    inbox::tell(
        tx,
        &concerned,
        NoticeKind::Answered,
        &notice(format!("Answer: {}", new.text)),
    )?;
    let text = format!("You are named in an answer: {}", new.text);
    inbox::tell(tx, &mentioned, NoticeKind::Mentioned, &notice(text))
}

/// Takes one's own question or answer back, within an hour and before a question was answered.
pub fn take_back(tx: &mut Tx, lead_uid: &str, remark_uid: &str) -> Result<()> {
    let lead = leads::visible(tx, lead_uid)?;
    let me = tx.me()?.id;
    let thread = thread_of(tx, lead.id, remark_uid)?.ok_or(Error::NotFound)?;
    let is_question = thread.question.remark.uid == remark_uid;
    let said = match is_question {
        true => Some(&thread.question),
        false => thread.answers.iter().find(|a| a.remark.uid == remark_uid),
    };
    let said = said.ok_or(Error::NotFound)?;
    if said.is_taken_back {
        return Ok(());
    }
    if said.remark.by_id != me {
        return Err(Error::Forbidden);
    }
    if is_question && !thread.is_open() {
        return Err(Error::Conflict(
            "Somebody has answered this question: it stays, with its answer.".to_owned(),
        ));
    }
    if !said.may_be_taken_back(me, tx.now) {
        return Err(Error::refused(
            "A word can be taken back within an hour: say now what you mean instead.",
        ));
    }
    store::add_taking_back(tx, &said.remark)
}

/// The question with this id, or the one with this answer.
fn thread_of(tx: &mut Tx, lead_id: i64, remark_uid: &str) -> Result<Option<Thread>> {
    let remarks = store::remarks(tx.conn, lead_id)?;
    let people = store::people(tx.conn, lead_id)?;
    let has = |thread: &Thread| {
        let said = std::iter::once(&thread.question).chain(&thread.answers);
        said.into_iter().any(|said| said.remark.uid == remark_uid)
    };
    Ok(threads(remarks, &people).into_iter().find(has))
}
