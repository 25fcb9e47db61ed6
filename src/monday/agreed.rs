//! What was agreed, on the page of a pack: carried into it, made on it, and settled.

use super::commitments::{
    Commitment, NOTE_MOST, NewCommitment, TEXT_MOST, Verdict, commit, known, may_commit,
    may_settle, settle,
};
use super::content::{Carried, Content};
use super::pages::{address, asked_for, pack_page};
use super::store::{self, Pack};
use crate::app::Cx;
use crate::error::Error;
use crate::form::read_day;
use crate::page::{self, Answer};
use crate::people::Directory;
use crate::rules::access::Me;
use crate::value::Instant;
use chrono::NaiveDate;
use std::sync::Arc;

/// A commitment in ready words.
pub struct CommitmentView {
    pub id: i64,
    pub text: String,
    pub owner: String,
    pub due: String,
    pub made: String,
    /// Empty while it is open.
    pub verdict: &'static str,
    pub tone: &'static str,
    pub note: String,
    pub is_overdue: bool,
    pub may_settle: bool,
}

/// What was carried into a pack, as far as it is seen.
pub fn carried(cx: &Cx, seen: &Content, all: &[Commitment], me: &Me) -> Vec<CommitmentView> {
    let since = |id: i64| all.iter().find(|row| row.id == id);
    let views = seen.carried.iter();
    views
        .map(|one| carried_view(cx, one, since(one.id), me))
        .collect()
}

/// What was agreed on a pack, as far as it is seen.
pub fn agreed(
    cx: &Cx,
    pack: &Pack,
    all: &[Commitment],
    directory: &Directory,
    me: &Me,
) -> Vec<CommitmentView> {
    let seen = agreed_on(pack, all, me);
    seen.map(|row| made_view(cx, row, directory, me)).collect()
}

/// What was agreed on a pack: a rep sees what is theirs.
pub fn agreed_on<'c>(
    pack: &Pack,
    all: &'c [Commitment],
    me: &Me,
) -> impl Iterator<Item = &'c Commitment> {
    let sees = move |row: &&Commitment| may_commit(me) || row.owner_id == me.id;
    let theirs = all.iter().filter(|row| row.pack_id == pack.id);
    theirs.filter(sees)
}

/// As it was carried into the pack, and what was said of it since.
fn carried_view(cx: &Cx, one: &Carried, since: Option<&Commitment>, me: &Me) -> CommitmentView {
    let frozen = one.verdict.as_deref().and_then(Verdict::from_word);
    let end = since.and_then(|row| row.end.as_ref());
    let verdict = frozen.or(end.map(|end| end.verdict));
    let later = frozen.is_none().then_some(end).flatten();
    CommitmentView {
        note: match later {
            Some(end) => [end.note.clone(), settled_at(cx, end.at)]
                .join(" ")
                .trim()
                .to_owned(),
            None => one.note.clone(),
        },
        ..view(
            one.id,
            (&one.text, &one.owner),
            (one.due_on, one.made_on),
            verdict,
            me,
            one.owner_id,
            cx,
        )
    }
}

/// One that was made on this pack.
fn made_view(cx: &Cx, row: &Commitment, directory: &Directory, me: &Me) -> CommitmentView {
    let owner = directory.name(Some(row.owner_id));
    let verdict = row.end.as_ref().map(|end| end.verdict);
    let note = row.end.as_ref().map_or_else(String::new, |end| {
        [end.note.clone(), settled_at(cx, end.at)]
            .join(" ")
            .trim()
            .to_owned()
    });
    CommitmentView {
        note,
        ..view(
            row.id,
            (&row.text, owner),
            (row.due_on, row.monday),
            verdict,
            me,
            row.owner_id,
            cx,
        )
    }
}

fn settled_at(cx: &Cx, at: Instant) -> String {
    format!("(said {})", page::time(at, cx.zone()))
}

fn view(
    id: i64,
    (text, owner): (&str, &str),
    (due_on, made_on): (NaiveDate, NaiveDate),
    verdict: Option<Verdict>,
    me: &Me,
    owner_id: i64,
    cx: &Cx,
) -> CommitmentView {
    CommitmentView {
        id,
        text: text.to_owned(),
        owner: owner.to_owned(),
        due: page::day(due_on),
        made: page::day(made_on),
        verdict: verdict.map_or("", Verdict::label),
        tone: match verdict {
            Some(Verdict::Kept) => "good",
            Some(Verdict::NotKept) => "warn",
            _ => "quiet",
        },
        note: String::new(),
        is_overdue: verdict.is_none() && due_on < cx.zone().day_of(cx.now),
        may_settle: verdict.is_none() && may_settle(me, owner_id),
    }
}

/// Who may be asked to do something: whoever is here.
pub fn owners(directory: &Directory) -> impl Iterator<Item = (String, String)> {
    let here = directory
        .people
        .iter()
        .filter(|person| person.left_on.is_none());
    let people = here.map(|person| (person.uid.clone(), person.name.clone()));
    let nobody = [(String::new(), "Choose somebody".to_owned())];
    nobody.into_iter().chain(people)
}

/// POST /monday/{monday}/commitments: somebody will do something.
pub fn create(cx: &Cx) -> Answer {
    let pack = asked_for(cx)?;
    let mut form = cx.form();
    let directory: Arc<Directory> = cx.reference()?;
    let read = (
        form.required("text", TEXT_MOST, "what will be done"),
        form.parsed("owner", "who will do it", |uid| {
            directory.person_of_uid(uid).map(|person| person.id)
        }),
        form.parsed(
            "due_on",
            &format!("a date such as {}, and none before this week", pack.monday),
            |day| read_day(day).filter(|day| *day >= pack.monday),
        ),
    );
    let (Some(text), Some(owner_id), Some(due_on)) = read else {
        return page::again(&pack_page(cx, &pack, form)?);
    };
    let new = NewCommitment {
        text,
        owner_id,
        due_on,
    };
    match cx.write(|tx| commit(tx, pack.monday, &new)) {
        Ok(_) => page::go_to(format!("{}?done=committed#agreed", address(pack.monday))),
        Err(Error::Refused(why)) => {
            form.refuse("text", why);
            page::again(&pack_page(cx, &pack, form)?)
        }
        Err(error) => Err(error),
    }
}

/// POST /commitments/{id}: what became of it.
pub fn settle_one(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    let mut form = cx.form();
    let me = cx.me()?;
    let pack = cx.read(|conn| {
        known(conn, me, id)?;
        store::newest(conn)?.ok_or(Error::NotFound)
    })?;
    let read = (
        form.parsed("verdict", "kept, not kept or dropped", Verdict::from_word),
        form.text("note", NOTE_MOST),
    );
    let (Some(verdict), Some(note)) = read else {
        return page::again(&pack_page(cx, &pack, form)?);
    };
    match cx.write(|tx| settle(tx, id, verdict, &note)) {
        Ok(()) => page::go_to("/monday?done=settled#carried"),
        Err(Error::Refused(why)) => {
            form.refuse("note", why);
            page::again(&pack_page(cx, &pack, form)?)
        }
        Err(Error::Conflict(why)) => {
            let typed = match note.as_str() {
                "" => String::new(),
                note => format!(" You wrote: \u{201c}{note}\u{201d}."),
            };
            form.refuse("note", why + &typed);
            page::with_status(409, &pack_page(cx, &pack, form)?)
        }
        Err(error) => Err(error),
    }
}
