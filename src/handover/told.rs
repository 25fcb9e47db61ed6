//! Who is told what people do to leads.

use super::{Move, Story};
use crate::app::Tx;
use crate::error::Result;
use crate::inbox::{self, Notice, NoticeKind};
use crate::leads::Handover;
use crate::page;
use crate::people::Directory;
use crate::rules::stage::EventKind;
use crate::talk::{Rejection, Reply};
use std::sync::Arc;

/// Tells marketing of a move, and the owner where somebody else made it.
pub fn moved(tx: &mut Tx, story: &Story, wanted: &Move) -> Result<()> {
    let kind = match wanted.kind {
        EventKind::Accepted => NoticeKind::Accepted,
        EventKind::Rejected => NoticeKind::Rejected,
        kind if kind.is_closing() => NoticeKind::Exited,
        _ => return Ok(()),
    };
    let mut people: Vec<i64> = story.lead.owner_id.into_iter().collect();
    if let Some(handover) = story.handover() {
        people.extend(promisers(tx, handover)?);
    }
    let mut text = wanted.kind.label().to_owned();
    if !wanted.reason.is_empty() {
        text = format!("{text}: {}", wanted.reason);
    }
    if let Some(day) = wanted.return_on {
        text = format!("{text}, to come back on {}", page::day(day));
    }
    inbox::tell(tx, &people, kind, &notice(story, text))
}

/// Tells sales of marketing's answer to a rejection, and marketing of how a dispute was settled.
pub fn replied(tx: &mut Tx, story: &Story, rejection: &Rejection, reply: Reply) -> Result<()> {
    let mut people: Vec<i64> = story.lead.owner_id.into_iter().collect();
    people.extend(rejection.by_id);
    let kind = match reply {
        Reply::Agreed => NoticeKind::Agreed,
        // Who may settle it.
        Reply::Disputed => {
            let owners = people.clone();
            let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
            let today = directory.workspace.zone.day_of(tx.now);
            for owner in owners {
                people.extend(directory.managers_of(owner, today));
            }
            NoticeKind::Disputed
        }
        Reply::Upheld | Reply::Withdrawn => {
            people.extend(rejection.answer.iter().map(|answer| answer.by_id));
            if let Some(handover) = story.handover() {
                people.extend(promisers(tx, handover)?);
            }
            NoticeKind::Settled
        }
    };
    inbox::tell(tx, &people, kind, &notice(story, reply.label().to_owned()))
}

fn notice(story: &Story, text: String) -> Notice {
    Notice {
        lead_id: Some(story.lead.id),
        handover_id: story.handover().map(|handover| handover.id),
        text,
        ..Notice::default()
    }
}

/// Who answers for a hand-over.
pub fn promisers(tx: &mut Tx, handover: &Handover) -> Result<Vec<i64>> {
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    Ok(directory.answering(handover.by_id))
}

/// Who answers for sales of an owner: they do, and their managers once they have left.
pub fn owners(tx: &mut Tx, owner_id: i64) -> Result<Vec<i64>> {
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let owner = directory.person(owner_id);
    Ok(match owner.is_some_and(|owner| owner.left_on.is_none()) {
        true => vec![owner_id],
        false => directory.managers_of(owner_id, directory.workspace.zone.day_of(tx.now)),
    })
}
