//! Whose a lead is: taken, given, found by the rules, or re-routed to the right territory; and who is told.

use super::same::{Alone, changed};
use super::{Done, Story, Terms, look};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::leads::{self, Assignment, Lead};
use crate::lists::{self, List};
use crate::people::{self, Directory, Person};
use crate::rules::access::{MANAGERS, Me, Role};
use crate::rules::moves::{self, NOT_MY_TERRITORY};
use crate::rules::stage::EventKind;
use crate::rules::territory;
use crate::territories::{self, Pick};
use std::sync::Arc;

/// Gives a lead to somebody: a rep takes one that nobody owns, a manager gives one to people of their teams.
pub fn assign(tx: &mut Tx, uid: &str, owner_uid: &str, seen: &str) -> Result<Done> {
    let me = tx.me()?;
    let (story, may) = look(tx, uid)?;
    // Pressed twice, it is taken once.
    if owner_uid == "me" && story.lead.owner_id == Some(me.id) {
        return Ok(Done::Stored);
    }
    if !may.assign {
        return Err(Error::Forbidden);
    }
    let owner = match owner_uid {
        "me" => people::store::by_id(tx.conn, me.id)?,
        uid => people::store::by_uid(tx.conn, uid)?,
    };
    let owner_id = owner.as_ref().map(|owner| owner.id);
    if let Some(done) = changed(tx, &story, seen, |_, done| Ok(done.is_given(owner_id)))? {
        return Ok(done);
    }
    let Some(owner) = owner else {
        return Ok(no("Choose an owner from the list."));
    };
    if !me.may_give_to(owner.id) {
        return Err(Error::Forbidden);
    }
    if let Some(why) = unfit(&story, &owner) {
        return Ok(no(&why));
    }
    hand_on(tx, &story, Some(owner.id), "", "")?;
    Ok(Done::Stored)
}

fn no(why: &str) -> Done {
    Done::Refused("owner", why.to_owned())
}

/// To whom somebody may give leads by hand, by name.
pub fn receivers<'d>(directory: &'d Directory, me: &Me) -> impl Iterator<Item = &'d Person> {
    let here = directory.people.iter().filter(|p| p.left_on.is_none());
    let may_own = here.filter(|p| p.role != Role::Marketing);
    may_own.filter(|p| me.may_give_to(p.id))
}

/// Why a lead cannot become somebody's, in a sentence.
pub fn unfit(story: &Story, owner: &Person) -> Option<String> {
    if !story.lead.stage.is_open() {
        return Some("This lead is not with sales: hand it over first.".to_owned());
    }
    (story.lead.owner_id == Some(owner.id)).then(|| format!("{} owns it already.", owner.name))
}

/// Writes a new owner down, or the queue, and tells both owners, or who shares leads out.
pub fn hand_on(
    tx: &mut Tx,
    story: &Story,
    owner_id: Option<i64>,
    reason: &str,
    note: &str,
) -> Result<()> {
    let assignment = Assignment {
        owner_id,
        at: story.instant(tx.now),
        reason,
        note,
    };
    leads::assign_as(tx, story.lead.id, &assignment)?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let handover_id = story.handover().map(|h| h.id);
    let notice = |text: String| Notice {
        lead_id: Some(story.lead.id),
        handover_id,
        text,
        ..Notice::default()
    };
    let why = match reason {
        "" => String::new(),
        reason => format!(" ({})", reason.to_lowercase()),
    };
    let told = |id: Option<i64>| id.into_iter().collect::<Vec<_>>();
    let given = notice(format!("Given to you{why}"));
    inbox::tell(tx, &told(owner_id), NoticeKind::Assigned, &given)?;
    let now = match owner_id {
        Some(id) => format!("Given to {}{why}", directory.name(Some(id))),
        None => format!("Waits for another owner{why}"),
    };
    let taken = told(story.lead.owner_id);
    inbox::tell(tx, &taken, NoticeKind::Assigned, &notice(now.clone()))?;
    if owner_id.is_none() {
        let waits = notice(format!("Waits for an owner{why}"));
        inbox::tell(tx, &directory.managers(), NoticeKind::Unassigned, &waits)?;
    }
    // Who handed it over is told of what they could have known: that it was another territory.
    if reason == NOT_MY_TERRITORY {
        let marketing = directory.answering(story.handover().and_then(|h| h.by_id));
        inbox::tell(tx, &marketing, NoticeKind::Assigned, &notice(now))?;
    }
    Ok(())
}

/// Whose a lead becomes that is about to be handed over, and where it belongs: by the rules, or as the terms say.
pub fn pick(tx: &mut Tx, lead: &Lead, terms: &Terms) -> Result<Pick> {
    let profile = leads::profile::store::of_lead(tx.conn, lead.id)?;
    if terms.by_rules {
        return territories::choose(tx, lead.territory_id, &profile, &[]);
    }
    let rules = territories::store::rules(tx.conn)?;
    let found = || territory::find(&rules, &profile).map(|rule| rule.territory_id);
    Ok(Pick {
        territory_id: lead.territory_id.or_else(found),
        owner_id: terms.owner_id,
        why: String::new(),
    })
}

