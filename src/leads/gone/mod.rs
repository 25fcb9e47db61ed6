//! A lead that was somebody's and went to somebody else while they wrote about it: they are told, and get what they
//! typed back. What they did while it was theirs counts (docs/decisions/0028).

mod store;

pub use store::is_sent_on;

use super::Lead;
use crate::app::{Cx, Tx};
use crate::db::{self, Conn};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Reply};
use crate::people::Directory;
use crate::rules::access::{LOGGERS, Me, Role};
use crate::value::Instant;
use std::sync::Arc;
use store::Owned;

/// What became of a lead that was the asker's.
pub struct Gone {
    /// What it is called.
    pub name: String,
    /// `Given to Ben Beck by Max Maier, 10:15.`
    pub news: String,
}

/// The lead of a touch.
pub struct Touched {
    pub lead: Lead,
    /// Whether its maker may see it still.
    pub is_theirs: bool,
}

/// What people type about a lead: the fields of all forms that are posted to one, and what stands above each.
const TYPED: [(&str, &str); 24] = [
    ("reason", "Reason"),
    ("note", "Note"),
    ("text", "Text"),
    ("stars", "Rating"),
    ("landed", "What landed"),
    ("what", "In words"),
    ("day", "Day"),
    ("time", "Time"),
    ("asset", "Asset"),
    ("link", "Link"),
    ("amount", "Amount"),
    ("currency", "Currency"),
    ("return_on", "Come back on"),
    ("name", "Person"),
    ("company", "Company"),
    ("title", "Job title"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("background", "Background"),
    ("country", "Country"),
    ("region", "Region"),
    ("post_code", "Post code"),
    ("employees", "Employees"),
    ("segment", "Segment"),
];

const NOTE: usize = 1;

/// Answers a post about a lead that is not the asker's any more (409); `None` where it still is, or never was.
pub fn answer(cx: &Cx) -> Result<Option<Reply>> {
    let form = cx.form();
    match cx.param("uid") {
        Ok(uid) => about(cx, uid, &form, &TYPED),
        Err(_) => answer_entry(cx),
    }
}

/// As [`answer`], for an entry of the log: it names its lead in the form, and most of it by number.
pub fn answer_entry(cx: &Cx) -> Result<Option<Reply>> {
    let form = cx.form();
    about(cx, form.value("lead"), &form, &TYPED[NOTE..=NOTE])
}

fn about(cx: &Cx, uid: &str, form: &Form, fields: &[(&str, &str)]) -> Result<Option<Reply>> {
    let Some(gone) = cx.snapshot(|conn| find(conn, cx, uid))? else {
        return Ok(None);
    };
    let title = format!("{} is not yours any more", gone.name);
    let typed = page::typed(form, fields);
    page::give_back(cx, title, &gone.news, typed, ("/leads", "Go to the leads")).map(Some)
}

/// What became of a lead that the asker worked, or that waited for whoever takes it: what they may still know, which is
/// when it ceased to be theirs, and by whose deed.
pub fn find(conn: &mut Conn, cx: &Cx, uid: &str) -> Result<Option<Gone>> {
    let me = cx.me()?;
    let Some(lead) = store::lead(conn, uid)? else {
        return Ok(None);
    };
    let directory: Arc<Directory> = cx.kept.get(conn)?;
    let owned = store::owned(conn, lead.id)?;
    let was_mine = |owned: &Owned| owned.owner_id.is_some_and(|id| works(&directory, me, id));
    let news = match owned.iter().rposition(was_mine) {
        Some(last) => owned.get(last + 1).map(|next| words(cx, &directory, next)),
        None => is_taken(me, &owned, lead.handed_over_at)
            .then(|| "Somebody else has it now.".to_owned()),
    };
    Ok(news.map(|news| Gone {
        name: lead.name.title().to_owned(),
        news,
    }))
}

/// The lead of a touch of `tx.me` at an instant: one that they may see, one that was theirs to work then, or the one that
/// the entry had before it was mended. Nobody else changes it until the transaction ends.
pub fn touched(tx: &mut Tx, uid: &str, at: Instant, before: Option<i64>) -> Result<Touched> {
    match super::visible(tx, uid) {
        Err(Error::NotFound) => {}
        found => {
            return Ok(Touched {
                lead: found?,
                is_theirs: true,
            });
        }
    }
    let named = store::lead(tx.conn, uid)?.ok_or(Error::NotFound)?;
    if before != Some(named.id) && !was_theirs(tx, &named, at)? {
        return Err(Error::NotFound);
    }
    db::hold(tx.conn, "leads", named.id)?;
    Ok(Touched {
        lead: super::store::by_id(tx.conn, named.id)?,
        is_theirs: false,
    })
}

/// Whether a lead was the asker's to work at an instant, or waited in the queue for whoever takes it.
fn was_theirs(tx: &mut Tx, named: &store::Named, at: Instant) -> Result<bool> {
    let me = tx.me()?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let owned = store::owned(tx.conn, named.id)?;
    let is_handed_over = store::is_handed_over(tx.conn, named.id, at)?;
    Ok(match owned.iter().rfind(|owned| owned.at <= at) {
        Some(Owned {
            owner_id: Some(id), ..
        }) => works(&directory, me, *id),
        _ => is_handed_over && LOGGERS.allows(me.role),
    })
}

/// Whether a lead of somebody's is the asker's to work: their own, or of a team of theirs.
fn works(directory: &Directory, me: &Me, owner_id: i64) -> bool {
    let mut theirs = directory.memberships_of(owner_id);
    owner_id == me.id || me.role == Role::Manager && theirs.any(|m| me.teams.contains(&m.team_id))
}

/// Whether it waited for an owner, and has one now.
fn is_taken(me: &Me, owned: &[Owned], handed_over_at: Option<Instant>) -> bool {
    let waited = match owned {
        [.., before, _] => before.owner_id.is_none(),
        [first] => handed_over_at.is_some_and(|at| at < first.at),
        [] => false,
    };
    let is_owned = owned.last().is_some_and(|last| last.owner_id.is_some());
    LOGGERS.allows(me.role) && waited && is_owned
}

fn words(cx: &Cx, directory: &Directory, next: &Owned) -> String {
    let name = |id: Option<i64>| match id {
        id if id.is_some() && id == cx.who.as_ref().map(|me| me.id) => "you",
        id => directory.name(id),
    };
    let by = match name(next.by_id) {
        "" => String::new(),
        by => format!(" by {by}"),
    };
    let what = match (next.owner_id, name(next.owner_id)) {
        (None, _) => format!("Sent back to the unassigned leads{by}"),
        (owner, owner_name) if owner == next.by_id => format!("Taken by {owner_name}"),
        (_, owner_name) => format!("Given to {owner_name}{by}"),
    };
    let when = page::short_time(next.at, cx.zone(), cx.zone().day_of(cx.now));
    match next.reason.as_str() {
        "" => format!("{what}, {when}."),
        reason => format!("{what}, {when} ({}).", reason.to_lowercase()),
    }
}