/// Tells the owner of a hand-over, or who shares leads out that one waits.
pub fn tell_of_handover(
    tx: &mut Tx,
    lead: &Lead,
    handover_id: i64,
    owner_id: Option<i64>,
) -> Result<()> {
    let notice = |text: &str| Notice {
        lead_id: Some(lead.id),
        handover_id: Some(handover_id),
        text: format!("{text} ({})", lead.urgency.label().to_lowercase()),
        ..Notice::default()
    };
    match owner_id {
        Some(owner) => {
            let given = notice("Handed over to you");
            inbox::tell(tx, &[owner], NoticeKind::HandedOver, &given)
        }
        None => {
            let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
            let waits = notice("Waits for an owner");
            inbox::tell(tx, &directory.managers(), NoticeKind::Unassigned, &waits)
        }
    }
}

/// Gives a lead of the queue to whose turn it is in its territory; a manager's to ask for.
pub fn by_rules(tx: &mut Tx, uid: &str, seen: &str) -> Result<Done> {
    let me = tx.me()?;
    let (story, may) = look(tx, uid)?;
    if !may.assign || !MANAGERS.allows(me.role) {
        return Err(Error::Forbidden);
    }
    let lead = &story.lead;
    let owner_id = lead.owner_id;
    if let Some(done) = changed(tx, &story, seen, |_, done| Ok(done.is_given(owner_id)))? {
        return Ok(done);
    }
    if !lead.stage.is_open() {
        return Ok(no("This lead is not with sales: hand it over first."));
    }
    if lead.owner_id.is_some() {
        return Ok(no("Somebody owns this lead already."));
    }
    let profile = leads::profile::store::of_lead(tx.conn, lead.id)?;
    let pick = territories::choose(tx, lead.territory_id, &profile, &[])?;
    let Some(owner_id) = pick.owner_id else {
        return Ok(no(&format!("{}: it stays in the queue.", pick.why)));
    };
    let handover_id = story.handover().map(|h| h.id);
    territories::store::place_lead(tx.conn, lead.id, handover_id, pick.territory_id)?;
    hand_on(tx, &story, Some(owner_id), "", &pick.why)?;
    Ok(Done::Stored)
}

/// Whether there is a territory that a lead can be sent on to.
pub fn has_other_territory(tx: &mut Tx, lead: &Lead) -> Result<bool> {
    let known = lists::store::labels(tx.conn, List::Territory)?;
    Ok(known.iter().any(|(id, _)| Some(*id) != lead.territory_id))
}

/// Re-routes a lead whose territory is another: its owner is the next of that territory's people, else it waits in the
/// queue. The lead's clock runs on, and it is no rejection; after a contact it is refused as one.
pub fn reroute(tx: &mut Tx, uid: &str, territory_id: i64, note: &str, seen: &str) -> Result<Done> {
    let (story, may) = look(tx, uid)?;
    if !may.make(EventKind::Rejected) {
        return Err(Error::Forbidden);
    }
    let is_it = |_: &mut Tx, done: &Alone| Ok(done.is_rerouted(territory_id, note));
    if let Some(done) = changed(tx, &story, seen, is_it)? {
        return Ok(done);
    }
    if story.standing().is_contacted && story.lead.stage.is_open() {
        let why = "A lead is not re-routed after a contact: assign it to somebody by name.";
        return Ok(Done::Refused("kind", why.to_owned()));
    }
    if let Some(why) = moves::refusal(EventKind::Rejected, &story.standing()) {
        return Ok(Done::Refused("kind", why));
    }
    let known = lists::store::labels(tx.conn, List::Territory)?;
    let Some((_, name)) = known.iter().find(|(id, _)| *id == territory_id) else {
        let why = "Choose the right territory from the list.";
        return Ok(Done::Refused("territory", why.to_owned()));
    };
    if story.lead.territory_id == Some(territory_id) {
        let why = format!("It is in {name} already: name another one.");
        return Ok(Done::Refused("territory", why));
    }
    let profile = leads::profile::store::of_lead(tx.conn, story.lead.id)?;
    let without: Vec<i64> = story.lead.owner_id.into_iter().collect();
    let pick = territories::choose(tx, Some(territory_id), &profile, &without)?;
    // The hand-over keeps the territory for which it was promised: that it was another one is what this says.
    territories::store::place_lead(tx.conn, story.lead.id, None, Some(territory_id))?;
    let mut from = known.iter();
    let from = from.find(|(id, _)| Some(*id) == story.lead.territory_id);
    let why = match from {
        Some((_, from)) => format!("From {from}. {}", pick.why),
        None => pick.why.clone(),
    };
    let why = match note {
        "" => why,
        note => format!("{why}. {note}"),
    };
    hand_on(tx, &story, pick.owner_id, NOT_MY_TERRITORY, &why)?;
    Ok(Done::Stored)
}
